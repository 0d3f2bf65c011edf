"""Columns made of columns of categories: `weighted_sparse_column`, `one_hot_column`."""
from collections import namedtuple

from minitf.contrib.layers.columns.base import (
    LinearLookup,
    _FeatureColumn,
    config_of,
    transformed,
)
from minitf.contrib.layers.shaping import _inner_flatten
from minitf.contrib.layers.sparse_ops import dense_to_sparse_tensor
from minitf.core.dtypes import float32
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor_shape import TensorShape
from minitf.feature_column.former import _CategoricalColumn, _DenseColumn
from minitf.feature_column.kinds import IdWeightPair
from minitf.ops.array.basics import reshape, shape, zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.array.one_hot import one_hot
from minitf.ops.io.examples import VarLenFeature
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.sparse.layout import sparse_slice
from minitf.ops.sparse.tensors import sparse_merge, sparse_tensor_to_dense
from minitf.ops.state.initializers import Zeros


class _WeightedSparseColumn(
    _FeatureColumn,
    _CategoricalColumn,
    namedtuple("_WeightedSparseColumn", ["sparse_id_column", "weight_column_name", "dtype"]),
):
    """Categories, each with a number that says how much it counts."""

    length = property(lambda self: self.sparse_id_column.length)
    lookup_config = property(lambda self: self.sparse_id_column.lookup_config)

    @property
    def name(self):
        return f"{self.sparse_id_column.name}_weighted_by_{self.weight_column_name}"

    @property
    def config(self):
        weights = {self.weight_column_name: VarLenFeature(self.dtype)}
        return config_of(self.sparse_id_column) | weights

    def id_tensor(self, input_tensor):
        return input_tensor[0]

    def weight_tensor(self, input_tensor):
        return input_tensor[1]

    def _to_dnn_input_layer(self, input_tensor, weight_collections=None, trainable=True,
                            output_rank=2):  # fmt: skip
        raise ValueError("WeightedSparseColumn is not supported in DNN. Please use "
                         f"embedding_column or one_hot_column. column: {self}")  # fmt: skip

    def _wide_embedding_lookup_arguments(self, input_tensor):
        return LinearLookup(*input_tensor, self.length, Zeros(), self.sparse_id_column.combiner)

    _num_buckets = property(lambda self: self.length)

    def _get_sparse_tensors(self, inputs, weight_collections=None, trainable=None):
        return IdWeightPair(*inputs.get(self))

    def _transform_feature(self, inputs):
        ids, weights = inputs.get(self.sparse_id_column), inputs.get(self.weight_column_name)
        if not isinstance(weights, SparseTensor):
            weights = dense_to_sparse_tensor(weights)
        if not self.dtype.is_floating:
            weights = cast(weights, float32)
        return ids, weights

    def is_compatible(self, other_column):
        """Whether the two can share a table."""
        other = other_column
        if isinstance(other, _WeightedSparseColumn):
            other = other.sparse_id_column
        return self.sparse_id_column.is_compatible(other)


def weighted_sparse_column(sparse_id_column, weight_column_name, dtype=float32):
    """The categories of a column, weighted by the numbers of a base feature of the same shape.

    ValueError for a type that is no number.
    """
    if not (dtype.is_integer or dtype.is_floating):
        raise ValueError(f"dtype is not convertible to float. Given {dtype}")
    return _WeightedSparseColumn(sparse_id_column, weight_column_name, dtype)


class _OneHotColumn(
    _FeatureColumn, _DenseColumn, namedtuple("_OneHotColumn", ["sparse_id_column"])
):
    """For each example a vector with how often each category is there."""

    name = property(lambda self: f"{self.sparse_id_column.name}_one_hot")
    length = property(lambda self: self.sparse_id_column.length)
    config = property(lambda self: config_of(self.sparse_id_column))

    _variable_shape = property(lambda self: TensorShape([self.length]))

    def insert_transformed_feature(self, columns_to_tensors):
        columns_to_tensors[self] = transformed(self.sparse_id_column, columns_to_tensors)

    def _transform_feature(self, inputs):
        return self._to_dnn_input_layer(inputs.get(self.sparse_id_column))

    def _get_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        return inputs.get(self)

    def _to_dnn_input_layer(self, input_tensor, weight_collections=None, trainable=True,
                            output_rank=2):  # fmt: skip
        ids = _inner_flatten(self.sparse_id_column.id_tensor(input_tensor), output_rank)
        weights = self.sparse_id_column.weight_tensor(input_tensor)
        if weights is not None:
            return self._weighted(ids, weights)
        dense = sparse_tensor_to_dense(ids, default_value=-1)
        each = one_hot(dense, depth=self.length, on_value=1.0, off_value=0.0)
        return reduce_sum(each, axis=[output_rank - 1])

    def _weighted(self, ids, weights):
        merged = sparse_merge(sp_ids=ids, sp_values=weights, vocab_size=self.length)
        # Ids may be -1: a slice drops them.
        merged = sparse_slice(merged, zeros_like(merged.dense_shape), merged.dense_shape)
        dense = sparse_tensor_to_dense(merged)
        return reshape(dense, concat([shape(dense)[:-1], [self.length]], axis=0))


def one_hot_column(sparse_id_column):
    """The categories of a column as vectors, for a network."""
    return _OneHotColumn(sparse_id_column)
