"""Tables that are filled once: `tf.lookup.StaticHashTable`, tables with buckets for the rest."""
import uuid
from typing import Any, NamedTuple

from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import warn_once
from minitf.core.dtypes import as_dtype, int64, string
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor_shape import TensorShape
from minitf.ops.array.rearrange import where_v2
from minitf.ops.control_flow.control import no_op
from minitf.ops.math.elementwise import add_op, cast, not_equal
from minitf.ops.state.variables import init_scope
from minitf.ops.strings.hashing import (
    string_to_hash_bucket,
    string_to_hash_bucket_fast,
    string_to_hash_bucket_strong,
)
from minitf.ops.strings.numbers import as_string
from minitf.ops.tables import nodes


class LookupInterface:
    """A table from keys to values."""

    def __init__(self, key_dtype, value_dtype):
        self._key_dtype, self._value_dtype = as_dtype(key_dtype), as_dtype(value_dtype)

    @property
    def key_dtype(self):
        return self._key_dtype

    @property
    def value_dtype(self):
        return self._value_dtype

    @property
    def resource_handle(self):
        """The Tensor that stands for the table."""
        return self._resource_handle

    @property
    def name(self):
        return self.resource_handle.op.name.split("/")[-1]

    def size(self, name=None):
        """How many keys it has, an int64 scalar."""
        with name_scope(name, f"{self.name}_Size", [self.resource_handle]):
            return nodes.size(self.resource_handle)

    def lookup(self, keys, name=None):
        raise NotImplementedError(f"{type(self).__name__}.lookup(keys) is not there")

    def _check_keys(self, keys):
        if keys.dtype.base_dtype != self._key_dtype:
            raise TypeError(
                f"Signature mismatch. Keys must be dtype {self._key_dtype}, got {keys.dtype}."
            )


def _like(keys, values):
    """`values` in the place of the keys."""
    if isinstance(keys, SparseTensor):
        return SparseTensor(keys.indices, values, keys.dense_shape)
    return values


class InitializableLookupTableBase(LookupInterface):
    """A table that an initializer fills; `default_value`, a scalar, is that of all other keys."""

    def __init__(self, default_value, initializer):
        super().__init__(initializer.key_dtype, initializer.value_dtype)
        self._default_value = convert_to_tensor(default_value, dtype=self._value_dtype)
        self._default_value.shape.merge_with(TensorShape([]))
        self._initializer = initializer
        with init_scope():
            self._resource_handle = self._create_resource()
        if get_default_graph()._context is None:
            self._init_op = initializer.initialize(self)
        else:
            with init_scope():
                self._init_op = initializer.initialize(self)

    def _create_resource(self):
        return nodes.hash_table(
            shared_name=self._shared_name or "", key_dtype=self._initializer.key_dtype,
            value_dtype=self._initializer.value_dtype, name=self._name,
        )  # fmt: skip

    @property
    def default_value(self):
        return self._default_value

    @property
    def initializer(self):
        """The Operation that fills the table."""
        return self._init_op

    def lookup(self, keys, name=None):
        """The values of `keys`, a Tensor or SparseTensor, in its shape.

        TypeError for keys of another type; FailedPreconditionError in the run while it is empty.
        """
        self._check_keys(keys)
        given = keys.values if isinstance(keys, SparseTensor) else keys
        tensors = (self.resource_handle, given, self._default_value)
        with name_scope(name, f"{self.name}_Lookup", tensors):
            values = nodes.find(*tensors)
        values.set_shape(given.shape)
        return _like(keys, values)

    def export(self, name=None):
        """(keys, values): two Tensors with all there is, in no order."""
        with name_scope(name, f"{self.name}_Export", [self.resource_handle]):
            keys, values = nodes.export(
                self.resource_handle, Tkeys=self._key_dtype, Tvalues=self._value_dtype
            )
        keys.set_shape([None])
        values.set_shape([None])
        return keys, values


class StaticHashTable(InitializableLookupTableBase):
    """A table that `initializer` fills: `tf.tables_initializer()` does so for all of a graph.

    `default_value`, a scalar, is the value of all other keys.
    """

    def __init__(self, initializer, default_value, name=None):
        self._shared_name = initializer._shared_name or f"hash_table_{uuid.uuid4()}"
        self._name = name or "hash_table"
        super().__init__(default_value, initializer)


class HashTable(InitializableLookupTableBase):
    """As StaticHashTable; tables of one `shared_name` are one."""

    def __init__(self, initializer, default_value, shared_name=None, name=None):
        self._shared_name, self._name = shared_name, name or "hash_table"
        super().__init__(default_value, initializer)

    @property
    def init(self):
        return self.initializer


# -- buckets for keys that are not in the table ---------------------------------------------------


class HasherSpec(NamedTuple):
    """Which hash function, with which key."""

    hasher: str
    key: Any


FastHashSpec = HasherSpec("fasthash", None)


class StrongHashSpec(HasherSpec):
    """SipHash with `key`, two integers. ValueError or TypeError for another key."""

    __slots__ = ()

    def __new__(cls, key):
        if len(key) != 2:
            raise ValueError(f"key must have size 2, got {len(key)}.")
        if not all(isinstance(each, int) for each in key):
            raise TypeError(f"Invalid key {key}. Must be unsigned integer values.")
        return super().__new__(cls, "stronghash", key)


