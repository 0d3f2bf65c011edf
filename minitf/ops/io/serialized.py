"""Tensors and examples as strings: `tf.serialize_tensor`, `tf.parse_tensor`,
`tf.decode_json_example`."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, string
from minitf.core.errors import InvalidArgumentError
from minitf.core.proto.example import Example
from minitf.core.proto.graph_def import TensorProto
from minitf.core.proto.json_form import from_json
from minitf.core.proto.tensor import stored_array, tensor_proto
from minitf.core.proto.wire import DecodeError
from minitf.core.schema import Attr
from minitf.ops.strings.text import each, on_text


@on_text("SerializeTensor", shape=lambda tensor, T: ())
def serialize_tensor_op(xp, tensor, *, T) -> string:
    """A tensor of any type and shape as the bytes of a TensorProto."""
    proto = tensor_proto(np.asarray(tensor), T, as_bytes=True)
    return np.array(proto.SerializeToString(), object)


def serialize_tensor(tensor, name=None):
    """A tensor of any type and shape as the bytes of a TensorProto: `parse_tensor` reads it."""
    tensor = convert_to_tensor(tensor)
    return serialize_tensor_op(tensor, T=tensor.dtype.base_dtype, name=name)


@on_text("ParseTensor", shape=lambda serialized, **_: None)
def parse_tensor_op(xp, serialized: string, *, out_type) -> Attr("out_type"):
    """The tensor that a TensorProto is."""
    serialized = np.asarray(serialized)
    if serialized.ndim:
        shape = str(list(serialized.shape)).replace(" ", "")
        raise _invalid(f"Expected `serialized` to be a scalar, got shape: {shape}")
    text = serialized.item()
    try:
        proto = TensorProto.FromString(text)
        found = stored_array(proto) if proto.dtype else None
    except (DecodeError, TypeError, ValueError) as error:
        raise _invalid(f"Could not parse `serialized` as TensorProto: {text[:80]!r} ({error})"
                       ) from None  # fmt: skip
    if found is None:
        raise _invalid(f"Cannot parse tensor from proto: {proto}")
    dtype = as_dtype(proto.dtype)
    if dtype is not out_type:
        raise _invalid(f"Type mismatch between parsed tensor ({dtype.name}) and dtype "
                       f"({out_type.name})")  # fmt: skip
    return found


def parse_tensor(serialized, out_type, name=None):
    """The tensor of type `out_type` that `serialize_tensor` made the string of, a scalar.

    In the run InvalidArgumentError for other bytes, or a tensor of another type.
    """
    return parse_tensor_op(serialized, out_type=as_dtype(out_type), name=name)


@on_text("DecodeJSONExample", shape=lambda json_examples: json_examples)
def decode_json_example(xp, json_examples: string) -> string:
    """Examples in JSON, of any shape, as the bytes of the same `tf.train.Example`s.

    In the run InvalidArgumentError for what is no JSON, or no Example.
    """
    return each(_from_json, json_examples)


def _from_json(text):
    try:
        return from_json(Example, text).SerializeToString()
    except ValueError as error:
        raise _invalid(f"Error while parsing JSON: {error}") from None


def _invalid(message):
    return InvalidArgumentError(None, None, message)
