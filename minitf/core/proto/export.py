"""Nodes and graphs as protocol messages: what `op.node_def` and `graph.as_graph_def()` give."""
from __future__ import annotations

import functools
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

import numpy as np

from minitf.core.garbage import no_garbage_collection
from minitf.core.proto.attributes import attr_value, guessed
from minitf.core.proto.differences import OWN_FORM, difference
from minitf.core.proto.functions import Argued, function_def
from minitf.core.proto.graph_def import FunctionDef, GraphDef, NodeDef, TensorProto
from minitf.core.proto.signatures import Argument, Signature, signature
from minitf.core.proto.wire import encoded, varint

PRODUCER = 134  # the version of the format that TensorFlow 1.15 writes


def graph_def(operations: Collection[Any], add_shapes: bool = False) -> GraphDef:
    """The nodes with their attributes, and the functions that they name; `add_shapes` adds
    "_output_shapes" to nodes."""
    made = GraphDef()
    made.versions.producer = PRODUCER
    with no_garbage_collection:  # a GraphDef is many objects, and nothing that they hold is let go
        _add_nodes(made, operations, add_shapes)
        _add_functions(made, operations)
    return made


def _add_nodes(made: GraphDef, operations: Iterable[Any], add_shapes: bool) -> None:
    for operation in operations:
        node = node_def(operation)
        if add_shapes and operation.outputs:
            shapes = [_told_shape(tensor) for tensor in operation.outputs]
            node._waiting.attrs["_output_shapes"] = "list(shape)", shapes
        made.node._put(node)


def _add_functions(made: GraphDef, operations: Iterable[Any]) -> None:
    """The functions that operations name, and those that these name, each once."""
    waiting = _functions(operations)
    known: set[str] = set()
    while waiting:
        function = waiting.pop()
        if function.name in known:
            continue
        if function.found is not None:  # it is as it was imported
            found = [each for each in function.found if each.signature.name not in known]
            made.library.function.extend(found)
            known.update(each.signature.name for each in found)
        elif not any(op.definition.writes() for op in function.get_operations()):
            made.library.function._put(_function(function))
            waiting += _functions(function.get_operations())
        known.add(function.name)


def _functions(operations: Iterable[Any]) -> list[Any]:
    return [
        operation.attrs[name]
        for operation in operations
        for name in _function_attrs(operation.type)
        if name in operation.attrs
    ]


@functools.cache
def _function_attrs(op: str) -> list[str]:
    declared = signature(op)
    attrs = {} if declared is None else declared.attrs
    return [name for name, attr in attrs.items() if attr.kind == "func"]


def _function(graph: Any) -> FunctionDef:
    nodes = [
        _read(operation, graph.places[operation]) if operation in graph.places
        else node_def(operation) for operation in graph.get_operations()
    ]  # fmt: skip
    effects = [operation.name for operation in graph.effects()]
    arguments, results = (
        [Argued(_input_name(tensor), tensor.dtype.base_dtype.enum) for tensor in tensors]
        for tensors in (graph.arguments, graph.outputs)
    )
    return function_def(graph.name, arguments, nodes, results, effects)


def _read(variable: Any, place: Any) -> NodeDef:
    """What stands in a function for a variable of outside."""
    made: NodeDef = NodeDef._of(name=variable.name, op="ReadVariableOp", device="")
    kind = "type", variable.outputs[0].dtype.base_dtype
    made.__dict__["_waiting"] = Waiting([_input_name(place)], {"dtype": kind})
    return made


def _told_shape(tensor: Any) -> Any:
    """What is known of a shape; nothing of a handle's, which is another one in TensorFlow."""
    return None if tensor.dtype.name == "resource" else tensor._shape


def node_def(operation: Any) -> NodeDef:
    """One node. Of a function there is the name; what only Python can hold is left out."""
    made: NodeDef = NodeDef._of(name=operation.name, op=operation.type, device=operation.device)
    names = [_input_name(tensor) for tensor in operation.inputs]
    names += sorted([f"^{op.name}" for op in operation.control_inputs])
    made.__dict__["_waiting"] = Waiting(names, _attributes(operation))
    return made


