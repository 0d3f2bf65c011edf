"""Columns of numbers: `tf.feature_column.numeric_column`, `bucketized_column`."""
from collections import namedtuple
from itertools import pairwise

from minitf.core.dtypes import float32, int64
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor_shape import TensorShape
from minitf.feature_column.checks import (
    check_key,
    check_normalizer,
    checked_default,
    checked_number_type,
    checked_shape,
)
from minitf.feature_column.former import OwnCategoricalColumn, OwnDenseColumn
from minitf.feature_column.kinds import IdWeightPair
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.bucketize import bucketize
from minitf.ops.array.joining import stack
from minitf.ops.array.one_hot import one_hot
from minitf.ops.array.padding import tile
from minitf.ops.array.sequences import range as range_
from minitf.ops.io.examples import FixedLenFeature
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.axes import expand_dims, transpose


class NumericColumn(
    OwnDenseColumn, namedtuple("NumericColumn", "key shape default_value dtype normalizer_fn")
):
    """Numbers of one shape, as float32."""

    @property
    def name(self):
        return self.key

    @property
    def parse_example_spec(self):
        return {self.key: FixedLenFeature(self.shape, self.dtype, self.default_value)}

    @property
    def variable_shape(self):
        return TensorShape(self.shape)

    def transform_feature(self, transformation_cache, state_manager):
        tensor = transformation_cache.get(self.key, state_manager)
        if isinstance(tensor, SparseTensor):
            raise ValueError(
                "The corresponding Tensor of numerical column must be a Tensor. SparseTensor is "
                f"not supported. key: {self.key}"
            )
        if self.normalizer_fn is not None:
            tensor = self.normalizer_fn(tensor)
        return cast(tensor, float32)

    def get_dense_tensor(self, transformation_cache, state_manager):
        return transformation_cache.get(self, state_manager)


def numeric_column(key, shape=(1,), default_value=None, dtype=float32, normalizer_fn=None):
    """The feature `key` as numbers of this shape, which `normalizer_fn` is applied to.

    TypeError or ValueError for arguments that do not fit.
    """
    shape = checked_shape(shape, key)
    dtype = checked_number_type(dtype, key)
    default_value = checked_default(shape, default_value, dtype, key)
    check_normalizer(normalizer_fn)
    check_key(key)
    return NumericColumn(key, shape, default_value, dtype, normalizer_fn)


class BucketizedColumn(
    OwnDenseColumn,
    OwnCategoricalColumn,
    namedtuple("BucketizedColumn", "source_column boundaries"),
):
    """In which interval each number lies: as one-hot vectors, or as a category."""

    @property
    def name(self):
        return f"{self.source_column.name}_bucketized"

    @property
    def parse_example_spec(self):
        return self.source_column.parse_example_spec

    @property
    def variable_shape(self):
        return TensorShape((*self.source_column.shape, len(self.boundaries) + 1))

    @property
    def num_buckets(self):
        return (len(self.boundaries) + 1) * self.source_column.shape[0]

    def transform_feature(self, transformation_cache, state_manager):
        numbers = transformation_cache.get(self.source_column, state_manager)
        return bucketize(numbers, boundaries=self.boundaries, name="Bucketize")

    def get_dense_tensor(self, transformation_cache, state_manager):
        buckets = cast(transformation_cache.get(self, state_manager), int64)
        return one_hot(buckets, len(self.boundaries) + 1, on_value=1.0, off_value=0.0)

    def get_sparse_tensors(self, transformation_cache, state_manager):
        buckets = transformation_cache.get(self, state_manager)
        rows, columns = shape(buckets)[0], self.source_column.shape[0]
        row = reshape(tile(expand_dims(range_(0, rows), 1), [1, columns]), (-1,))
        column = tile(range_(0, columns), [rows])
        # Each number of a row has buckets of its own.
        ids = reshape(buckets, (-1,)) + (len(self.boundaries) + 1) * column
        indices = cast(transpose(stack((row, column))), int64)
        dense_shape = cast(stack([rows, columns]), int64)
        return IdWeightPair(SparseTensor(indices, ids, dense_shape), None)


def bucketized_column(source_column, boundaries):
    """In which of the intervals between `boundaries` the numbers of `source_column` lie.

    An interval has its lower end and not its upper. ValueError for a column that is no vector of
    numbers, or boundaries that do not ascend.
    """
    if not isinstance(source_column, NumericColumn):
        raise ValueError(
            "source_column must be a column generated with numeric_column(). Given: "
            f"{source_column}"
        )
    if len(source_column.shape) > 1:
        raise ValueError(f"source_column must be one-dimensional column. Given: {source_column}")
    if not boundaries:
        raise ValueError("boundaries must not be empty.")
    if not isinstance(boundaries, (list, tuple)) or any(
        low >= high for low, high in pairwise(boundaries)
    ):
        raise ValueError("boundaries must be a sorted list.")
    return BucketizedColumn(source_column, tuple(boundaries))
