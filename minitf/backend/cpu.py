"""The CPU: NumPy arrays."""
from __future__ import annotations

import contextvars
import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.backend.blas import set_blas_threads
from minitf.backend.native import limit_threads
from minitf.backend.threads import cores

ALIGNMENT = 64  # bytes: a cache line, and the widest vector register

Backend = Any  # a Cpu, or a Gpu (of gpu.py), which has the same methods


class Cpu:
    """Makes and moves arrays in host memory."""

    name = "/device:CPU:0"
    xp: Any = np
    is_gpu = False

    def __init__(self, threads: int = 0) -> None:
        """`threads` of the BLAS, of compiled kernels and of tiles; 0 leaves them as they are."""
        self.threads = threads or cores()
        if threads:
            set_blas_threads(threads)
            limit_threads(threads)

    def allocate(self, size: int) -> np.ndarray:
        """`size` bytes, aligned."""
        raw = np.empty(size + ALIGNMENT, np.uint8)
        start = -raw.ctypes.data % ALIGNMENT
        return raw[start : start + size]

    def window(
        self, slab: np.ndarray, shape: tuple[int, ...], dtype: np.dtype, offset: int = 0
    ) -> np.ndarray:
        """A part of `slab` as an array."""
        size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        return slab[offset : offset + size].view(dtype).reshape(shape)

    def array(self, value: Any) -> np.ndarray:
        """A host array, where this device has it."""
        return value

    def room(self) -> str:
        """How much memory can still be had, in words."""
        return "more than this machine gives"

    def entered(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is called: infinities and NaN are values in it, not warnings.

        A context of the function's own says so once; entering np.errstate in every call would
        cost more than a small step.
        """
        context = contextvars.copy_context()
        context.run(np.seterr, all="ignore")
        return functools.partial(context.run, function)