class Waiting(NamedTuple):
    """The inputs and attributes of a node as they were when its message was made. They become
    fields when somebody looks: most graphs are only written, which is done from here."""

    names: list[str]
    attrs: dict[str, tuple[str, Any]]

    def settle(self, node: NodeDef) -> None:
        if self.names:
            node.input._put_all(self.names)
        for name, (kind, value) in self.attrs.items():
            node.attr._put(name, attr_value(kind, value))

    def content(self, node: NodeDef) -> bytes:
        """The node as bytes."""
        parts = [_text(1, node.name), _text(2, node.op)]
        for name in self.names:
            parts += _INPUT, varint(len(name.encode())), name.encode()
        parts.append(_text(4, node.device))
        parts += [_entry(name, *self.attrs[name]) for name in sorted(self.attrs)]
        return b"".join(parts)


_INPUT = varint(3 << 3 | 2)
_NOT_KEPT = ("func", "float", "list(tensor)", "list(func)", "list(float)")  # -0.0 == 0.0
SMALL = 16  # elements


def _text(number: int, text: str) -> bytes:
    """A text as a field, nothing where it is empty."""
    content = text.encode()
    return varint(number << 3 | 2) + varint(len(content)) + content if content else b""


def _entry(name: str, kind: str, value: Any) -> bytes:
    """An entry of the map of attributes."""
    if kind == "tensor":
        if isinstance(value, TensorProto) or value.size > SMALL or value.dtype.kind not in "biuf":
            return _made_entry(name, kind, value)
        return _kept_tensor(name, value.dtype, value.shape, value.tobytes())
    if kind in _NOT_KEPT:
        return _made_entry(name, kind, value)
    try:
        return _kept_entry(name, kind, tuple(value) if type(value) is list else value)
    except TypeError:  # it cannot be a key
        return _made_entry(name, kind, value)


def _made_entry(name: str, kind: str, value: Any) -> bytes:
    content = encoded(attr_value(kind, value))
    entry = _text(1, name) + varint(2 << 3 | 2) + varint(len(content)) + content
    return varint(5 << 3 | 2) + varint(len(entry)) + entry


# The same come again and again.
_kept_entry = functools.lru_cache(maxsize=4096)(_made_entry)


@functools.lru_cache(maxsize=4096)
def _kept_tensor(name: str, dtype: np.dtype, shape: tuple[int, ...], content: bytes) -> bytes:
    return _made_entry(name, "tensor", np.frombuffer(content, dtype).reshape(shape))


def _input_name(tensor: Any) -> str:
    return tensor.op.name if tensor.value_index == 0 else tensor.name


def _attributes(operation: Any) -> dict[str, tuple[str, Any]]:
    """(kind, value) of each attribute that a node has outside of minitf."""
    if operation.definition.as_found:
        return dict(operation.attrs["found"])
    declared = None if operation.type in OWN_FORM else signature(operation.type)
    found = _own(operation, declared)
    if declared is None:
        kinds = {name: guessed(name, value) for name, value in found.items()}
    else:
        defaults, kinds, written = _form(operation.type)
        found = {**defaults, **written(found)}
    attrs = {n: (kind, found[n]) for n, kind in kinds.items() if kind is not None and n in found}
    if operation.beside:
        names = [f"loc:@{name}" for name in sorted(operation.beside)]
        attrs["_class"] = "list(string)", names
    if isinstance(operation.gradient_override, str):
        attrs["_gradient_op_type"] = "string", operation.gradient_override
    return attrs


@functools.cache
def _form(op: str) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """Of an op of TensorFlow the defaults, the kinds of attributes, and what makes them of those
    that minitf has."""
    declared: Any = signature(op)
    kinds = {name: attr.kind for name, attr in declared.attrs.items()}
    return declared.defaults(), kinds, difference(op).written


def _own(operation: Any, declared: Signature | None) -> dict[str, Any]:
    """The attributes as minitf has them, those included that follow from the inputs."""
    definition = operation.definition
    found = {**definition.type_attrs(operation), **operation.attrs}
    if declared is None:
        found = {name: value for name, value in found.items() if not name.startswith("_")}
        params = definition.schema.params
        if any(param.variadic and not getattr(param.type, "each", False) for param in params):
            found.setdefault("N", len(operation.inputs) - len(params) + 1)
        return found
    numbers = {arg.number for arg in declared.inputs if arg.number} - found.keys()
    for number in numbers:
        found[number] = _number(declared.inputs, len(operation.inputs), number)
    for arg in (*declared.inputs, *declared.outputs):
        if arg.types:
            found.setdefault(arg.types, [])  # of no tensors
    return found


def _number(args: tuple[Argument, ...], count: int, number: str) -> int:
    """How many tensors are in each of the lists of this number."""
    lists = [arg for arg in args if arg.number == number]
    return (count - (len(args) - len(lists))) // len(lists)


