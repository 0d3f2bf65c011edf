"""`tensorflow.python.framework.op_def_registry`: the ops that there are, with their signatures."""
from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping

from minitf.core.op import REGISTRY
from minitf.core.proto.graph_def import OpDef
from minitf.core.proto.signatures import Argument, signature


def get_registered_ops() -> Mapping[str, OpDef]:
    """{type: OpDef} of all ops of TensorFlow 1.15 that minitf has."""
    return _Registered()


class _Registered(Mapping[str, OpDef]):
    def __getitem__(self, type: str) -> OpDef:
        found = _op_def(type) if type in REGISTRY else None
        if found is None:
            raise KeyError(type)
        return found

    def __iter__(self) -> Iterator[str]:
        return (type for type in REGISTRY if signature(type) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


@functools.cache
def _op_def(type: str) -> OpDef | None:
    known = signature(type)
    if known is None:
        return None
    found = OpDef(name=type, is_stateful=known.stateful)
    for arguments, into in ((known.inputs, found.input_arg), (known.outputs, found.output_arg)):
        for argument in arguments:
            _add(argument, into.add(), known.attrs)
    for attr in known.attrs.values():
        made = found.attr.add()
        made.name, made.type = attr.name, attr.kind
    return found


def _add(argument: Argument, made: OpDef.ArgDef, attrs: Mapping[str, object]) -> None:
    made.name, made.is_ref = argument.name, argument.ref
    made.number_attr, made.type_list_attr = argument.number, argument.types
    if argument.type in attrs:
        made.type_attr = argument.type
    elif argument.type:
        made.type = argument.dtypes({})[0].as_datatype_enum if not argument.number else 0
