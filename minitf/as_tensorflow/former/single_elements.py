"""`float(array)`, `int(array)` and `"%.3f" % array` of an array with one element.

NumPy refuses these since 2.4. Programs of TensorFlow 1's years are full of them, as a fetched loss
or class is often an array of shape [1]; and an array's class cannot be changed from Python.
"""
from __future__ import annotations

import ctypes
import functools
import os
import sys

import numpy as np

from minitf.backend.compiler import library
from minitf.backend.log import warn

# Where CPython has these in a type, and in what the type says of numbers: in pointers.
TP_NAME, TP_AS_NUMBER, NB_INT, NB_FLOAT = 3, 12, 16, 18
SIZE = ctypes.sizeof(ctypes.c_void_p)


@functools.lru_cache(maxsize=1)
def allow() -> None:
    """From now on such an array is the number that it holds, as it was before NumPy 2.4."""
    if not _refused():
        return
    slots = _number_slots()
    made = library(_source()) if slots else None
    if made is None or slots is None:
        warn(f"NumPy {np.__version__} makes no number of an array with one element: where a "
             "program needs that, install numpy<2.4")  # fmt: skip
        return
    made.minitf_take_single_elements(
        ctypes.c_void_p(slots + NB_FLOAT * SIZE), ctypes.c_void_p(slots + NB_INT * SIZE)
    )


def _refused() -> bool:
    """Whether NumPy is one that refuses."""
    try:
        float(np.zeros(1))
    except TypeError:
        return True
    return False


def _number_slots() -> int | None:
    """The address of what the class of arrays says of numbers; None where its layout is unknown."""
    if sys.implementation.name != "cpython" or object.__basicsize__ != 2 * SIZE:
        return None  # such as without the interpreter's lock: counts are kept elsewhere
    kind = (ctypes.c_void_p * (TP_AS_NUMBER + 1)).from_address(id(np.ndarray))
    return kind[TP_AS_NUMBER] if ctypes.string_at(kind[TP_NAME] or 0) == b"numpy.ndarray" else None


def _source() -> str:
    with open(os.path.join(os.path.dirname(__file__), "single_elements.c")) as file:
        return file.read()
