"""Protocol messages as bytes: https://protobuf.dev/programming-guides/encoding.

A field is a key, its number and how what follows is to be read, then a varint, 4 or 8 bytes, or a
length and so many bytes. Numbers that repeat are written packed, and read either way.
"""
from __future__ import annotations

import functools
import struct
from collections.abc import Iterator
from typing import Any

from minitf.core.proto.fields import Field


class DecodeError(ValueError):
    """Bytes that are no message, or not of this kind."""


_SMALL = [bytes([value]) for value in range(0x80)]
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_SIZES = {_FIXED64: 8, _FIXED32: 4}
_PACKED = {"float": ("f", _FIXED32), "fixed32": ("I", _FIXED32),
           "double": ("d", _FIXED64), "fixed64": ("Q", _FIXED64)}  # fmt: skip


def encoded(message: Any) -> bytes:
    """The bytes of a message: fields by their numbers, map entries by their keys."""
    return b"".join(
        part for field, value in message._set_fields() for part in _encoded_field(field, value)
    )


def _encoded_field(field: Field, value: Any) -> Iterator[bytes]:
    kind, keyed = field.kind, field.keys
    if keyed:
        key, item = _entry(field)
        for name in sorted(value):
            entry = (*_encoded_field(key, name), *_encoded_field(item, value[name]))
            yield sized(field, b"".join(entry))
    elif kind in ("string", "bytes") or field.message:
        for item in value if field.repeated else (value,):
            yield sized(field, _content(item))
    elif field.repeated:
        yield sized(field, _packed(field, value))
    else:
        yield _key(field) + _number(field, value)


def _packed(field: Field, values: Any) -> bytes:
    if field.kind in _PACKED:
        return struct.pack(f"<{len(values)}{_PACKED[field.kind][0]}", *values)
    return b"".join(_number(field, item) for item in values)


@functools.lru_cache(maxsize=512)
def _entry(field: Field) -> tuple[Field, Field]:
    return Field("key", 1, field.keys), Field("value", 2, field.kind)


def _content(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else encoded(value)


def sized(field: Field, content: bytes) -> bytes:
    """A field of a message whose content is these bytes."""
    return varint(field.number << 3 | _BYTES) + varint(len(content)) + content


@functools.lru_cache(maxsize=2048)
def _key(field: Field) -> bytes:
    return varint(field.number << 3 | _wire_type(field))


def _wire_type(field: Field) -> int:
    return _PACKED[field.kind][1] if field.kind in _PACKED else _VARINT


def _number(field: Field, value: Any) -> bytes:
    if field.kind in _PACKED:
        return struct.pack(f"<{_PACKED[field.kind][0]}", value)
    return varint(int(value) & (1 << 64) - 1)


def varint(value: int) -> bytes:
    """Seven bits a byte, the low ones first; the high bit says that more follow."""
    if value < 0x80:
        return _SMALL[value]
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
        if shift > 63:
            raise IndexError
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


# -- reading --------------------------------------------------------------------------------------


def decode(message: Any, data: bytes) -> None:
    """Merge what `data` says into a message. Unknown fields are left out; DecodeError where it is
    no message, or breaks off."""
    by_number = message._BY_NUMBER
    try:
        for number, wire, content in parts(data):
            field = by_number.get(number)
            if field is not None and wire in _wire_types(field):
                _take(message, field, content)
    except (LookupError, struct.error, UnicodeDecodeError):
        raise DecodeError(f"Error parsing message: {type(message).__name__}") from None


def parts(data: bytes) -> Iterator[tuple[int, int, Any]]:
    """(number of the field, how it is written, what it has): an int, or bytes."""
    at = 0
    end = len(data)
    while at < end:
        key, at = data[at], at + 1
        if key > 0x7F:
            key, at = read_varint(data, at - 1)
        wire = key & 7
        content: Any
        if not key >> 3:
            raise IndexError
        if wire == _VARINT:
            content, at = read_varint(data, at)
        else:
            size, at = read_varint(data, at) if wire == _BYTES else (_SIZES[wire], at)
            content, at = data[at : at + size], at + size
            if len(content) < size:
                raise IndexError
        yield key >> 3, wire, content


@functools.lru_cache(maxsize=2048)
def _wire_types(field: Field) -> tuple[int, ...]:
    """How what a field has may be written."""
    if field.keys or field.message or field.kind in ("string", "bytes"):
        return (_BYTES,)
    return (_wire_type(field), _BYTES) if field.repeated else (_wire_type(field),)


def _take(message: Any, field: Field, content: Any) -> None:
    if field.keys:
        _take_entry(getattr(message, field.name), field, content)
    elif field.message:
        target = getattr(message, field.name)
        decode(target.add() if field.repeated else target, content)
        if not field.repeated:
            message._mark(field)
    elif field.repeated:
        getattr(message, field.name)._put_all(_values(field, content))
    else:
        message._put(field, _values(field, content)[-1])


def _take_entry(entries: Any, field: Field, content: bytes) -> None:
    key, item = _entry(field)
    name, value = key.zero, b"" if field.message else item.zero
    for number, wire, part in parts(content):
        if number == 1 and wire in _wire_types(key):
            name = _values(key, part)[-1]
        elif number == 2 and wire in _wire_types(item):
            value = part if field.message else _values(item, part)[-1]
    if field.message:
        entry = field.message()
        decode(entry, value)
        entries._put(name, entry)
    else:
        entries[name] = value


def _values(field: Field, content: Any) -> list[Any]:
    """Texts or numbers: one, or those of packed bytes."""
    if field.kind == "string":
        return [content.decode()]
    if field.kind == "bytes":
        return [content]
    if field.kind in _PACKED:
        letter, wire = _PACKED[field.kind]
        return list(struct.unpack(f"<{len(content) // _SIZES[wire]}{letter}", content))
    numbers = [content] if isinstance(content, int) else _varints(content)
    return [_in_range(field, number) for number in numbers]


def _varints(content: bytes) -> Iterator[int]:
    at = 0
    while at < len(content):
        value, at = read_varint(content, at)
        yield value


def _in_range(field: Field, number: int) -> Any:
    """The low bits of a number, as many as the type has, with the sign that they say."""
    if field.kind == "bool":
        return bool(number)
    bits = 64 if field.kind.endswith("64") else 32
    number &= (1 << bits) - 1
    return number - (1 << bits) if not field.kind.startswith("u") and number >> bits - 1 else number
