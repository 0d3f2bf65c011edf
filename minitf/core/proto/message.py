"""Objects with named, typed fields, as TensorFlow makes them from protocol buffers."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from minitf.core.proto import wire
from minitf.core.proto.fields import ENUMS, MESSAGES, Field, Map, Repeated, declared
from minitf.core.proto.text import block, lines


class Message:
    """An object with the fields that its class declares in `PROTO`, as a .proto file does; they
    can be given by keyword or be assigned.

    ValueError for an unknown field given by keyword, AttributeError for one that is assigned, or
    for a message, map or list that is (they are changed in place), TypeError for a wrong type.
    """

    PROTO: ClassVar[str] = ""
    FIELDS: ClassVar[dict[str, Field]] = {}
    _BY_NUMBER: ClassVar[dict[int, Field]] = {}
    _ONEOFS: ClassVar[dict[str, list[str]]] = {}
    _present: Any = frozenset()  # what is there though it may be what it was at first

    def __init_subclass__(cls) -> None:
        fields, enums = declared(cls.PROTO, cls.__qualname__)
        cls.FIELDS = {field.name: field for field in fields}
        cls._BY_NUMBER = {field.number: field for field in fields}
        cls._ONEOFS = {field.oneof: [f.name for f in fields if f.oneof == field.oneof]
                       for field in fields if field.oneof}  # fmt: skip
        MESSAGES[cls.__qualname__] = cls
        for name, enum in enums.items():
            ENUMS[f"{cls.__qualname__}.{name}"] = enum
            setattr(cls, name, enum)
            for value, number in enum.items():
                setattr(cls, value, number)

    def __init__(self, **fields: Any) -> None:
        for name, value in fields.items():
            if name not in self.FIELDS:
                raise ValueError(self._unknown(name))
            self._take(self.FIELDS[name], value)

    @classmethod
    def _of(cls, present: Any = (), **values: Any) -> Any:
        """A message of values of the fields' types, none a message that belongs to another.

        `present` are those that belong to a `oneof`, and messages.
        """
        made = cls.__new__(cls)
        made.__dict__.update(values)
        if present:
            made.__dict__["_present"] = set(present)
        return made

    def __getattr__(self, name: str) -> Any:
        """What a field is at first; messages, maps and lists are made when they are asked for."""
        field = type(self).FIELDS.get(name)
        if field is None:
            raise AttributeError(self._unknown(name))
        if field.single:
            return field.zero
        if "_waiting" in self.__dict__:
            self._settle()
            return getattr(self, name)
        made = self.__dict__[name] = self._made(field)
        return made

    def _settle(self) -> None:
        """Make the fields that wait for somebody to look at them: see `export.Waiting`."""
        waiting = self.__dict__.pop("_waiting", None)
        if waiting is not None:
            waiting.settle(self)

    def _made(self, field: Field) -> Any:
        if field.keys:
            return Map(field, self._changed)
        if field.repeated:
            return Repeated(field, self._changed)
        inner = field.message()
        inner.__dict__["_changed"] = lambda: self._mark(field)
        return inner

    def _changed(self) -> None:
        """What a message does of which this is a field, in its place: to mark it as being there."""

    def __setattr__(self, name: str, value: Any) -> None:
        field = self.FIELDS.get(name)
        if field is None:
            raise AttributeError(self._unknown(name))
        if not field.single:
            kind = "repeated field" if field.repeated or field.keys else "field"
            raise AttributeError(
                f'Assignment not allowed to {kind} "{name}" in protocol message object: change it '
                f"in place, or give it to {type(self).__name__}(...)"
            )
        self._take(field, value)

    def _take(self, field: Field, value: Any) -> None:
        if value is None:
            return
        if field.repeated or field.keys:
            getattr(self, field.name).MergeFrom(value)
        elif field.message:
            given = field.message(**value) if isinstance(value, dict) else value
            getattr(self, field.name).MergeFrom(given)
            self._mark(field)
        else:
            self.__dict__[field.name] = field.typed(value)
            self._mark(field)

    def _mark(self, field: Field) -> None:
        """The field is there; of its `oneof` no other is."""
        name = field.name
        if (field.oneof or field.message) and name not in self._present:
            for other in self._oneof(field.oneof) if self._present else ():
                if other != name:
                    self.ClearField(other)
            self._add_present(name)
        self._changed()

    def _add_present(self, name: str) -> None:
        if "_present" in self.__dict__:
            self._present.add(name)
        else:
            self.__dict__["_present"] = {name}

    def _put(self, field: Field, value: Any) -> None:
        """Set a field to a value of its type, a message that nobody else has, say."""
        self.__dict__[field.name] = value
        self._mark(field)

    def _oneof(self, name: str) -> list[str]:
        return self._ONEOFS.get(name, [])

    def _unknown(self, name: str) -> str:
        kind, fields = type(self).__name__, ", ".join(self.FIELDS)
        return f'Protocol message {kind} has no "{name}" field; it has {fields}.'

    # -- whole messages --------------------------------------------------------------------------

    def CopyFrom(self, other: Message) -> None:
        """Take over every field of `other`. TypeError for a message of another class."""
        self._check_same(other, "CopyFrom")
        if other is not self:
            self.Clear()
            self.MergeFrom(other)

    def MergeFrom(self, other: Message) -> None:
        """Take over the fields of `other` that are set; what repeats is added."""
        self._check_same(other, "MergeFrom")
        for field, value in other._set_fields():
            self._take(field, value)

    def _check_same(self, other: Any, method: str) -> None:
        if type(other) is not type(self):
            raise TypeError(
                f"Parameter to {method}() must be instance of same class: expected "
                f"{type(self).__name__} got {type(other).__name__}."
            )

    def __deepcopy__(self, memo: Any) -> Any:
        made = type(self)()
        made.MergeFrom(self)
        return made

    __copy__ = lambda self: self.__deepcopy__(None)  # noqa: E731

    def __reduce__(self) -> Any:
        return type(self).FromString, (self.SerializeToString(),)

    def Clear(self) -> None:
        """Set every field to its default."""
        self._settle()
        for name in self.FIELDS.keys() & self.__dict__.keys():
            self.ClearField(name)

    def ClearField(self, name: str) -> None:
        """Set a field to its default."""
        self._settle()
        self.__dict__.pop(name, None)
        if name in self._present:
            self._present.remove(name)

    # -- what is there ---------------------------------------------------------------------------

    def HasField(self, name: str) -> bool:
        """Whether a message, or a field of a `oneof`, is there. ValueError for other fields."""
        field = self.FIELDS.get(name)
        if field is None and name in {each.oneof for each in self.FIELDS.values()}:
            return self.WhichOneof(name) is not None
        if field is None or field.repeated or field.keys or not (field.message or field.oneof):
            raise ValueError(f'Field {type(self).__name__}.{name} does not have presence.')
        return self._is_set(field)

    def WhichOneof(self, name: str) -> str | None:
        """Which field of a `oneof` is there, None where none is. ValueError for an unknown one."""
        fields = self._oneof(name)
        if not fields:
            raise ValueError(f'{type(self).__name__} has no oneof "{name}".')
        return next((field for field in self._present if field in fields), None)

    def SetInParent(self) -> None:
        """Be there in the message that this is a field of, though nothing is set."""
        self._changed()

    def _is_set(self, field: Field) -> bool:
        self._settle()
        if field.name in self._present:
            return True
        value = self.__dict__.get(field.name)
        return bool(value) and not isinstance(value, Message)

    def _set_fields(self) -> list[tuple[Field, Any]]:
        """The fields that are not what they were at first, by their numbers, with the values."""
        if "_waiting" in self.__dict__:
            self._settle()
        fields, present, found = self.FIELDS, self._present, []
        for name, value in self.__dict__.items():
            field = fields.get(name)
            if field is not None and (name in present or (value and not field.one_message)):
                found.append((field, value))
        if len(found) > 1:
            found.sort(key=_number)
        return found

    def ListFields(self) -> list[tuple[Field, Any]]:
        """(field, value) of each field that is not what it was at first; a field has a `name`."""
        return self._set_fields()

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.ListFields() == other.ListFields()

    __hash__ = None  # type: ignore[assignment]

    # -- as text and as bytes --------------------------------------------------------------------

    def __repr__(self) -> str:
        return "".join(f"{line}\n" for line in lines(self))

    def _block(self, name: str) -> Iterator[str]:
        return block(name, self)

    def SerializeToString(self, deterministic: bool = True) -> bytes:
        """The message as bytes, as protocol buffers have it."""
        return wire.encoded(self)

    SerializePartialToString = SerializeToString

    def ByteSize(self) -> int:
        """How many bytes `SerializeToString` makes."""
        return len(wire.encoded(self))

    def ParseFromString(self, serialized: bytes) -> int:
        """Take over what these bytes say, returning their number. ValueError for none of it."""
        self.Clear()
        return self.MergeFromString(serialized)

    def MergeFromString(self, serialized: bytes) -> int:
        """Add what these bytes say, returning their number."""
        wire.decode(self, bytes(serialized))
        return len(serialized)

    @classmethod
    def FromString(cls, s: bytes) -> Any:
        """A message of these bytes."""
        made = cls()
        made.MergeFromString(s)
        return made

    def IsInitialized(self) -> bool:
        """Whether all that is required is there: nothing is."""
        return True


def _number(found: tuple[Field, Any]) -> int:
    return found[0].number
