"""Protocol messages as text, as protocol buffers print them."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from minitf.core.proto.fields import Field

# How the bytes are written that are no letters: by a name, or as three octal digits.
_ESCAPES = {byte: f"\\{byte:03o}" for byte in range(256) if not 32 <= byte < 127}
_ESCAPES |= {9: r"\t", 10: r"\n", 13: r"\r", 34: r"\"", 39: r"\'", 92: r"\\"}


def lines(message: Any) -> Iterator[str]:
    """A line for each number or text that is set, and those of the messages inside."""
    for field, value in message._set_fields():
        if field.keys:
            for key in sorted(value):
                yield from (f"{field.name} {{", *_entry(field, key, value[key]), "}")
        else:
            for item in value if field.repeated else [value]:
                yield from _item(field, field.name, item)


def block(name: str, message: Any) -> Iterator[str]:
    """A message that is a field of another."""
    yield from (f"{name} {{", *(f"  {line}" for line in lines(message)), "}")


def _entry(field: Field, key: Any, value: Any) -> Iterator[str]:
    yield f"  key: {_text(Field('key', 1, field.keys), key)}"
    yield from (f"  {line}" for line in _item(field, "value", value))


def _item(field: Field, name: str, value: Any) -> Iterator[str]:
    if field.message:
        yield from block(name, value)
    else:
        yield f"{name}: {_text(field, value)}"


def _text(field: Field, value: Any) -> str:
    if field.enum is not None:
        return field.enum.names.get(value, str(value))
    if field.kind == "bool":
        return str(value).lower()
    if isinstance(value, (str, bytes)):
        return f'"{escaped(value.encode() if isinstance(value, str) else value)}"'
    return str(value)


def escaped(text: bytes) -> str:
    """Bytes as in C: what is no letter as three octal digits."""
    return text.decode("latin-1").translate(_ESCAPES)
