"""The CPU: NumPy arrays."""
from __future__ import annotations

import ctypes
import os
from typing import Any

import numpy as np

from minitf.backend.log import warn

ALIGNMENT = 64  # bytes: a cache line, and the widest vector register


class Cpu:
    """Makes and moves arrays in host memory."""

    name = "/device:CPU:0"
    xp: Any = np

    def __init__(self, threads: int = 0) -> None:
        """`threads` of the BLAS; 0 leaves them as they are."""
        if threads:
            set_blas_threads(threads)

    def allocate(self, size: int) -> np.ndarray:
        """`size` bytes, aligned."""
        raw = np.empty(size + ALIGNMENT, np.uint8)
        start = -raw.ctypes.data % ALIGNMENT
        return raw[start : start + size]

    def window(self, slab: np.ndarray, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """The start of `slab` as an array."""
        count = int(np.prod(shape, dtype=np.int64))
        return slab[: count * dtype.itemsize].view(dtype).reshape(shape)


def set_blas_threads(count: int) -> None:
    """Let the BLAS that NumPy brings use `count` threads, in the whole process."""
    folder = os.path.join(os.path.dirname(os.path.dirname(np.__file__)), "numpy.libs")
    names = os.listdir(folder) if os.path.isdir(folder) else []
    for name in filter(lambda name: "openblas" in name, names):
        library = ctypes.CDLL(os.path.join(folder, name))  # loaded already: this only finds it
        for setter in ("scipy_openblas_set_num_threads64_", "openblas_set_num_threads64_",
                     "scipy_openblas_set_num_threads", "openblas_set_num_threads"):  # fmt: skip
            if hasattr(library, setter):
                getattr(library, setter)(ctypes.c_int(count))
                return
    warn(
        f"intra_op_parallelism_threads={count}: NumPy's BLAS here is not OpenBLAS; set its own "
        "environment variable (OMP_NUM_THREADS, MKL_NUM_THREADS) instead"
    )
