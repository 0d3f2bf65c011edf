"""Checkpoints as TensorFlow writes them since 2016, "V2": an index and files of data.

`P.index` is a table of a header and, for each tensor by its name, its type, shape, place and
checksum; `P.data-00000-of-00001` is the tensors one after the other: numbers as in memory, of
strings their lengths, a checksum of those and the bytes.
"""
import os
import struct
from contextlib import ExitStack

import numpy as np

from minitf.core.bfloat16 import bits
from minitf.core.dtypes import as_dtype
from minitf.core.errors import (
    AlreadyExistsError,
    DataLossError,
    InvalidArgumentError,
    UnimplementedError,
)
from minitf.core.file_errors import translated
from minitf.core.proto.checkpoint import BundleEntryProto, BundleHeaderProto
from minitf.core.proto.wire import DecodeError, read_varint, varint
from minitf.core.tensor_shape import TensorShape
from minitf.lib import crc32c as checksums
from minitf.lib.stored import Stored
from minitf.lib.table import Table, table
from minitf.lib.tensor_slice import Slice, key
from minitf.lib.whole_files import WholeFile, make_folder_of

VERSION = 1
HEADER = b""  # the key of the header
CHUNK = 1 << 20  # bytes that are copied, checked and written at a time


def index_name(prefix):
    return f"{prefix}.index"


def data_name(prefix, shard, shards):
    return f"{prefix}.data-{shard:05d}-of-{shards:05d}"


# -- writing --------------------------------------------------------------------------------------


class BundleWriter:
    """Writes a checkpoint of the name `prefix`: `with BundleWriter(prefix) as writer: writer.add`.

    Until the end of the block the files of that name are what they were, and stay so when it
    raises. `crc32c` is what computes checksums. Errors of files are `tf.errors`.
    """

    def __init__(self, prefix, crc32c=checksums.crc32c):
        self.prefix, self.crc32c = prefix, crc32c
        self._entries, self._size = {}, 0
        self._buffer = np.empty(CHUNK, np.uint8)
        make_folder_of(prefix)
        self._data = WholeFile(data_name(prefix, 0, 1))

    def __enter__(self):
        return self

    def __exit__(self, kind, *error):
        try:
            if kind is None:
                self._data.close()
                with _index(self.prefix, self._entries, 1):
                    self._data.finish()
        finally:
            self._data.abandon()

    def add(self, name, array, dtype, whole=None, part=None):
        """Write an array of this type; where there is a `part`, as that part of a tensor of the
        shape `whole`. InvalidArgumentError when it has been written already."""
        name = name.encode() if isinstance(name, str) else name
        if part is not None and part.within(whole) != Slice.whole(len(whole)).within(whole):
            self._add_part(name, dtype, whole, part)
            name = key(name, part)
        if name in self._entries:
            raise InvalidArgumentError(None, None, f"Adding duplicate key: {_shown(name)}")
        start = self._size
        crc = self._strings(array) if dtype.name == "string" else self._numbers(
            bits(array) if dtype.name == "bfloat16" else array
        )
        self._entries[name] = BundleEntryProto(
            dtype=dtype.enum, shape=TensorShape(array.shape).as_proto(), offset=start,
            size=self._size - start, crc32c=checksums.masked(crc),
        )  # fmt: skip

    def _add_part(self, name, dtype, whole, part):
        entry = BundleEntryProto(dtype=dtype.enum, shape=TensorShape(whole).as_proto())
        known = self._entries.setdefault(name, entry)
        if known.shape != entry.shape or known.dtype != entry.dtype:
            raise InvalidArgumentError(
                None, None, f"The parts of {_shown(name)} are of tensors of different shapes or "
                f"types: {_described(known)} and {_described(entry)}."
            )  # fmt: skip
        known.slices.append(part.proto())

    def _numbers(self, array):
        """Copied piece by piece, so that the checksum is of what is written even when another
        thread assigns to the variable meanwhile."""
        flat = np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(-1)
        crc, content = 0, flat.view(np.uint8)
        for at in range(0, len(content), CHUNK):
            source = content[at : at + CHUNK]
            piece = self._buffer[: len(source)]
            piece[:] = source
            crc = self._write(piece, crc)
        return crc

    def _strings(self, array):
        texts = array.reshape(-1).tolist()
        lengths = [len(text) for text in texts]
        crc = self.crc32c(b"".join(_fixed(length) for length in lengths), 0)
        self._put(b"".join(varint(length) for length in lengths))
        crc = self._write(struct.pack("<I", checksums.masked(crc)), crc)
        return self._write(b"".join(texts), crc)

    def _write(self, data, crc):
        self._put(data)
        return self.crc32c(data, crc)

    def _put(self, data):
        self._data.write(data)
        self._size += len(data)


