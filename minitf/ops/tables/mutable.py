"""Tables that change: `MutableHashTable` and `MutableDenseHashTable` of `tf.contrib.lookup`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.errors import InvalidArgumentError
from minitf.core.graph import add_to_collection, colocate_with, name_scope
from minitf.core.graph_keys import GraphKeys
from minitf.core.saveable import SaveableObject, SaveSpec
from minitf.core.trackable import Gathered, children, values
from minitf.ops.tables import nodes
from minitf.ops.tables.static import LookupInterface


class TableSaveable(SaveableObject):
    """What a checkpoint keeps of a table: its keys and values, under two names."""

    def __init__(self, table, name):
        keys, values = table.export()
        parts = [SaveSpec(keys, "", f"{name}-keys"), SaveSpec(values, "", f"{name}-values")]
        super().__init__(table, parts, name)

    def restore(self, restored_tensors, restored_shapes, name=None):
        """The Operation that puts what was kept in the place of what is there."""
        handle = self.op.resource_handle
        with name_scope(name, f"{self.name}_table_restore"), colocate_with(handle):
            return nodes.import_(handle, *restored_tensors)


class _Mutable(LookupInterface):
    """What both kinds do."""

    def _made(self, checkpoint, name):
        self._resource_handle = self._create_resource()
        self._gathered = {"table": Gathered(self._saveable)}
        if checkpoint:
            add_to_collection(GraphKeys.SAVEABLE_OBJECTS, TableSaveable(self, name))

    def _saveable(self, name=None):
        return TableSaveable(self, name or self._name)

    def _gather_saveables_for_checkpoint(self):
        return {"table": self._saveable}

    def _scope(self, name, what, *tensors):
        return name_scope(name, f"{self.name}_{what}", (self.resource_handle, *tensors))

    def size(self, name=None):
        """How many keys it has, an int64 scalar."""
        with self._scope(name, "Size"), colocate_with(self.resource_handle):
            return nodes.size(self.resource_handle)

    def lookup(self, keys, name=None):
        """The values of `keys`, the default value for those that are not there."""
        with self._scope(name, "lookup_table_find", keys, self._default_value):
            keys = convert_to_tensor(keys, dtype=self._key_dtype, name="keys")
            with colocate_with(self.resource_handle):
                values = nodes.find(self.resource_handle, keys, self._default_value)
        if keys.shape.ndims is not None:
            outer = keys.shape[: keys.shape.ndims - len(self._key_shape)]
            values.set_shape(outer.concatenate(self._default_value.shape))
        return values

    def insert(self, keys, values, name=None):
        """An Operation that sets the values of `keys`."""
        with self._scope(name, "lookup_table_insert", keys, values):
            keys = convert_to_tensor(keys, dtype=self._key_dtype, name="keys")
            values = convert_to_tensor(values, dtype=self._value_dtype, name="values")
            with colocate_with(self.resource_handle):
                return nodes.insert(self.resource_handle, keys, values)

    def remove(self, keys, name=None):
        """An Operation that forgets `keys`, a Tensor. TypeError for another type."""
        self._check_keys(keys)
        with self._scope(name, "lookup_table_remove", keys, self._default_value):
            return nodes.remove(self.resource_handle, keys)

    def export(self, name=None):
        """(keys, values): two Tensors with all there is, in no order."""
        with self._scope(name, "lookup_table_export_values"), colocate_with(self.resource_handle):
            keys, values = nodes.export(
                self.resource_handle, Tkeys=self._key_dtype, Tvalues=self._value_dtype
            )
        keys.set_shape([None, *self._key_shape])
        values.set_shape([None, *self._default_value.shape.as_list()])
        return keys, values


children.register(_Mutable, lambda table: ())
values.register(_Mutable, lambda table: table._gathered)


class MutableHashTable(_Mutable):
    """A table that changes by `insert` and `remove`; `default_value` has the shape of a value.

    `checkpoint` lets a Saver keep it.
    """

    _key_shape = ()

    def __init__(
        self, key_dtype, value_dtype, default_value, name="MutableHashTable", checkpoint=True
    ):
        super().__init__(key_dtype, value_dtype)
        self._default_value = convert_to_tensor(default_value, dtype=self._value_dtype)
        if len(self._default_value.shape) > 1:
            raise InvalidArgumentError(None, None, "Default value must be a vector, got shape "
                                       f"{self._default_value.shape}")  # fmt: skip
        self._name, self._sharing = name, checkpoint
        self._made(checkpoint, name)

    def _create_resource(self):
        attrs = {"key_dtype": self._key_dtype, "value_dtype": self._value_dtype,
                 "use_node_name_sharing": self._sharing, "name": self._name}  # fmt: skip
        shape = self._default_value.shape.as_list()
        if not shape:
            return nodes.mutable_hash_table(**attrs)
        return nodes.mutable_hash_table_of_tensors(value_shape=shape, **attrs)


class DenseHashTable(_Mutable):
    """A table that changes; `empty_key` and `deleted_key`, of a key's shape, cannot be used."""

    def __init__(
        self, key_dtype, value_dtype, default_value, empty_key, deleted_key,
        initial_num_buckets=None, name="MutableDenseHashTable", checkpoint=True,
    ):  # fmt: skip
        super().__init__(key_dtype, value_dtype)
        self._default_value = convert_to_tensor(
            default_value, dtype=self._value_dtype, name="default_value"
        )
        self._empty_key = convert_to_tensor(empty_key, dtype=self._key_dtype, name="empty_key")
        self._deleted_key = convert_to_tensor(
            deleted_key, dtype=self._key_dtype, name="deleted_key"
        )
        self._key_shape = self._empty_key.shape.as_list()
        self._buckets = 131072 if initial_num_buckets is None else initial_num_buckets
        self._name, self._sharing = name, checkpoint
        self._made(checkpoint, name)

    def _create_resource(self):
        return nodes.mutable_dense_hash_table(
            self._empty_key, self._deleted_key, key_dtype=self._key_dtype,
            value_dtype=self._value_dtype, value_shape=self._default_value.shape.as_list(),
            initial_num_buckets=self._buckets, use_node_name_sharing=self._sharing,
            name=self._name,
        )  # fmt: skip

    def insert_or_assign(self, keys, values, name=None):
        """An Operation that sets the values of `keys`."""
        return self.insert(keys, values, name)

    def erase(self, keys, name=None):
        """An Operation that forgets `keys`, a Tensor."""
        return self.remove(keys, name)
