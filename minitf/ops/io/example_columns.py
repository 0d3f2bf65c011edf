"""Features of Examples as arrays: the arithmetic behind `tf.parse_example` and its kin.

A row is the features of one Example by their names. A column is one feature of all rows: dense,
each of a shape whose first size may be None, or sparse.
"""
from typing import Any, NamedTuple

import numpy as np

from minitf.core.dtypes import float32, int64, string
from minitf.core.proto.wire import DecodeError
from minitf.ops.io.example_rows import Found

LISTS = {string: "bytes_list", float32: "float_list", int64: "int64_list"}
_KINDS = {"bytes_list": "string", "float_list": "float", "int64_list": "int64"}


class Dense(NamedTuple):
    """A feature that each row has, in this shape, or else `default`: values, none where the feature
    is required; the one to fill up with where the shape begins with None."""

    key: str
    dtype: Any
    shape: tuple
    default: Any

    @property
    def varies(self):
        return bool(self.shape) and self.shape[0] is None


def message(kind, data):
    """A message of these bytes. ValueError, which names them, for none."""
    try:
        return kind.FromString(data)
    except DecodeError:
        raise ValueError(f"Could not parse example input, value: {data[:64]!r}") from None


def values(feature, key, dtype, where):
    """The values of a feature as an array of rank 1; None where it has none.

    ValueError for values of another type.
    """
    kind = None if feature is None else feature.WhichOneof("kind")
    if kind is None:
        return None
    if kind != LISTS[dtype]:
        raise ValueError(f"{where}Key: {key}.  Data types don't match. Data type: {_KINDS[kind]} "
                         f"but expected type: {_KINDS[LISTS[dtype]]}")  # fmt: skip
    found = feature.value if isinstance(feature, Found) else getattr(feature, kind).value
    return as_array(found, dtype)


def as_array(listed, dtype):
    """Values as an array of rank 1."""
    if dtype is string:
        made = np.empty(len(listed), object)
        made[:] = listed
        return made
    return np.array(listed, dtype.numpy)


def dense(column, feature, where):
    """What one row has of a dense feature, in its shape; None where it may be filled up instead.

    ValueError where it is missing, or has another number of values.
    """
    found = values(feature, column.key, column.dtype, where)
    if found is None:
        return _instead(column, where)
    shape = column.shape
    block = int(np.prod(shape[1:] if column.varies else shape))
    if found.size % max(block, 1) if column.varies else found.size != block:
        raise ValueError(
            f"{where}Key: {column.key}.  Number of {_KINDS[LISTS[column.dtype]]} values != "
            f"expected.  Values size: {found.size} but output shape: {list(shape)}"
        )
    return found.reshape([-1, *shape[1:]] if column.varies else shape)


def _instead(column, where):
    if column.varies:
        return as_array([], column.dtype).reshape(0, *column.shape[1:])
    if not column.default.size and np.prod(column.shape):
        kind = _KINDS[LISTS[column.dtype]]
        raise ValueError(f"{where}Feature: {column.key} (data type: {kind}) is required but could "
                         "not be found.")  # fmt: skip
    return column.default.reshape(column.shape)


def batch(column, rows, wheres):
    """A dense feature of all rows: [rows, ...], shorter ones filled up."""
    found = [dense(column, row.get(column.key), where) for row, where in zip(rows, wheres)]
    if not column.varies:
        made = np.empty((len(found), *column.shape), column.dtype.numpy)
    else:
        longest = max((len(each) for each in found), default=0)
        made = np.empty((len(found), longest, *column.shape[1:]), column.dtype.numpy)
        made[...] = column.default.item() if column.default.size else nothing(column.dtype)
    for row, each in enumerate(found):
        made[(row, slice(len(each))) if column.varies else (row, ...)] = each
    return made


def nothing(dtype):
    """What shorter rows are filled up with."""
    return b"" if dtype is string else 0


def sparse_batch(key, dtype, rows, wheres):
    """(indices, values, shape) of a sparse feature of all rows: [row, place]."""
    found = [values(row.get(key), key, dtype, where) for row, where in zip(rows, wheres)]
    found = [as_array([], dtype) if each is None else each for each in found]
    lengths = [len(each) for each in found]
    places = [np.arange(length) for length in lengths]
    indices = np.stack([np.repeat(np.arange(len(found)), lengths),
                        np.concatenate([*places, np.arange(0)])], 1)  # fmt: skip
    joined = np.concatenate([*found, as_array([], dtype)])
    shape = np.array([len(found), max(lengths, default=0)])
    return indices.astype(np.int64), joined, shape.astype(np.int64)


def sparse_row(key, dtype, feature, where):
    """(indices, values, shape) of a sparse feature of one row: [place]."""
    found = values(feature, key, dtype, where)
    found = as_array([], dtype) if found is None else found
    return np.arange(len(found))[:, None], found, np.array([len(found)])
