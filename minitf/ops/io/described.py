"""What the fields of a protocol message are: of a message that is known here, or of descriptors."""
import functools
import importlib
import pkgutil
from typing import Any, NamedTuple

from minitf.core import proto
from minitf.core.dtypes import (
    bool_,
    float32,
    float64,
    int32,
    int64,
    string,
    uint32,
    uint64,
)
from minitf.core.errors import InvalidArgumentError
from minitf.core.proto.fields import MESSAGES
from minitf.core.proto.message import Message

# The kinds in the order of FieldDescriptorProto.Type, from 1 on, and the types of their tensors.
KINDS = {
    "double": (float64,), "float": (float32, float64), "int64": (int64,), "uint64": (uint64,),
    "int32": (int32, int64), "fixed64": (uint64,), "fixed32": (uint32, uint64), "bool": (bool_,),
    "string": (string,), "group": (), "message": (string,), "bytes": (string,),
    "uint32": (uint32, uint64), "enum": (int32,), "sfixed32": (int32, int64), "sfixed64": (int64,),
    "sint32": (int32, int64), "sint64": (int64,),
}  # fmt: skip
TEXTS = ("string", "bytes", "message", "group")
_LOCAL, _BYTES = "local://", b"bytes://"
_REPEATED = 3


class FieldDescriptorProto(Message):
    PROTO = """
        string name = 1;
        int32 number = 3;
        int32 label = 4;
        int32 type = 5;
        string type_name = 6;
        string default_value = 7;
        FieldOptions options = 8;
    """


class FieldOptions(Message):
    PROTO = "bool packed = 2;"


class EnumDescriptorProto(Message):
    PROTO = "string name = 1; repeated EnumValueDescriptorProto value = 2;"


class EnumValueDescriptorProto(Message):
    PROTO = "string name = 1; int32 number = 2;"


class DescriptorProto(Message):
    PROTO = """
        string name = 1;
        repeated FieldDescriptorProto field = 2;
        repeated DescriptorProto nested_type = 3;
        repeated EnumDescriptorProto enum_type = 4;
    """


class FileDescriptorProto(Message):
    PROTO = """
        string name = 1;
        string package = 2;
        repeated DescriptorProto message_type = 4;
        repeated EnumDescriptorProto enum_type = 5;
        string syntax = 12;
    """


class FileDescriptorSet(Message):
    PROTO = "repeated FileDescriptorProto file = 1;"


class Described(NamedTuple):
    """A field of a message."""

    number: int
    kind: str
    repeated: bool
    default: Any
    packed: bool  # how its numbers are written; they are read either way


def fields_of(message_type, source):
    """{name: Described} of a message. InvalidArgumentError where there is none of this name."""
    if source == _LOCAL:
        message = local(message_type)
        return {field.name: _known(field) for field in message.FIELDS.values()}
    found = _described(source if isinstance(source, bytes) else source.encode())
    if message_type not in found:
        raise _unknown(message_type)
    return found[message_type]


def _unknown(message_type):
    return InvalidArgumentError(
        None, None, f"No descriptor found for message type {message_type}"
    )


def local(message_type):
    """The class of a message of TensorFlow."""
    for module in pkgutil.iter_modules(proto.__path__):
        importlib.import_module(f"{proto.__name__}.{module.name}")
    package, _, name = message_type.partition(".")
    if package != "tensorflow" or name not in MESSAGES:
        raise _unknown(message_type)
    return MESSAGES[name]


def _known(field):
    kind = "message" if field.message or field.keys else "enum" if field.enum else field.kind
    kind = kind if kind in KINDS else "enum"
    return Described(field.number, kind, field.repeated or bool(field.keys), _zero(kind), True)


def _zero(kind):
    return b"" if kind in TEXTS else False if kind == "bool" else 0


@functools.lru_cache(maxsize=16)
def _described(source):
    """{message: its fields} of a FileDescriptorSet, serialized, or of a file that has one."""
    if source.startswith(_BYTES):
        content = source.removeprefix(_BYTES)
    else:
        try:
            with open(source, "rb") as file:
                content = file.read()
        except OSError as error:
            raise InvalidArgumentError(
                None, None, f"Could not read the descriptors of {source!r}: {error}"
            ) from error
    files = FileDescriptorSet.FromString(content).file
    enums, messages = {}, []
    for file in files:
        for enum in file.enum_type:
            enums[_joined(file.package, enum.name)] = enum
        messages += [(_joined(file.package, each.name), each, file) for each in file.message_type]
    for name, message, file in messages:  # which grows
        for enum in message.enum_type:
            enums[f"{name}.{enum.name}"] = enum
        messages += [(f"{name}.{each.name}", each, file) for each in message.nested_type]
    return {name: {field.name: _of_descriptor(field, file, enums) for field in message.field}
            for name, message, file in messages}  # fmt: skip


def _joined(package, name):
    return f"{package}.{name}" if package else name


def _of_descriptor(field, file, enums):
    kind = list(KINDS)[field.type - 1]
    packed = field.options.packed if field.HasField("options") else file.syntax == "proto3"
    default = _default(field, kind, enums.get(field.type_name.removeprefix(".")))
    return Described(field.number, kind, field.label == _REPEATED, default, packed)


def _default(field, kind, enum):
    text = field.default_value
    if kind == "enum":
        values = {each.name: each.number for each in enum.value} if enum else {}
        return values.get(text, next(iter(values.values()), 0))
    if not text:
        return _zero(kind)
    if kind in TEXTS:
        return text.encode()
    if kind == "bool":
        return text == "true"
    return float(text) if kind in ("double", "float") else int(text)
