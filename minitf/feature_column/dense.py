"""Categories as numbers: `tf.feature_column.embedding_column`, `indicator_column`, ..."""
import math
from collections import namedtuple

from minitf.core.dtypes import float32
from minitf.core.eager import executing_eagerly
from minitf.core.graph import add_to_collection, get_collection, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.tensor_shape import TensorShape
from minitf.feature_column.categorical import WeightedCategoricalColumn
from minitf.feature_column.former import (
    OwnDenseColumn,
    OwnSequenceDenseColumn,
    _CategoricalColumn,
    _DenseColumn,
    _SequenceDenseColumn,
    buckets_of,
    spec_of,
)
from minitf.feature_column.kinds import CategoricalColumn, TensorSequenceLengthPair
from minitf.feature_column.sequences import SequenceCategoricalColumn, sequence_length
from minitf.nn.embedding import safe_embedding_lookup_sparse
from minitf.ops.array.indexing import scatter_nd
from minitf.ops.array.one_hot import one_hot
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.sparse.layout import sparse_slice
from minitf.ops.sparse.tensors import sparse_merge, sparse_tensor_to_dense
from minitf.ops.state.initializers import TruncatedNormal
from minitf.ops.state.partitioned import PartitionedVariable
from minitf.ops.state.variable_scope import get_variable
from minitf.train.checkpoint_utils import init_from_checkpoint


class _OfCategories:
    """Numbers made of a column of categories, or of sequences of them."""

    what = ""  # the function that makes it

    @property
    def parse_example_spec(self):
        return spec_of(self.categorical_column)

    def _check_single(self):
        if isinstance(self.categorical_column, SequenceCategoricalColumn):
            raise ValueError(
                f"In {self.what}: {self.name}. categorical_column must not be of type "
                "SequenceCategoricalColumn. Suggested fix A: If you wish to use DenseFeatures, "
                "use a non-sequence categorical_column_with_*. Suggested fix B: If you wish to "
                "create sequence input, use SequenceFeatures instead of DenseFeatures. Given (type "
                f"{type(self.categorical_column)}): {self.categorical_column}"
            )

    def _check_sequence(self):
        if not isinstance(self.categorical_column, SequenceCategoricalColumn):
            raise ValueError(
                f"In {self.what}: {self.name}. categorical_column must be of type "
                "SequenceCategoricalColumn to use SequenceFeatures. Suggested fix: Use one of "
                "sequence_categorical_column_with_*. Given (type "
                f"{type(self.categorical_column)}): {self.categorical_column}"
            )

    def _with_lengths(self, dense, cache, state_manager):
        ids = cache.sparse_tensors(self.categorical_column, state_manager).id_tensor
        return TensorSequenceLengthPair(dense, sequence_length(ids))


class _Embedded(_OfCategories):
    """What has a table of vectors, a variable."""

    what = "embedding_column"

    @property
    def _shape(self):
        return buckets_of(self.categorical_column), self.dimension

    def _get_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        self._check_single()
        return self._former_vectors(inputs, weight_collections, trainable)

    def _get_sequence_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        self._check_sequence()
        dense = self._former_vectors(inputs, weight_collections, trainable)
        return self._with_lengths(dense, inputs, None)

    def _former_ids(self, inputs, weight_collections, trainable):
        return self.categorical_column._get_sparse_tensors(inputs, weight_collections, trainable)

    def _variable(self, weight_collections, trainable):
        made = get_variable(
            "embedding_weights", self._shape, float32, self.initializer,
            trainable=self.trainable and trainable, collections=weight_collections,
        )  # fmt: skip
        return self._restored(made)

    def _restored(self, made):
        """The variable, which begins with what the checkpoint has."""
        if self.ckpt_to_load_from is not None:
            parts = list(made) if isinstance(made, PartitionedVariable) else made
            init_from_checkpoint(self.ckpt_to_load_from, {self.tensor_name_in_ckpt: parts})
        return made

    def _vectors(self, weights, pair):
        return safe_embedding_lookup_sparse(
            weights, pair.id_tensor, pair.weight_tensor, self.combiner,
            name=f"{self.name}_weights", max_norm=self.max_norm,
        )  # fmt: skip


