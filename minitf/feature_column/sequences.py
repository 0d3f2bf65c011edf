"""Columns of sequences: `tf.feature_column.sequence_numeric_column`, ..."""
from collections import namedtuple

from minitf.core.dtypes import float32, int64, string
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.tensor_shape import TensorShape
from minitf.feature_column import categorical
from minitf.feature_column.checks import check_normalizer, checked_number_type, checked_shape
from minitf.feature_column.former import (
    OwnCategoricalColumn,
    OwnSequenceDenseColumn,
    buckets_of,
    spec_of,
)
from minitf.feature_column.kinds import IdWeightPair, TensorSequenceLengthPair
from minitf.ops.array.basics import identity, ones_like, reshape, shape, zeros
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.check import assert_equal
from minitf.ops.io.examples import VarLenFeature
from minitf.ops.math.elementwise import cast, ceil
from minitf.ops.reduction.reduce import reduce_prod
from minitf.ops.reduction.segments import segment_max
from minitf.ops.sparse.layout import sparse_reshape
from minitf.ops.sparse.tensors import sparse_tensor_to_dense


def sequence_length(sparse, num_elements=1):
    """How many steps of `num_elements` each row of a SparseTensor has, int64."""
    with name_scope(None, "sequence_length") as scope:
        rows, columns = sparse.indices[:, 0], sparse.indices[:, 1]
        columns += ones_like(columns)
        lengths = segment_max(columns, segment_ids=rows)
        lengths = cast(ceil(lengths / num_elements), int64)
        missing = shape(sparse)[:1] - shape(lengths)[:1]  # empty rows at the end
        return concat([lengths, zeros(missing, dtype=lengths.dtype)], axis=0, name=scope)


def equal_lengths(lengths):
    """The lengths of the rows of some columns. In the run InvalidArgumentError if they differ."""
    with name_scope(None, "assert_all_equal", values=lengths):
        if len(lengths) == 1:
            return lengths[0]
        with control_dependencies([assert_equal(lengths[0], each) for each in lengths[1:]]):
            return identity(lengths[0])


class SequenceCategoricalColumn(
    OwnCategoricalColumn, namedtuple("SequenceCategoricalColumn", "categorical_column")
):
    """Sequences of categories."""

    @property
    def name(self):
        return self.categorical_column.name

    @property
    def num_buckets(self):
        return buckets_of(self.categorical_column)

    @property
    def parse_example_spec(self):
        return spec_of(self.categorical_column)

    def transform_feature(self, transformation_cache, state_manager):
        return transformation_cache.get(self.categorical_column, state_manager)

    def get_sparse_tensors(self, transformation_cache, state_manager):
        ids, weights = transformation_cache.sparse_tensors(
            self.categorical_column, state_manager
        )
        whole = shape(ids)
        wanted = [whole[0], whole[1], reduce_prod(whole[2:])]  # an axis for those of one step
        ids = sparse_reshape(ids, wanted)
        return IdWeightPair(ids, None if weights is None else sparse_reshape(weights, wanted))


def sequence_categorical_column_with_identity(key, num_buckets, default_value=None):
    """As `categorical_column_with_identity`, of sequences [batch, time]."""
    return SequenceCategoricalColumn(
        categorical.categorical_column_with_identity(key, num_buckets, default_value)
    )


def sequence_categorical_column_with_hash_bucket(key, hash_bucket_size, dtype=string):
    """As `categorical_column_with_hash_bucket`, of sequences [batch, time]."""
    return SequenceCategoricalColumn(
        categorical.categorical_column_with_hash_bucket(key, hash_bucket_size, dtype)
    )


def sequence_categorical_column_with_vocabulary_file(
    key, vocabulary_file, vocabulary_size=None, num_oov_buckets=0, default_value=None, dtype=string
):
    """As `categorical_column_with_vocabulary_file`, of sequences [batch, time]."""
    return SequenceCategoricalColumn(
        categorical.categorical_column_with_vocabulary_file(
            key, vocabulary_file, vocabulary_size, num_oov_buckets, default_value, dtype
        )
    )


def sequence_categorical_column_with_vocabulary_list(
    key, vocabulary_list, dtype=None, default_value=-1, num_oov_buckets=0
):
    """As `categorical_column_with_vocabulary_list`, of sequences [batch, time]."""
    return SequenceCategoricalColumn(
        categorical.categorical_column_with_vocabulary_list(
            key, vocabulary_list, dtype, default_value, num_oov_buckets
        )
    )


class SequenceNumericColumn(
    OwnSequenceDenseColumn,
    namedtuple("SequenceNumericColumn", "key shape default_value dtype normalizer_fn"),
):
    """Sequences of numbers of one shape."""

    @property
    def name(self):
        return self.key

    @property
    def parse_example_spec(self):
        return {self.key: VarLenFeature(self.dtype)}

    @property
    def variable_shape(self):
        return TensorShape(self.shape)

    @property
    def _variable_shape(self):
        return self.variable_shape

    def transform_feature(self, transformation_cache, state_manager):
        tensor = transformation_cache.get(self.key, state_manager)
        return tensor if self.normalizer_fn is None else self.normalizer_fn(tensor)

    def get_sequence_dense_tensor(self, transformation_cache, state_manager):
        sparse = transformation_cache.get(self, state_manager)
        dense = sparse_tensor_to_dense(sparse, default_value=self.default_value)
        wanted = concat([shape(dense)[:1], [-1], self.variable_shape.as_list()], axis=0)
        count = self.variable_shape.num_elements() if sparse.shape.ndims == 2 else 1
        return TensorSequenceLengthPair(reshape(dense, wanted), sequence_length(sparse, count))


def sequence_numeric_column(
    key, shape=(1,), default_value=0.0, dtype=float32, normalizer_fn=None
):
    """The feature `key`, a SparseTensor, as sequences of numbers of this shape.

    TypeError or ValueError for arguments that do not fit.
    """
    shape = checked_shape(shape, key)
    dtype = checked_number_type(dtype, key)
    check_normalizer(normalizer_fn)
    return SequenceNumericColumn(key, shape, default_value, dtype, normalizer_fn)
