"""Arguments and results of functions as StructuredValue messages, and back."""

from collections import namedtuple
from collections.abc import Mapping

from minitf.core.dtypes import DType, as_dtype
from minitf.core.proto.saved_object_graph import StructuredValue, TypeSpecProto
from minitf.core.tensor_shape import TensorShape
from minitf.core.tensor_spec import SparseTensorSpec, TensorSpec, TypeSpec

_SPARSE = TypeSpecProto.SPARSE_TENSOR_SPEC


def decoded(message):
    """What a StructuredValue says. NotImplementedError for specs of other kinds than tensors and
    sparse tensors."""
    kind = message.WhichOneof("kind")
    if kind is None:
        raise ValueError(f"No decoder for structure {message}")
    return _DECODERS[kind](getattr(message, kind))


def _named(message):
    made = namedtuple(message.name, [pair.key for pair in message.values])
    return made(*(decoded(pair.value) for pair in message.values))


def _shape(message):
    return TensorShape(message)


def _spec(message):
    return TensorSpec(_shape(message.shape), as_dtype(message.dtype), message.name or None)


def _type_spec(message):
    if message.type_spec_class != _SPARSE:
        raise NotImplementedError(
            f"{message.type_spec_class_name}: of the functions in a SavedModel minitf knows those "
            "that take and give tensors and sparse tensors."
        )
    return SparseTensorSpec(*decoded(message.type_state))


_DECODERS = {
    "none_value": lambda value: None,
    "float64_value": float, "int64_value": int, "string_value": str, "bool_value": bool,
    "tensor_shape_value": _shape, "tensor_dtype_value": as_dtype, "tensor_spec_value": _spec,
    "type_spec_value": _type_spec,
    "list_value": lambda value: [decoded(each) for each in value.values],
    "tuple_value": lambda value: tuple(decoded(each) for each in value.values),
    "dict_value": lambda value: {key: decoded(each) for key, each in value.fields.items()},
    "named_tuple_value": _named,
}  # fmt: skip


def encoded(value):
    """The StructuredValue of a value. TypeError for what none can be."""
    made = StructuredValue()
    _encode(value, made)
    return made


def _encode(value, made):
    if value is None:
        made.none_value.SetInParent()
    elif isinstance(value, Mapping):
        made.dict_value.SetInParent()
        for key, each in value.items():
            _encode(each, made.dict_value.fields[key])
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        made.named_tuple_value.name = type(value).__name__
        for key, each in zip(value._fields, value):
            pair = made.named_tuple_value.values.add(key=key)
            _encode(each, pair.value)
    elif isinstance(value, (list, tuple)):
        inside = made.list_value if isinstance(value, list) else made.tuple_value
        inside.SetInParent()
        for each in value:
            _encode(each, inside.values.add())
    else:
        _encode_leaf(value, made)


def _encode_leaf(value, made):
    for kind, name in _PLAIN:
        if isinstance(value, kind):
            setattr(made, name, value)
            return
    if isinstance(value, TensorShape):
        made.tensor_shape_value.CopyFrom(value.as_proto())
    elif isinstance(value, DType):
        made.tensor_dtype_value = value.enum
    elif isinstance(value, TensorSpec):
        spec = made.tensor_spec_value
        spec.shape.CopyFrom(value.shape.as_proto())
        spec.dtype, spec.name = value.dtype.enum, value.name or ""
    elif isinstance(value, SparseTensorSpec):
        spec = made.type_spec_value
        spec.type_spec_class, spec.type_spec_class_name = _SPARSE, type(value).__name__
        _encode((value.shape, value.dtype), spec.type_state)
    elif isinstance(value, TypeSpec):
        raise NotImplementedError(f"A function of a SavedModel with {value!r}: minitf writes those "
                                  "that take and give tensors and sparse tensors.")  # fmt: skip
    else:
        raise TypeError(f"No encoder for object [{value!r}] of type [{type(value)}].")


_PLAIN = ((bool, "bool_value"), (int, "int64_value"), (float, "float64_value"),
          (str, "string_value"))  # fmt: skip
