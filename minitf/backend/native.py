"""The base library, `native.c`: what runs the kernels of a compiled plan."""
from __future__ import annotations

import ctypes
import functools
import os
from collections.abc import Iterable
from typing import Any

import numpy as np

from minitf.backend import blas
from minitf.backend.compiler import library
from minitf.backend.log import warn
from minitf.backend.special import special

_limit = 0  # of threads; 0 is none
REALS = {"float32": ("float", "s"), "float64": ("double", "d")}  # in C, and to the BLAS


@functools.lru_cache(maxsize=1)
def base() -> ctypes.PyDLL | None:
    """The base library with its BLAS set; None when it cannot be compiled."""
    found = library(_source())
    if found is None:
        return None
    found.minitf_data_of.argtypes = [ctypes.py_object]
    found.minitf_data_of.restype = ctypes.c_int64
    probe = np.zeros(4)
    if found.minitf_data_of(probe) != probe.ctypes.data:
        warn("the compiled kernels cannot read NumPy's arrays: NumPy runs in their place")
        return None
    found.minitf_run.argtypes = [ctypes.c_void_p, ctypes.py_object]
    found.minitf_run.restype = found.minitf_call.restype = None
    found.minitf_call.argtypes = [ctypes.c_void_p, *[ctypes.py_object] * 2, *[ctypes.c_int64] * 3]
    for c_type, letter in REALS.values():
        getattr(found, f"minitf_blas_{c_type}")(*_blas(letter))
    found.minitf_limit_threads(ctypes.c_int64(_limit))
    return found


def preamble(sources: Iterable[str]) -> str:
    """What stands before the kernels of a plan."""
    return _elements() + special(sources)


@functools.lru_cache(maxsize=1)
def _elements() -> str:
    return _read("elements.h")


def available(name: str) -> bool:
    """Whether a function of the base library can be called: products need NumPy's OpenBLAS."""
    return "product" not in name or all(pointer.value for pointer in _blas("s"))


def runner() -> Any:
    """The function that runs a region, given its address and a tuple of arrays."""
    return base().minitf_run  # type: ignore[union-attr]


def caller() -> Any:
    """The function that runs one kernel: its address, its sizes as an array, a tuple of arrays, how
    many these are, whether other Python threads may run meanwhile, and how many threads have memory
    to work in, 0 where it needs none."""
    return base().minitf_call  # type: ignore[union-attr]


def threads() -> int:
    """How many threads a kernel may use at most, as things are now."""
    return int(base().minitf_threads())  # type: ignore[union-attr]


def services() -> tuple[int, int, int]:
    """The addresses of what plans need: the function that shares parts of work among threads, the
    one that says how many there are, and the one that ends a run with an IndexError."""
    found: Any = base()
    found.minitf_parallel.restype = found.minitf_refuse.restype = ctypes.c_void_p
    return found.minitf_parallel(), function("minitf_threads"), found.minitf_refuse()


def function(name: str) -> int:
    """The address of a function of the base library."""
    return ctypes.cast(getattr(base(), name), ctypes.c_void_p).value or 0


def limit_threads(count: int) -> None:
    """Let compiled kernels use at most `count` threads, in the whole process."""
    global _limit
    _limit = count
    if base.cache_info().currsize:
        base().minitf_limit_threads(ctypes.c_int64(count))  # type: ignore[union-attr]


def _blas(letter: str) -> list[ctypes.c_void_p]:
    names = (f"cblas_{letter}gemm", f"cblas_{letter}gemv", "openblas_set_num_threads",
             "openblas_get_num_threads")  # fmt: skip
    return [_address(blas.function(name)) for name in names]


def _address(function: Any) -> ctypes.c_void_p:
    return ctypes.cast(function, ctypes.c_void_p) if function else ctypes.c_void_p()


def _source() -> str:
    text = f"#define OBJECT_HEADER {object.__basicsize__}\n" + _read("native.c")
    text = text.replace("/* POOL */", _read("pool.c"))
    product = _read("product.c")
    return text + "".join(product.replace("REAL", c_type) for c_type, _ in REALS.values())


def _read(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), name)) as file:
        return file.read()
