"""Methods that NumPy's arrays had: `array.tostring()` and the like."""
from __future__ import annotations

import ctypes
import gc
import sys
from typing import Any

import numpy as np


def tostring(self: np.ndarray, order: Any = "C") -> bytes:
    """The bytes of the elements: `tobytes`."""
    return self.tobytes(order)


def itemset(self: np.ndarray, *args: Any) -> None:
    """`itemset(value)` sets the only element, `itemset(index, value)` the one at a position, which
    counts through the array, or at the indices of a tuple."""
    *at, value = args
    if not at:
        self[...] = np.reshape(value, self.shape)
    elif isinstance(at[0], tuple):
        self[at[0]] = value
    else:
        self.flat[at[0]] = value


def newbyteorder(self: np.ndarray, new_order: str = "S") -> np.ndarray:
    """The same bytes, read in another order."""
    return self.view(self.dtype.newbyteorder(new_order))


def newbyteorder_of_number(self: np.generic, new_order: str = "S") -> Any:
    """The same bytes, read in another order: a number, too."""
    return np.frombuffer(self.tobytes(), self.dtype.newbyteorder(new_order))[0]


newbyteorder_of_number.__name__ = "newbyteorder"


def ptp(self: np.ndarray, axis: Any = None, out: Any = None, keepdims: bool = False) -> Any:
    """The largest element less the smallest."""
    return np.ptp(self, axis, out, keepdims)


def restore() -> None:
    """Arrays, and numbers of NumPy, have these methods, unless they have them still."""
    if sys.implementation.name != "cpython":
        return
    for kind, methods in ((np.ndarray, (tostring, itemset, newbyteorder, ptp)),
                          (np.generic, (tostring, newbyteorder_of_number, ptp))):  # fmt: skip
        missing = {each.__name__: each for each in methods if not hasattr(kind, each.__name__)}
        if missing:
            # Python lets nobody set an attribute of a class written in C. Its dictionary is behind
            # the view that `__dict__` gives; then the class has to be told.
            [attributes] = gc.get_referents(kind.__dict__)
            attributes.update(missing)
            ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))
