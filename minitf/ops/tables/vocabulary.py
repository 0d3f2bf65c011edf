"""Tables between strings and their numbers: `tf.contrib.lookup.index_table_from_tensor`, ..."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, int64, string
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import size
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.elementwise import cast
from minitf.ops.tables.initializers import (
    KeyValueTensorInitializer,
    TextFileIdTableInitializer,
    TextFileIndex,
    TextFileStringTableInitializer,
)
from minitf.ops.tables.static import FastHashSpec, IdTableWithHashBuckets, StaticHashTable


def index_table_from_file(
    vocabulary_file=None, num_oov_buckets=0, vocab_size=None, default_value=-1,
    hasher_spec=FastHashSpec, key_dtype=string, name=None,
    key_column_index=TextFileIndex.WHOLE_LINE, value_column_index=TextFileIndex.LINE_NUMBER,
    delimiter="\t",
):  # fmt: skip
    """A table from the lines of a file to their numbers, from 0 on.

    Other keys get `default_value`, or, with `num_oov_buckets`, a number after those of the lines
    by their hash. ValueError without a file or for sizes that make no sense, TypeError for keys
    that are neither integers nor strings.
    """
    key_dtype = as_dtype(key_dtype)
    _check_file(vocabulary_file)
    _check_buckets(num_oov_buckets)
    if vocab_size is not None and vocab_size < 1:
        known = vocabulary_file
        if isinstance(known, Tensor):
            known = constant_value(known) or "?"
        raise ValueError(
            f"vocab_size must be greater than 0, got {vocab_size}. vocabulary_file: {known}"
        )
    _check_key_type(key_dtype)
    with name_scope(name, "string_to_index"):
        with name_scope(None, "hash_table"):
            initializer = TextFileIdTableInitializer(
                vocabulary_file, key_column_index, value_column_index, vocab_size, delimiter,
                "table_init", int64 if key_dtype.is_integer else key_dtype,
            )  # fmt: skip
            table = StaticHashTable(initializer, default_value)
        return _with_buckets(table, num_oov_buckets, hasher_spec, key_dtype)


def index_table_from_tensor(
    vocabulary_list, num_oov_buckets=0, default_value=-1, hasher_spec=FastHashSpec, dtype=string,
    name=None,
):  # fmt: skip
    """A table from the elements of a vector, integers or strings, to their places.

    Other keys get `default_value`, or, with `num_oov_buckets`, a number after those by their hash.
    ValueError without a vector or for a type other than `dtype`.
    """
    dtype = as_dtype(dtype)
    if vocabulary_list is None:
        raise ValueError("vocabulary_list must be specified.")
    _check_buckets(num_oov_buckets)
    _check_key_type(dtype)
    with name_scope(name, "string_to_index"):
        keys = convert_to_tensor(vocabulary_list)
        if keys.dtype.is_integer != dtype.is_integer:
            wanted = "integer" if dtype.is_integer else "non-integer"
            raise ValueError(f"Expected {wanted}, got {keys.dtype}.")
        if not dtype.is_integer and keys.dtype.base_dtype != dtype:
            raise ValueError(f"Expected {dtype}, got {keys.dtype}.")
        values = cast(range_(size(keys)), int64)
        with name_scope(None, "hash_table"):
            keys = cast(keys, int64) if keys.dtype.is_integer else keys
            initializer = KeyValueTensorInitializer(
                keys, values, keys.dtype.base_dtype, int64, name="table_init"
            )
            table = StaticHashTable(initializer, default_value)
        return _with_buckets(table, num_oov_buckets, hasher_spec, dtype)


def index_to_string_table_from_file(
    vocabulary_file, vocab_size=None, default_value="UNK", name=None,
    key_column_index=TextFileIndex.LINE_NUMBER, value_column_index=TextFileIndex.WHOLE_LINE,
    delimiter="\t",
):  # fmt: skip
    """A table from the numbers of the lines of a file, from 0 on, to the lines.

    ValueError without a file or for `vocab_size` below 1.
    """
    _check_file(vocabulary_file)
    if vocab_size is not None and vocab_size < 1:
        raise ValueError(f"vocab_size must be greater than 0, got {vocab_size}.")
    with name_scope(name, "index_to_string"):
        initializer = TextFileStringTableInitializer(
            vocabulary_file, key_column_index, value_column_index, vocab_size, delimiter,
            "table_init",
        )  # fmt: skip
        return StaticHashTable(initializer, default_value)


def index_to_string_table_from_tensor(vocabulary_list, default_value="UNK", name=None):
    """A table from places in a vector of strings to these. ValueError without a vector."""
    if vocabulary_list is None:
        raise ValueError("vocabulary_list must be specified.")
    with name_scope(name, "index_to_string"):
        values = convert_to_tensor(vocabulary_list, string)
        keys = cast(range_(size(values)), int64)
        initializer = KeyValueTensorInitializer(keys, values, int64, string, name="table_init")
        return StaticHashTable(initializer, default_value)


def _with_buckets(table, num_oov_buckets, hasher_spec, key_dtype):
    if not num_oov_buckets:
        return table
    return IdTableWithHashBuckets(table, num_oov_buckets, hasher_spec, key_dtype=key_dtype)


def _check_file(vocabulary_file):
    if vocabulary_file is None or (isinstance(vocabulary_file, str) and not vocabulary_file):
        raise ValueError("vocabulary_file must be specified and must not be empty.")


def _check_buckets(num_oov_buckets):
    if num_oov_buckets < 0:
        raise ValueError(
            f"num_oov_buckets must be greater or equal than 0, got {num_oov_buckets}."
        )


def _check_key_type(dtype):
    if not dtype.is_integer and dtype.base_dtype != string:
        raise TypeError("Only integer and string keys are supported.")
