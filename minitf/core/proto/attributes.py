"""Attributes of nodes: values of Python as AttrValue messages, and back."""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.core.dtypes import DType, as_dtype
from minitf.core.proto.graph_def import AttrValue, NameAttrList, TensorProto, TensorShapeProto
from minitf.core.proto.tensor import constant_proto, stored_array
from minitf.core.tensor_shape import Shape, TensorShape

FIELDS = {"string": "s", "int": "i", "float": "f", "bool": "b", "type": "type", "shape": "shape",
          "tensor": "tensor", "func": "func"}  # fmt: skip
KINDS = {field: kind for kind, field in FIELDS.items()}
_SHAPES = ("shape", "shapes", "element_shape", "element_shape_except0", "_output_shapes")


def attr_value(kind: str, value: Any) -> AttrValue:
    """A value of this kind, such as `int` or `list(type)`."""
    if kind.startswith("list("):
        field = FIELDS[kind[5:-1]]
        values = AttrValue.ListValue()
        getattr(values, field).extend([_plain(field, each) for each in value])
        listed: AttrValue = AttrValue._of(("list",), list=values)
        return listed
    field = FIELDS[kind]
    value = _plain(field, value)
    declared = AttrValue.FIELDS[field]
    made: AttrValue = AttrValue._of(
        (field,), **{field: value if declared.message else declared.typed(value)}
    )
    return made


def guessed(name: str, value: Any) -> str | None:
    """The kind of a value where no signature tells; None for what only Python can hold."""
    if isinstance(value, np.ndarray):
        return "tensor"
    if isinstance(value, (list, tuple, TensorShape)) or name in _SHAPES:
        return _guessed_list(name, value)
    if getattr(value, "building_function", False):
        return "func"
    kinds = (((bool, np.bool_), "bool"), ((int, np.integer), "int"), (DType, "type"),
             ((float, np.floating), "float"), ((str, bytes), "string"))  # fmt: skip
    return next((kind for types, kind in kinds if isinstance(value, types)), None)


def _guessed_list(name: str, value: Any) -> str | None:
    values = [] if value is None else list(value)
    if any(isinstance(each, (list, tuple, TensorShape)) for each in values):
        return "list(shape)"
    if name in _SHAPES or (name.endswith("_shape") and isinstance(value, tuple)):
        return "shape"
    kinds = {guessed("", each) for each in values}
    return f"list({next(iter(kinds))})" if len(kinds) == 1 and kinds != {None} else (
        None if kinds else "list(int)"
    )


def _plain(field: str, value: Any) -> Any:
    if field == "shape":
        return value if isinstance(value, TensorShapeProto) else TensorShape(value).as_proto()
    if field == "type":
        return as_dtype(value).enum
    if field == "tensor" and not isinstance(value, TensorProto):
        return constant_proto(value, as_dtype(value.dtype))
    if field == "s":
        return value.encode() if isinstance(value, str) else value
    if field == "i" or field == "b":
        return int(value)
    if field == "func" and not isinstance(value, NameAttrList):
        return NameAttrList(name=value.name)
    return value


def kind_of(value: AttrValue) -> str:
    """The kind of what an AttrValue has: "" where it has nothing, "list" for an empty list."""
    field = value.WhichOneof("value")
    if field != "list":
        return KINDS.get(field or "", field or "")
    fields = value.list.ListFields()
    return f"list({KINDS[fields[0][0].name]})" if fields else "list"


def python_value(value: AttrValue) -> Any:
    """What an AttrValue has, as minitf keeps it: text as str, shapes as tuples, tensors as arrays.
    """
    field = value.WhichOneof("value") or ""
    if field != "list":
        return _from_plain(field, getattr(value, field)) if field else None
    fields = value.list.ListFields()
    return [_from_plain(f.name, each) for f, values in fields for each in values]


def given_value(value: AttrValue) -> Any:
    """What an AttrValue has, as `Operation.get_attr` gives it: types as DTypes, else what the
    message has; [] for nothing."""
    field = value.WhichOneof("value")
    if field not in (None, "list"):
        found = getattr(value, field)
        return as_dtype(found) if field == "type" else found
    fields = value.list.ListFields()
    return [as_dtype(each) if f.name == "type" else each for f, values in fields for each in values]


def _from_plain(field: str, value: Any) -> Any:
    if field == "shape":
        return shape_of(value)
    if field == "type":
        return as_dtype(value)
    if field == "tensor":
        return stored_array(value)
    if field == "s":
        return _text(value)
    return value


def _text(value: bytes) -> str | bytes:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


def shape_of(proto: TensorShapeProto) -> Shape:
    """A shape message as minitf keeps shapes."""
    if proto.unknown_rank:
        return None
    return tuple(None if dim.size < 0 else int(dim.size) for dim in proto.dim)
