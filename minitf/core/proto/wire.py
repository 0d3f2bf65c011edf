"""Protocol messages as bytes: https://protobuf.dev/programming-guides/encoding.

A field is a key, its number and how what follows is to be read, then a varint, 4 or 8 bytes, or a
length and so many bytes. Numbers that repeat are written packed, and read either way.
"""
from __future__ import annotations

import functools
import struct
from collections.abc import Iterator
from typing import Any

from minitf.core.garbage import no_garbage_collection
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
    with no_garbage_collection:
        return _encoded(message)


def _encoded(message: Any) -> bytes:
    waiting = message.__dict__.get("_waiting")
    if waiting is not None:
        return waiting.content(message)
    found: list[bytes] = []
    for field, value in message._set_fields():
        (field.writer or _set_writer(field))(found, value)
    return b"".join(found)


def _set_writer(field: Field) -> Any:
    """What adds the parts of a field's value to a list: it is made once for each field."""
    field.writer = _writer(field)
    return field.writer


def _writer(field: Field) -> Any:
    if field.keys:
        return _map_writer(field)
    if field.kind in ("string", "bytes") or field.message:
        return _sized_writer(field)
    if field.repeated:
        return _packed_writer(field)
    tag, number = varint(field.number << 3 | _wire_type(field)), _number_writer(field)

    def write(found: list[bytes], value: Any) -> None:
        found += tag, number(value)

    return write


def _sized_writer(field: Field) -> Any:
    """That of texts and messages, each with its length before it."""
    tag = varint(field.number << 3 | _BYTES)
    content = _encoded if field.message else _text

    def write(found: list[bytes], value: Any) -> None:
        part = content(value)
        found += tag, varint(len(part)), part

    def write_all(found: list[bytes], values: Any) -> None:
        for value in values:
            write(found, value)

    return write_all if field.repeated else write


def sized(field: Field, content: bytes) -> bytes:
    """A field of a message whose content is these bytes."""
    return varint(field.number << 3 | _BYTES) + varint(len(content)) + content


def _text(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _packed_writer(field: Field) -> Any:
    tag, number = varint(field.number << 3 | _BYTES), _number_writer(field)

    def write(found: list[bytes], values: Any) -> None:
        if field.kind in _PACKED:
            part = struct.pack(f"<{len(values)}{_PACKED[field.kind][0]}", *values)
        else:
            part = b"".join(map(number, values))
        found += tag, varint(len(part)), part

    return write


def _map_writer(field: Field) -> Any:
    tag = varint(field.number << 3 | _BYTES)
    key, item = map(_writer, _entry(field))

    def write(found: list[bytes], entries: Any) -> None:
        for name in sorted(entries):
            parts: list[bytes] = []
            key(parts, name)
            item(parts, entries[name])
            part = b"".join(parts)
            found += tag, varint(len(part)), part

    return write


@functools.lru_cache(maxsize=512)
def _entry(field: Field) -> tuple[Field, Field]:
    return Field("key", 1, field.keys), Field("value", 2, field.kind)


def _wire_type(field: Field) -> int:
    return _PACKED[field.kind][1] if field.kind in _PACKED else _VARINT


def _number_writer(field: Field) -> Any:
    if field.kind in _PACKED:
        return struct.Struct(f"<{_PACKED[field.kind][0]}").pack
    if field.kind == "sint64":  # small negative numbers are short: 0, -1, 1, -2 are 0, 1, 2, 3
        return lambda value: varint(value << 1 if value >= 0 else ~(value << 1))
    return lambda value: varint(int(value) & (1 << 64) - 1)


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
    with no_garbage_collection:
        _decode(message, data)


def _decode(message: Any, data: bytes) -> None:
    by_number = message._BY_NUMBER
    try:
        for number, wire, content in parts(data):
            field = by_number.get(number)
            if field is not None and wire in (field.reader or _set_reader(field)):
                _take(message, field, content)
    except (LookupError, struct.error, UnicodeDecodeError):
        raise DecodeError(f"Error parsing message: {type(message).__name__}") from None


def _set_reader(field: Field) -> tuple[int, ...]:
    field.reader = _wire_types(field)
    return field.reader


def parts(data: bytes) -> list[tuple[int, int, Any]]:
    """(number of the field, how it is written, what it has): an int, or bytes."""
    found: list[tuple[int, int, Any]] = []
    at = 0
    end = len(data)
    while at < end:
        key, at = data[at], at + 1
        if key > 0x7F:
            key, at = read_varint(data, at - 1)
        wire, number = key & 7, key >> 3
        if not number:
            raise IndexError
        size = 0  # or the value
        if wire in (_VARINT, _BYTES):
            size, at = data[at], at + 1
            if size > 0x7F:
                size, at = read_varint(data, at - 1)
        else:
            size = _SIZES[wire]
        if wire == _VARINT:
            found.append((number, wire, size))
            continue
        start, at = at, at + size
        if at > end:
            raise IndexError
        found.append((number, wire, data[start:at]))
    return found


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
        _decode(target.add() if field.repeated else target, content)
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
        _decode(entry, value)
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
    if field.kind == "sint64":
        return ~(number >> 1) if number & 1 else number >> 1
    bits = 64 if field.kind.endswith("64") else 32
    number &= (1 << bits) - 1
    return number - (1 << bits) if not field.kind.startswith("u") and number >> bits - 1 else number
