"""The ops of lookup tables: `HashTableV2`, `LookupTableFindV2`, ..."""
import numpy as np

from minitf.core.dtypes import int64, resource, string
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, TypeAttr
from minitf.core.tensor_shape import merge, printed
from minitf.ops.tables import text_file
from minitf.ops.tables.table import DenseTable, StaticTable, Table

Key, Value = TypeAttr("Tin"), TypeAttr("Tout")


def _on_table(type, shape, **traits):
    return op(type, shape=shape, grad=NOT_DIFFERENTIABLE, stateful=True, host=True, **traits)


def _handle(*_, **__):
    return ()


@_on_table("HashTableV2", _handle, state=StaticTable)
def hash_table(
    xp, state, *, key_dtype, value_dtype, container="", shared_name="",
    use_node_name_sharing=False,
) -> resource:  # fmt: skip
    """A table that is filled once."""
    return state


@_on_table("MutableHashTableV2", _handle, state=Table)
def mutable_hash_table(
    xp, state, *, key_dtype, value_dtype, container="", shared_name="",
    use_node_name_sharing=False,
) -> resource:  # fmt: skip
    """A table that changes; its values are scalars."""
    return state


@_on_table("MutableHashTableOfTensorsV2", _handle, state=Table)
def mutable_hash_table_of_tensors(
    xp, state, *, key_dtype, value_dtype, value_shape=(), container="", shared_name="",
    use_node_name_sharing=False,
) -> resource:  # fmt: skip
    """A table that changes; its values are tensors of one shape."""
    return state


@_on_table("MutableDenseHashTableV2", _handle, state=DenseTable)
def mutable_dense_hash_table(
    xp, state, empty_key: TypeAttr("key_dtype"), deleted_key: TypeAttr("key_dtype"), *,
    key_dtype, value_dtype, value_shape=(), initial_num_buckets=131072, max_load_factor=0.8,
    container="", shared_name="", use_node_name_sharing=False,
) -> resource:  # fmt: skip
    """A table that changes, without two keys of all."""
    if initial_num_buckets < 4 or initial_num_buckets & (initial_num_buckets - 1):
        raise ValueError(
            f"Number of buckets must be at least 4 and a power of 2, got: {initial_num_buckets}"
        )
    state.prepare(empty_key, deleted_key)
    return state


# -- what is done with them -----------------------------------------------------------------------


@_on_table("LookupTableFindV2", lambda *_: None)
def find(xp, table_handle: resource, keys: Key, default_value: Value) -> Value:
    """The values of keys, default_value for those that are not there."""
    return table_handle.find(keys, default_value)


def _pairs_shape(handle, keys, values):
    if keys is not None and len(keys) != 1:
        raise ValueError(f"Shape must be rank 1 but is rank {len(keys)}: keys {printed(keys)}")
    if keys is not None and values is not None and merge(keys, values[:1]) is False:
        raise ValueError(
            f"Dimension 0 in both shapes must be equal: keys {printed(keys)}, values "
            f"{printed(values)}"
        )
    return ()


@_on_table("LookupTableImportV2", _pairs_shape)
def import_(xp, table_handle: resource, keys: Key, values: Value) -> None:
    """Fill the table with these pairs, in place of what it had."""
    table_handle.replace(keys, values)


@_on_table("InitializeTableV2", _pairs_shape)
def initialize(
    xp, table_handle: resource, keys: TypeAttr("Tkey"), values: TypeAttr("Tval")
) -> None:
    """Fill a table that is filled once."""
    table_handle.replace(keys, values)


def _one_file(handle, filename, **_):
    if filename:
        raise ValueError(f"Shape must be rank 0 but is rank {len(filename)}: filename "
                         f"{printed(filename)}")  # fmt: skip
    return ()


@_on_table("InitializeTableFromTextFileV2", _one_file)
def initialize_from_text_file(
    xp, table_handle: resource, filename: string, *, key_index, value_index, vocab_size=-1,
    delimiter="\t",
) -> None:  # fmt: skip
    """Fill a table that is filled once from the lines of a file."""
    keys, values = text_file.read(
        filename.item(), table_handle.key_dtype, key_index, table_handle.value_dtype, value_index,
        vocab_size, delimiter.encode(),
    )  # fmt: skip
    table_handle.fill(keys, values)


@_on_table("LookupTableInsertV2", _handle)
def insert(xp, table_handle: resource, keys: Key, values: Value) -> None:
    """Set the values of keys."""
    table_handle.insert(keys, values)


@_on_table("LookupTableRemoveV2", _handle)
def remove(xp, table_handle: resource, keys: Key) -> None:
    """Forget keys."""
    table_handle.remove(keys)


@_on_table("LookupTableSizeV2", _handle)
def size(xp, table_handle: resource) -> int64:
    """How many keys the table has."""
    return np.asarray(table_handle.size())


@_on_table("LookupTableExportV2", lambda *_, **__: [None, None])
def export(xp, table_handle: resource, *, Tkeys, Tvalues) -> [Attr("Tkeys"), Attr("Tvalues")]:
    """All keys and their values."""
    return list(table_handle.export())
