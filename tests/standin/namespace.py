"""The module `cupy` of the stand-in: every function that CuPy has, by NumPy."""
from __future__ import annotations

import functools
import inspect
import sys

import numpy as np

from standin import memory, streams
from standin.array import (
    RECORD,
    SCALARS,
    call,
    check_dtype,
    ndarray,
    scatter,
    upload,
    wrapped,
)  # fmt: skip
from standin.cuda import RawKernel, RawModule, Standin, cuda
from standin.operators import check_names
from standin.streams import ledger

# What these return is the host's.
HOST = {
    "result_type", "can_cast", "promote_types", "common_type", "min_scalar_type", "size", "ndim",
    "shape", "isscalar", "iscomplexobj", "isrealobj", "issubdtype", "may_share_memory",
    "shares_memory", "base_repr", "binary_repr", "broadcast_shapes", "typename", "mintypecode",
    "format_float_positional", "format_float_scientific", "get_include", "iterable", "isfortran",
}  # fmt: skip
# For these the host has to know values.
WAITING = {
    "nonzero", "flatnonzero", "argwhere", "unique", "unique_all", "unique_counts", "unique_inverse",
    "unique_values", "compress", "extract", "union1d", "intersect1d", "setdiff1d", "setxor1d",
    "trim_zeros", "bincount", "digitize", "histogram", "block",
}  # fmt: skip
# Parameters that are arrays, by any name that CuPy gives them: a list there is refused.
ARRAYS = {"a", "x", "x1", "x2", "arr", "array", "ary", "m", "v", "b", "y", "A"}
TAKES_LISTS = {"asfortranarray", "atleast_1d", "atleast_2d", "atleast_3d"}


class ufunc:
    """cupy.ufunc."""

    def __init__(self, name, function):
        self.name, self._function, self.__name__ = f"cupy_{name}", function, name
        self.nin, self.nout, self.nargs = function.nin, function.nout, function.nargs

    def __repr__(self):
        return f"<ufunc '{self.name}'>"

    def __call__(self, *args, **kwargs):
        sys._getframe(1).f_globals["__builtins__"]  # CuPy looks there, and raises KeyError, too
        wrong = set(kwargs) - {"out", "dtype", "casting"}
        if wrong:
            raise TypeError(f"Wrong arguments {({name: kwargs[name] for name in wrong})}")
        if not self.nin <= len(args) <= self.nargs:
            raise TypeError(f"Wrong number of arguments for {self.name!r}")
        for value in args[: self.nin]:
            if not isinstance(value, (ndarray, *SCALARS)):
                raise TypeError(f"Unsupported type {type(value)}")
        if kwargs.get("dtype") is not None:
            check_dtype(kwargs["dtype"])
        return call(self._function, self.__name__, args, kwargs)

    def _only(self, method, names):
        if self.__name__ not in names:
            raise NotImplementedError(f"`{self.name}.{method}` is not supported yet")

    def reduce(self, array, axis=0, dtype=None, out=None, keepdims=False):
        """CuPy has it for add and multiply."""
        self._only("reduce", {"add": 0, "multiply": 0})
        method = array.sum if self.__name__ == "add" else array.prod
        return method(axis, dtype, out, keepdims)

    def accumulate(self, array, axis=0, dtype=None, out=None):
        """CuPy has it for add and multiply."""
        self._only("accumulate", {"add": 0, "multiply": 0})
        method = array.cumsum if self.__name__ == "add" else array.cumprod
        return method(axis, dtype, out)

    def reduceat(self, array, indices, axis=0, dtype=None, out=None):
        """CuPy has it for add."""
        self._only("reduceat", {"add": 0})
        return call(np.add.reduceat, "reduceat", (array, indices, axis, dtype, out), {})

    def at(self, a, indices, b=None):
        """CuPy has it for add, subtract, maximum and minimum."""
        self._only("at", {"add": 0, "subtract": 0, "maximum": 0, "minimum": 0})
        scatter(self._function, a, indices, b)

    def outer(self, A, B, **kwargs):
        """All pairs."""
        return self(A.reshape(A.shape + (1,) * B.ndim), B, **kwargs)


# -- functions -------------------------------------------------------------------------------------


def forwarded(name, function, allowed):
    """NumPy's function, for device arrays and with the parameters that CuPy's has."""
    names = allowed and [one for one in allowed if not one.startswith("*")]

    @functools.wraps(function, assigned=("__name__", "__doc__"))
    def run(*args, **kwargs):
        check_names(name, allowed, kwargs)
        if names is not None and len(names) == len(allowed) and len(args) > len(names):
            raise TypeError(f"{name}() takes {len(names)} arguments, got {len(args)}")
        for which, value in [*zip(names or (), args), *kwargs.items()]:
            _check_array(name, which, value)
        if name in WAITING or (name == "where" and len(args) == 1):
            ledger.syncs += 1
        result = call(function, name, *_ordered(function, names, args, kwargs))
        if name not in HOST and isinstance(result, (bool, int, float)):
            return wrapped(np.asarray(result), [])
        return result

    return run


def _check_array(name, which, value):
    if which in ARRAYS and name not in TAKES_LISTS and isinstance(value, (list, tuple)):
        raise TypeError(f"{name}(): {which} is a device array, got a {type(value).__name__}")


def _ordered(function, names, args, kwargs):
    """The arguments for NumPy: by name where it has another order."""
    if isinstance(function, np.ufunc):
        return args, kwargs
    try:
        theirs = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return args, kwargs
    place = 0
    while place < min(len(args), len(names or ()), len(theirs)) and names[place] == theirs[place]:
        place += 1
    later = dict(zip((names or ())[place:], args[place:]))
    if not later or not set(later) <= set(theirs):
        return args, kwargs
    return args[:place], {**later, **kwargs}


