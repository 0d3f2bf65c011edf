"""Bytes compressed by Snappy, which old tables have: https://github.com/google/snappy."""
from minitf.core.proto.wire import read_varint


def uncompressed(data):
    """The bytes as they were. IndexError for what is not so compressed, or breaks off."""
    size, at = read_varint(data, 0)
    found = bytearray()
    while at < len(data):
        tag, at = data[at], at + 1
        if tag & 3:
            length, back, at = _copied(data, tag, at)
            if not 0 < back <= len(found):
                raise IndexError
            _repeat(found, back, length)
        else:
            length, at = _literal(data, tag, at)
            found += data[at : at + length]
            at += length
    if len(found) != size:
        raise IndexError
    return bytes(found)


def _literal(data, tag, at):
    """(how many bytes stand here, where they begin)."""
    length = tag >> 2
    if length < 60:
        return length + 1, at
    wide = length - 59
    return int.from_bytes(data[at : at + wide], "little") + 1, at + wide


def _copied(data, tag, at):
    """(how many bytes to repeat, from how far back, where what follows begins)."""
    if tag & 3 == 1:
        return (tag >> 2 & 7) + 4, (tag >> 5 << 8) + data[at], at + 1
    wide = 2 if tag & 3 == 2 else 4
    return (tag >> 2) + 1, int.from_bytes(data[at : at + wide], "little"), at + wide


def _repeat(found, back, length):
    """Append so many bytes that are `back` before: these may be among them."""
    piece = found[len(found) - back :]
    found += (piece * (length // back + 1))[:length]
