"""What a feature column is, and how columns come to their tensors."""
from abc import ABC, abstractmethod
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


class FeatureColumn(ABC):
    """What a model reads of its features. One of your own derives from this class, or from those
    below, and works wherever those of `tf.feature_column` do.

    `cache.get(key, state_manager)` gives the tensors of features, by their names, and of columns.
    """

    @property
    @abstractmethod
    def name(self):
        """That of the scope of its variables."""

    @property
    @abstractmethod
    def parse_example_spec(self):
        """What `tf.parse_example` needs, by the names of features."""

    @abstractmethod
    def transform_feature(self, transformation_cache, state_manager):
        """The column's tensor of features: it is made once for a batch."""

    def create_state(self, state_manager):  # noqa: B027  a column has variables or not
        """Make the variables, by `state_manager.create_variable(self, name, shape, ...)`."""

    @property
    def _is_v2_column(self):
        return True

    def __lt__(self, other):
        return str(self) < str(other)

    def __gt__(self, other):
        return str(self) > str(other)


class DenseColumn(FeatureColumn):
    """A column of numbers, of shape [batch, *variable_shape]."""

    @property
    @abstractmethod
    def variable_shape(self):
        """A TensorShape that is wholly known."""

    @abstractmethod
    def get_dense_tensor(self, transformation_cache, state_manager):
        """The numbers."""


class CategoricalColumn(FeatureColumn):
    """A column of categories, numbered below `num_buckets`."""

    IdWeightPair = IdWeightPair

    @property
    @abstractmethod
    def num_buckets(self):
        """How many categories there are."""

    @abstractmethod
    def get_sparse_tensors(self, transformation_cache, state_manager):
        """An IdWeightPair."""


class SequenceDenseColumn(FeatureColumn):
    """A column of sequences of numbers."""

    TensorSequenceLengthPair = TensorSequenceLengthPair

    @abstractmethod
    def get_sequence_dense_tensor(self, transformation_cache, state_manager):
        """A TensorSequenceLengthPair."""


class StateManager:
    """What keeps the variables and tables of columns, for a layer."""

    def create_variable(self, feature_column, name, shape, dtype=None, trainable=True,
                        use_resource=True, initializer=None):
        """A new variable of a column."""
        raise NotImplementedError("StateManager.create_variable")

    def add_variable(self, feature_column, var):
        """Keep a variable that is there already."""
        raise NotImplementedError("StateManager.add_variable")

    def get_variable(self, feature_column, name):
        """A column's variable. ValueError where it has none of that name."""
        raise NotImplementedError("StateManager.get_variable")

    def add_resource(self, feature_column, name, resource):
        """Keep a table, say, of a column."""
        raise NotImplementedError("StateManager.add_resource")

    def get_resource(self, feature_column, name):
        """What was kept by `add_resource`. ValueError where nothing was."""
        raise NotImplementedError("StateManager.get_resource")


class FeatureTransformationCache:
    """The features of a batch, and what columns have made of them: each is made once."""

    kind = FeatureColumn

    def __init__(self, features):
        self._features, self._made = dict(features), {}

    def get(self, key, state_manager=None):
        """The tensor of a feature, by its name, or of a column.

        ValueError for a feature that is not there, TypeError for a key that is neither.
        """
        if key not in self._made:
            self._made[key] = self._make(key, state_manager)
        return self._made[key]

    def _make(self, key, state_manager):
        if key in self._features:
            return _with_axis(key, self._features[key])
        if isinstance(key, str):
            raise ValueError(f"Feature {key} is not in features dictionary. It has: "
                             f"{', '.join(map(str, self._features)) or 'nothing'}.")  # fmt: skip
        if not isinstance(key, self.kind):
            raise TypeError(f'"key" must be either a "str" or "{self.kind.__name__}". Provided: '
                            f"{key}")  # fmt: skip
        made = self._transformed(key, state_manager)
        if made is None:
            raise ValueError(f"Column {key.name} is not supported.")
        return made

    def _transformed(self, column, state_manager):
        return column.transform_feature(self, state_manager)

    def sparse_tensors(self, column, state_manager):
        """The categories of a column that another one is made of, as an IdWeightPair."""
        return column.get_sparse_tensors(self, state_manager)


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
