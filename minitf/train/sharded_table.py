"""A table that is kept as several, as if on several servers."""
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.core.tensor_shape import TensorShape
from minitf.ops.array.basics import shape
from minitf.ops.array.partition import dynamic_partition, dynamic_stitch
from minitf.ops.array.sequences import range as range_op
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, floor_mod
from minitf.ops.math.operators import abs
from minitf.ops.reduction.scan import add_n
from minitf.ops.tables.mutable import DenseHashTable


class ShardedMutableDenseHashTable:
    """`num_shards` tables; a key, or the first number of one that is a vector, tells which it is
    in. Keys are vectors or matrices: ValueError for others, TypeError for another type."""

    def __init__(
        self, key_dtype, value_dtype, default_value, empty_key, deleted_key, num_shards=1,
        checkpoint=True, name="ShardedMutableHashTable",
    ):  # fmt: skip
        self._key_dtype = key_dtype
        with name_scope(name, "sharded_mutable_hash_table") as scope:
            self._table_name = scope
            self._table_shards = [
                DenseHashTable(key_dtype, value_dtype, default_value, empty_key, deleted_key,
                               checkpoint=checkpoint, name=f"{name}-{i + 1}-of-{num_shards}")
                for i in range(num_shards)
            ]  # fmt: skip

    name = property(lambda self: self._table_name)
    table_shards = property(lambda self: self._table_shards)

    def size(self, name=None):
        """How many keys there are."""
        with name_scope(name, "sharded_mutable_hash_table_size"):
            return add_n([table.size() for table in self._table_shards])

    def _shards(self, keys, values):
        """The parts of `values` that are of keys of each shard."""
        first = keys if keys.shape.ndims == 1 else keys[:, 0]
        numbers = cast(floor_mod(abs(first), len(self._table_shards)), int32)
        return dynamic_partition(values, numbers, len(self._table_shards))

    def _check(self, keys):
        if keys.dtype.base_dtype != self._key_dtype:
            raise TypeError(f"Signature mismatch. Keys must be dtype {self._key_dtype}, got "
                            f"{keys.dtype}.")  # fmt: skip
        if keys.shape.ndims not in (1, 2):
            raise ValueError(f"Expected a vector or matrix for keys, got {keys.shape}.")

    def lookup(self, keys, name=None):
        """The values of keys."""
        self._check(keys)
        if len(self._table_shards) == 1:
            return self._table_shards[0].lookup(keys, name=name)
        values = [table.lookup(part, name=name)
                  for table, part in zip(self._table_shards, self._shards(keys, keys))]  # fmt: skip
        found = dynamic_stitch(self._shards(keys, range_op(shape(keys)[0])), values)
        found.set_shape(TensorShape(keys.shape[:1]).concatenate(values[0].shape[1:]))
        return found

    def insert(self, keys, values, name=None):
        """An Operation that sets the values of keys."""
        self._check(keys)
        if len(self._table_shards) == 1:
            return self._table_shards[0].insert(keys, values, name=name)
        parts = zip(self._table_shards, self._shards(keys, keys), self._shards(keys, values))
        return group(*[table.insert(*pairs, name=name) for table, *pairs in parts])

    def export_sharded(self, name=None):
        """(the keys of each shard, their values)."""
        exported = [table.export(name=name) for table in self._table_shards]
        return [keys for keys, _ in exported], [values for _, values in exported]