class EmbeddingColumn(
    _Embedded,
    OwnDenseColumn,
    OwnSequenceDenseColumn,
    namedtuple(
        "EmbeddingColumn",
        "categorical_column dimension combiner initializer ckpt_to_load_from tensor_name_in_ckpt "
        "max_norm trainable",
    ),
):
    """A learned vector for each category."""

    @property
    def name(self):
        return f"{self.categorical_column.name}_embedding"

    @property
    def variable_shape(self):
        return TensorShape([self.dimension])

    def transform_feature(self, transformation_cache, state_manager):
        return transformation_cache.get(self.categorical_column, state_manager)

    def create_state(self, state_manager):
        own = getattr(self.categorical_column, "create_state", None)  # a former column has none
        if own is not None:
            own(state_manager)
        state_manager.create_variable(
            self, "embedding_weights", self._shape, float32, self.trainable,
            initializer=self.initializer,
        )  # fmt: skip
        self._restored(state_manager.get_variable(self, "embedding_weights"))

    def get_dense_tensor(self, transformation_cache, state_manager):
        self._check_single()
        pair = transformation_cache.sparse_tensors(self.categorical_column, state_manager)
        return self._kept_vectors(pair, state_manager)

    def get_sequence_dense_tensor(self, transformation_cache, state_manager):
        self._check_sequence()
        pair = transformation_cache.sparse_tensors(self.categorical_column, state_manager)
        dense = self._kept_vectors(pair, state_manager)
        return TensorSequenceLengthPair(dense, sequence_length(pair.id_tensor))

    def _get_sequence_dense_tensor(self, inputs, weight_collections=None, trainable=None):
        self._check_sequence()
        pair = self._former_ids(inputs, weight_collections, trainable)
        dense = self._vectors_of(pair, weight_collections, trainable)
        return TensorSequenceLengthPair(dense, sequence_length(pair.id_tensor))

    def _kept_vectors(self, pair, state_manager):
        return self._vectors(state_manager.get_variable(self, "embedding_weights"), pair)

    def _former_vectors(self, inputs, weight_collections, trainable):
        pair = self._former_ids(inputs, weight_collections, trainable)
        return self._vectors_of(pair, weight_collections, trainable)

    def _vectors_of(self, pair, weight_collections, trainable):
        if weight_collections and GraphKeys.GLOBAL_VARIABLES not in weight_collections:
            weight_collections = [*weight_collections, GraphKeys.GLOBAL_VARIABLES]
        return self._vectors(self._variable(weight_collections, trainable), pair)


def embedding_column(
    categorical_column, dimension, combiner="mean", initializer=None, ckpt_to_load_from=None,
    tensor_name_in_ckpt=None, max_norm=None, trainable=True,
):  # fmt: skip
    """A vector of `dimension` numbers for each category, the variable "embedding_weights".

    Several categories of a row are combined by "mean", "sqrtn" or "sum". The numbers are at first
    those of the variable `tensor_name_in_ckpt` in the checkpoint `ckpt_to_load_from`, if given.
    ValueError for arguments that do not fit.
    """
    initializer = _checked(dimension, initializer, ckpt_to_load_from, tensor_name_in_ckpt)
    return EmbeddingColumn(categorical_column, dimension, combiner, initializer, ckpt_to_load_from,
                           tensor_name_in_ckpt, max_norm, trainable)  # fmt: skip


def _checked(dimension, initializer, checkpoint, name):
    """The initializer, the usual one for None."""
    if dimension is None or dimension < 1:
        raise ValueError(f"Invalid dimension {dimension}.")
    if (checkpoint is None) != (name is None):
        raise ValueError(
            "Must specify both `ckpt_to_load_from` and `tensor_name_in_ckpt` or none of them."
        )
    if initializer is not None and not callable(initializer):
        raise ValueError("initializer must be callable if specified.")
    return initializer or TruncatedNormal(mean=0.0, stddev=1 / math.sqrt(dimension))


class _SharedEmbeddingColumn(
    _Embedded,
    _DenseColumn,
    _SequenceDenseColumn,
    namedtuple(
        "_SharedEmbeddingColumn",
        "categorical_column dimension combiner initializer shared_embedding_collection_name "
        "ckpt_to_load_from tensor_name_in_ckpt max_norm trainable",
    ),
):
    """A learned vector for each category, the same for several columns."""

    @property
    def name(self):
        return f"{self.categorical_column.name}_shared_embedding"

    @property
    def _var_scope_name(self):
        return self.shared_embedding_collection_name

    @property
    def _parse_example_spec(self):
        return self.parse_example_spec

    @property
    def _variable_shape(self):
        return TensorShape([self.dimension])

    def _transform_feature(self, inputs):
        return inputs.get(self.categorical_column)

    def _former_vectors(self, inputs, weight_collections, trainable):
        with name_scope(None, default_name=self.name):
            pair = self._former_ids(inputs, weight_collections, trainable)
            return self._vectors(self._shared(weight_collections, trainable), pair)

    def _shared(self, weight_collections, trainable):
        kept = get_collection(self.shared_embedding_collection_name)
        if not kept:
            made = self._variable(weight_collections, trainable)
            add_to_collection(self.shared_embedding_collection_name, made)
            return made
        if len(kept) > 1:
            raise ValueError(
                f"Collection {kept} can only contain one variable: choose a unique "
                "shared_embedding_collection_name, and add no variables to it."
            )
        if kept[0].shape.as_list() != list(self._shape):
            raise ValueError(
                f"Shared embedding collection {self.shared_embedding_collection_name} contains "
                f"variable {kept[0].name} of unexpected shape {kept[0].shape}. Expected shape is "
                f"{self._shape}: choose a unique shared_embedding_collection_name."
            )
        return kept[0]


