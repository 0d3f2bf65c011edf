"""An NVIDIA GPU: CuPy's arrays, kernels that NVRTC compiles, CUDA graphs.

CuPy is imported when the first Gpu is made.
"""
from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from minitf.backend.log import warn
from minitf.backend.special import special
from minitf.core.kernel import Launch

ALIGNMENT = 256  # bytes: what the device's own allocator gives
OPTIONS = ("-std=c++17",)


@functools.lru_cache(maxsize=8)
def gpu(index: int, memory_fraction: float = 0.0) -> Gpu:
    """The Gpu of that index, which all sessions share; it takes at most that fraction of memory."""
    found = _gpu(index)
    if memory_fraction:
        with found.device:
            found.xp.get_default_memory_pool().set_limit(fraction=memory_fraction)
    return found


@functools.lru_cache(maxsize=8)
def _gpu(index: int) -> Gpu:
    return Gpu(index)


def fetched(array: Any) -> np.ndarray:
    """A copy on the host of what an array of a Gpu will be when all that was launched is done."""
    return array.get(_gpu(array.device.id).stream)


class Work(NamedTuple):
    """Memory for launches beside their arrays; tickets are 0 between launches."""

    tickets: Any
    scratch: Any


class Gpu:
    """Makes and moves arrays in the memory of one device, and launches kernels there.

    All work is done in order on one stream; feeds come on another beside it.
    """

    is_gpu = True
    threads = 1
    UP, DOWN, ACROSS = 1, 2, 3  # copies to the device, to the host, within it: cudaMemcpyKind

    def __init__(self, index: int = 0) -> None:
        """`index` among the visible devices."""
        import cupy

        self.xp: Any = cupy
        self.name = "/device:GPU:0"
        self.device = cupy.cuda.Device(index)
        with self.device:
            self.stream = cupy.cuda.Stream(non_blocking=True)
            self.uploads = cupy.cuda.Stream(non_blocking=True)
        self.functions: dict[str, Any] = {}  # by their text

    # -- memory ------------------------------------------------------------------------------

    def allocate(self, size: int) -> Any:
        """`size` bytes that are 0."""
        with self.device, self.stream:
            return self.xp.zeros(size, np.uint8)

    def window(self, slab: Any, shape: tuple[int, ...], dtype: np.dtype, offset: int = 0) -> Any:
        """A part of `slab` as an array."""
        size = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        return slab[offset : offset + size].view(dtype).reshape(shape)

    def pinned(self, size: int) -> np.ndarray:
        """`size` bytes of host memory that the device copies from and to by itself; MemoryError
        where there are no more."""
        cuda = self.xp.cuda
        try:
            with self.device:
                memory = cuda.alloc_pinned_memory(max(size, 1))
        except cuda.runtime.CUDARuntimeError as error:
            raise MemoryError(f"{size:,} bytes of pinned host memory: {error}") from error
        return np.frombuffer(memory, np.uint8, size)

    def array(self, value: Any) -> Any:
        """A copy of a host array."""
        with self.device, self.stream:
            made = self.xp.asarray(value)
            self.stream.synchronize()
            return made

    def aligned(self, array: Any) -> Any:
        """The array as kernels take it: its elements side by side, from a multiple of 16 bytes."""
        if not array.flags.c_contiguous:
            return self.xp.ascontiguousarray(array)
        return array.copy() if array.data.ptr % 16 else array

    def room(self) -> str:
        """How much memory can still be had, in words."""
        with self.device:
            free, total = self.xp.cuda.runtime.memGetInfo()
            free = min(total, free + self.xp.get_default_memory_pool().free_bytes())
        return f"of {total / 2**20:,.1f} MiB {free / 2**20:,.1f} are free"

    def copy(self, to: int, source: int, size: int, kind: int, stream: Any) -> None:
        """Copy between addresses, in the order of a stream; kind is `UP` or the like."""
        if size:
            self.xp.cuda.runtime.memcpyAsync(to, source, size, kind, stream.ptr)

    # -- running -----------------------------------------------------------------------------

    def entered(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is called: what it asks of CuPy happens on this device's stream."""

        @functools.wraps(function)
        def run(*arguments: Any) -> Any:
            with self.device, self.stream, np.errstate(all="ignore"):
                return function(*arguments)

        return run

    def compile(self, launches: Iterable[Launch]) -> None:
        """Compile the kernels that are new, together."""
        sources = dict.fromkeys(launch.source for launch in launches)
        new = [source for source in sources if source not in self.functions]
        if new:
            module = self.xp.RawModule(code=module_text(new), options=OPTIONS)
            with self.device:
                made = [module.get_function(f"kernel{i}") for i in range(len(new))]
            self.functions.update(zip(new, made))

    def work(self, launches: Iterable[Launch]) -> Work:
        """The memory that such launches work in, one after the other."""
        launches = list(launches)
        tickets = max((4 * launch.tickets for launch in launches), default=0)
        scratch = max((launch.scratch for launch in launches), default=0)
        return Work(*(self.allocate(size) if size else None for size in (tickets, scratch)))

    def launch(self, launch: Launch, pointers: tuple[int, ...], work: Work) -> None:
        """Launch a kernel that has been compiled, on the current stream."""
        extra = [work.tickets] if launch.tickets else []
        extra += [work.scratch] if launch.scratch else []
        addresses = (*pointers, *(array.data.ptr for array in extra))
        arguments = (*map(np.int64, launch.sizes), *map(np.uint64, addresses))
        self.functions[launch.source](_three(launch.grid), _three(launch.block), arguments)

    @functools.cached_property
    def blas(self) -> Any:
        """cuBLASLt, or kernels of our own where it is not installed."""
        from minitf.backend.cublas import CublasLt
        from minitf.backend.tiled import Tiled

        try:
            return CublasLt(self, bool(int(os.environ.get("CUPY_TF32", "0") or 0)))
        except OSError as error:
            warn(f"products on the GPU are computed by minitf's own kernels: {error}; cuBLASLt is "
                 "faster, and comes with pip install 'cupy-cuda13x[ctk]' (or 12x)")  # fmt: skip
            return Tiled(self)


def _three(sizes: tuple[int, ...]) -> tuple[int, ...]:
    return (*sizes, 1, 1)[:3]


def module_text(sources: Iterable[str]) -> str:
    """Kernels, called kernel0, kernel1, ..., behind what they have in common."""
    sources = list(sources)
    functions = (source.replace("NAME", f"kernel{i}") for i, source in enumerate(sources))
    return "\n".join([preamble(sources), *functions])


def preamble(sources: Iterable[str]) -> str:
    """What stands before such kernels."""
    return _elements() + special(sources)


@functools.lru_cache(maxsize=1)
def _elements() -> str:
    with open(os.path.join(os.path.dirname(__file__), "elements.cuh")) as file:
        return file.read()
