"""tf.constant: a value that is part of the graph."""
from __future__ import annotations

import copyreg
from typing import Any

import numpy as np

from minitf.core import dtypes
from minitf.core.convert import register_tensor_conversion_function
from minitf.core.dtypes import as_dtype
from minitf.core.eager_tensor import EagerTensor
from minitf.core.execute import computed
from minitf.core.graph import get_default_graph
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import Dimension, TensorShape, as_shape, is_static, num_elements
from minitf.core.values import as_array, dtype_of


def _const_value(*, value: Any, dtype: Any) -> Any:
    return value


def _const(xp: Any, *, value: Any, dtype: Any) -> Any:
    return xp.asarray(value)


_const.__annotations__ = {"return": "dtype"}
const = op(
    "Const",
    shape=lambda *, value, dtype: value.shape,
    grad=NOT_DIFFERENTIABLE,
    value=_const_value,
)(_const)


def constant(
    value: Any,
    dtype: Any = None,
    shape: Any = None,
    name: str = "Const",
    verify_shape: bool = False,
) -> Any:
    """A constant tensor: `value` as `dtype`, filled up to `shape` with its last element.

    A Python float becomes float32 and an int int32 (int64 when it must); a NumPy array keeps its
    type. Raises TypeError when the values are not of `dtype`, ValueError for a ragged list or more
    values than `shape` holds.
    """
    wanted = None if dtype is None else as_dtype(dtype)
    array = as_array(value, wanted)
    array = array if shape is None else _filled(array, shape, verify_shape)
    array.flags.writeable = False
    attrs = {"value": array, "dtype": wanted or dtype_of(value, array)}
    if (graph := get_default_graph()).eager:
        return computed(graph, const, name, attrs, array)
    return const(**attrs, name=name)


def broadcast_constant(
    value: Any, dtype: Any = None, shape: Any = None, name: str = "Const"
) -> Any:
    """TensorFlow 2's `constant`: TypeError unless `value` has all the values of `shape`, or one."""
    if shape is not None:
        found = as_array(value, None if dtype is None else as_dtype(dtype))
        total = num_elements(as_shape(shape) or ())
        if total and found.size not in (1, total):
            raise TypeError(f"Expected Tensor's shape: {as_shape(shape)}, got {found.shape}.")
    return constant(value, dtype, shape, name)


def _filled(array: np.ndarray, shape: Any, verify_shape: bool) -> np.ndarray:
    sizes = as_shape(shape)
    if sizes is None or not is_static(sizes):
        raise ValueError(f"tf.constant needs a known shape, got {TensorShape(shape)}")
    if verify_shape and sizes != array.shape:
        raise TypeError(f"Expected Tensor's shape: {sizes}, got {array.shape}.")
    total = num_elements(sizes) or 0
    known: Any = sizes
    if total == 0:
        return np.empty(sizes, array.dtype)  # type: ignore[arg-type]
    if array.size > total:
        raise ValueError(
            f"Too many elements provided. Needed at most {total}, but received {array.size}"
        )
    if array.size == total:
        return array.reshape(known)
    if array.size == 0:
        raise ValueError(f"Cannot fill the shape {list(sizes)} from an empty value.")
    filled = np.empty(total, array.dtype)
    filled[: array.size] = array.ravel()
    filled[array.size :] = array.ravel()[-1]
    return filled.reshape(known)


def _from_value(value: Any, dtype: Any = None, name: Any = None, as_ref: bool = False) -> Tensor:
    return constant(value, dtype, name=name or "Const")


def _from_array_like(
    value: Any, dtype: Any = None, name: Any = None, as_ref: bool = False
) -> Any:
    """Of what NumPy takes for an array, a column of a table say."""
    if not hasattr(value, "__array__"):
        return NotImplemented
    return constant(np.asarray(value), dtype, name=name or "Const")


def _from_shape(value: Any, dtype: Any = None, name: Any = None, as_ref: bool = False) -> Tensor:
    sizes = as_shape(value)
    if sizes is None or not is_static(sizes):
        raise ValueError(f"Cannot convert a partially known TensorShape to a Tensor: {value}")
    return constant(list(sizes), _of_sizes(dtype, sizes), name=name or "shape_as_tensor")


def _from_size(value: Any, dtype: Any = None, name: Any = None, as_ref: bool = False) -> Tensor:
    if value.value is None:
        raise ValueError(f"Cannot convert an unknown Dimension to a Tensor: {value}")
    return constant(value.value, _of_sizes(dtype, (value.value,)), name=name or "Const")


def _of_sizes(dtype: Any, sizes: Any) -> Any:
    """The type that sizes are converted to: int32 unless one is too large."""
    large = [size for size in sizes if size > dtypes.int32.max]
    if dtype not in (None, dtypes.int32, dtypes.int64):
        raise TypeError(f"Cannot convert a TensorShape to dtype: {dtype}")
    if large and dtype == dtypes.int32:
        raise ValueError("Cannot convert a TensorShape to dtype int32; a dimension is too large "
                         f"({large[0]})")  # fmt: skip
    return dtype or (dtypes.int64 if large else dtypes.int32)


register_tensor_conversion_function(
    (int, float, complex, str, bytes, bool, list, tuple, np.ndarray, np.generic), _from_value, 200
)
register_tensor_conversion_function(object, _from_array_like, 300)
register_tensor_conversion_function(TensorShape, _from_shape)
register_tensor_conversion_function(Dimension, _from_size)


def _as_pickled(tensor: EagerTensor) -> Any:
    return constant, (tensor.numpy(), tensor.dtype.name)


copyreg.pickle(EagerTensor, _as_pickled)
