"""What a feature column is, and how columns come to their tensors."""
from collections.abc import Iterator
from typing import Any, NamedTuple

from minitf.core.dtypes import int64, string
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor
from minitf.ops.array.basics import rank, shape
from minitf.ops.array.indexing import gather_nd
from minitf.ops.array.masks import where
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.check import assert_positive
from minitf.ops.math.elementwise import cast, equal, not_equal
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.sparse.layout import sparse_reshape


class IdWeightPair(NamedTuple):
    """The categories of each row, a SparseTensor, and their weights or None."""

    id_tensor: Any
    weight_tensor: Any


class TensorSequenceLengthPair(NamedTuple):
    """A tensor [batch, time, ...] and how long each row is."""

    dense_tensor: Any
    sequence_length: Any


class FeatureColumn:
    """What a model reads of its features: columns of equal fields are equal.

    A subclass has `name`, `parse_example_spec`, what `tf.parse_example` needs, and
    `_transform_feature(builder)`, which makes the column's tensor of features.
    """

    @property
    def _var_scope_name(self):
        return self.name

    @property
    def _parse_example_spec(self):
        return self.parse_example_spec


class DenseColumn(FeatureColumn):
    """A column of numbers: `_get_dense_tensor(builder)` is of shape [batch, *variable_shape]."""

    @property
    def _variable_shape(self):
        return self.variable_shape


class CategoricalColumn(FeatureColumn):
    """A column of categories, numbered below `num_buckets`: `_get_sparse_tensors(builder)` gives
    an IdWeightPair."""

    IdWeightPair = IdWeightPair

    @property
    def _num_buckets(self):
        return self.num_buckets

    def _get_sparse_tensors(self, inputs, weight_collections=None, trainable=None):
        return IdWeightPair(inputs.get(self), None)


class SequenceDenseColumn(FeatureColumn):
    """A column of sequences of numbers: `_get_sequence_dense_tensor(builder)` gives a
    TensorSequenceLengthPair."""

    TensorSequenceLengthPair = TensorSequenceLengthPair


class Builder:
    """The features of a batch, and what columns have made of them: each is made once. `tables` are
    the variables of embeddings that have been made, by their columns."""

    def __init__(self, features, tables=None):
        self._features, self.tables = dict(features), tables or {}
        self._made = {}

    def get(self, key):
        """The tensor of a feature, by its name, or of a column.

        ValueError for a feature that is not there, TypeError for a key that is neither.
        """
        if key not in self._made:
            self._made[key] = self._make(key)
        return self._made[key]

    def _make(self, key):
        if key in self._features:
            return _with_axis(key, self._features[key])
        if isinstance(key, str):
            raise ValueError(f"Feature {key} is not in features dictionary. It has: "
                             f"{', '.join(map(str, self._features)) or 'nothing'}.")  # fmt: skip
        if not isinstance(key, FeatureColumn):
            raise TypeError(f'"key" must be either a "str" or "_FeatureColumn". Provided: {key}')
        made = key._transform_feature(self)
        if made is None:
            raise ValueError(f"Column {key.name} is not supported.")
        return made


def _with_axis(key, feature):
    """The feature as a tensor; a vector gets a second axis, of size 1."""
    feature = convert_to_tensor_or_sparse_tensor(feature)
    refused = f"Feature (key: {key}) cannot have rank 0. Given: {feature}"
    ndims = feature.shape.ndims
    if ndims == 0:
        raise ValueError(refused)
    if ndims is not None:
        return _as_column(feature) if ndims == 1 else feature
    with control_dependencies([assert_positive(rank(feature), message=refused)]):
        return cond(equal(1, rank(feature)), lambda: _as_column(feature), lambda: feature)


def _as_column(feature):
    if isinstance(feature, SparseTensor):
        return sparse_reshape(feature, [shape(feature)[0], 1])
    return expand_dims(feature, -1)


def to_sparse(tensor, ignored=None):
    """A SparseTensor of what is not `ignored`: "" among strings, -1 among integers, 0.0."""
    tensor = convert_to_tensor_or_sparse_tensor(tensor)
    if isinstance(tensor, SparseTensor):
        return tensor
    with name_scope(None, "to_sparse_input", (tensor, ignored)):
        if ignored is None:
            if tensor.dtype == string:
                ignored = ""
            else:
                ignored = -1 if tensor.dtype.is_integer else tensor.dtype.as_numpy_dtype()
        ignored = cast(ignored, tensor.dtype, name="ignore_value")
        indices = where(not_equal(tensor, ignored), name="indices")
        values = gather_nd(tensor, indices, name="values")
        return SparseTensor(indices, values, shape(tensor, out_type=int64, name="dense_shape"))


def normalized(feature_columns):
    """The columns as a list. ValueError for what is none, or two of one name."""
    if isinstance(feature_columns, FeatureColumn):
        feature_columns = [feature_columns]
    if isinstance(feature_columns, Iterator):
        feature_columns = list(feature_columns)
    if isinstance(feature_columns, dict):
        raise ValueError("Expected feature_columns to be iterable, found dict.")
    for column in feature_columns:
        if not isinstance(column, FeatureColumn):
            raise ValueError(
                "Items of feature_columns must be a _FeatureColumn. Given (type "
                f"{type(column)}): {column}."
            )
    if not feature_columns:
        raise ValueError("feature_columns must not be empty.")
    named = {}
    for column in feature_columns:
        if named.setdefault(column.name, column) is not column:
            raise ValueError(
                f"Duplicate feature column name found for columns: {column} and "
                f"{named[column.name]}. This usually means that these columns refer to same base "
                "feature. Either one must be discarded or a duplicated but renamed item must be "
                "inserted in features dict."
            )
    return feature_columns


def check_batch_sizes(tensors, columns):
    """ValueError when the static sizes of the first axis differ."""
    known = [(tensor.shape[0].value, column.name) for tensor, column in zip(tensors, columns)
             if tensor.shape[0].value is not None]  # fmt: skip
    for size, name in known[1:]:
        if size != known[0][0]:
            raise ValueError(
                "Batch size (first dimension) of each feature must be same. Batch size of columns "
                f"({known[0][1]}, {name}): ({known[0][0]}, {size})"
            )
