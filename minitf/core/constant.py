"""tf.constant: a value that is part of the graph."""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.core import dtypes
from minitf.core.convert import register_tensor_conversion_function
from minitf.core.dtypes import DType, as_dtype
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import Dimension, TensorShape, as_shape, is_static, num_elements

_KINDS = {  # what a Python value's NumPy kind may become, as TensorFlow allows it
    "b": "biufc", "i": "iufc", "u": "iufc", "f": "fc", "c": "c", "O": "O", "S": "O", "U": "O",
}  # fmt: skip


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
    return const(value=array, dtype=wanted or as_dtype(array.dtype), name=name)


def as_array(value: Any, dtype: DType | None = None) -> np.ndarray:
    """A private array of `value`, by TensorFlow's rules for types."""
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.array(value, order="C")
        if array.dtype.kind in "SUO":
            return _as_bytes(array, value, dtype)
        return array.astype((dtype or as_dtype(array.dtype)).numpy, copy=False)
    array = _from_python(value)
    if array.dtype.kind in "SUO":
        return _as_bytes(array, value, dtype)
    if dtype is None:
        return _narrowed(array)
    if dtype.numpy.kind not in _KINDS[array.dtype.kind] and array.size:
        _refuse(value, dtype)
    converted = array.astype(dtype.numpy)
    if dtype.is_integer and not np.array_equal(converted, array):
        raise ValueError(f"Python value {value!r} does not fit in {dtype.name}.")
    return converted


def _from_python(value: Any) -> np.ndarray:
    if value is None:
        raise ValueError("None values not supported.")
    try:
        array = np.array(value)
    except NotImplementedError:  # Tensor.__array__ says so
        raise TypeError(
            f"tf.constant takes values, not tensors, got {value!r}: tf.stack packs tensors, "
            "tf.identity passes one on"
        ) from None
    except UnicodeDecodeError:  # of bytes beside str, which NumPy would make one of
        array = np.array(value, object)
    except ValueError:
        raise ValueError(
            f"Argument must be a dense tensor: {value!r} - its lists differ in length."
        ) from None
    except OverflowError as error:
        raise ValueError(f"{value!r}: {error}") from None
    if array.dtype.kind in "SU":  # NumPy turns numbers among strings into strings, and drops \0
        return np.array(value, object)
    if array.dtype.kind == "O":
        if any(item is None for item in array.flat):
            raise TypeError(f"None values not supported. (in {value!r})")
        if any(isinstance(item, Dimension) for item in array.flat):
            return np.vectorize(int, otypes=[np.int64])(array)
    return array


def _narrowed(array: np.ndarray) -> np.ndarray:
    """Python's float is float32, its int is int32 where it fits."""
    if array.dtype == np.float64:
        return array.astype(np.float32)
    if array.dtype == np.int64:
        narrow = array.astype(np.int32)
        return narrow if np.array_equal(narrow, array) else array
    return array


def _as_bytes(array: np.ndarray, value: Any, dtype: DType | None) -> np.ndarray:
    if dtype is not None and dtype is not dtypes.string:
        _refuse(value, dtype)
    result = np.empty(array.shape, object)
    for index, item in enumerate(array.flat):
        if not isinstance(item, (str, bytes)):
            raise TypeError(
                f"Cannot convert {item!r} of type {type(item).__name__!r} to a Tensor: expected "
                "numbers, or strings, in a list whose rows are of equal length"
            )
        result.flat[index] = item.encode() if isinstance(item, str) else item
    return result


def _refuse(value: Any, dtype: DType) -> None:
    odd = value
    while isinstance(odd, (list, tuple)):
        flat = [item for item in odd if not _fits(item, dtype)] or odd
        odd = flat[0]
    raise TypeError(f"Expected {dtype.name}, got {odd!r} of type '{type(odd).__name__}' instead.")


def _fits(item: Any, dtype: DType) -> bool:
    return dtype.numpy.kind in _KINDS[np.asarray(item).dtype.kind]


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


def _from_shape(value: Any, dtype: Any = None, name: Any = None, as_ref: bool = False) -> Tensor:
    sizes = as_shape(value)
    if sizes is None or not is_static(sizes):
        raise ValueError(f"Cannot convert a partially known TensorShape to a Tensor: {value}")
    return constant(list(sizes), dtype or dtypes.int32, name=name or "shape_as_tensor")


def _from_size(value: Any, dtype: Any = None, name: Any = None, as_ref: bool = False) -> Tensor:
    if value.value is None:
        raise ValueError(f"Cannot convert an unknown Dimension to a Tensor: {value}")
    return constant(value.value, dtype or dtypes.int32, name=name or "Const")


register_tensor_conversion_function(
    (int, float, complex, str, bytes, bool, list, tuple, np.ndarray, np.generic), _from_value, 200
)
register_tensor_conversion_function(TensorShape, _from_shape)
register_tensor_conversion_function(Dimension, _from_size)
