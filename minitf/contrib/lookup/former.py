"""`tf.contrib.lookup` where it differs from tf.lookup: its own names for vocabularies."""
from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import warn_once
from minitf.core.dtypes import string
from minitf.core.graph import name_scope
from minitf.ops.tables import vocabulary
from minitf.ops.tables.static import FastHashSpec
from minitf.ops.tables.vocabulary import index_table_from_file


def index_table_from_tensor(
    mapping, num_oov_buckets=0, default_value=-1, hasher_spec=FastHashSpec, dtype=string, name=None
):
    """A table from the elements of `mapping`, integers or strings, to their places.

    Other keys get `default_value`, or, with `num_oov_buckets`, a number after those by their hash.
    ValueError without a mapping or for a type other than `dtype`.
    """
    if mapping is None:
        raise ValueError("mapping must be specified.")
    return vocabulary.index_table_from_tensor(
        mapping, num_oov_buckets, default_value, hasher_spec, dtype, name
    )


def index_to_string_table_from_tensor(mapping, default_value="UNK", name=None):
    """A table from places in `mapping`, strings, to these. ValueError without a mapping."""
    if mapping is None:
        raise ValueError("mapping must be specified.")
    return vocabulary.index_to_string_table_from_tensor(mapping, default_value, name)


def string_to_index(tensor, mapping, default_value=-1, name=None):
    """The place of each string in `mapping`; `tf.tables_initializer()` must run before."""
    warn_once("string_to_index", "index_table_from_tensor")
    return index_table_from_tensor(mapping, default_value=default_value, name=name).lookup(tensor)


def index_to_string(tensor, mapping, default_value="UNK", name=None):
    """The string at each place of `mapping`; `tf.tables_initializer()` must run before."""
    warn_once("index_to_string", "index_to_string_table_from_tensor")
    return index_to_string_table_from_tensor(mapping, default_value, name).lookup(tensor)


def string_to_index_table_from_file(
    vocabulary_file=None, num_oov_buckets=0, vocab_size=None, default_value=-1,
    hasher_spec=FastHashSpec, name=None,
):  # fmt: skip
    """The older name of `index_table_from_file`."""
    warn_once("string_to_index_table_from_file", "index_table_from_file")
    return index_table_from_file(vocabulary_file, num_oov_buckets, vocab_size, default_value,
                                 hasher_spec, string, name)  # fmt: skip


def string_to_index_table_from_tensor(
    mapping, num_oov_buckets=0, default_value=-1, hasher_spec=FastHashSpec, name=None
):
    """The older name of `index_table_from_tensor`. ValueError for what are no strings."""
    warn_once("string_to_index_table_from_tensor", "index_table_from_tensor")
    with name_scope(name, "string_to_index") as scope:
        mapping = convert_to_tensor(mapping)
    if mapping.dtype.base_dtype != string:
        raise ValueError("string_to_index_table_from_tensor requires string.")
    return index_table_from_tensor(mapping, num_oov_buckets, default_value, hasher_spec,
                                   name=scope)  # fmt: skip
