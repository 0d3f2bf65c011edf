"""The fields of protocol messages, declared as in a .proto file.

    class HistogramProto(Message):
        PROTO = "double min = 1; double max = 2; repeated double bucket = 7;"
"""
from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

ZEROS: dict[str, Any] = {
    **dict.fromkeys(("int32", "int64", "uint32", "uint64", "sint64", "fixed32", "fixed64"), 0),
    "bool": False, "float": 0.0, "double": 0.0, "string": "", "bytes": b"",
}  # fmt: skip
_BOUNDS = {"int32": (-1 << 31, (1 << 31) - 1), "int64": (-1 << 63, (1 << 63) - 1),
           "uint32": (0, (1 << 32) - 1), "uint64": (0, (1 << 64) - 1),
           "sint64": (-1 << 63, (1 << 63) - 1)}  # fmt: skip
# What a field whose zero is of this type may be given, and how TensorFlow names that.
_TAKES: dict[type, tuple[Any, str]] = {
    bool: ((bool, int, np.bool_, np.integer), "int, bool"),
    int: ((int, np.integer, np.bool_), "int"),
    float: ((int, float, np.integer, np.floating), "int, float"),
    str: ((str, bytes), "bytes, unicode"),
    bytes: ((str, bytes), "bytes"),
}
_AS_GIVEN = {"string", "bytes", "double", "bool"}  # kinds all of whose values are kept as given
MESSAGES: dict[str, type] = {}  # by the name that declarations use: "NodeDef", "Summary.Value"
ENUMS: dict[str, Enum] = {}


class Enum:
    """Names for the values of a field: `Name(0)`, `Value("DEFAULT")`, `items()`."""

    def __init__(self, numbers: dict[str, int]) -> None:
        self.numbers = numbers
        self.names = {number: name for name, number in reversed(numbers.items())}

    def Name(self, number: int) -> str:
        return self.names[number]

    def Value(self, name: str) -> int:
        return self.numbers[name]

    def items(self) -> list[tuple[str, int]]:
        return list(self.numbers.items())


@dataclass(eq=False)
class Field:
    """A field. `kind` is a type of .proto files, an enum or a message; `keys` that of a map."""

    name: str
    number: int
    kind: str
    repeated: bool = False
    keys: str = ""
    oneof: str = ""
    writer: Any = None  # how it is written: see `wire`
    reader: Any = None

    @functools.cached_property
    def message(self) -> Any:
        """The class of its messages, None where it has none."""
        return MESSAGES.get(self.kind)

    @functools.cached_property
    def enum(self) -> Enum | None:
        return ENUMS.get(self.kind)

    @functools.cached_property
    def single(self) -> bool:
        """Whether it is one number or text."""
        return not (self.repeated or self.keys or self.message)

    @functools.cached_property
    def one_message(self) -> bool:
        return bool(self.message) and not self.repeated and not self.keys

    @functools.cached_property
    def zero(self) -> Any:
        """What one element is where nothing is set: 0 for an enum."""
        return ZEROS.get(self.kind, 0)

    def typed(self, value: Any) -> Any:
        """The number or text as the field keeps it. TypeError for another type, ValueError for a
        number that does not fit."""
        zero = self.zero
        kind = type(zero)
        if type(value) is kind and self.kind in _AS_GIVEN:
            return value
        if self.enum is not None and isinstance(value, str):
            return self.enum.Value(value)
        allowed, names = _TAKES[kind]
        if not isinstance(value, allowed):
            raise TypeError(
                f"{value!r} has type {type(value).__name__}, but expected one of: {names}"
            )
        if kind in (str, bytes):
            return value if isinstance(value, kind) else _coded(value)
        self._check_bounds(value)
        return float(np.float32(value)) if self.kind == "float" else kind(value)

    def _check_bounds(self, value: Any) -> None:
        low, high = _BOUNDS.get(self.kind, (value, value))
        if not (low <= value <= high or value != value):
            raise ValueError(f"Value out of range: {value}")


def _coded(value: Any) -> Any:
    return value.decode() if isinstance(value, bytes) else value.encode()


