"""The CPU: NumPy arrays."""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.backend.blas import set_blas_threads
from minitf.backend.native import limit_threads
from minitf.backend.threads import cores

ALIGNMENT = 64  # bytes: a cache line, and the widest vector register


class Cpu:
    """Makes and moves arrays in host memory."""

    name = "/device:CPU:0"
    xp: Any = np

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

    def window(self, slab: np.ndarray, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """The start of `slab` as an array."""
        count = int(np.prod(shape, dtype=np.int64))
        return slab[: count * dtype.itemsize].view(dtype).reshape(shape)
