"""Reading protocol messages from text, as protocol buffers print them."""
from __future__ import annotations

import re
from typing import Any, NamedTuple

from minitf.core.proto.fields import Field

_TOKEN = re.compile(
    r"""\s+|\#[^\n]*                                  # nothing
    |(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<word>[-+]?[A-Za-z0-9_.][A-Za-z0-9_.+/-]*)
    |(?P<sign>[{}<>\[\]:;,-])""",
    re.X,
)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))", re.S)
_LETTERS = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"a": b"\a", b"b": b"\b", b"f": b"\f",
            b"v": b"\v"}  # fmt: skip
_BOOLS = {"true": True, "t": True, "1": True, "True": True,
          "false": False, "f": False, "0": False, "False": False}  # fmt: skip
_CLOSES = {"{": "}", "<": ">"}


class ParseError(ValueError):
    """Text that is no message, or not of this kind."""


class Token(NamedTuple):
    kind: str
    text: str
    line: int
    column: int


def merge(text: str | bytes, message: Any) -> Any:
    """Add what the text says to a message. ParseError, with line and column, where it says
    nothing that the message has."""
    reader = _Reader(text.decode() if isinstance(text, bytes) else text)
    _fields(reader, message, "")
    return message


class _Reader:
    """The tokens of a text, one by one."""

    def __init__(self, text: str) -> None:
        self.tokens = list(_tokens(text))
        self.at = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def skip(self, *signs: str) -> str:
        """Go past one of these signs, if it comes next."""
        return self.take().text if self.token.kind == "sign" and self.token.text in signs else ""

    def fail(self, what: str, token: Token | None = None) -> ParseError:
        token = token or self.token
        return ParseError(f"{token.line}:{token.column} : {what}")


def _tokens(text: str) -> Any:
    at, line, start = 0, 1, 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ParseError(f"{line}:{at - start + 1} : '{text[at:].splitlines()[0]}'")
        if found.lastgroup is not None:
            yield Token(found.lastgroup, found[0], line, at - start + 1)
        breaks = found[0].count("\n")
        if breaks:
            line, start = line + breaks, at + found[0].rindex("\n") + 1
        at = found.end()
    yield Token("end", "", line, at - start + 1)


def _fields(reader: _Reader, message: Any, end: str) -> None:
    """The fields of a message up to the sign that closes it."""
    while not (reader.skip(end) if end else reader.token.kind == "end"):
        name = reader.take()
        if name.kind != "word":
            raise reader.fail(f'Expected "{end}".' if name.kind == "end" else
                              f"Expected identifier or number, got {name.text}.", name)  # fmt: skip
        field = message.FIELDS.get(name.text)
        if field is None:
            kind = type(message).__qualname__
            raise reader.fail(
                f'Message type "tensorflow.{kind}" has no field named "{name.text}".', name
            )
        _field(reader, message, field)
        reader.skip(",", ";")


def _field(reader: _Reader, message: Any, field: Field) -> None:
    colon = reader.skip(":")
    is_message = bool(field.message or field.keys)
    if not colon and not is_message:
        raise reader.fail("Expected ':'.")
    if (field.repeated or field.keys) and reader.skip("["):
        while not reader.skip("]"):
            _value(reader, message, field)
            reader.skip(",")
        return
    _value(reader, message, field)


def _value(reader: _Reader, message: Any, field: Field) -> None:
    if not (field.message or field.keys):
        value = _plain(reader, field)
        if field.repeated:
            getattr(message, field.name).append(value)
        else:
            setattr(message, field.name, value)
        return
    opened = reader.skip("{", "<")
    if not opened:
        raise reader.fail("Expected '{'.")
    if field.keys:
        _entry(reader, getattr(message, field.name), field, _CLOSES[opened])
        return
    target = getattr(message, field.name)
    target = target.add() if field.repeated else target
    _fields(reader, target, _CLOSES[opened])
    target.SetInParent()


def _entry(reader: _Reader, entries: Any, field: Field, end: str) -> None:
    """An entry of a map: `key: ... value: ...`."""
    key_field, value_field = Field("key", 1, field.keys), Field("value", 2, field.kind)
    key, value = key_field.zero, None if field.message else value_field.zero
    at = -1
    while not reader.skip(end):
        name, colon = reader.take(), reader.skip(":")
        if name.text == "key" and colon:
            key = _plain(reader, key_field)
        elif name.text == "value" and field.message:
            at, opened = reader.at, reader.skip("{", "<")
            if not opened:
                raise reader.fail("Expected '{'.")
            value = field.message()
            _fields(reader, value, _CLOSES[opened])
        elif name.text == "value":
            value = _plain(reader, value_field)
        else:
            raise reader.fail(f'A map entry has "key" and "value", got "{name.text}".', name)
        reader.skip(",", ";")
    if field.message:
        entries[key].CopyFrom(value if at >= 0 else field.message())
    else:
        entries[key] = value


def _plain(reader: _Reader, field: Field) -> Any:
    """A number or text."""
    token = reader.take()
    minus = token.text == "-" and token.kind == "sign"
    token = reader.take() if minus else token
    if isinstance(field.zero, (str, bytes)) and field.enum is None:
        return _text(reader, field, token)
    if token.kind != "word":
        raise reader.fail(f"Expected a value of {field.name}, got {token.text!r}.", token)
    try:
        return _number(field, "-" * minus + token.text)
    except (ValueError, KeyError):
        what = f'enum has no value named {token.text}' if field.enum else (
            f"Couldn't parse {field.kind}: {token.text}"
        )
        raise reader.fail(f"{what} ({field.name}).", token) from None


def _number(field: Field, text: str) -> Any:
    if field.enum is not None:
        return int(text) if text.lstrip("-").isdigit() else field.enum.Value(text)
    if field.kind == "bool":
        return _BOOLS[text]
    if isinstance(field.zero, float):
        return float(text[:-1] if text[-1] in "fF" and text.lower() not in ("inf", "-inf") else text)
    octal = re.fullmatch(r"-?0[0-7]+", text)
    return field.typed(int(text, 8) if octal else int(text, 0))


def _text(reader: _Reader, field: Field, token: Token) -> Any:
    if token.kind != "text":
        raise reader.fail(f"Expected string but found: {token.text!r}", token)
    parts = [_unescaped(token.text[1:-1])]
    while reader.token.kind == "text":
        parts.append(_unescaped(reader.take().text[1:-1]))
    return field.typed(b"".join(parts))


def _unescaped(text: str) -> bytes:
    data = text.encode()
    return _ESCAPE.sub(_character, data) if b"\\" in data else data


def _character(found: re.Match[bytes]) -> bytes:
    octal, hexadecimal, letter = found.groups()
    if octal is not None:
        return bytes([int(octal, 8) & 255])
    if hexadecimal is not None:
        return bytes([int(hexadecimal, 16)])
    return _LETTERS.get(letter, letter)
