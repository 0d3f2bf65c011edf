"""bfloat16: a float32 whose last 16 bits are 0, and which is stored as one.

So every kernel takes it; what a step makes of it is rounded, as a kernel of TensorFlow's own does.
Only where arrays go in and out they are NumPy arrays of two bytes, of the type of `ml_dtypes`.
"""
from __future__ import annotations

from typing import Any

import numpy as np

# Of the 32 bits of a float: those that are kept, infinity, and what every NaN becomes.
KEPT, INFINITY, NAN = np.uint32(0xFFFF0000), np.uint32(0x7F800000), np.uint32(0x7FC00000)


def numpy_type() -> Any:
    """NumPy's type of two bytes. ImportError, which says what is missing, without ml_dtypes."""
    try:
        import ml_dtypes
    except ImportError:
        raise ImportError(
            "NumPy has no bfloat16: arrays of it need ml_dtypes, pip install "
            "'minitf-tf1[bfloat16]'. Within a graph it is not needed: tf.cast(x, tf.float32) "
            "gives the same numbers as float32."
        ) from None
    return ml_dtypes.bfloat16


def rounded(xp: Any, x: Any, out: Any = None) -> Any:
    """The nearest bfloat16, of two the even one, as float32."""
    given = xp.asarray(x, np.float32).view(np.uint32)
    nearest = (given + ((given >> np.uint32(16) & np.uint32(1)) + np.uint32(0x7FFF))) & KEPT
    found = xp.where(given & np.uint32(0x7FFFFFFF) > INFINITY, NAN, nearest)
    found = found.astype(np.uint32, copy=False).view(np.float32)
    if out is None:
        return found
    xp.copyto(out, found)
    return out


def bits(array: Any) -> Any:
    """The two bytes of each number, as uint16."""
    return (array.view(np.uint32) >> np.uint32(16)).astype(np.uint16)


def of_bits(halves: Any) -> Any:
    """The numbers of two bytes each."""
    return (halves.astype(np.uint32) << np.uint32(16)).view(np.float32)


def narrowed(array: np.ndarray) -> np.ndarray:
    """The array as NumPy has it, of two bytes each."""
    return bits(array).view(numpy_type())
