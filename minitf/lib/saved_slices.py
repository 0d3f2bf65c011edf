"""Checkpoints as TensorFlow wrote them before 2016, "V1": tables that have the tensors in them.

The key "" has which tensors there are and in which parts; the key of each part its values, in the
lists that a TensorProto has.
"""
import glob
import os
import re

import numpy as np

from minitf.core.bfloat16 import bits
from minitf.core.dtypes import as_dtype
from minitf.core.errors import (
    DataLossError,
    InternalError,
    InvalidArgumentError,
    NotFoundError,
    UnimplementedError,
)
from minitf.core.file_errors import translated
from minitf.core.proto.checkpoint import SavedSlice, SavedTensorSlices
from minitf.core.proto.wire import DecodeError, parts, varint
from minitf.core.tensor_shape import TensorShape
from minitf.lib.stored import Stored
from minitf.lib.table import Table, table
from minitf.lib.tensor_slice import Slice, key
from minitf.lib.whole_files import WholeFile, make_folder_of

META = b""
# The field of a TensorProto that has the values of a type, and how: as they are in memory, or as
# varints of 64 bits.
FIELDS = {
    "float32": (5, "<f4"), "float64": (6, "<f8"), "complex64": (9, "<f4"),
    "complex128": (12, "<f8"),
    **dict.fromkeys(("int32", "uint8", "int16", "int8", "uint16"), (7, None)),
    **dict.fromkeys(("qint32", "quint8", "qint16", "qint8", "quint16"), (7, None)),
    "int64": (10, None), "bool": (11, None), "float16": (13, None), "bfloat16": (13, None),
    "string": (8, None),
}  # fmt: skip


# -- writing --------------------------------------------------------------------------------------


class SlicesWriter:
    """Writes a checkpoint into the file `path`: `with SlicesWriter(path) as writer: writer.add`.

    Until the end of the block the file is what it was, and stays so when it raises.
    """

    def __init__(self, path):
        self._pieces, self._meta = {}, {}
        make_folder_of(path)
        self._file = WholeFile(path)

    def __enter__(self):
        return self

    def __exit__(self, kind, *error):
        try:
            if kind is None:
                for piece in table(self._entries()):
                    self._file.write(piece)
                self._file.finish()
        finally:
            self._file.abandon()

    def add(self, name, array, dtype, whole=None, part=None):
        """Write an array of this type; where there is a `part`, as that part of a tensor of the
        shape `whole`. InvalidArgumentError when it has been written already."""
        if dtype.name not in FIELDS:
            raise UnimplementedError(None, None, f"tensor '{name}': the V1 format has no values of "
                                     f"type {dtype.name}; write_version=tf.train.SaverDef.V2 has."
                                     )  # fmt: skip
        whole, part = (array.shape, Slice.whole(array.ndim)) if part is None else (whole, part)
        place = key(name.encode(), part)
        if place in self._pieces:
            raise InvalidArgumentError(None, None, f"Adding duplicate key: {name} {part}")
        described = {"name": name, "shape": TensorShape(whole).as_proto(), "type": dtype.enum}
        _, slices = self._meta.setdefault(name, (described, []))
        slices.append(part.proto())
        self._pieces[place] = name, part, array, dtype

    def _entries(self):
        meta = SavedTensorSlices()
        meta.meta.versions.producer = 1
        for described, slices in self._meta.values():
            meta.meta.tensor.add(**described, slice=slices)
        yield META, meta.SerializeToString()
        for place in sorted(self._pieces):
            name, part, array, dtype = self._pieces[place]
            head = SavedSlice(name=name, slice=part.proto()).SerializeToString()
            data = head + _field(3, _encoded(array.reshape(-1), dtype))
            yield place, _field(2, data)


def _field(number, content):
    return varint(number << 3 | 2) + varint(len(content)) + content


def _encoded(values, dtype):
    """A TensorProto of these values alone."""
    number, plain = FIELDS[dtype.name]
    if dtype.name == "string":
        return b"".join(_field(number, text) for text in values.tolist())
    if not len(values):
        return b""
    if plain:
        return _field(number, values.view(plain).tobytes())
    if dtype.name == "bfloat16":
        values = bits(values)
    elif dtype.name == "float16":
        values = values.view(np.uint16)
    return _field(number, _varints(values.astype(np.int64).view(np.uint64)))


def _varints(numbers):
    """Numbers of 64 bits as varints."""
    groups = numbers[:, None] >> (np.arange(10, dtype=np.uint64) * np.uint64(7))
    lengths = np.maximum((groups != 0).sum(1), 1)
    there = np.arange(10) < lengths[:, None]
    follows = np.arange(10) < lengths[:, None] - 1
    content = (groups & np.uint64(0x7F)).astype(np.uint8) | (follows * np.uint8(0x80))
    return content[there].tobytes()


# -- reading --------------------------------------------------------------------------------------