def _hashed(spec, text, count):
    if not isinstance(spec, HasherSpec):
        raise TypeError(f"hasher_spec must be of type HasherSpec {spec}")
    if spec.hasher == "fasthash":
        return string_to_hash_bucket_fast(text, num_buckets=count, name="hash_bucket")
    if spec.hasher == "legacy":
        return string_to_hash_bucket(text, num_buckets=count, name="hash_bucket")
    if spec.hasher == "stronghash":
        return string_to_hash_bucket_strong(text, count, spec.key, name="hash_bucket")
    raise ValueError(f"Unknown hasher {spec.hasher}")


class _WithBuckets(LookupInterface):
    """A table, or none, and so many buckets: further numbers, which all other keys share."""

    def _set(self, table, num_oov_buckets, hasher_spec, key_dtype, name):
        self._table, self._num_oov_buckets = table, num_oov_buckets
        self._hasher_spec = hasher_spec
        self._table_name = name.split("/")[-1] if name else None
        super().__init__(key_dtype, int64)

    @property
    def resource_handle(self):
        return None if self._table is None else self._table.resource_handle

    @property
    def name(self):
        return self._table_name

    @property
    def initializer(self):
        """The Operation that fills the table."""
        if self._table is not None:
            return self._table.initializer
        with name_scope(None, "init"):
            return no_op()

    def size(self, name=None):
        """How many numbers there are: those of the table and of the buckets."""
        with name_scope(name, f"{self.name}_Size"):
            own = convert_to_tensor(0, dtype=int64) if self._table is None else self._table.size()
            return own + self._num_oov_buckets

    def lookup(self, keys, name=None):
        """The number of each key, int64, in the shape of `keys`. TypeError for another type."""
        self._check_keys(keys)
        values = keys.values if isinstance(keys, SparseTensor) else keys
        if self._table is not None and self._table.key_dtype.base_dtype == int64:
            values = cast(values, int64)
        if self._num_oov_buckets == 0:
            return _like(keys, self._table.lookup(values, name=name))
        with name_scope(name, f"{self.name}_Lookup"):
            text = values if values.dtype.base_dtype == string else as_string(values)
            buckets = _hashed(self._hasher_spec, text, self._num_oov_buckets)
            if self._table is None:
                return _like(keys, buckets)
            ids = self._table.lookup(values)
            buckets = add_op(buckets, self._table.size())
            known = not_equal(ids, self._table.default_value)
            return _like(keys, where_v2(known, ids, buckets))


class IdTableWithHashBuckets(_WithBuckets):
    """`table` from strings or integers to int64, with buckets for other keys; or buckets only.

    TypeError for a table of other types, ValueError without table and buckets.
    """

    def __init__(
        self, table, num_oov_buckets, hasher_spec=FastHashSpec, name=None, key_dtype=None
    ):
        name = name.rstrip("/") if name else name
        if table is not None:
            key_dtype = table.key_dtype if key_dtype is None else as_dtype(key_dtype)
            _check_types(table, key_dtype)
            name = name or table.name
        else:
            if num_oov_buckets <= 0:
                raise ValueError("oov_buckets must be > 0 if no table is supplied.")
            key_dtype = string if key_dtype is None else as_dtype(key_dtype)
            name = name or "hash_bucket"
        _check_key_type(key_dtype)
        if not isinstance(hasher_spec, HasherSpec):
            raise TypeError(f"hasher_spec must be of type HasherSpec, got {hasher_spec}")
        self._set(table, num_oov_buckets, hasher_spec, key_dtype, name)

    @property
    def init(self):
        warn_once("IdTableWithHashBuckets.init", "initializer")
        return self.initializer


class StaticVocabularyTable(_WithBuckets):
    """The table that `initializer` fills, with at least one bucket for other keys.

    ValueError without a bucket, TypeError for an initializer of other types.
    """

    def __init__(self, initializer, num_oov_buckets, lookup_key_dtype=None, name=None):
        if num_oov_buckets <= 0:
            raise ValueError("oov_buckets must be > 0.")
        name = name.rstrip("/") if name else name
        table = None
        if initializer is not None:
            key_dtype = initializer.key_dtype if lookup_key_dtype is None else lookup_key_dtype
            key_dtype = as_dtype(key_dtype)
            _check_types(initializer, key_dtype)
            table = StaticHashTable(initializer, default_value=-1)
            name = name or table.name
        else:
            key_dtype, name = string, name or "hash_bucket"
        _check_key_type(key_dtype)
        self._set(table, num_oov_buckets, FastHashSpec, key_dtype, name)


def _check_types(table, key_dtype):
    if table.key_dtype not in (int64, string):
        raise TypeError(
            f"Invalid key dtype, expected one of {(int64, string)}, but got {key_dtype}."
        )
    if table.key_dtype.is_integer != key_dtype.is_integer:
        wanted = "integer" if key_dtype.is_integer else "non-integer"
        raise TypeError(f"Invalid key dtype, expected {wanted} but got {table.key_dtype}.")
    if table.value_dtype != int64:
        raise TypeError(f"Invalid value dtype, expected {int64} but got {table.value_dtype}.")


def _check_key_type(key_dtype):
    if not key_dtype.is_integer and key_dtype != string:
        raise TypeError(f"Invalid key_dtype, expected integer or string, got {key_dtype}.")
