"""Names that Python and NumPy have dropped since programs for TensorFlow 1 were written."""
from __future__ import annotations

import base64
import collections
import collections.abc
import inspect
import math
import threading
import time
import warnings
from typing import Any, NamedTuple

import numpy as np

from minitf.as_tensorflow.former import numpy_functions

_ABC = (
    "AsyncGenerator", "AsyncIterable", "AsyncIterator", "Awaitable", "Callable", "Collection",
    "Container", "Coroutine", "Generator", "Hashable", "ItemsView", "Iterable", "Iterator",
    "KeysView", "Mapping", "MappingView", "MutableMapping", "MutableSequence", "MutableSet",
    "Reversible", "Sequence", "Set", "Sized", "ValuesView",
)  # fmt: skip


class ArgSpec(NamedTuple):
    """What `inspect.getargspec` returned."""

    args: list[str]
    varargs: str | None
    keywords: str | None
    defaults: tuple[Any, ...] | None


def getargspec(func: Any) -> ArgSpec:
    """The parameters of a function; ValueError for one with annotations, or keyword-only ones."""
    spec = inspect.getfullargspec(func)
    if spec.kwonlyargs or spec.annotations:
        raise ValueError("Function has keyword-only parameters or annotations, use "
                         "inspect.signature() API which can support them")  # fmt: skip
    return ArgSpec(*spec[:4])


def _asfarray(a: Any, dtype: Any = np.float64) -> np.ndarray:
    """An array of this type, if it is one of real numbers, else of float64."""
    real = np.issubdtype(dtype, np.inexact)
    return np.asarray(a, dtype=dtype if real else np.float64)


_SCTYPES: dict[str, list[type]] = {
    "int": [np.int8, np.int16, np.int32, np.int64],
    "uint": [np.uint8, np.uint16, np.uint32, np.uint64],
    "float": [np.float16, np.float32, np.float64, np.longdouble],
    "complex": [np.complex64, np.complex128, np.clongdouble],
    "others": [bool, object, bytes, str, np.void],
}


def _maximum_sctype(t: Any) -> Any:
    """The largest type of the kind of `t`."""
    own = np.dtype(t).type
    return next((kind[-1] for kind in _SCTYPES.values() if own in kind), own)


def _find_common_type(array_types: Any, scalar_types: Any) -> np.dtype:
    """The type of arrays and scalars together: that of the arrays, unless a scalar's kind is
    above theirs."""
    order = "biufcO"
    arrays, scalars = (np.result_type(*each) if each else None
                       for each in (list(array_types), list(scalar_types)))  # fmt: skip
    if arrays is None or scalars is None:
        return np.dtype(scalars if arrays is None else arrays)
    above = order.find(scalars.kind) > order.find(arrays.kind)
    return np.result_type(arrays, scalars) if above else arrays


def _random_integers(low: int, high: int | None = None, size: Any = None) -> Any:
    """Integers from `low` to `high`, that with it; from 1 to `low`, if there is no `high`."""
    first, last = (1, low) if high is None else (low, high)
    return np.random.randint(first, last + 1, size)


class _Cast(dict[Any, Any]):
    """`np.cast[dtype](array)`."""

    def __missing__(self, dtype: Any) -> Any:
        return lambda array: np.asarray(array).astype(dtype)


NAMES: dict[Any, dict[str, Any]] = {
    np: {
        "float": float, "int": int, "bool": bool, "object": object, "str": str,
        "complex": complex, "long": int, "unicode": str, "float_": np.float64,
        "complex_": np.complex128, "string_": np.bytes_, "unicode_": np.str_, "Inf": np.inf,
        "Infinity": np.inf, "infty": np.inf, "PINF": np.inf, "NINF": -np.inf, "NaN": np.nan,
        "NAN": np.nan, "product": np.prod, "cumproduct": np.cumprod, "alltrue": np.all,
        "sometrue": np.any, "round_": np.round, "row_stack": np.vstack, "mat": np.asmatrix,
        "asscalar": lambda a: a.item(), "asfarray": _asfarray,
        "msort": lambda a: np.sort(a, axis=0),
        "in1d": lambda ar1, ar2, *args, **how: np.isin(np.ravel(ar1), ar2, *args, **how),
        "trapz": getattr(np, "trapezoid", None), "sctypes": _SCTYPES, "cast": _Cast(),
        "maximum_sctype": _maximum_sctype, "find_common_type": _find_common_type,
        "sctype2char": lambda sctype: np.dtype(sctype).char, "bool8": np.bool_, "math": math,
        "longcomplex": np.clongdouble, "warnings": warnings, "AxisError": np.exceptions.AxisError,
        "ComplexWarning": np.exceptions.ComplexWarning, "RankWarning": np.exceptions.RankWarning,
        "VisibleDeprecationWarning": np.exceptions.VisibleDeprecationWarning,
    },
    np.lib: {"pad": np.pad},
    np.random: {"random_integers": _random_integers},
    collections: {name: getattr(collections.abc, name) for name in _ABC},
    inspect: {"getargspec": getargspec},
    base64: {"encodestring": base64.encodebytes, "decodestring": base64.decodebytes},
    time: {"clock": time.process_time},
    threading.Thread: {"isAlive": threading.Thread.is_alive},
}  # fmt: skip


def restore() -> None:
    """From now on the modules have these names again; what they still have stays as it is."""
    for module, names in NAMES.items():
        for name, value in names.items():
            if name not in vars(module):  # asking for former names of NumPy warns
                setattr(module, name, value)
    numpy_functions.restore()
