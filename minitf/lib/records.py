"""TFRecord files: pieces of bytes one after the other, each with its length and two checksums.

Of a piece: its length in 8 bytes, their masked CRC-32C in 4, the piece, its masked CRC-32C in 4;
numbers are little-endian.
"""
import struct

from minitf.core.errors import DataLossError
from minitf.lib.crc32c import masked_crc32c


def framed(piece):
    """A piece as it stands in a file."""
    length = struct.pack("<Q", len(piece))
    checks = [struct.pack("<I", masked_crc32c(data)) for data in (length, piece)]
    return b"".join((length, checks[0], piece, checks[1]))


def read(file, name):
    """Each piece of a file that is open for reading. DataLossError, with the file's `name`, where
    it is damaged or breaks off."""
    at = 0
    while head := file.read(12):
        length = _checked(head[:8], head[8:], 12, name, at)
        size = struct.unpack("<Q", length)[0]
        piece = file.read(size + 4)
        yield _checked(piece[:size], piece[size:], size + 4, name, at)
        at += 16 + size


def _checked(data, check, size, name, at):
    if len(data) + len(check) < size:
        raise DataLossError(None, None, f"{name}: truncated record at {at}")
    if struct.pack("<I", masked_crc32c(data)) != check:
        raise DataLossError(None, None, f"{name}: corrupted record at {at}")
    return data
