"""Files of sorted keys with values, in the format of LevelDB: what checkpoints are made of.

A table is blocks of entries, then a block that says where those are. An entry is three varints, how
many bytes of the key are those of the key before, how many follow, how long the value is, and then
these bytes. A block ends with the places of the entries whose keys are whole, and is followed by
how it is compressed and by a checksum; the file ends with a footer. Numbers are little-endian.
"""
import bisect
import os
import struct

from minitf.core.errors import DataLossError, UnimplementedError
from minitf.core.proto.wire import read_varint, varint
from minitf.lib.crc32c import crc32c, masked
from minitf.lib.snappy import uncompressed

MAGIC = 0xDB4775248B80FB57
FOOTER = 48
BLOCK = 1 << 18  # bytes, about, in a block
WHOLE = 16  # every so many entries have the whole key
PLAIN, SNAPPY = b"\0", b"\1"


# -- writing --------------------------------------------------------------------------------------


class _Block:
    """Entries as they stand in a block."""

    def __init__(self, every):
        self.every, self.content, self.starts = every, bytearray(), []
        self.count, self.first, self.last = 0, b"", b""

    def add(self, key, value):
        shared = 0
        if self.count % self.every:
            shared = _shared(self.last, key)
        else:
            self.starts.append(len(self.content))
        if not self.count:
            self.first = key
        for number in (shared, len(key) - shared, len(value)):
            self.content += varint(number)
        self.content += key[shared:]
        self.content += value
        self.count, self.last = self.count + 1, key

    @property
    def size(self):
        return len(self.content) + 4 * len(self.starts) + 4

    def finished(self):
        starts = self.starts or [0]
        self.content += struct.pack(f"<{len(starts) + 1}I", *starts, len(starts))
        check = masked(crc32c(PLAIN, crc32c(self.content)))
        return self.content + PLAIN + struct.pack("<I", check)


def table(entries):
    """The bytes of a table, in pieces, of (key, value) pairs of bytes, sorted by their keys.

    A block is full at `BLOCK` bytes; an entry of twice as many has a block of its own.
    """
    index, at, last = _Block(1), 0, None
    for block in _blocks(entries):
        if last is not None:
            index.add(_between(last[0], block.first), last[1])
        piece = block.finished()
        last, at = (block.last, _place(at, piece)), at + len(piece)
        yield piece
    if last is not None:
        index.add(_after(last[0]), last[1])
    yield from _tail(index, at)


def _blocks(entries):
    block = _Block(WHOLE)
    for key, value in entries:
        if block.count and len(key) + len(value) >= 2 * BLOCK:
            yield block
            block = _Block(WHOLE)
        block.add(key, value)
        if block.size >= BLOCK:
            yield block
            block = _Block(WHOLE)
    if block.count:
        yield block


def _tail(index, at):
    """A block for what describes other blocks, empty here, the index, the footer."""
    nothing, piece = _Block(1).finished(), index.finished()
    places = _place(at, nothing) + _place(at + len(nothing), piece)
    yield nothing
    yield piece
    yield places.ljust(FOOTER - 8, b"\0") + struct.pack("<Q", MAGIC)


def _place(at, piece):
    return varint(at) + varint(len(piece) - 5)


def _shared(key, other):
    """How many bytes at their beginnings are the same."""
    pairs = enumerate(zip(key, other))
    return next((i for i, (a, b) in pairs if a != b), min(len(key), len(other)))


def _between(before, after):
    """A short key that is not before `before` and is before `after`."""
    shared = _shared(before, after)
    if shared < min(len(before), len(after)) and before[shared] + 1 < after[shared]:
        return before[:shared] + bytes([before[shared] + 1])
    return before


def _after(key):
    """A short key that is not before `key`."""
    first = next((i for i, byte in enumerate(key) if byte != 0xFF), None)
    return key if first is None else key[:first] + bytes([key[first] + 1])


# -- reading --------------------------------------------------------------------------------------


class Table:
    """A table in the file `path`, of which blocks are read when they are asked for.

    DataLossError, with the file's name, where it is no table or damaged.
    """

    def __init__(self, path):
        self.path = path
        self._file = open(path, "rb")  # noqa: SIM115  closed by `close`
        try:
            self._index = list(self._entries(*self._index_place()))
        except BaseException:
            self.close()
            raise
        self._keys = [key for key, _ in self._index]

    def close(self):
        self._file.close()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def __iter__(self):
        """Each (key, value), in order."""
        for _, place in self._index:
            yield from self._entries(*_numbers(place, 2))

    def get(self, key):
        """The value of a key, None when it is not there."""
        at = bisect.bisect_left(self._keys, key)
        if at == len(self._index):
            return None
        entries = self._entries(*_numbers(self._index[at][1], 2))
        return next((value for found, value in entries if found == key), None)

    def _index_place(self):
        size = self._file.seek(0, os.SEEK_END)
        self._file.seek(max(size - FOOTER, 0))
        footer = self._file.read(FOOTER)
        if len(footer) < FOOTER or struct.unpack("<Q", footer[-8:])[0] != MAGIC:
            raise self._damaged(
                "not an sstable (bad magic number): it is no checkpoint, or was cut off"
            )
        return _numbers(footer, 4)[2:]

    def _entries(self, at, size):
        try:
            yield from _parsed(self._block(at, size))
        except (IndexError, struct.error):
            raise self._damaged(f"bad entry in the block at {at}") from None

    def _block(self, at, size):
        self._file.seek(at)
        block = self._file.read(size + 5)
        if len(block) < size + 5:
            raise self._damaged(f"truncated block read at {at}")
        content, kind, check = block[:size], block[size : size + 1], block[size + 1 :]
        if struct.pack("<I", masked(crc32c(memoryview(block)[: size + 1]))) != check:
            raise self._damaged(f"block checksum mismatch at {at}")
        if kind not in (PLAIN, SNAPPY):
            raise UnimplementedError(None, None, f"{self.path}: compression {kind[0]} of a block")
        return content if kind == PLAIN else uncompressed(content)

    def _damaged(self, what):
        return DataLossError(None, None, f"{self.path}: {what}")


def _parsed(block):
    end = len(block) - 4 * (struct.unpack("<I", block[-4:])[0] + 1)
    at, key = 0, b""
    while at < end:
        (shared, rest, size), at = _varints(block, at, 3)
        key, at = key[:shared] + block[at : at + rest], at + rest
        value, at = block[at : at + size], at + size
        if at > end:
            raise IndexError
        yield key, value


def _varints(data, at, count):
    numbers = []
    for _ in range(count):
        number, at = read_varint(data, at)
        numbers.append(number)
    return numbers, at


def _numbers(data, count):
    return _varints(data, 0, count)[0]
