"""Columns of categories: `sparse_column_with_hash_bucket`, `sparse_column_with_keys`, ..."""
from collections import namedtuple

from minitf import logging
from minitf.contrib.layers.columns.base import LinearLookup, _FeatureColumn, with_rank
from minitf.contrib.layers.sparse_ops import dense_to_sparse_tensor
from minitf.contrib.lookup import index_table_from_file, index_table_from_tensor
from minitf.core import nest
from minitf.core.dtypes import int64, string
from minitf.core.sparse_tensor import SparseTensor
from minitf.feature_column.former import _CategoricalColumn
from minitf.feature_column.kinds import IdWeightPair
from minitf.ops.io.examples import VarLenFeature
from minitf.ops.math.elementwise import floor_mod
from minitf.ops.sparse.layout import sparse_concat
from minitf.ops.state.initializers import Zeros
from minitf.ops.strings.hashing import string_to_hash_bucket_fast, string_to_hash_bucket_strong
from minitf.ops.strings.numbers import as_string

_SparseIdLookupConfig = namedtuple(
    "_SparseIdLookupConfig",
    ["vocabulary_file", "keys", "num_oov_buckets", "vocab_size", "default_value"],
    defaults=[None, None, 0, None, -1],
)


class _SparseColumn(
    _FeatureColumn,
    _CategoricalColumn,
    namedtuple(
        "_SparseColumn",
        ["column_name", "is_integerized", "bucket_size", "lookup_config", "combiner", "dtype"],
    ),
):
    """Categories, as integers below `length`: what a subclass makes of strings or integers."""

    def __new__(cls, column_name, is_integerized=False, bucket_size=None, lookup_config=None,
                combiner="sum", dtype=string):  # fmt: skip
        where = f"column_name: {column_name}"
        if is_integerized and not dtype.is_integer:
            raise ValueError("dtype must be an integer if is_integerized is True. "
                             f"dtype: {dtype}, {where}.")  # fmt: skip
        if dtype != string and not dtype.is_integer:
            raise ValueError(f"dtype must be string or integer. dtype: {dtype}, {where}")
        if bucket_size is None and lookup_config is None:
            raise ValueError(f"one of bucket_size or lookup_config must be set. {where}")
        if bucket_size is not None and bucket_size < 1:
            raise ValueError(
                f"bucket_size must be at least 1. bucket_size: {bucket_size}, {where}"
            )
        return super().__new__(cls, column_name, is_integerized, bucket_size, lookup_config,
                               combiner, dtype)  # fmt: skip

    name = property(lambda self: self.column_name)
    config = property(lambda self: {self.column_name: VarLenFeature(self.dtype)})

    @property
    def length(self):
        if self.bucket_size is not None:
            return self.bucket_size
        return self.lookup_config.vocab_size + self.lookup_config.num_oov_buckets

    def id_tensor(self, input_tensor):
        return input_tensor

    def weight_tensor(self, input_tensor):
        return None

    def _to_dnn_input_layer(self, input_tensor, weight_collections=None, trainable=True,
                            output_rank=2):  # fmt: skip
        raise ValueError("SparseColumn is not supported in DNN. Please use embedding_column or "
                         f"one_hot_column. column: {self}")  # fmt: skip

    def _wide_embedding_lookup_arguments(self, input_tensor):
        return LinearLookup(self.id_tensor(input_tensor), self.weight_tensor(input_tensor),
                            self.length, Zeros(), self.combiner)  # fmt: skip

    def is_compatible(self, other_column):
        """Whether the two can share a table."""
        if self.lookup_config and other_column.lookup_config:
            return self.lookup_config == other_column.lookup_config
        both = self.dtype.is_integer and other_column.dtype.is_integer
        same_type = self.dtype == other_column.dtype or both
        compatible = self.length == other_column.length and same_type
        if compatible:
            logging.warn(f"Column {self.name} and {other_column.name} may not have the same "
                         "vocabulary.")  # fmt: skip
        return compatible

    _num_buckets = property(lambda self: self.length)

    def _transform_feature(self, inputs):
        tensor = inputs.get(self.name)
        if not isinstance(tensor, SparseTensor):
            ignored = "" if tensor.dtype == string else -1
            tensor = dense_to_sparse_tensor(with_rank(tensor, 2, self.name), ignored)
        return self._do_transform(tensor)

    def _get_sparse_tensors(self, inputs, weight_collections=None, trainable=None):
        return IdWeightPair(inputs.get(self), None)

    def _do_transform(self, input_tensor):
        """The categories of a SparseTensor."""
        raise NotImplementedError(f"Transform is not implemented for {self}.")