class SlicesReader(Stored):
    """The tensors of the files that match `pattern`, read when they are asked for.

    NotFoundError where no file does, DataLossError where one is no such table.
    """

    def __init__(self, pattern):
        self.path = pattern
        paths = [pattern] if os.path.exists(pattern) else sorted(glob.glob(pattern))
        if not paths:
            raise NotFoundError(None, None, "Unsuccessful TensorSliceReader constructor: Failed to "
                                f"find any matching files for {pattern}")  # fmt: skip
        self._tables, self._meta = [], {}
        for path in paths:
            self._open(path)

    def _open(self, path):
        try:
            with translated(path):
                opened = Table(path)
        except DataLossError as error:
            raise DataLossError(
                None, None, f"Unable to open table file {path}: {error}: perhaps your file is in a "
                "different file format and you need to use a different restore operator?"
                + _mend(path)
            ) from None  # fmt: skip
        self._tables.append(opened)
        meta = opened.get(META)
        if meta is None:
            raise InternalError(None, None, "Failed to find the saved tensor slices at the "
                                f"beginning of the checkpoint file: {path}")  # fmt: skip
        for each in self._saved(meta, path).meta.tensor:
            _, found = self._meta.setdefault(each.name, (each, {}))
            found.update((Slice.of(part), opened) for part in each.slice)

    def close(self):
        for opened in self._tables:
            opened.close()

    @property
    def names(self):
        return sorted(self._meta)

    every = names

    def has(self, name):
        return name in self._meta

    def described(self, name):
        """(type, shape, how many parts, where there is not just the whole) of a tensor."""
        meta, found = self._meta[name]
        shape = tuple(dim.size for dim in meta.shape.dim)
        only = len(found) == 1 and next(iter(found)) == Slice.whole(len(shape))
        return as_dtype(meta.type), shape, 0 if only else len(found)

    def read(self, name, wanted):
        """The part `wanted`, of numbers, of the tensor."""
        meta, found = self._meta[name]
        shape = tuple(dim.size for dim in meta.shape.dim)
        stored = {part.within(shape): (part, opened) for part, opened in found.items()}
        return self.joined(
            name, wanted, list(stored), lambda part: self._values(name, part, *stored[part])
        )

    def _values(self, name, numbers, part, opened):
        content = opened.get(key(name.encode(), part))
        if content is None:
            raise DataLossError(None, None, f"{opened.path}: the values of '{name}' are missing")
        dtype = as_dtype(self._meta[name][0].type)
        try:
            proto = _only(_only(content, 2), 3)
            values = _decoded(proto, dtype, int(np.prod(numbers.shape, dtype=np.int64)))
            return self.widened(values.reshape(numbers.shape), dtype)
        except (DecodeError, LookupError, ValueError):
            raise DataLossError(
                None, None, f"{opened.path}: the values of '{name}' cannot be read: damaged"
            ) from None

    def _saved(self, content, path):
        try:
            return SavedTensorSlices.FromString(content)
        except DecodeError:
            raise DataLossError(None, None, f"{path}: damaged: no list of tensors") from None


def _mend(path):
    """What to give in place of a file that belongs to a checkpoint of the newer format."""
    prefix = re.sub(r"\.(index|meta|data-\d+-of-\d+)$", "", path)
    there = prefix != path and os.path.exists(f"{prefix}.index")
    return f" Give the name of the checkpoint without the ending: '{prefix}'." if there else ""


def _only(content, wanted):
    """What the field of this number has."""
    return next(part for number, _, part in parts(content) if number == wanted)


def _decoded(proto, dtype, count):
    """The values of a TensorProto, the last of which stands for all that follow."""
    if dtype.name not in FIELDS:
        raise UnimplementedError(None, None, f"values of type {dtype.name} in a V1 checkpoint")
    number, plain = FIELDS[dtype.name]
    pieces = [(wire, content) for found, wire, content in parts(proto) if found == number]
    if dtype.name == "string":
        values = np.empty(len(pieces), object)
        values[:] = [content for _, content in pieces]
    elif plain:
        values = np.frombuffer(b"".join(content for _, content in pieces), plain)
        values = values.view(dtype.numpy.newbyteorder("<"))
    else:
        values = np.concatenate([np.zeros(0, np.uint64), *(_numbers(*each) for each in pieces)])
        halves = dtype.name in ("float16", "bfloat16")
        values = values.astype(np.uint16) if halves else values.view(np.int64).astype(dtype.numpy)
        values = values.view(np.float16) if dtype.name == "float16" else values
    if len(values) < count:
        last = values[-1:] if len(values) else np.zeros(1, values.dtype)
        values = np.concatenate([values, np.repeat(last, count - len(values))])
    return values


def _numbers(wire, content):
    """The varints of packed bytes, or the one that is read already."""
    if not wire:
        return np.array([content], np.uint64)
    data = np.frombuffer(content, np.uint8)
    ends = np.flatnonzero(data < 0x80)
    starts = np.concatenate([[0], ends[:-1] + 1]).astype(np.int64)
    values = np.zeros(len(ends), np.uint64)
    for place in range(10):
        longer = starts + place <= ends
        group = data[starts[longer] + place].astype(np.uint64) & np.uint64(0x7F)
        values[longer] |= group << np.uint64(7 * place)
    return values
