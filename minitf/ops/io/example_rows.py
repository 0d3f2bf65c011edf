"""Serialized Examples read without making messages of them: one for each picture is many."""
import numpy as np

from minitf.core.proto.wire import parts, read_varint

KINDS = {1: "bytes_list", 2: "float_list", 3: "int64_list"}
_FEATURES, _ENTRY, _KEY, _VALUE, _LIST = 1, 1, 1, 2, 1  # numbers of fields
_BYTES, _SHORT = 2, 5  # how a field is written


class Found:
    """A feature of an Example: its kind, and its values, a list or an array."""

    __slots__ = ("kind", "value")

    def __init__(self, kind):
        self.kind, self.value = kind, []

    def WhichOneof(self, _):
        return self.kind


def row(data):
    """The features of a serialized Example, by their names. ValueError for what is none."""
    found = {}
    try:
        for features in _parts(data, _FEATURES):
            for entry in _parts(features, _ENTRY):
                name, feature = b"", b""
                for number, _, content in parts(entry):
                    name = content if number == _KEY else name
                    feature = content if number == _VALUE else feature
                found[name.decode()] = _feature(feature)
    except (LookupError, ValueError, TypeError, AttributeError):
        raise ValueError(f"Could not parse example input, value: {data[:64]!r}") from None
    return found


def _parts(data, wanted):
    """The messages that are the fields of one number."""
    for number, wire, content in parts(data):
        if number == wanted and wire == _BYTES:
            yield content


def _feature(data):
    found = Found(None)
    for number, wire, content in parts(data):
        kind = KINDS.get(number)
        if kind is None or wire != _BYTES:
            continue
        if found.kind != kind:
            found = Found(kind)
        _READ[kind](found, [(w, c) for n, w, c in parts(content) if n == _LIST])
    return found


def _texts(found, fields):
    found.value += [content for _, content in fields]


def _floats(found, fields):
    packed = b"".join(content for wire, content in fields if wire in (_BYTES, _SHORT))
    new = np.frombuffer(packed, "<f4")
    found.value = np.concatenate([found.value, new]) if len(found.value) else new


def _integers(found, fields):
    for wire, content in fields:
        numbers = _varints(content) if wire == _BYTES else [content]
        found.value += [n - (1 << 64) if n >> 63 else n for n in numbers]


def _varints(data):
    numbers, at = [], 0
    while at < len(data):
        number, at = read_varint(data, at)
        numbers.append(number)
    return numbers


_READ = {"bytes_list": _texts, "float_list": _floats, "int64_list": _integers}