def shared_embedding_columns(
    categorical_columns, dimension, combiner="mean", initializer=None,
    shared_embedding_collection_name=None, ckpt_to_load_from=None, tensor_name_in_ckpt=None,
    max_norm=None, trainable=True,
):  # fmt: skip
    """As `embedding_column` of each column, all with the same vectors: a list.

    Not for `DenseFeatures`. ValueError for columns of different kinds or numbers of categories,
    RuntimeError while executing eagerly.
    """
    if executing_eagerly():
        raise RuntimeError("shared_embedding_columns are not supported when eager execution is "
                           "enabled: their variable is shared by a collection of the graph")
    initializer = _checked(dimension, initializer, ckpt_to_load_from, tensor_name_in_ckpt)
    ordered = sorted(categorical_columns, key=lambda column: column.name)
    _check_alike(ordered)
    name = shared_embedding_collection_name or (
        "_".join(column.name for column in ordered) + "_shared_embedding"
    )
    return [
        _SharedEmbeddingColumn(column, dimension, combiner, initializer, name, ckpt_to_load_from,
                               tensor_name_in_ckpt, max_norm, trainable)
        for column in categorical_columns
    ]  # fmt: skip


def _check_alike(columns):
    first = columns[0]
    if not isinstance(first, (CategoricalColumn, _CategoricalColumn)):
        raise ValueError(
            "All categorical_columns must be subclasses of _CategoricalColumn. Given: "
            f"{first}, of type: {type(first)}"
        )
    plain = [column.categorical_column if isinstance(column, WeightedCategoricalColumn) else column
             for column in columns]  # fmt: skip
    for column in plain[1:]:
        if not isinstance(column, type(plain[0])):
            raise ValueError(
                "To use shared_embedding_column, all categorical_columns must have the same type, "
                "or be weighted_categorical_column of the same type. Given column: "
                f"{plain[0]} of type: {type(plain[0])} does not match given column: {column} of "
                f"type: {type(column)}"
            )
        if buckets_of(column) != buckets_of(first):
            raise ValueError(
                "To use shared_embedding_column, all categorical_columns must have the same number "
                f"of buckets. Given column: {plain[0]} with buckets: {buckets_of(first)} does  not "
                f"match column: {column} with buckets: {buckets_of(column)}"
            )


class IndicatorColumn(
    _OfCategories,
    OwnDenseColumn,
    OwnSequenceDenseColumn,
    namedtuple("IndicatorColumn", "categorical_column"),
):
    """How often each category is there."""

    what = "indicator_column"

    @property
    def name(self):
        return f"{self.categorical_column.name}_indicator"

    @property
    def variable_shape(self):
        return TensorShape([1, buckets_of(self.categorical_column)])

    def transform_feature(self, transformation_cache, state_manager):
        ids, weights = transformation_cache.sparse_tensors(self.categorical_column, state_manager)
        count = buckets_of(self.categorical_column)
        if weights is not None:
            merged = sparse_merge(sp_ids=ids, sp_values=weights, vocab_size=count)
            merged = sparse_slice(merged, [0, 0], merged.dense_shape)
            return scatter_nd(merged.indices, merged.values, merged.dense_shape)
        dense = sparse_tensor_to_dense(ids, default_value=-1)
        return reduce_sum(one_hot(dense, count, on_value=1.0, off_value=0.0), axis=[-2])

    def get_dense_tensor(self, transformation_cache, state_manager):
        self._check_single()
        return transformation_cache.get(self, state_manager)

    def get_sequence_dense_tensor(self, transformation_cache, state_manager):
        self._check_sequence()
        dense = transformation_cache.get(self, state_manager)
        return self._with_lengths(dense, transformation_cache, state_manager)


def indicator_column(categorical_column):
    """How often each category is there, a number for each: one-hot where a row has one."""
    return IndicatorColumn(categorical_column)
