"""Nodes and graphs as protocol messages: what `op.node_def` and `graph.as_graph_def()` give."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from minitf.core.garbage import no_garbage_collection
from minitf.core.proto.attributes import attr_value, guessed
from minitf.core.proto.differences import OWN_FORM, difference
from minitf.core.proto.graph_def import GraphDef, NodeDef
from minitf.core.proto.signatures import Argument, Signature, signature
from minitf.core.tensor_shape import TensorShape

PRODUCER = 134  # the version of the format that TensorFlow 1.15 writes


def graph_def(operations: Iterable[Any], add_shapes: bool = False) -> GraphDef:
    """The nodes with their attributes; `add_shapes` adds "_output_shapes" to those."""
    made = GraphDef()
    made.versions.producer = PRODUCER
    with no_garbage_collection:  # a GraphDef is many objects, and nothing that they hold is let go
        _add_nodes(made, operations, add_shapes)
    return made


def _add_nodes(made: GraphDef, operations: Iterable[Any], add_shapes: bool) -> None:
    for operation in operations:
        node = node_def(operation)
        if add_shapes and operation.outputs:
            shapes = [_told_shape(tensor).as_proto() for tensor in operation.outputs]
            node.attr["_output_shapes"].list.shape._put_all(shapes)
        made.node._put(node)


def _told_shape(tensor: Any) -> TensorShape:
    """What is known of a shape; nothing of a handle's, which is another one in TensorFlow."""
    return TensorShape(None if tensor.dtype.name == "resource" else tensor._shape)


def node_def(operation: Any) -> NodeDef:
    """One node. Of a function there is the name; what only Python can hold is left out."""
    made: NodeDef = NodeDef._of(name=operation.name, op=operation.type, device=operation.device)
    names = [_input_name(tensor) for tensor in operation.inputs]
    names += sorted([f"^{op.name}" for op in operation.control_inputs])
    if names:
        made.input._put_all(names)
    attrs = made.attr
    for name, (kind, value) in _attributes(operation).items():
        attrs._put(name, attr_value(kind, value))
    return made


def _input_name(tensor: Any) -> str:
    return tensor.op.name if tensor.value_index == 0 else tensor.name


def _attributes(operation: Any) -> dict[str, tuple[str, Any]]:
    """(kind, value) of each attribute that a node has outside of minitf."""
    if operation.definition.as_found:
        return operation.attrs["found"]
    declared = None if operation.type in OWN_FORM else signature(operation.type)
    found = _own(operation, declared)
    if declared is None:
        kinds = {name: guessed(name, value) for name, value in found.items()}
    else:
        found = {**declared.defaults(), **difference(operation.type).written(found)}
        kinds = {name: attr.kind for name, attr in declared.attrs.items()}
    attrs = {n: (kind, found[n]) for n, kind in kinds.items() if kind is not None and n in found}
    if operation.beside:
        names = [f"loc:@{name}" for name in sorted(operation.beside)]
        attrs["_class"] = "list(string)", names
    if isinstance(operation.gradient_override, str):
        attrs["_gradient_op_type"] = "string", operation.gradient_override
    return attrs


def _own(operation: Any, declared: Signature | None) -> dict[str, Any]:
    """The attributes as minitf has them, those included that follow from the inputs."""
    definition = operation.definition
    every = {**definition.type_attrs(operation), **operation.attrs}
    found = {name: value for name, value in every.items() if not name.startswith("_")}
    if declared is None:
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


