"""Names that Python and NumPy have dropped since programs for TensorFlow 1 were written."""
from __future__ import annotations

import collections
import collections.abc
import fractions
import functools
import inspect
import math
import sys
import time
from typing import Any, NamedTuple

import numpy as np

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


def _with_newshape(reshape: Any) -> Any:
    """`np.reshape`, which may be told the shape by its former name."""

    @functools.wraps(reshape)
    def wrapped(
        a: Any, shape: Any = None, order: Any = "C", *, newshape: Any = None, copy: Any = None
    ) -> Any:
        if shape is None and newshape is None:
            raise TypeError("reshape() missing 1 required positional argument: 'shape'")
        return reshape(a, newshape if shape is None else shape, order, copy=copy)

    return wrapped


def _with_interpolation(quantile: Any) -> Any:
    """`np.percentile` or its kin, which may be told the method by its former name."""

    @functools.wraps(quantile)
    def wrapped(*args: Any, interpolation: str | None = None, **how: Any) -> Any:
        if interpolation is not None:
            how["method"] = interpolation
        return quantile(*args, **how)

    return wrapped


def _as_of_old(make: Any) -> Any:
    """`np.array` or `np.asarray`, which gave an array of objects for rows of different lengths, and
    to which `copy=False` said that there need be no copy, not that there must be none."""

    @functools.wraps(make)
    def wrapped(*args: Any, **how: Any) -> Any:
        if how.get("copy") is False and _asked_by_program():
            how["copy"] = None
        try:
            return make(*args, **how)
        except ValueError as error:
            typed = len(args) > 1 or "dtype" in how
            if typed or "inhomogeneous" not in str(error) or not _asked_by_program():
                raise  # to minitf itself the error says that no tensor can be made of it
        return make(*args, dtype=object, **how)

    return wrapped


def _asked_by_program() -> bool:
    """Whether what calls our caller is neither minitf nor NumPy."""
    asked = sys._getframe(2).f_globals.get("__name__", "")
    return asked.partition(".")[0] not in ("minitf", "numpy")


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
    },
    collections: {name: getattr(collections.abc, name) for name in _ABC},
    fractions: {"gcd": math.gcd},
    inspect: {"getargspec": getargspec},
    time: {"clock": time.process_time},
}  # fmt: skip


def restore() -> None:
    """From now on the modules have these names again; what they still have stays as it is."""
    for module, names in NAMES.items():
        for name, value in names.items():
            if name not in vars(module):  # asking for former names of NumPy warns
                setattr(module, name, value)
    if "newshape" not in inspect.signature(np.reshape).parameters:
        np.reshape = _with_newshape(np.reshape)
    for name in ("array", "asarray"):
        if not hasattr(getattr(np, name), "__wrapped__"):
            setattr(np, name, _as_of_old(getattr(np, name)))
    for name in ("percentile", "nanpercentile", "quantile", "nanquantile"):
        if "interpolation" not in inspect.signature(getattr(np, name)).parameters:
            setattr(np, name, _with_interpolation(getattr(np, name)))
