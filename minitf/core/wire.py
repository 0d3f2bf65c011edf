"""Protocol messages as bytes: https://protobuf.dev/programming-guides/encoding.

A field is a key, its number and how what follows is to be read, then a varint, 4 or 8 bytes, or a
length and so many bytes. Numbers that repeat are written packed, and read either way.
"""
from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from typing import Any

from minitf.core.proto import Field

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_PACKED = {"float": ("f", _FIXED32), "fixed32": ("I", _FIXED32),
           "double": ("d", _FIXED64), "fixed64": ("Q", _FIXED64)}  # fmt: skip
_SIGNED = {"int32", "int64"}


def encoded(message: Any) -> bytes:
    """The bytes of a message: fields by their numbers, map entries by their keys."""
    return b"".join(
        part for field, value in message._set_fields() for part in _encoded_field(field, value)
    )


def _encoded_field(field: Field, value: Any) -> Iterator[bytes]:
    if field.keys:
        key, item = _entry(field)
        for name in sorted(value):
            entry = (*_encoded_field(key, name), *_encoded_field(item, value[name]))
            yield _sized(field, b"".join(entry))
    elif field.message or field.kind in ("string", "bytes"):
        for item in value if field.repeated else [value]:
            yield _sized(field, _content(item))
    elif field.repeated:
        yield _sized(field, b"".join(_number(field, item) for item in value))
    else:
        yield varint(field.number << 3 | _wire_type(field)) + _number(field, value)


def _entry(field: Field) -> tuple[Field, Field]:
    return Field("key", 1, field.keys), Field("value", 2, field.kind)


def _content(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else encoded(value)


def _sized(field: Field, content: bytes) -> bytes:
    return varint(field.number << 3 | _BYTES) + varint(len(content)) + content


def _wire_type(field: Field) -> int:
    return _PACKED[field.kind][1] if field.kind in _PACKED else _VARINT


def _number(field: Field, value: Any) -> bytes:
    if field.kind in _PACKED:
        return struct.pack(f"<{_PACKED[field.kind][0]}", value)
    return varint(int(value) & (1 << 64) - 1)


def varint(value: int) -> bytes:
    """Seven bits a byte, the low ones first; the high bit says that more follow."""
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def read_varint(data: bytes, at: int) -> tuple[int, int]:
    """The number that begins at `at`, and where what follows it begins."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


# -- reading --------------------------------------------------------------------------------------


def decode(message: Any, data: bytes) -> None:
    """Merge what `data` says into a message. Unknown fields are left out; raises ValueError where
    it breaks off."""
    try:
        for number, content in _parts(data):
            field = message._BY_NUMBER.get(number)
            if field is not None:
                _take(message, field, content)
    except (IndexError, struct.error):
        raise ValueError(f"Error parsing message: {type(message).__name__}") from None


def _parts(data: bytes) -> Iterator[tuple[int, Any]]:
    """(number of the field, what it has): an int, or bytes."""
    at = 0
    while at < len(data):
        key, at = read_varint(data, at)
        wire = key & 7
        if wire == _VARINT:
            content: Any
            content, at = read_varint(data, at)
        else:
            size, at = read_varint(data, at) if wire == _BYTES else (_size(wire), at)
            content, at = data[at : at + size], at + size
            if len(content) < size:
                raise IndexError
        yield key >> 3, content


def _size(wire: int) -> int:
    if wire not in (_FIXED32, _FIXED64):
        raise IndexError
    return 4 if wire == _FIXED32 else 8


def _take(message: Any, field: Field, content: Any) -> None:
    if field.keys:
        _take_entry(getattr(message, field.name), field, content)
    elif field.message:
        target = getattr(message, field.name)
        target = target.add() if field.repeated else target
        decode(target, content)
        if not field.repeated:
            message._mark(field)
    elif field.kind in ("string", "bytes"):
        _store(message, field, [content.decode() if field.kind == "string" else content])
    else:
        _store(message, field, list(_numbers(field, content)))


def _store(message: Any, field: Field, values: list[Any]) -> None:
    if field.repeated:
        getattr(message, field.name).extend(values)
    elif values:
        setattr(message, field.name, values[-1])


def _take_entry(entries: Any, field: Field, content: bytes) -> None:
    key, item = _entry(field)
    found = {1: key.zero, 2: b"" if field.message else item.zero}
    for number, part in _parts(content):
        kind = key if number == 1 else item
        found[number] = part if kind.message else _single(kind, part)
    if field.message:
        entry = entries[found[1]]
        entry.Clear()
        decode(entry, found[2])
    else:
        entries[found[1]] = found[2]


def _single(field: Field, content: Any) -> Any:
    if field.kind == "string":
        return content.decode()
    return content if field.kind == "bytes" else next(_numbers(field, content))


def _numbers(field: Field, content: Any) -> Iterator[Any]:
    """One number, or those of packed bytes."""
    if field.kind in _PACKED:
        letter, size = _PACKED[field.kind][0], 4 if _PACKED[field.kind][1] == _FIXED32 else 8
        yield from struct.unpack(f"<{len(content) // size}{letter}", content)
    elif isinstance(content, int):
        yield _signed(field)(content)
    else:
        at = 0
        while at < len(content):
            value, at = read_varint(content, at)
            yield _signed(field)(value)


def _signed(field: Field) -> Callable[[int], Any]:
    if field.kind == "bool":
        return bool
    if field.kind in _SIGNED or field.enum is not None:
        return lambda value: value - (1 << 64) if value >> 63 else value
    return int
