"""What a Session keeps for a lookup table: keys, each with the row of an array of values."""
from __future__ import annotations

from itertools import repeat
from threading import RLock

import numpy as np

from minitf.core.errors import FailedPreconditionError
from minitf.core.resource import Resource
from minitf.ops.tables.integers import indexed

FEW = 64  # keys that are looked up one by one rather than by an index of all


class Table(Resource):
    """Keys and values. Several threads may use it: each call is done before the next begins."""

    def __init__(self, operation):
        super().__init__(operation)
        attrs = operation.attrs
        self.key_dtype, self.value_dtype = attrs["key_dtype"], attrs["value_dtype"]
        self.value_shape = tuple(attrs.get("value_shape") or ())
        self.key_shape = ()
        self.lock = RLock()
        self._clear()

    def _clear(self):
        self._places = {}  # the row of each key
        self._values = np.empty((0, *self.value_shape), self.value_dtype.numpy)
        self._free = []  # rows that were removed
        self._index = None  # of keys that are integers, made when many are looked up

    def size(self):
        return np.int64(len(self._places))

    def find(self, keys, default):
        """The values of `keys`, `default` for keys that are not there."""
        with self.lock:
            shape = self._outer(keys)
            rows = self._rows(keys)
            values = self._values
            if len(self._places) == 0:
                values = np.empty((1, *self.value_shape), self.value_dtype.numpy)
            found = values[rows]
        missing = rows < 0
        if missing.any():
            found[missing] = default
        return found.reshape(shape + self.value_shape)

    def insert(self, keys, values):
        """Set the values of `keys`; of equal keys the last counts."""
        with self.lock:
            self._check_pairs(keys, values)
            names = self._names(keys)
            self._put(names, values.reshape((len(names), *self.value_shape)))

    def remove(self, keys):
        """Forget `keys`; those that are not there make no difference."""
        with self.lock:
            gone = [self._places.pop(name, None) for name in self._names(keys)]
            self._free += [row for row in gone if row is not None]
            self._index = None

    def replace(self, keys, values):
        """Forget all, then insert these."""
        with self.lock:
            self._clear()
            self.insert(keys, values)

    def export(self):
        """(keys, values), in the order in which the keys came."""
        with self.lock:
            names = list(self._places)
            rows = np.fromiter(self._places.values(), np.int64, len(names))
            return self._keys(names), self._values[rows]

    # -- inside ----------------------------------------------------------------------------------

    def _outer(self, keys):
        """The shape of `keys` without that of a key."""
        depth = keys.ndim - len(self.key_shape)
        if depth < 0 or keys.shape[depth:] != self.key_shape:
            raise ValueError(
                f"Input key shape {list(keys.shape)} must end with the shape of a key, "
                f"{list(self.key_shape)}, in table '{self.name}'"
            )
        return keys.shape[:depth]

    def _check_pairs(self, keys, values):
        expected = (*self._outer(keys), *self.value_shape)
        if values.shape != expected:
            wanted, got = (",".join(map(str, each)) for each in (expected, values.shape))
            raise ValueError(f"Expected shape [{wanted}] for value, got [{got}]")

    def _names(self, keys):
        """The keys as the dictionary has them: numbers, bytes, or tuples of these."""
        if not self.key_shape:
            return keys.reshape(-1).tolist()
        return list(map(tuple, keys.reshape(-1, int(np.prod(self.key_shape))).tolist()))

    def _keys(self, names):
        keys = np.empty((len(names), int(np.prod(self.key_shape))), self.key_dtype.numpy)
        if names:
            keys[:] = [[name] for name in names] if not self.key_shape else names
        return keys.reshape((len(names), *self.key_shape))

    def _put(self, names, values):
        places = self._places
        rows = np.empty(len(names), np.int64)
        for i, name in enumerate(names):
            row = places.get(name)
            if row is None:
                row = self._free.pop() if self._free else len(places)
                places[name] = row
            rows[i] = row
        needed = int(rows.max(initial=-1)) + 1
        if needed > len(self._values):
            self._grow(needed)
        self._values[rows] = values
        self._index = None

    def _grow(self, needed):
        grown = np.empty((max(needed, 2 * len(self._values)), *self.value_shape),
                         self._values.dtype)  # fmt: skip
        grown[: len(self._values)] = self._values
        self._values = grown

    def _rows(self, keys):
        """The row of each key, -1 for one that is not there."""
        if keys.dtype.kind in "iu" and not self.key_shape and self._is_worth_an_index(keys.size):
            return self._indexed(keys.reshape(-1))
        return np.array(list(map(self._places.get, self._names(keys), repeat(-1))), np.int64)

    def _is_worth_an_index(self, count):
        return count > FEW and (self._index is not None or 8 * count >= len(self._places))

    def _indexed(self, keys):
        if self._index is None:
            self._index = indexed(self._places)
        return self._index(keys)


class StaticTable(Table):
    """A table that is filled once, and cannot be asked before."""

    filled = False

    def find(self, keys, default):
        if not self.filled:
            raise _unready(
                "Table not initialized. Run tf.tables_initializer() before what looks things up."
            )
        return super().find(keys, default)

    def replace(self, keys, values):
        """Fill it. FailedPreconditionError for a key that comes with two values, or if it was
        filled before with another number of entries."""
        if not keys.size:
            raise ValueError("keys and values cannot be empty tensors.")
        if values.size != keys.size:
            raise ValueError(
                f"keys and values must have the same size, got {keys.size} and {values.size}"
            )
        self.fill(keys.reshape(-1).tolist(), values.reshape(-1))

    def fill(self, names, values):
        with self.lock:
            if self.filled:
                if len(names) != len(self._places):
                    raise _unready("Table was already initialized with different data.")
                return
            first = {}
            for name, value in zip(names, values.tolist()):
                if first.setdefault(name, value) != value:
                    raise _unready(
                        f"HashTable has different value for same key. Key {_text(name)} has "
                        f"{_text(first[name])} and trying to add value {_text(value)}"
                    )
            self._put(names, values)
            self.filled = True


class DenseTable(Table):
    """A table in which two keys cannot be used: those that mark what is empty and what is gone."""

    reserved = ()

    def prepare(self, empty_key, deleted_key):
        with self.lock:
            self.key_shape, names = empty_key.shape, super()._names
            self.reserved = (
                ("empty_key", names(empty_key)[0]),
                ("deleted_key", names(deleted_key)[0]),
            )
        if self.reserved[0][1] == self.reserved[1][1]:
            raise ValueError("Empty and deleted keys cannot be equal")

    def _names(self, keys):
        names = super()._names(keys)
        for what, reserved in self.reserved:
            if reserved in names:
                raise ValueError(f"Using the {what} as a table key is not allowed")
        return names

    def _is_worth_an_index(self, count):
        return False  # each key must be looked at


def _unready(message):
    return FailedPreconditionError(None, None, message)


def _text(value):
    return value.decode(errors="replace") if isinstance(value, bytes) else value