def _fixed(length):
    return struct.pack("<I" if length < 1 << 32 else "<Q", length)


def _shown(name):
    return name.decode("utf-8", "backslashreplace")


def _described(entry):
    return f"{as_dtype(entry.dtype).name}{[dim.size for dim in entry.shape.dim]}"


def _index(prefix, entries, shards):
    """A context that writes the index first, and gives it its name last."""
    header = BundleHeaderProto(num_shards=shards, version={"producer": VERSION})
    content = [(HEADER, header.SerializeToString())]
    content += [(name, entries[name].SerializeToString()) for name in sorted(entries)]
    return _Finishing(index_name(prefix), table(content))


class _Finishing:
    """`with _Finishing(path, pieces):` writes a file that has its name when the block is done."""

    def __init__(self, path, pieces):
        self.file, self.pieces = WholeFile(path), pieces

    def __enter__(self):
        with ExitStack() as stack:
            stack.callback(self.file.abandon)
            for piece in self.pieces:
                self.file.write(piece)
            self.file.close()
            stack.pop_all()

    def __exit__(self, kind, *error):
        try:
            if kind is None:
                self.file.finish()
        finally:
            self.file.abandon()


def merge(prefixes, prefix):
    """Make the checkpoints `prefixes` into one of several files of data, moving those.

    AlreadyExistsError when a tensor is in two of them.
    """
    merged, moves = {}, []
    for source in prefixes:
        with BundleReader(source) as reader:
            _take_entries(merged, reader, len(moves), source)
            moves += [data_name(source, i, reader.shards) for i in range(reader.shards)]
    make_folder_of(prefix)
    with _index(prefix, merged, len(moves)):
        for shard, source in enumerate(moves):
            with translated(source):
                os.replace(source, data_name(prefix, shard, len(moves)))
    for source in prefixes:
        with translated(source):
            os.remove(index_name(source))


def _take_entries(merged, reader, first, source):
    for name, value in reader.raw.items():
        entry = BundleEntryProto.FromString(value)
        entry.shard_id += first
        if name in merged and not (entry.slices and merged[name].slices):
            raise AlreadyExistsError(None, None, f"Duplicate tensor keyed by {_shown(name)} "
                                     f"encountered, when merging prefix: {source}")  # fmt: skip
        if name in merged:
            merged[name].slices.extend(entry.slices)
        else:
            merged[name] = entry


# -- reading --------------------------------------------------------------------------------------


