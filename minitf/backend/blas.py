"""The BLAS that NumPy has brought: OpenBLAS, as NumPy's wheels have it."""
from __future__ import annotations

import contextlib
import ctypes
import functools
import math
import os
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.backend.log import warn

PREFIX, SUFFIX = "scipy_", "64_"  # of its names, with 64-bit sizes
LARGE = 1 << 20  # elements of a matrix


@functools.lru_cache(maxsize=1)
def openblas() -> ctypes.CDLL | None:
    """The library, which NumPy has loaded already; None when NumPy has another BLAS."""
    folder = os.path.join(os.path.dirname(os.path.dirname(np.__file__)), "numpy.libs")
    names = os.listdir(folder) if os.path.isdir(folder) else []
    for name in filter(lambda name: "openblas" in name, names):
        return ctypes.CDLL(os.path.join(folder, name))
    return None


def function(name: str) -> Any:
    """`cblas_sgemm`, `openblas_set_num_threads`, ...; None when it is not there."""
    return getattr(openblas(), f"{PREFIX}{name}{SUFFIX}", None)


def with_one_thread(kernel: Any, xp: Any, matrices: np.ndarray, *rest: Any, **named: Any) -> Any:
    """Call a kernel that calls LAPACK. Its threads wait for each other at every few columns: they
    win little before matrices are large, and cost ten times that where others want the cores."""
    if math.prod(matrices.shape[-2:]) >= LARGE:
        return kernel(xp, matrices, *rest, **named)
    with one_thread():
        return kernel(xp, matrices, *rest, **named)


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Let the BLAS use one thread meanwhile, in the whole process."""
    setter, getter = function("openblas_set_num_threads"), function("openblas_get_num_threads")
    count = getter() if setter is not None and getter is not None else 1
    if count == 1:
        yield
        return
    setter(ctypes.c_int(1))
    try:
        yield
    finally:
        setter(ctypes.c_int(count))


def set_blas_threads(count: int) -> None:
    """Let the BLAS use `count` threads, in the whole process."""
    setter = function("openblas_set_num_threads")
    if setter is not None:
        setter(ctypes.c_int(count))
        return
    warn(
        f"intra_op_parallelism_threads={count}: NumPy's BLAS here is not OpenBLAS; set its own "
        "environment variable (OMP_NUM_THREADS, MKL_NUM_THREADS) instead"
    )
