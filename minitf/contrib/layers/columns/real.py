"""Columns of numbers: `real_valued_column`, and their ranges: `bucketized_column`."""
from collections import namedtuple

from minitf.contrib.layers.columns.base import (
    LinearLookup,
    _FeatureColumn,
    with_rank,
)
from minitf.core.dtypes import float32, int32, int64
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor_shape import TensorShape
from minitf.feature_column.former import _CategoricalColumn, _DenseColumn
from minitf.feature_column.kinds import IdWeightPair
from minitf.ops.array.basics import reshape, shape, zeros
from minitf.ops.array.bucketize import bucketize
from minitf.ops.array.joining import stack
from minitf.ops.array.one_hot import one_hot
from minitf.ops.array.padding import tile
from minitf.ops.array.sequences import range as range_
from minitf.ops.io.examples import FixedLenFeature
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.axes import expand_dims, transpose
from minitf.ops.state.initializers import Zeros


class _RealValuedColumn(
    _FeatureColumn,
    _DenseColumn,
    namedtuple(
        "_RealValuedColumn", ["column_name", "dimension", "default_value", "dtype", "normalizer"]
    ),
):
    """`dimension` numbers for each example."""

    name = property(lambda self: self.column_name)
    key = property(lambda self: self._key_without("normalizer"))
    normalizer_fn = property(lambda self: self.normalizer)

    @property
    def config(self):
        default = None if self.default_value is None else list(self.default_value)
        return {self.column_name: FixedLenFeature([self.dimension], self.dtype, default)}

    def _transform_feature(self, inputs):
        tensor = inputs.get(self.name)
        return cast(tensor if self.normalizer is None else self.normalizer(tensor), float32)

    def _to_dnn_input_layer(self, input_tensor, weight_collections=None, trainable=True,
                            output_rank=2):  # fmt: skip
        return with_rank(cast(input_tensor, float32), output_rank, self.name)

    def _to_dense_tensor(self, input_tensor):
        return input_tensor

    _variable_shape = property(lambda self: TensorShape([self.dimension]))

    def _get_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        return inputs.get(self)


def real_valued_column(
    column_name, dimension=1, default_value=None, dtype=float32, normalizer=None
):
    """A column of `dimension` numbers for each example, made into floats.

    `default_value`, a number or one for each, is parsed where an Example has none. `normalizer` is
    a function of the tensor. TypeError and ValueError for what does not fit.
    """
    where = f"column_name: {column_name}"
    if not isinstance(dimension, int):
        raise TypeError(f"dimension must be an integer. dimension: {dimension}, {where}")
    if dimension < 1:
        raise ValueError(f"dimension must be greater than 0. dimension: {dimension}, {where}")
    if not (dtype.is_integer or dtype.is_floating):
        raise ValueError(f"dtype must be convertible to float. dtype: {dtype}, {where}")
    default = _defaults(default_value, dimension, dtype, where)
    return _RealValuedColumn(column_name, dimension, default, dtype, normalizer)


def _defaults(value, dimension, dtype, where):
    """The defaults as a tuple, None for None."""
    if value is None:
        return None
    values = value
    if isinstance(value, list) and len(value) != dimension:
        raise ValueError("The length of default_value must be equal to dimension. default_value: "
                         f"{value}, dimension: {dimension}, {where}")  # fmt: skip
    if not isinstance(value, list):
        values = [value] * dimension
    integers = all(isinstance(each, int) for each in values)
    if integers and dtype.is_integer:
        return tuple(values)
    if all(isinstance(each, (int, float)) for each in values) and dtype.is_floating:
        return tuple(map(float, values))
    raise TypeError("default_value must be compatible with dtype. default_value: "
                    f"{value}, dtype: {dtype}, {where}")  # fmt: skip


class _BucketizedColumn(
    _FeatureColumn, _CategoricalColumn, _DenseColumn,
    namedtuple("_BucketizedColumn", ["source_column", "boundaries"]),
):  # fmt: skip
    """The ranges that the numbers of a column lie in, as categories."""

    def __new__(cls, source_column, boundaries):
        if not isinstance(source_column, _RealValuedColumn):
            raise TypeError("source_column must be an instance of _RealValuedColumn. "
                            f"source_column: {source_column}")  # fmt: skip
        if not isinstance(boundaries, (list, tuple)) or not boundaries:
            raise ValueError(
                f"boundaries must be a non-empty list or tuple. boundaries: {boundaries}"
            )
        distinct = tuple(dict.fromkeys(boundaries))
        if list(distinct) != sorted(distinct):
            raise ValueError(f"boundaries must be a sorted list. boundaries: {boundaries}")
        return super().__new__(cls, source_column, distinct)

    name = property(lambda self: f"{self.source_column.name}_bucketized")
    length = property(lambda self: len(self.boundaries) + 1)
    config = property(lambda self: self.source_column.config)

    def _transform_feature(self, inputs):
        return bucketize(inputs.get(self.source_column), list(self.boundaries), name="bucketize")

    def _to_dnn_input_layer(self, input_tensor, weight_collections=None, trainable=True,
                            output_rank=2):  # fmt: skip
        if output_rank != 2:
            raise ValueError("BucketizedColumn currently only supports output_rank=2")
        each = one_hot(cast(input_tensor, int64), self.length, 1.0, 0.0, name="one_hot")
        return reshape(each, [-1, self.length * self.source_column.dimension], name="reshape")

    def to_sparse_tensor(self, input_tensor):
        """The ranges as a SparseTensor of categories: those of each dimension are others."""
        dimension = self.source_column.dimension
        batch = shape(input_tensor, name="shape")[0]
        if dimension > 1:
            rows = expand_dims(range_(0, batch), 1, name="expand_dims")
            rows = reshape(tile(rows, [1, dimension], name="tile"), [-1], name="reshape")
            columns = tile(range_(0, dimension), [batch], name="tile")
            ids = reshape(input_tensor, [-1], name="reshape") + self.length * columns
        else:
            rows, columns = range_(0, batch), zeros([batch], dtype=int32, name="zeros")
            ids = reshape(input_tensor, [-1], name="reshape")
        indices = cast(transpose(stack((rows, columns))), int64)
        return SparseTensor(indices, ids, cast(stack([batch, dimension]), int64))

    _num_buckets = property(lambda self: self.length * self.source_column.dimension)
    _variable_shape = property(lambda self: TensorShape([self._num_buckets]))

    def _get_sparse_tensors(self, inputs, weight_collections=None, trainable=None):
        return IdWeightPair(self.to_sparse_tensor(inputs.get(self)), None)

    def _get_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        return self._to_dnn_input_layer(inputs.get(self), weight_collections, trainable)

    def _wide_embedding_lookup_arguments(self, input_tensor):
        ids = self.to_sparse_tensor(input_tensor)
        return LinearLookup(ids, None, self._num_buckets, Zeros(), "sum")


def bucketized_column(source_column, boundaries):
    """The ranges between `boundaries`, a sorted list, that the numbers of a column lie in.

    TypeError for what is no `real_valued_column`, ValueError for boundaries that are not sorted.
    """
    return _BucketizedColumn(source_column, boundaries)
