"""TFRecord files: pieces of bytes one after the other, each with its length and two checksums.

Of a piece: its length in 8 bytes, their masked CRC-32C in 4, the piece, its masked CRC-32C in 4;
numbers are little-endian.
"""
import struct

import numpy as np

from minitf.core.errors import DataLossError
from minitf.core.kernel import Kernel
from minitf.lib.crc32c import WORDS, masked_crc32c

HEAD, CHECK = 12, 4  # bytes before a piece, and after it
CHUNK = 1 << 18  # bytes that are read at once


def framed(piece):
    """A piece as it stands in a file."""
    length = struct.pack("<Q", len(piece))
    checks = [struct.pack("<I", masked_crc32c(data)) for data in (length, piece)]
    return b"".join((length, checks[0], piece, checks[1]))


def read(file, name, framed=None):
    """Each piece of a file that is open for reading. DataLossError, with the file's `name`, where
    it is damaged or breaks off.

    `framed(data)`, where it is given, says where the first pieces of `data` begin and end, as far
    as they are whole and right: many are read at once.
    """
    at, rest = 0, b""
    while data := rest + file.read(CHUNK if framed else HEAD - len(rest)):
        places = framed(data) if framed else ()
        for start, end in places:
            yield data[start:end]
        used = places[-1][1] + CHECK if places else 0
        at, rest = at + used, data[used:]
        if not places:
            piece, rest = _one(rest, file, name, at)
            at += HEAD + len(piece) + CHECK
            yield piece


def _one(data, file, name, at):
    """The piece at the beginning of `data`, which the file goes on, and what follows it there."""
    data += file.read(max(HEAD - len(data), 0))
    length = _checked(data[:8], data[8:HEAD], HEAD, name, at)
    size = struct.unpack("<Q", length)[0]
    end = HEAD + size + CHECK
    if len(data) < end:
        data += file.read(end - len(data))
    piece = _checked(data[HEAD : end - CHECK], data[end - CHECK : end], size + CHECK, name, at)
    return piece, data[end:]


def _checked(data, check, size, name, at):
    if len(data) + len(check) < size:
        raise DataLossError(None, None, f"{name}: truncated record at {at}")
    if struct.pack("<I", masked_crc32c(data)) != check:
        raise DataLossError(None, None, f"{name}: corrupted record at {at}")
    return data


# -- in C -----------------------------------------------------------------------------------------

# p[0] a part of a file, of n[0] bytes; p[1] where the pieces in it begin and end, at most n[1];
# p[2] how many these are.
_SOURCE = """
static uint32_t NAME_masked(const uint8_t *at, uint64_t size) {
  uint32_t s = ~0u;
  for (; size >= 8; size -= 8, at += 8) {
    uint64_t w;
    memcpy(&w, at, 8);
    s = CRC_WORD(s, w);
  }
  for (; size; --size, ++at) s = CRC_BYTE(s, *at);
  s = ~s;
  return ((s >> 15) | (s << 17)) + 0xA282EAD8u;
}

static int NAME_right(const uint8_t *at, uint64_t size) {
  uint32_t check;
  memcpy(&check, at + size, 4);
  return NAME_masked(at, size) == check;
}

static void NAME(const int64_t *n, void *const *p) {
  CRC_FILL
  const uint8_t *data = p[0];
  int64_t *places = p[1], count = 0, at = 0;
  while (count < n[1] && n[0] - at >= 16) {
    uint64_t size;
    memcpy(&size, data + at, 8);
    if (!NAME_right(data + at, 8) || size > (uint64_t)(n[0] - at - 16)) break;
    if (!NAME_right(data + at + 12, size)) break;
    places[2 * count] = at + 12, places[2 * count + 1] = at + 12 + size;
    ++count;
    at += 16 + size;
  }
  *(int64_t *)p[2] = count;
}
"""


def compiled(run):
    """`framed` for `read`, in C."""

    def framed(data):
        places, count = np.empty((len(data) // 16, 2), np.int64), np.zeros(1, np.int64)
        content = np.frombuffer(data, np.uint8)
        run(Kernel(WORDS + _SOURCE, (len(data), len(places))), content, places, count)
        return places[: count[0]].tolist()

    framed(b"1")
    return framed
