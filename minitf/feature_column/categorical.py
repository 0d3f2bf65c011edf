"""Columns of categories: `tf.feature_column.categorical_column_with_hash_bucket`, ..."""
from collections import namedtuple

import numpy as np

from minitf import logging
from minitf.core.dtypes import as_dtype, float32, int64, string
from minitf.core.graph import control_dependencies
from minitf.core.sparse_tensor import SparseTensor, convert_to_tensor_or_sparse_tensor
from minitf.feature_column.checks import (
    check_buckets,
    check_key,
    check_like,
    check_string_or_integer,
)
from minitf.feature_column.former import OwnCategoricalColumn, buckets_of, spec_of
from minitf.feature_column.kinds import IdWeightPair, to_sparse
from minitf.gfile import Exists, GFile
from minitf.ops.array.basics import fill, identity, shape
from minitf.ops.array.rearrange import where_v2
from minitf.ops.control_flow.check import assert_greater_equal, assert_less
from minitf.ops.io.examples import VarLenFeature
from minitf.ops.math.elementwise import cast, logical_or
from minitf.ops.strings.hashing import string_to_hash_bucket_fast
from minitf.ops.strings.numbers import as_string
from minitf.ops.tables.vocabulary import index_table_from_file, index_table_from_tensor


class _OfFeature(OwnCategoricalColumn):
    """A column that is made of one feature, `key`."""

    @property
    def name(self):
        return self.key

    @property
    def parse_example_spec(self):
        return {self.key: VarLenFeature(self.dtype)}


class HashedCategoricalColumn(
    _OfFeature, namedtuple("HashedCategoricalColumn", "key hash_bucket_size dtype")
):
    """Categories by a hash of what they are called."""

    @property
    def num_buckets(self):
        return self.hash_bucket_size

    def transform_feature(self, transformation_cache, state_manager):
        tensor = to_sparse(transformation_cache.get(self.key, state_manager))
        check_string_or_integer(tensor.dtype, prefix=f"column_name: {self.key} input_tensor")
        check_like(self.dtype, tensor, self.key)
        values = tensor.values if self.dtype == string else as_string(tensor.values)
        ids = string_to_hash_bucket_fast(values, self.hash_bucket_size, name="lookup")
        return SparseTensor(tensor.indices, ids, tensor.dense_shape)


def categorical_column_with_hash_bucket(key, hash_bucket_size, dtype=string):
    """The feature `key`, strings or integers, by a hash below `hash_bucket_size`.

    ValueError for arguments that do not fit.
    """
    if hash_bucket_size is None:
        raise ValueError(f"hash_bucket_size must be set. key: {key}")
    if hash_bucket_size < 1:
        raise ValueError(
            f"hash_bucket_size must be at least 1. hash_bucket_size: {hash_bucket_size}, key: {key}"
        )
    check_key(key)
    check_string_or_integer(as_dtype(dtype), prefix=f"column_name: {key}")
    return HashedCategoricalColumn(key, hash_bucket_size, as_dtype(dtype))


class _Looked(_OfFeature):
    """Categories that a table knows."""

    def transform_feature(self, transformation_cache, state_manager):
        tensor = to_sparse(transformation_cache.get(self.key, state_manager))
        check_like(self.dtype, tensor, self.key)
        key_dtype = self.dtype
        if tensor.dtype.is_integer:
            key_dtype, tensor = int64, cast(tensor, int64)
        return self._table(key_dtype, f"{self.key}_lookup").lookup(tensor)


class VocabularyFileCategoricalColumn(
    _Looked,
    namedtuple(
        "VocabularyFileCategoricalColumn",
        "key vocabulary_file vocabulary_size num_oov_buckets dtype default_value",
    ),
):
    """Categories by the number of their line in a file."""

    @property
    def num_buckets(self):
        return self.vocabulary_size + self.num_oov_buckets

    def _table(self, key_dtype, name):
        return index_table_from_file(
            self.vocabulary_file, self.num_oov_buckets, self.vocabulary_size, self.default_value,
            key_dtype=key_dtype, name=name,
        )  # fmt: skip


def categorical_column_with_vocabulary_file(
    key, vocabulary_file, vocabulary_size=None, num_oov_buckets=0, default_value=None, dtype=string
):
    """The feature `key` by the lines of a file, the first `vocabulary_size` or all.

    Others get `default_value` (none of the categories), or one of `num_oov_buckets` by their hash.
    ValueError for arguments that do not fit.
    """
    if not vocabulary_file:
        raise ValueError(f"Missing vocabulary_file in {key}.")
    if vocabulary_size is None:
        vocabulary_size = _lines_of(vocabulary_file, key)
    if vocabulary_size < 1:
        raise ValueError(f"Invalid vocabulary_size in {key}.")
    check_buckets(num_oov_buckets, default_value is not None, key)
    check_string_or_integer(as_dtype(dtype), prefix=f"column_name: {key}")
    check_key(key)
    return VocabularyFileCategoricalColumn(
        key, vocabulary_file, vocabulary_size, num_oov_buckets or 0, as_dtype(dtype),
        -1 if default_value is None else default_value,
    )  # fmt: skip


def _lines_of(vocabulary_file, key):
    if not Exists(vocabulary_file):
        raise ValueError(f"vocabulary_file in {key} does not exist.")
    with GFile(vocabulary_file) as file:
        count = sum(1 for _ in file)
    logging.info(f"vocabulary_size = {count} in {key} is inferred from the number of elements in "
                 f"the vocabulary_file {vocabulary_file}.")  # fmt: skip
    return count


