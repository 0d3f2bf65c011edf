"""Messages from JSON and to it, as protocol buffers map it: field names in camelCase, or as
declared."""
from __future__ import annotations

import base64
import binascii
import json
import re
from typing import Any

from minitf.core.proto.fields import Field
from minitf.core.proto.message import Message


def from_json(kind: type[Message], text: str | bytes) -> Any:
    """A message of this class. ValueError for text that is no JSON, unknown fields, and values of
    another type."""
    return _message(kind, json.loads(text), "")


def from_objects(kind: type[Message], objects: dict[str, Any]) -> Any:
    """A message of this class, of what JSON would be read as. ValueError as of `from_json`."""
    return _message(kind, objects, "")


def to_objects(message: Message) -> dict[str, Any]:
    """What JSON of the message would be read as: dictionaries, lists, texts and numbers."""
    return {_camel(field.name): _objects(field, value) for field, value in message.ListFields()}


def _objects(field: Field, value: Any) -> Any:
    if field.keys:
        return {str(key): _object(field, each) for key, each in value.items()}
    if field.repeated:
        return [_object(field, each) for each in value]
    return _object(field, value)


def _object(field: Field, value: Any) -> Any:
    if isinstance(value, Message):
        return to_objects(value)
    if field.enum is not None:
        return field.enum.names.get(value, value)
    if field.kind == "bytes":
        return base64.b64encode(value).decode("ascii")
    return str(value) if field.kind in ("int64", "uint64", "sint64", "fixed64") else value


def _message(kind: Any, given: Any, where: str) -> Any:
    if not isinstance(given, dict):
        raise ValueError(f"{where or 'the message'}: expected an object, got {given!r}")
    names = {_camel(name): name for name in kind.FIELDS} | {name: name for name in kind.FIELDS}
    made = kind()
    for key, value in given.items():
        if key not in names:
            raise ValueError(f"{where}{key}: Cannot find field.")
        if value is not None:
            _fill(made, kind.FIELDS[names[key]], value, f"{where}{key}")
    return made


def _fill(made: Message, field: Field, value: Any, where: str) -> None:
    if field.keys:
        if not isinstance(value, dict):
            raise ValueError(f"{where}: expected an object, got {value!r}")
        for key, each in value.items():
            if field.message:
                found = _message(field.message, each, f"{where}[{key}].")
                getattr(made, field.name)[key].CopyFrom(found)
            else:
                getattr(made, field.name)[key] = _scalar(field, each, where)
    elif field.repeated:
        if not isinstance(value, list):
            raise ValueError(f"{where}: expected a list, got {value!r}")
        getattr(made, field.name).extend([_one(field, each, where) for each in value])
    elif field.message:
        getattr(made, field.name).CopyFrom(_message(field.message, value, f"{where}."))
        getattr(made, field.name).SetInParent()
    else:
        setattr(made, field.name, _scalar(field, value, where))


def _one(field: Field, value: Any, where: str) -> Any:
    if field.message:
        return _message(field.message, value, f"{where}.")
    return _scalar(field, value, where)


def _scalar(field: Field, value: Any, where: str) -> Any:
    zero = field.zero
    try:
        if field.kind == "bytes":
            return base64.b64decode(value.replace("-", "+").replace("_", "/"), validate=True)
        if isinstance(zero, float):
            return float(value)
        if isinstance(zero, int) and not isinstance(zero, bool) and field.enum is None:
            return _whole(value)
        return field.typed(value)
    except (TypeError, ValueError, AttributeError, binascii.Error) as error:
        raise ValueError(f"{where}: {value!r} is no {field.kind} ({error})") from None


def _whole(value: Any) -> int:
    if isinstance(value, float) and not value.is_integer():
        raise ValueError("not a whole number")
    return int(value)


def _camel(name: str) -> str:
    return re.sub(r"_(\w)", lambda match: match[1].upper(), name)
