"""Nodes and graphs as protocol messages: what `op.node_def` and `graph.as_graph_def()` give."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from minitf.core.dtypes import DType, as_dtype
from minitf.core.proto.graph_def import AttrValue, GraphDef, NameAttrList, NodeDef
from minitf.core.proto.tensor import constant_proto
from minitf.core.tensor_shape import TensorShape

PRODUCER = 134  # the version of the format that TensorFlow 1.15 writes
_SHAPES = ("shape", "shapes", "element_shape", "element_shape_except0", "_output_shapes")


def graph_def(operations: Iterable[Any], add_shapes: bool = False) -> GraphDef:
    """The nodes with their attributes; `add_shapes` adds "_output_shapes" to those."""
    made = GraphDef()
    made.versions.producer = PRODUCER
    for operation in operations:
        node = node_def(operation)
        if add_shapes and operation.outputs:
            shapes = [TensorShape(tensor._shape) for tensor in operation.outputs]
            node.attr["_output_shapes"].list.shape.extend(shape.as_proto() for shape in shapes)
        made.node.append(node)
    return made


def node_def(operation: Any) -> NodeDef:
    """One node. Of a function there is the name; what only Python can hold is left out."""
    made = NodeDef(name=operation.name, op=operation.type, device=operation.device)
    made.input.extend(_input_name(tensor) for tensor in operation.inputs)
    made.input.extend(sorted(f"^{op.name}" for op in operation.control_inputs))
    for name, value in _attributes(operation).items():
        attr = _attr(name, value)
        if attr is not None:
            made.attr[name].MergeFrom(attr)
    return made


def _input_name(tensor: Any) -> str:
    return tensor.op.name if tensor.value_index == 0 else tensor.name


def _attributes(operation: Any) -> dict[str, Any]:
    definition = operation.definition
    every = {**definition.type_attrs(operation), **operation.attrs}
    found = {name: value for name, value in every.items() if not name.startswith("_")}
    params = definition.schema.params
    if any(param.variadic and not getattr(param.type, "each", False) for param in params):
        found["N"] = len(operation.inputs) - len(params) + 1
    if operation.beside:
        found["_class"] = [b"loc:@" + name.encode() for name in sorted(operation.beside)]
    return found


def _attr(name: str, value: Any) -> AttrValue | None:
    """None for what is no attribute outside of Python."""
    if name in _SHAPES and not _is_list_of_shapes(value):
        return AttrValue(shape=TensorShape(value).as_proto())
    if isinstance(value, (list, tuple)):
        return _list_attr(name, value)
    if isinstance(value, np.ndarray):
        return AttrValue(tensor=constant_proto(value, as_dtype(value.dtype)))
    if getattr(value, "building_function", False):
        return AttrValue(func=NameAttrList(name=value.name))
    kind = _kind(value)
    return None if kind is None else AttrValue(**{kind: _plain(value)})


def _is_list_of_shapes(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and any(
        isinstance(each, (list, tuple, TensorShape)) for each in value
    )


def _list_attr(name: str, values: Any) -> AttrValue | None:
    made = AttrValue(list=AttrValue.ListValue())
    for value in values:
        if _is_list_of_shapes(values):
            made.list.shape.append(TensorShape(value).as_proto())
            continue
        kind = _kind(value)
        if kind is None:
            return None
        getattr(made.list, kind).append(_plain(value))
    return made


def _kind(value: Any) -> str | None:
    """Which field of an AttrValue has such a value."""
    kinds = (((bool, np.bool_), "b"), ((int, np.integer), "i"), ((float, np.floating), "f"),
             ((str, bytes), "s"), (DType, "type"))  # fmt: skip
    return next((kind for types, kind in kinds if isinstance(value, types)), None)


def _plain(value: Any) -> Any:
    if isinstance(value, DType):
        return value.enum
    return value.encode() if isinstance(value, str) else value