class VocabularyListCategoricalColumn(
    _Looked,
    namedtuple(
        "VocabularyListCategoricalColumn", "key vocabulary_list dtype default_value num_oov_buckets"
    ),
):
    """Categories by their place in a list."""

    @property
    def num_buckets(self):
        return len(self.vocabulary_list) + self.num_oov_buckets

    def _table(self, key_dtype, name):
        return index_table_from_tensor(
            self.vocabulary_list, self.num_oov_buckets, self.default_value, dtype=key_dtype,
            name=name,
        )  # fmt: skip


def categorical_column_with_vocabulary_list(
    key, vocabulary_list, dtype=None, default_value=-1, num_oov_buckets=0
):
    """The feature `key` by the places of its values in a list, strings or integers.

    Others get `default_value` (none of the categories), or one of `num_oov_buckets` by their hash.
    ValueError for arguments that do not fit.
    """
    if vocabulary_list is None or len(vocabulary_list) < 1:
        raise ValueError(f"vocabulary_list {vocabulary_list} must be non-empty, column_name: {key}")
    if len(set(vocabulary_list)) != len(vocabulary_list):
        raise ValueError(f"Duplicate keys in vocabulary_list {vocabulary_list}, column_name: {key}")
    own = as_dtype(np.array(vocabulary_list).dtype)
    check_buckets(num_oov_buckets, default_value != -1, key)
    check_string_or_integer(own, prefix=f"column_name: {key} vocabulary")
    dtype = own if dtype is None else as_dtype(dtype)
    if dtype.is_integer != own.is_integer:
        raise ValueError(
            f"dtype {dtype} and vocabulary dtype {own} do not match, column_name: {key}"
        )
    check_string_or_integer(dtype, prefix=f"column_name: {key}")
    check_key(key)
    return VocabularyListCategoricalColumn(
        key, tuple(vocabulary_list), dtype, default_value, num_oov_buckets
    )


class IdentityCategoricalColumn(
    _OfFeature, namedtuple("IdentityCategoricalColumn", "key number_buckets default_value")
):
    """Categories that are numbers already."""

    dtype = int64

    @property
    def num_buckets(self):
        return self.number_buckets

    def transform_feature(self, transformation_cache, state_manager):
        tensor = to_sparse(transformation_cache.get(self.key, state_manager))
        if not tensor.dtype.is_integer:
            raise ValueError(
                f"Invalid input, not integer. key: {self.key} dtype: {tensor.dtype}"
            )
        values = cast(tensor.values, int64, name="values")
        limit = cast(self.num_buckets, int64, name="num_buckets")
        zero = cast(0, int64, name="zero")
        if self.default_value is None:
            values = self._checked(values, limit, zero)
        else:
            outside = logical_or(values < zero, values >= limit, name="out_of_range")
            default = fill(shape(values), cast(self.default_value, int64), name="default_values")
            values = where_v2(outside, default, values)
        return SparseTensor(tensor.indices, values, tensor.dense_shape)

    def _checked(self, values, limit, zero):
        below = assert_less(
            values, limit, data=(values, limit), name="assert_less_than_num_buckets",
            message=f'Bucket index for categorical column "{self.name}" exceeds number of buckets',
        )  # fmt: skip
        above = assert_greater_equal(
            values, zero, data=(values,), name="assert_greater_or_equal_0",
            message=f'Negative bucket index for categorical column "{self.name}"',
        )  # fmt: skip
        with control_dependencies((below, above)):
            return identity(values)


def categorical_column_with_identity(key, num_buckets, default_value=None):
    """The feature `key`, integers below `num_buckets`; others are `default_value`.

    Without one the run raises InvalidArgumentError for others. ValueError for arguments that do not
    fit.
    """
    if num_buckets < 1:
        raise ValueError(f"num_buckets {num_buckets} < 1, column_name {key}")
    if default_value is not None and not 0 <= default_value < num_buckets:
        raise ValueError(
            f"default_value {default_value} not in range [0, {num_buckets}), column_name {key}"
        )
    check_key(key)
    return IdentityCategoricalColumn(key, num_buckets, default_value)


class WeightedCategoricalColumn(
    OwnCategoricalColumn,
    namedtuple("WeightedCategoricalColumn", "categorical_column weight_feature_key dtype"),
):
    """Categories that count as much as another feature says."""

    @property
    def name(self):
        return f"{self.categorical_column.name}_weighted_by_{self.weight_feature_key}"

    @property
    def num_buckets(self):
        return buckets_of(self.categorical_column)

    @property
    def parse_example_spec(self):
        spec = spec_of(self.categorical_column)
        key = self.weight_feature_key
        if key in spec:
            raise ValueError(f"Parse config {spec[key]} already exists for {key}.")
        return {**spec, key: VarLenFeature(self.dtype)}

    def transform_feature(self, transformation_cache, state_manager):
        weights = convert_to_tensor_or_sparse_tensor(
            transformation_cache.get(self.weight_feature_key, state_manager)
        )
        if weights.dtype.base_dtype != self.dtype:
            raise ValueError(f"Bad dtype, expected {self.dtype}, but got {weights.dtype}.")
        weights = to_sparse(weights, 0.0)
        if not weights.dtype.is_floating:
            weights = cast(weights, float32)
        return transformation_cache.get(self.categorical_column, state_manager), weights

    def get_sparse_tensors(self, transformation_cache, state_manager):
        return IdWeightPair(*transformation_cache.get(self, state_manager))


def weighted_categorical_column(categorical_column, weight_feature_key, dtype=float32):
    """`categorical_column`, where each category counts as the feature `weight_feature_key` says.

    ValueError for a type that is no number's.
    """
    if dtype is None or not (as_dtype(dtype).is_integer or as_dtype(dtype).is_floating):
        raise ValueError(f"dtype {dtype} is not convertible to float.")
    return WeightedCategoricalColumn(categorical_column, weight_feature_key, as_dtype(dtype))