def array(obj, dtype=None, copy=True, order="K", subok=False, ndmin=0, *, blocking=False):
    """cupy.array: of a host's array, an explicit copy to the device."""
    if isinstance(obj, ndarray):
        if not copy and (dtype is None or obj.dtype == np.dtype(dtype)) and obj.ndim >= ndmin:
            return obj
        return call(np.array, "array", (obj,), {"dtype": dtype, "ndmin": ndmin, "order": order})
    if _holds_arrays(obj):
        made = call(np.stack, "array", ([array(one, copy=False) for one in obj],), {})
        return made if dtype is None else made.astype(dtype)
    host = np.array(obj, dtype=dtype, ndmin=ndmin, order=order, copy=None)
    check_dtype(host.dtype)
    return upload(host)


def _holds_arrays(obj):
    return isinstance(obj, (list, tuple)) and any(
        isinstance(one, ndarray) or _holds_arrays(one) for one in obj
    )


def asarray(a, dtype=None, order=None, *, copy=None, blocking=False):
    """cupy.asarray."""
    return array(a, dtype, copy=bool(copy), order=order or "K")


def asanyarray(a, dtype=None, order=None, *, copy=None, blocking=False):
    """cupy.asanyarray."""
    return asarray(a, dtype, order, copy=copy)


def ascontiguousarray(a, dtype=None):
    """cupy.ascontiguousarray."""
    a = asarray(a, dtype)
    return a if a.flags.c_contiguous else a.copy()


def asnumpy(a, stream=None, order="C", out=None, *, blocking=True):
    """cupy.asnumpy: an explicit copy to the host."""
    if isinstance(a, ndarray):
        return a.get(stream, order, out, blocking)
    return np.asarray(a, order=order)


def empty(shape, dtype=float, order="C"):
    """cupy.empty: all bits set."""
    streams.machine.refuse("cupy.empty")
    ledger.calls += 1
    return ndarray(shape, dtype, order=order)


def zeros(shape, dtype=float, order="C"):
    """cupy.zeros: filled when the current stream's turn comes."""
    made = empty(shape, dtype, order)
    memory.fill_async(made.data.ptr, 0, made.nbytes, streams.get_current_stream())
    return made


def empty_like(prototype, dtype=None, order="K", subok=None, shape=None):
    """cupy.empty_like: all bits set."""
    return empty(prototype.shape if shape is None else shape, dtype or prototype.dtype)


def copy(a, order="K"):
    """cupy.copy."""
    return a.copy(order)


def get_array_module(*args):
    """This module where an argument is a device array, else NumPy."""
    return cupy if any(isinstance(one, ndarray) for one in args) else np


def get_default_memory_pool():
    """The pool that arrays come from where no other allocator is set."""
    return memory.default_pool


def empty_pinned(shape, dtype=float, order="C"):
    """cupyx.empty_pinned: a host's array in pinned memory."""
    dtype = np.dtype(dtype)
    shape = (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)
    count = int(np.prod(shape, dtype=np.int64))
    buffer = memory.alloc_pinned_memory(count * dtype.itemsize)
    return np.frombuffer(buffer, dtype, count).reshape(shape, order=order)


def zeros_pinned(shape, dtype=float, order="C"):
    """cupyx.zeros_pinned."""
    made = empty_pinned(shape, dtype, order)
    made[...] = 0
    return made


def scatter_add(a, slices, value):
    """cupyx.scatter_add."""
    a.scatter_add(slices, value)


OWN = {
    "array": array, "asarray": asarray, "asanyarray": asanyarray, "copy": copy, "empty": empty,
    "zeros": zeros,
    "ascontiguousarray": ascontiguousarray, "asnumpy": asnumpy, "empty_like": empty_like,
    "get_array_module": get_array_module, "get_default_memory_pool": get_default_memory_pool,
    "is_available": lambda: True, "ndarray": ndarray, "ufunc": ufunc, "cuda": cuda,
    "RawModule": RawModule, "RawKernel": RawKernel,
}  # fmt: skip


def _made(name, kind, of):
    """What the stand-in has for a name of CuPy's; None where that is nothing."""
    theirs = getattr(of, name, None)
    if "function" in kind:
        return forwarded(name, theirs, kind["function"]) if callable(theirs) else None
    if "ufunc" in kind:
        if isinstance(theirs, np.ufunc):
            return ufunc(name, theirs)
        return forwarded(name, theirs, ["x"]) if callable(theirs) else None
    is_value = isinstance(theirs, (float, type, type(None))) and name != "vectorize"
    return theirs if is_value else None


def _names(record, of, own):
    made = {name: _made(name, kind, of) for name, kind in record.items()}
    found = {name: value for name, value in made.items() if value is not None}
    return {**found, **own}


linalg = Standin("cupy.linalg", _names(RECORD["linalg"], np.linalg, {}), RECORD["linalg"])
fft = Standin("cupy.fft", _names(RECORD["fft"], np.fft, {}), RECORD["fft"])
cupy = Standin("cupy", {
    **_names(RECORD["cupy"], np, OWN), "newaxis": None, "linalg": linalg, "fft": fft,
    "__version__": RECORD["version"],
}, RECORD["cupy"])  # fmt: skip
cupyx = Standin("cupyx", {
    "empty_pinned": empty_pinned, "zeros_pinned": zeros_pinned, "scatter_add": scatter_add,
    "scatter_max": lambda a, slices, value: a.scatter_max(slices, value),
    "scatter_min": lambda a, slices, value: a.scatter_min(slices, value),
}, RECORD["cupyx"])  # fmt: skip
