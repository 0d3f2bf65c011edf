"""Arrays as protocol messages: `tf.make_tensor_proto`, `tf.make_ndarray`."""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.core.bfloat16 import bits, narrowed, of_bits
from minitf.core.dtypes import DType, as_dtype
from minitf.core.proto.graph_def import TensorProto
from minitf.core.tensor_shape import TensorShape, as_shape, is_static, num_elements
from minitf.core.values import as_array, dtype_of

# The list of TensorProto that has the values of a type, and the NumPy type of what it has.
_LISTS = {
    "float32": ("float_val", np.float32), "float64": ("double_val", np.float64),
    **dict.fromkeys(("int32", "uint8", "int16", "int8", "uint16"), ("int_val", np.int32)),
    "string": ("string_val", None), "complex64": ("scomplex_val", np.float32),
    "int64": ("int64_val", np.int64), "bool": ("bool_val", np.bool_),
    "complex128": ("dcomplex_val", np.float64), "float16": ("half_val", np.uint16),
    "bfloat16": ("half_val", np.uint16),
    "uint32": ("uint32_val", np.uint32), "uint64": ("uint64_val", np.uint64),
}  # fmt: skip


def make_tensor_proto(
    values: Any,
    dtype: Any = None,
    shape: Any = None,
    verify_shape: bool = False,
    allow_broadcast: bool = False,
) -> TensorProto:
    """`values`, numbers or strings in any nesting or an array, as a TensorProto.

    With `shape` they are reshaped, and fewer may be given, the last of which stands for what is
    missing. TypeError, with `verify_shape`, when their own shape is another, and, with
    `allow_broadcast`, when there are more than one and not as many as the shape has; ValueError
    for more values than the shape has.
    """
    if isinstance(values, TensorProto):
        return values
    wanted = None if dtype is None else as_dtype(dtype)
    array = as_array(values, wanted)
    kind = wanted or dtype_of(values, array)
    if shape is None:
        return tensor_proto(array, kind)
    sizes = as_shape(shape)
    if sizes is None or not is_static(sizes):
        raise ValueError(f"make_tensor_proto needs a known shape, got {TensorShape(shape)}")
    total = num_elements(sizes) or 0
    _check_number(array, sizes, total, verify_shape, allow_broadcast)
    if array.size == total:
        return tensor_proto(array.reshape(sizes), kind)  # type: ignore[arg-type]
    return _listed(array, kind, sizes)


def _check_number(array: Any, sizes: Any, total: int, verify: bool, broadcast: bool) -> None:
    if broadcast:
        differs = array.shape not in ((), (1,)) and array.size != total
    else:
        differs = verify and array.shape != sizes
    if differs:
        raise TypeError(f"Expected Tensor's shape: {sizes}, got {array.shape}.")
    if array.size > total and not broadcast:
        raise ValueError(
            f"Too many elements provided. Needed at most {total}, but received {array.size}"
        )


_AS_BYTES = {"float32", "float64", "int32", "uint8", "int16", "int8", "int64", "uint32", "uint64"}


def tensor_proto(array: np.ndarray, dtype: DType, as_bytes: bool = False) -> TensorProto:
    """An array of this type, with its own shape; numbers always `as_bytes`, or where it pays."""
    in_bytes = array.size > 1 and dtype.name in _AS_BYTES
    if dtype.name == "string" or not (as_bytes or in_bytes):
        return _listed(array, dtype, array.shape)
    made = _of_shape(dtype, array.shape)
    halves = dtype.base_dtype.name == "bfloat16"
    made.tensor_content = (bits(array) if halves else np.ascontiguousarray(array)).tobytes()
    return made


def _of_shape(dtype: DType, shape: Any) -> TensorProto:
    made: TensorProto = TensorProto._of(
        ("tensor_shape",), dtype=dtype.enum, tensor_shape=TensorShape(shape).as_proto()
    )
    return made


def constant_proto(array: np.ndarray, dtype: DType) -> TensorProto:
    """The same, in few bytes where all elements are one: what `tf.zeros` makes, say."""
    if array.size > 1 and dtype.name != "string" and (array == array.flat[0]).all():
        return _listed(array.reshape(-1)[:1], dtype, array.shape)
    return tensor_proto(array, dtype)


def _listed(array: np.ndarray, dtype: DType, shape: Any) -> TensorProto:
    """Its values in the list of its type."""
    made = _of_shape(dtype, shape)
    name, stored = _LISTS[dtype.base_dtype.name]
    flat = array.reshape(-1)
    if dtype.base_dtype.name == "bfloat16":
        flat = bits(flat)
    elif stored is not None:
        is_bits = dtype.is_complex or dtype.name == "float16"
        flat = flat.view(stored) if is_bits else flat.astype(stored)
    getattr(made, name).extend(flat.tolist())
    return made


def make_ndarray(tensor: TensorProto) -> np.ndarray:
    """The array that a TensorProto describes; strings as NumPy objects. TypeError for a type that
    has no values."""
    array = stored_array(tensor)
    return narrowed(array) if as_dtype(tensor.dtype).base_dtype.name == "bfloat16" else array


def stored_array(tensor: TensorProto) -> np.ndarray:
    """The same, as tensors hold it."""
    dtype, shape = as_dtype(tensor.dtype), [dim.size for dim in tensor.tensor_shape.dim]
    halves = dtype.base_dtype.name == "bfloat16"
    if tensor.tensor_content:
        content = np.frombuffer(tensor.tensor_content, np.uint16 if halves else dtype.numpy)
        return (of_bits(content) if halves else content.copy()).reshape(shape)
    if dtype.base_dtype.name not in _LISTS:
        raise TypeError(f"Unsupported tensor type: {tensor.dtype}")
    name, stored = _LISTS[dtype.base_dtype.name]
    listed = np.array(list(getattr(tensor, name)), object if stored is None else stored)
    if halves:
        listed = of_bits(listed)
    elif stored is not None:
        is_bits = dtype.is_complex or dtype.name == "float16"
        listed = listed.view(dtype.numpy) if is_bits else listed.astype(dtype.numpy)
    missing = int(np.prod(shape, dtype=np.int64)) - listed.size
    last = listed[-1:] if listed.size else np.zeros(1, dtype.numpy)
    return np.concatenate([listed, np.repeat(last, max(missing, 0))]).reshape(shape)
