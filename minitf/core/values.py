"""Python's values as arrays, by TensorFlow's rules for types."""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.core import dtypes
from minitf.core.bfloat16 import rounded
from minitf.core.dtypes import DType, as_dtype
from minitf.core.tensor_shape import Dimension

_KINDS = {  # what a Python value's NumPy kind may become, as TensorFlow allows it
    "b": "biufc", "i": "iufc", "u": "iufc", "f": "fc", "c": "c", "O": "O", "S": "O", "U": "O",
}  # fmt: skip


def as_array(value: Any, dtype: DType | None = None) -> np.ndarray:
    """A private array of `value`, by TensorFlow's rules for types."""
    array = _as_array(value, dtype)
    return rounded(np, array) if dtype is dtypes.bfloat16 else array


def dtype_of(value: Any, array: np.ndarray) -> DType:
    """The type of a tensor of this value, whose array this is."""
    given = getattr(value, "dtype", None)
    return as_dtype(given if isinstance(given, np.dtype) and given.kind == "V" else array.dtype)


def _as_array(value: Any, dtype: DType | None) -> np.ndarray:
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.array(value, order="C")
        if array.dtype.kind in "SUO":
            return _as_bytes(array, value, dtype)
        if dtype is dtypes.string and array.size:
            raise TypeError(f"Expected binary or unicode string, got {array.flat[0]}")
        return array.astype((dtype or as_dtype(array.dtype)).numpy, copy=False)
    array = _from_python(value)
    if array.dtype.kind in "SUO":
        return _as_bytes(array, value, dtype)
    if dtype is None:
        return _narrowed(array)
    if dtype.numpy.kind not in _KINDS[array.dtype.kind] and array.size:
        _refuse(value, dtype)
    if array.dtype.kind == "u" and dtype.is_integer and dtype is not dtypes.uint64:
        raise OverflowError(f"Python int too large to convert to C long: {value!r}")
    return array.astype(dtype.numpy)  # an int that does not fit keeps its low bits


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
        result.flat[index] = item.encode() if isinstance(item, str) else bytes(item)
    return result


def _refuse(value: Any, dtype: DType) -> None:
    odd = value
    while isinstance(odd, (list, tuple)):
        flat = [item for item in odd if not _fits(item, dtype)] or odd
        odd = flat[0]
    raise TypeError(f"Expected {dtype.name}, got {odd!r} of type '{type(odd).__name__}' instead.")


def _fits(item: Any, dtype: DType) -> bool:
    return dtype.numpy.kind in _KINDS[np.asarray(item).dtype.kind]
