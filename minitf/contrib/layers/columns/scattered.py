"""`scattered_embedding_column`: categories as embeddings that share their parameters."""
from collections import namedtuple

from minitf.contrib.layers.columns.base import DeepLookup, _FeatureColumn
from minitf.contrib.layers.columns.embedding import embeddings_from_arguments
from minitf.core.dtypes import string
from minitf.core.tensor_shape import TensorShape
from minitf.feature_column.former import _DenseColumn
from minitf.ops.io.examples import VarLenFeature
from minitf.ops.state.initializers import TruncatedNormal


class _ScatteredEmbeddingColumn(
    _FeatureColumn,
    _DenseColumn,
    namedtuple(
        "_ScatteredEmbeddingColumn",
        ["column_name", "size", "dimension", "hash_key", "combiner", "initializer"],
    ),
):
    """For each example what the embeddings of its categories come to."""

    def __new__(cls, column_name, size, dimension, hash_key, combiner="sqrtn", initializer=None):
        if initializer is not None and not callable(initializer):
            raise ValueError("initializer must be callable if specified. "
                             f"column_name: {column_name}")  # fmt: skip
        initializer = initializer or TruncatedNormal(0.0, 0.1)
        return super().__new__(cls, column_name, size, dimension, hash_key, combiner, initializer)

    name = property(lambda self: f"{self.column_name}_scattered_embedding")
    config = property(lambda self: {self.column_name: VarLenFeature(string)})
    key = property(lambda self: self._key_without("initializer"))
    _variable_shape = property(lambda self: TensorShape([self.dimension]))

    def _transform_feature(self, inputs):
        return inputs.get(self.column_name)

    def _get_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        found = self._deep_embedding_lookup_arguments(inputs.get(self))
        return embeddings_from_arguments(self, found, weight_collections, trainable)

    def _deep_embedding_lookup_arguments(self, input_tensor):
        return DeepLookup(
            input_tensor=input_tensor,
            weight_tensor=None,
            vocab_size=self.size,
            initializer=self.initializer,
            combiner=self.combiner,
            dimension=self.dimension,
            shared_embedding_name=None,
            hash_key=self.hash_key,
            max_norm=None,
            trainable=True,
        )


def scattered_embedding_column(column_name, size, dimension, hash_key, combiner="mean",
                               initializer=None):  # fmt: skip
    """Embeddings of `dimension` for the categories of a feature, each component of which is one of
    `size` parameters, by a hash with `hash_key`; those of an example put together by `combiner`,
    "mean", "sqrtn" or "sum". ValueError for what does not fit."""
    if dimension < 1 or size < 1:
        raise ValueError(f"Dimension and size must be greater than 0. {dimension=}, {size=}, "
                         f"{column_name=}")  # fmt: skip
    if combiner not in ("mean", "sqrtn", "sum"):
        raise ValueError("Combiner must be one of 'mean', 'sqrtn' or 'sum'. "
                         f"combiner: {combiner}, column_name: {column_name}")  # fmt: skip
    return _ScatteredEmbeddingColumn(column_name, size, dimension, hash_key, combiner, initializer)