def _with_values(tensor, values):
    return SparseTensor(tensor.indices, values, tensor.dense_shape)


class _SparseColumnIntegerized(_SparseColumn):
    def _do_transform(self, input_tensor):
        ids = floor_mod(input_tensor.values, self.bucket_size, name="mod")
        return _with_values(input_tensor, ids)


class _SparseColumnHashed(_SparseColumn):
    def __new__(cls, *args, hash_keys=None, **kwargs):
        _check_keys(hash_keys)
        column = super().__new__(cls, *args, **kwargs)
        column.hash_keys = hash_keys
        return column

    def _do_transform(self, input_tensor):
        values = input_tensor.values
        values = as_string(values) if self.dtype.is_integer else values
        if not self.hash_keys:
            ids = string_to_hash_bucket_fast(values, self.bucket_size, name="lookup")
            return _with_values(input_tensor, ids)
        found = [string_to_hash_bucket_strong(values, self.bucket_size, key)
                 for key in self.hash_keys]  # fmt: skip
        parts = [_with_values(input_tensor, ids) for ids in found]
        return sparse_concat(axis=1, sp_inputs=parts, name="lookup")


def _check_keys(hash_keys):
    if hash_keys is None:
        return
    if not isinstance(hash_keys, list) or not hash_keys:
        raise ValueError("hash_keys must be a non-empty list.")
    pairs = all(isinstance(pair, list) and len(pair) == 2 for pair in hash_keys)
    if not pairs or not all(isinstance(key, int) for key in nest.flatten(hash_keys)):
        raise ValueError("Each element of hash_keys must be a pair of integers.")


class _SparseColumnKeys(_SparseColumn):
    def _do_transform(self, input_tensor):
        table = index_table_from_tensor(
            mapping=tuple(self.lookup_config.keys),
            default_value=self.lookup_config.default_value,
            dtype=self.dtype,
            name="lookup",
        )
        return table.lookup(input_tensor)


class _SparseColumnVocabulary(_SparseColumn):
    def _do_transform(self, input_tensor):
        if self.dtype.is_integer:
            input_tensor = _with_values(input_tensor, as_string(input_tensor.values))
        table = index_table_from_file(
            vocabulary_file=self.lookup_config.vocabulary_file,
            num_oov_buckets=self.lookup_config.num_oov_buckets,
            vocab_size=self.lookup_config.vocab_size,
            default_value=self.lookup_config.default_value,
            name=f"{self.name}_lookup",
        )
        return table.lookup(input_tensor)


def sparse_column_with_integerized_feature(
    column_name, bucket_size, combiner="sum", dtype=int64
):
    """A column of integers; their remainders by `bucket_size` are the categories.

    `combiner`, "sum", "mean" or "sqrtn", says what several of an example come to. ValueError for
    another type, or a size below 1.
    """
    return _SparseColumnIntegerized(column_name, True, bucket_size, None, combiner, dtype)


def sparse_column_with_hash_bucket(
    column_name, hash_bucket_size, combiner="sum", dtype=string, hash_keys=None
):
    """A column of strings or integers; hashes below `hash_bucket_size` are the categories.

    With `hash_keys`, pairs of integers, each has one for each key. ValueError for another type, or
    a size below 1.
    """
    return _SparseColumnHashed(column_name, bucket_size=hash_bucket_size, combiner=combiner,
                               dtype=dtype, hash_keys=hash_keys)  # fmt: skip


def sparse_column_with_keys(column_name, keys, default_value=-1, combiner="sum", dtype=string):
    """A column of strings or integers; their places among `keys` are the categories, for others
    `default_value`."""
    keys = tuple(keys)
    lookup = _SparseIdLookupConfig(
        keys=keys, vocab_size=len(keys), default_value=default_value
    )
    return _SparseColumnKeys(column_name, False, None, lookup, combiner, dtype)


def sparse_column_with_vocabulary_file(
    column_name, vocabulary_file, num_oov_buckets=0, vocab_size=None, default_value=-1,
    combiner="sum", dtype=string,
):  # fmt: skip
    """A column of strings or integers; numbers of their lines in a file are the categories.

    Others get one of `num_oov_buckets` numbers behind `vocab_size`, or `default_value`. ValueError
    without a vocab_size.
    """
    if vocab_size is None:
        raise ValueError(f"vocab_size should be defined. column_name: {column_name}")
    lookup = _SparseIdLookupConfig(
        vocabulary_file, None, num_oov_buckets, vocab_size, default_value
    )
    return _SparseColumnVocabulary(column_name, False, None, lookup, combiner, dtype)
