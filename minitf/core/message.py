"""Objects with named, typed fields, as TensorFlow makes them from protocol buffers."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np

# What a field of a type may be given, and how TensorFlow names that.
_TAKES: dict[type, tuple[Any, str]] = {
    bool: ((bool, int, np.bool_, np.integer), "int, bool"),
    int: ((int, np.integer), "int"),
    float: ((int, float, np.integer, np.floating), "int, float"),
    str: ((str, bytes), "bytes, unicode"),
}


class Message:
    """An object with the fields of its class, which can be given by keyword or be assigned.

    `FIELDS` has each one's default, or the class of a message, `dict` for a map and `list` for
    values that repeat; `ENUMS` the names of the values of a field, which are attributes.

    ValueError for an unknown field given by keyword, AttributeError for one that is assigned, or
    for a message, map or list that is (they are changed in place), TypeError for a wrong type.
    """

    FIELDS: ClassVar[dict[str, Any]] = {}
    ENUMS: ClassVar[dict[str, tuple[str, ...]]] = {}
    SHOWN: ClassVar[bool] = False  # within another message even where nothing is set

    def __init__(self, **fields: Any) -> None:
        for name, default in self.FIELDS.items():
            object.__setattr__(self, name, default() if callable(default) else default)
        for name, value in fields.items():
            if name not in self.FIELDS:
                raise ValueError(self._unknown(name))
            self._take(name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.FIELDS:
            raise AttributeError(self._unknown(name))
        default = self.FIELDS[name]
        if callable(default):
            kind = "field" if _is_message(default) else "repeated field"
            raise AttributeError(
                f'Assignment not allowed to {kind} "{name}" in protocol message object: change it '
                f"in place, or give it to {type(self).__name__}(...)"
            )
        self._take(name, value)

    def _take(self, name: str, value: Any) -> None:
        default = self.FIELDS[name]
        if value is None:
            return
        if _is_message(default):
            getattr(self, name).MergeFrom(default(**value) if isinstance(value, dict) else value)
        elif default is dict:
            getattr(self, name).update(value)
        elif default is list:
            getattr(self, name).extend(value)
        else:
            object.__setattr__(self, name, _typed(default, value))

    def _unknown(self, name: str) -> str:
        kind, fields = type(self).__name__, ", ".join(self.FIELDS)
        return f'Protocol message {kind} has no "{name}" field; it has {fields}.'

    def CopyFrom(self, other: Message) -> None:
        """Take over every field of `other`. TypeError for a message of another class."""
        self._check_same(other, "CopyFrom")
        self.Clear()
        self.MergeFrom(other)

    def MergeFrom(self, other: Message) -> None:
        """Take over the fields of `other` that are set; what repeats is added."""
        self._check_same(other, "MergeFrom")
        for name, value in other.ListFields():
            if isinstance(value, Message):
                getattr(self, name).MergeFrom(value)
            else:
                self._take(name, value)

    def _check_same(self, other: Any, method: str) -> None:
        if type(other) is not type(self):
            raise TypeError(
                f"Parameter to {method}() must be instance of same class: expected "
                f"{type(self).__name__} got {type(other).__name__}."
            )

    def Clear(self) -> None:
        """Set every field to its default."""
        Message.__init__(self)

    def ListFields(self) -> list[tuple[str, Any]]:
        """(name, value) of each field that is not what it was at first."""
        pairs = [(name, getattr(self, name)) for name in self.FIELDS]
        return [(name, value) for name, value in pairs if _is_set(value, self.FIELDS[name])]

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "".join(f"{line}\n" for line in self._lines())

    def _lines(self) -> Iterator[str]:
        for name, value in self.ListFields():
            if isinstance(value, Message):
                yield from value._block(name)
            elif isinstance(value, dict):
                for key in sorted(value):
                    inner = f"  key: {_text(key)}", f"  value: {_text(value[key])}"
                    yield from (f"{name} {{", *inner, "}")
            elif isinstance(value, list):
                for item in value:
                    is_message = isinstance(item, Message)
                    yield from item._block(name) if is_message else [f"{name}: {_text(item)}"]
            else:
                yield f"{name}: {self._named(name, value)}"

    def _block(self, name: str) -> Iterator[str]:
        yield from (f"{name} {{", *(f"  {line}" for line in self._lines()), "}")

    def _named(self, field: str, value: Any) -> str:
        names = [name for name in self.ENUMS.get(field, ()) if getattr(self, name) == value]
        return names[0] if names else _text(value)


def _is_message(default: Any) -> bool:
    return isinstance(default, type) and issubclass(default, Message)


def _is_set(value: Any, default: Any) -> bool:
    if isinstance(value, Message):
        return value.SHOWN or bool(value.ListFields())
    return bool(value) if callable(default) else value != default


def _typed(default: Any, value: Any) -> Any:
    kind = type(default)
    if default is None:
        return value
    allowed, names = _TAKES[kind]
    if not isinstance(value, allowed):
        raise TypeError(f"{value!r} has type {type(value).__name__}, but expected one of: {names}")
    return value.decode() if isinstance(value, bytes) else kind(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value)