class BundleReader(Stored):
    """The tensors of a checkpoint, read when they are asked for.

    `names` are those that variables have. DataLossError for what is damaged, naming the file and
    the tensor; NotFoundError where there is no such checkpoint.
    """

    def __init__(self, prefix, crc32c=checksums.crc32c):
        self.prefix, self.crc32c = prefix, crc32c
        self._files, self._entries = {}, {}
        self.path = index_name(prefix)
        with translated(self.path), Table(self.path) as stored:
            self.raw = dict(stored)
        header = self._message(BundleHeaderProto, self.raw.pop(HEADER, b""))
        self.shards = header.num_shards
        if header.endianness != BundleHeaderProto.LITTLE:
            raise UnimplementedError(None, None, f"{self.path} was written by a computer of the "
                                     "other byte order.")  # fmt: skip
        if header.version.min_consumer > VERSION:
            raise InvalidArgumentError(None, None, f"{self.path} is of a newer format: version "
                                       f"{header.version.min_consumer}.")  # fmt: skip

    def close(self):
        for file in self._files.values():
            file.close()

    @property
    def every(self):
        """The names of all that is stored, of what is in parts those of the parts, sorted."""
        whole = [name for name in self.raw if not self._entry(name).slices]
        return [name.decode("utf-8", "surrogateescape") for name in whole]

    @property
    def names(self):
        parts = {key(name, part) for name, part in self._parts()}
        return [name.decode("utf-8", "surrogateescape") for name in self.raw if name not in parts]

    def _parts(self):
        for name in self.raw:
            for part in self._entry(name).slices:
                yield name, Slice.of(part)

    def has(self, name):
        return _bytes(name) in self.raw

    def described(self, name):
        """(type, shape, how many parts) of a tensor."""
        entry = self._entry(_bytes(name))
        return as_dtype(entry.dtype), _shape(entry), len(entry.slices)

    def read(self, name, wanted):
        """The part `wanted`, of numbers, of the tensor."""
        entry = self._entry(_bytes(name))
        if not entry.slices:
            return self._value(name, entry)[_places(wanted)]
        parts = [Slice.of(part) for part in entry.slices]
        return self.joined(name, wanted, parts, lambda part: self._part(name, part))

    def _part(self, name, part):
        stored = key(_bytes(name), part)
        return self._value(name, self._entry(stored))

    def _entry(self, name):
        if name not in self._entries:
            self._entries[name] = self._message(BundleEntryProto, self.raw.get(name, b""))
        return self._entries[name]

    def _message(self, kind, content):
        try:
            return kind.FromString(content)
        except DecodeError:
            raise DataLossError(None, None, f"{self.path}: the entry is no {kind.__name__}, the "
                                "file is damaged") from None  # fmt: skip

    # -- one piece of data -----------------------------------------------------------------------

    def _value(self, name, entry):
        dtype, shape = as_dtype(entry.dtype), _shape(entry)
        if dtype.name == "string":
            return self._strings(name, entry, shape)
        stored = self.number_type(name, dtype)
        size = stored.itemsize * int(np.prod(shape, dtype=np.int64))
        if size != entry.size:
            raise self._damaged(name, entry, f"it is {entry.size} bytes long and not {size}")
        values = np.empty(shape, stored)
        self._fill(name, entry, values.reshape(-1).view(np.uint8))
        return self.widened(values, dtype)

    def _fill(self, name, entry, content):
        """Read piece by piece: what is checked is still near."""
        file, crc, at = self._file(entry), 0, 0
        file.seek(entry.offset)
        while at < len(content):
            piece = content[at : at + CHUNK]
            if file.readinto(piece) != len(piece):
                raise self._damaged(name, entry, "Read less bytes than requested")
            crc, at = self.crc32c(piece, crc), at + len(piece)
        self._check(name, entry, crc)

    def _strings(self, name, entry, shape):
        content = np.empty(entry.size, np.uint8)
        file = self._file(entry)
        file.seek(entry.offset)
        if file.readinto(content) != entry.size:
            raise self._damaged(name, entry, "Read less bytes than requested")
        content = content.tobytes()
        lengths, at = [], 0
        try:
            for _ in range(int(np.prod(shape, dtype=np.int64))):
                length, at = read_varint(content, at)
                lengths.append(length)
        except IndexError:
            raise self._damaged(name, entry, "the lengths of the strings break off") from None
        crc = self.crc32c(b"".join(_fixed(length) for length in lengths), 0)
        self._check(name, entry, self.crc32c(content[at:], crc))
        if len(content) != at + 4 + sum(lengths):
            raise self._damaged(name, entry, "the strings are not as long as they should be")
        values, at = np.empty(shape, object), at + 4
        for i, length in enumerate(lengths):
            values.reshape(-1)[i], at = content[at : at + length], at + length
        return values

    def _file(self, entry):
        shard = entry.shard_id
        if shard not in self._files:
            path = data_name(self.prefix, shard, self.shards)
            with translated(path):
                self._files[shard] = open(path, "rb", buffering=0)  # noqa: SIM115
        return self._files[shard]

    def _check(self, name, entry, crc):
        found = checksums.masked(crc)
        if found != entry.crc32c:
            raise self._damaged(name, entry, f"Checksum does not match: stored {entry.crc32c} vs. "
                                f"calculated on the restored bytes {found}")  # fmt: skip

    def _damaged(self, name, entry, what):
        path = data_name(self.prefix, entry.shard_id, self.shards)
        return DataLossError(
            None, None, f"{path}: tensor '{name}', {entry.size} bytes at {entry.offset}: {what}. "
            "The file is damaged: restore an older checkpoint, which "
            "tf.train.get_checkpoint_state(folder) lists."
        )  # fmt: skip


def _bytes(name):
    return name.encode("utf-8", "surrogateescape") if isinstance(name, str) else name


def _shape(entry):
    return tuple(dim.size for dim in entry.shape.dim)


def _places(part):
    return (*(slice(start, start + length) for start, length in part.extents), ...)