class Repeated(list):
    """The values of a repeated field: a list that keeps to the field's type."""

    def __init__(self, field: Field, changed: Callable[[], None]) -> None:
        super().__init__()
        self.field, self.changed = field, changed

    def add(self, **fields: Any) -> Any:
        """Append a new message with these fields, and return it."""
        list.append(self, self.field.message(**fields))
        self.changed()
        return self[-1]

    def append(self, value: Any) -> None:
        list.append(self, self._taken(value))
        self.changed()

    def extend(self, values: Iterable[Any]) -> None:
        found = self._all_taken(values)
        if found:
            list.extend(self, found)
            self.changed()

    def _all_taken(self, values: Iterable[Any]) -> list[Any]:
        values, field = list(values), self.field
        if field.kind in _AS_GIVEN and set(map(type, values)) == {type(field.zero)}:
            return values
        return [self._taken(value) for value in values]

    def insert(self, index: Any, value: Any) -> None:
        list.insert(self, index, self._taken(value))
        self.changed()

    def __iadd__(self, values: Iterable[Any]) -> Any:  # type: ignore[misc]
        self.extend(values)
        return self

    def __setitem__(self, index: Any, value: Any) -> None:
        if isinstance(index, slice):
            list.__setitem__(self, index, [self._taken(each) for each in value])
        else:
            list.__setitem__(self, index, self._taken(value))
        self.changed()

    MergeFrom = extend

    def remove(self, value: Any) -> None:
        list.remove(self, value)
        self.changed()

    def _put(self, message: Any) -> None:
        """Append a message that nobody else has, without a copy."""
        list.append(self, message)
        self.changed()

    def _put_all(self, values: Any) -> None:
        """Append values that are of the field's type."""
        list.extend(self, values)
        self.changed()

    def _taken(self, value: Any) -> Any:
        return copied(self.field.message, value) if self.field.message else self.field.typed(value)


class Map(dict):
    """The entries of a map; asked for a message that is not there, it makes one."""

    def __init__(self, field: Field, changed: Callable[[], None]) -> None:
        super().__init__()
        self.field, self.changed = field, changed

    @property
    def key(self) -> Field:
        return Field("key", 1, self.field.keys)

    def __missing__(self, key: Any) -> Any:
        if self.field.message is None:
            raise KeyError(key)
        self.changed()
        return self.setdefault(self.key.typed(key), self.field.message())

    def __setitem__(self, key: Any, value: Any) -> None:
        if self.field.message is not None:
            raise ValueError("May not set values directly, call my_map[key].foo = 5")
        dict.__setitem__(self, self.key.typed(key), self.field.typed(value))
        self.changed()

    def _put(self, key: str, message: Any) -> None:
        """An entry that is a message which nobody else has, without a copy."""
        dict.__setitem__(self, key, message)
        self.changed()

    def get_or_create(self, key: Any) -> Any:
        return self[key]

    def update(self, *args: Any, **kwargs: Any) -> None:
        for key, value in dict(*args, **kwargs).items():
            if self.field.message is None:
                self[key] = value
            else:
                self._put(self.key.typed(key), copied(self.field.message, value))

    MergeFrom = update


def copied(message: Any, value: Any) -> Any:
    """A new message of this class like `value`, a message or a dict of fields."""
    made = message(**value) if isinstance(value, dict) else message()
    if not isinstance(value, dict):
        made.MergeFrom(value)
    return made


def declared(text: str, within: str) -> tuple[list[Field], dict[str, Enum]]:
    """The fields, by their numbers, and the enums of the declaration of the message `within`."""
    enums = {}
    for name, body in re.findall(r"enum (\w+) \{(.*?)\}", text, re.S):
        numbers = re.findall(r"(\w+) = (-?\d+);", body)
        enums[name] = Enum({value: int(number) for value, number in numbers})
    text = re.sub(r"enum \w+ \{.*?\}", "", text, flags=re.S)
    fields: list[Field] = []
    for oneof, body in re.findall(r"oneof (\w+) \{(.*?)\}", text, re.S):
        fields += _fields(body, oneof)
    fields += _fields(re.sub(r"oneof \w+ \{.*?\}", "", text, flags=re.S), "")
    fields = [replace(f, kind=f"{within}.{f.kind}") if f.kind in enums else f for f in fields]
    return sorted(fields, key=lambda field: field.number), enums


_FIELD = re.compile(r"(repeated )?(?:map<(\w+), ([\w.]+)>|([\w.]+)) (\w+) = (\d+);")


def _fields(text: str, oneof: str) -> Iterator[Field]:
    for repeated, keys, values, kind, name, number in _FIELD.findall(text):
        yield Field(name, int(number), values or kind, bool(repeated), keys, oneof)
