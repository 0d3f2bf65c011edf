"""The signatures of the ops of TensorFlow 1.15: which attributes a node has, of which kind.

The file they are read from, and what its lines mean: tests/goldens/record_op_signatures.py.
"""
from __future__ import annotations

import functools
import json
import os
from typing import Any, NamedTuple

from minitf.core.dtypes import DType, as_dtype

RECORDED = os.path.join(os.path.dirname(__file__), "..", "..", "ops_of_1_15.txt")
REQUIRED = object()  # the default of an attribute that has none


class Attribute(NamedTuple):
    """`kind` is `int`, `string`, `type`, `list(shape)` ...; the default as Python has it."""

    name: str
    kind: str
    default: Any = REQUIRED


class Argument(NamedTuple):
    """An input or output. Its type is `type`, an attribute or a fixed type; there are as many as
    the attribute `number` says, or one for each of the types that the attribute `types` lists."""

    name: str
    type: str = ""
    number: str = ""
    types: str = ""
    ref: bool = False

    def dtypes(self, attrs: dict[str, Any]) -> list[DType]:
        """The types of its tensors, given the attributes of a node."""
        if self.types:
            return list(attrs[self.types])
        found = attrs[self.type] if self.type in attrs else as_dtype(self.type)
        found = found._as_ref if self.ref else found
        return [found] * (attrs[self.number] if self.number else 1)

    def text(self) -> str:
        """As TensorFlow prints it."""
        kind = self.types or self.type
        kind = f"{self.number}*{kind}" if self.number else kind
        return f"{self.name}:{f'Ref({kind})' if self.ref else kind}"


class Signature(NamedTuple):
    name: str
    stateful: bool
    inputs: tuple[Argument, ...]
    outputs: tuple[Argument, ...]
    attrs: dict[str, Attribute]

    def defaults(self) -> dict[str, Any]:
        """The values of the attributes that a node need not have."""
        return {a.name: a.default for a in self.attrs.values() if a.default is not REQUIRED}

    def __str__(self) -> str:
        """As TensorFlow names it in errors."""
        inputs, outputs = (", ".join(arg.text() for arg in args)
                           for args in (self.inputs, self.outputs))  # fmt: skip
        attrs = "".join(f"; attr={a.name}:{a.kind}" for a in self.attrs.values())
        stateful = "; is_stateful=true" if self.stateful else ""
        return f"Op<name={self.name}; signature={inputs} -> {outputs}{attrs}{stateful}>"


@functools.cache
def signature(op: str) -> Signature | None:
    """That of an op of TensorFlow 1.15, None for any other."""
    line = _lines().get(op)
    if line is None:
        return None
    name, inputs, outputs, attrs = line.split("\t")
    found = [_attribute(text) for text in attrs.split()]
    return Signature(op, name.endswith("!"), _arguments(inputs), _arguments(outputs),
                     {attr.name: attr for attr in found})  # fmt: skip


@functools.cache
def _lines() -> dict[str, str]:
    with open(RECORDED, encoding="utf-8") as file:
        lines = file.read().splitlines()
    return {line.partition("\t")[0].rstrip("!"): line for line in lines}


def _arguments(text: str) -> tuple[Argument, ...]:
    return tuple(_argument(*each.split(":")) for each in text.split())


def _argument(name: str, kind: str) -> Argument:
    ref, kind = kind.startswith("&"), kind.removeprefix("&")
    if kind.startswith("["):
        return Argument(name, types=kind[1:-1], ref=ref)
    number, star, kind = kind.rpartition("*")
    return Argument(name, kind, number if star else "", ref=ref)


def _attribute(text: str) -> Attribute:
    declared, given, default = text.partition("=")
    name, _, kind = declared.partition(":")
    return Attribute(name, kind, _value(kind, json.loads(default)) if given else REQUIRED)


def _value(kind: str, value: Any) -> Any:
    """A default as JSON has it, as Python has it."""
    if kind.startswith("list("):
        return [_value(kind[5:-1], each) for each in value]
    if kind == "type":
        return as_dtype(value)
    if kind == "shape" and value is not None:
        return tuple(None if size < 0 else size for size in value)
    return value
