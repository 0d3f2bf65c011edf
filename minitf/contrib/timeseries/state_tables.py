"""States of models in tables, by the number of a chunk of a series."""
from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies
from minitf.ops.array.basics import identity, ones, rank, reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.array.padding import tile
from minitf.ops.control_flow.control import group
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.tables.mutable import DenseHashTable
from minitf.ops.tables.static import LookupInterface


def replicate_state(start_state, batch_size):
    """The state for each of a batch: every Tensor gets an axis of this size before its own."""

    def replicated(state):
        times = concat([[batch_size], ones([rank(state)], dtype=int32)], 0)
        return tile(expand_dims(state, 0), times)

    return nest.map_structure(replicated, start_state)


class TensorValuedMutableDenseHashTable(DenseHashTable):
    """A table of Tensors of any shape, that of `default_value`; keys may have any shape, too."""

    def __init__(self, key_dtype, value_dtype, default_value, *args, **kwargs):
        self._non_vector_value_shape = shape(default_value)
        super().__init__(
            *args, key_dtype=key_dtype, value_dtype=value_dtype,
            default_value=reshape(default_value, [-1]), **kwargs,
        )  # fmt: skip

    def insert(self, keys, values, name=None):
        """An Operation that sets the values of `keys`."""
        keys = reshape(convert_to_tensor(keys, dtype=self._key_dtype), [-1])
        return super().insert(keys, reshape(values, [shape(keys)[0], -1]), name)

    def lookup(self, keys, name=None):
        """The values of `keys`, Tensors of the shape of keys and then that of a value."""
        flat = reshape(convert_to_tensor(keys, dtype=self._key_dtype), [-1])
        found = super().lookup(flat, name)
        return reshape(found, concat([shape(keys), self._non_vector_value_shape], 0))


class TupleOfTensorsLookup(LookupInterface):
    """A table of nested tuples of Tensors, those of `default_values`: a table of each."""

    def __init__(self, key_dtype, default_values, empty_key, deleted_key, name, checkpoint=True):
        self._name = name
        tables = [
            TensorValuedMutableDenseHashTable(
                key_dtype, value.dtype.base_dtype, value, empty_key=empty_key,
                deleted_key=deleted_key, name=f"{name}_{number}", checkpoint=checkpoint,
            )
            for number, value in enumerate(nest.flatten(default_values))
        ]  # fmt: skip
        self._hash_tables = nest.pack_sequence_as(default_values, tables)

    def lookup(self, keys):
        """The tuple of values of `keys`."""
        return nest.map_structure(lambda table: table.lookup(keys), self._hash_tables)

    def insert(self, keys, values):
        """An Operation that sets the values of `keys`, a tuple of the same structure."""
        nest.assert_same_structure(self._hash_tables, values)
        # Each is computed before any is written: a value may depend on a lookup.
        values = [identity(value) for value in nest.flatten(values)]
        with control_dependencies(values):
            tables = nest.flatten(self._hash_tables)
            written = [table.insert(keys, value) for table, value in zip(tables, values)]
        return group(*written)
