"""Functions of NumPy that took or gave something else in the years of TensorFlow 1."""
from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np


def _has(function: Any, parameter: str) -> bool:
    return parameter in inspect.signature(function).parameters


def _with_newshape(reshape: Any) -> Any:
    """`np.reshape`, which may be told the shape by its former name."""
    if _has(reshape, "newshape"):
        return reshape

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
    if _has(quantile, "interpolation"):
        return quantile

    @functools.wraps(quantile)
    def wrapped(*args: Any, interpolation: str | None = None, **how: Any) -> Any:
        if interpolation is not None:
            how["method"] = interpolation
        return quantile(*args, **how)

    return wrapped


def _as_of_old(make: Any) -> Any:
    """`np.array` or `np.asarray`, which gave an array of objects for rows of different lengths, or
    for tensors, and to which `copy=False` said that there need be no copy, not that there must be
    none; and which took integers modulo what the type holds."""

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
        except NotImplementedError:
            if not isinstance(args[0], (list, tuple)) or not _asked_by_program():
                raise
            return _of_tensors(args[0])
        except OverflowError:
            whole = make(args[0])
            if whole.dtype.kind not in "iu" or not _asked_by_program():
                raise
            return make(whole.astype(args[1] if len(args) > 1 else how["dtype"]), *args[1:], **how)
        return make(*args, dtype=object, **how)

    return wrapped


def _of_tensors(rows: Any) -> np.ndarray:
    """An array of what is in rows, and rows of rows: tensors that have no value yet."""
    if not isinstance(rows, (list, tuple)):
        single = np.empty((), object)
        single[()] = rows
        return single
    return np.stack([_of_tensors(row) for row in rows])


def _asked_by_program() -> bool:
    """Whether what calls our caller is neither minitf nor NumPy."""
    asked = sys._getframe(2).f_globals.get("__name__", "")
    return asked.partition(".")[0] not in ("minitf", "numpy")


def _with_normed(histogram: Any) -> Any:
    """`np.histogram` or its kin, which may be asked for densities by the former name."""

    @functools.wraps(histogram)
    def wrapped(*args: Any, normed: bool | None = None, **how: Any) -> Any:
        if normed is not None:
            how["density"] = normed
        return histogram(*args, **how)

    return wrapped


def _giving_lists(function: Any) -> Any:
    """`np.meshgrid` or its kin, which gave a list of arrays to a program, not a tuple."""

    @functools.wraps(function)
    def wrapped(*args: Any, **how: Any) -> Any:
        made = function(*args, **how)
        return list(made) if type(made) is tuple and _asked_by_program() else made

    return wrapped


def _of_iterators(stack: Any) -> Any:
    """`np.stack` or its kin, which takes the arrays from an iterator, too."""

    @functools.wraps(stack)
    def wrapped(arrays: Any, *args: Any, **how: Any) -> Any:
        return stack(list(arrays) if isinstance(arrays, Iterator) else arrays, *args, **how)

    return wrapped


def _with_flat_inverse(unique: Any) -> Any:
    """`np.unique`, whose `return_inverse` was a row of indices whatever the shape of the array."""

    @functools.wraps(unique)
    def wrapped(
        ar: Any, return_index: bool = False, return_inverse: bool = False,
        return_counts: bool = False, axis: Any = None, **how: Any,
    ) -> Any:  # fmt: skip
        made = unique(ar, return_index, return_inverse, return_counts, axis, **how)
        if not return_inverse or axis is not None or not _asked_by_program():
            return made
        at = 1 + bool(return_index)
        return (*made[:at], made[at].reshape(-1), *made[at + 1 :])

    return wrapped


def _of_bytes(fromstring: Any) -> Any:
    """`np.fromstring`, which read numbers as they lie in memory unless there was a `sep`."""

    @functools.wraps(fromstring)
    def wrapped(
        string: Any, dtype: Any = float, count: int = -1, *, sep: str = "", **how: Any
    ) -> Any:
        if sep:
            return fromstring(string, dtype, count, sep=sep, **how)
        data = string.encode() if isinstance(string, str) else string
        return np.frombuffer(data, dtype, count, **how).copy()

    return wrapped


def _of_python_types(issubdtype: Any) -> Any:
    """`np.issubdtype`, to which `float`, which was `np.float` too, stood for all floating types,
    `int` for those with a sign, and `complex` for all complex ones."""
    kinds = {float: np.floating, int: np.signedinteger, complex: np.complexfloating}

    @functools.wraps(issubdtype)
    def wrapped(arg1: Any, arg2: Any) -> bool:
        kind = kinds.get(arg2) if isinstance(arg2, type) else None
        return issubdtype(arg1, kind if kind and _asked_by_program() else arg2)

    return wrapped


_WRAPPERS = {
    _as_of_old: ("array", "asarray"),
    _with_interpolation: ("percentile", "nanpercentile", "quantile", "nanquantile"),
    _with_newshape: ("reshape",),
    _with_normed: ("histogram", "histogram2d", "histogramdd"),
    _giving_lists: ("meshgrid", "broadcast_arrays", "atleast_1d", "atleast_2d", "atleast_3d",
                    "gradient"),
    _of_iterators: ("stack", "vstack", "hstack", "dstack", "column_stack"),
    _with_flat_inverse: ("unique",),
    _of_bytes: ("fromstring",),
    _of_python_types: ("issubdtype",),
}  # fmt: skip


def restore() -> None:
    """From now on they do so again."""
    for wrapper, names in _WRAPPERS.items():
        for name in names:
            setattr(np, name, wrapper(getattr(np, name)))
