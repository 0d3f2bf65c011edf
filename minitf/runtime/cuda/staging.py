"""Feeds on their way to a GPU: into pinned memory, and from there to the device."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.backend.gpu import Gpu
from minitf.backend.threads import cores, share

LONG = 1 << 22  # bytes of an array: from here on several threads copy it
PART = 1 << 20  # bytes that one takes at once
THREADS = 8  # at most: they fill the memory's bandwidth


@dataclass(slots=True)
class Copy:
    """A copy between an argument in host memory and the device; `up` is towards the device."""

    up: bool
    argument: int
    shape: tuple[int, ...]
    dtype: np.dtype
    key: Any  # which array of the device, and how many bytes into it
    offset: int
    start: int  # in the block of pinned memory that all such copies share

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64)) * self.dtype.itemsize

    def window(self, block: np.ndarray) -> np.ndarray:
        """The part of the pinned block as an array."""
        return block[self.start : self.start + self.size].view(self.dtype).reshape(self.shape)


class Staging:
    """Pinned memory for the feeds of one run, and the memory of the device that it is copied to, if
    `beside` while the run before still computes."""

    def __init__(self, gpu: Gpu, copies: list[Copy], device: Any, beside: bool) -> None:
        """The copies lie one after the other in the array `device`."""
        self.gpu, self.device, self.size, self.beside = gpu, device, device.nbytes, beside
        self.pinned = gpu.pinned(self.size)
        self.windows = [(copy.argument, copy.window(self.pinned)) for copy in copies]
        self.addresses = device.data.ptr, self.pinned.ctypes.data
        with gpu.device:
            self.copied, self.taken = (gpu.xp.cuda.Event(disable_timing=True) for _ in range(2))
        self.release()  # what made this memory, and whose it was before, are done

    def __del__(self) -> None:
        if hasattr(self, "copied"):
            self.copied.synchronize()  # no other array may come to lie where a copy still reads

    def put(self, arrays: tuple[Any, ...]) -> None:
        """Copy feeds, before what the stream does next."""
        self.copied.synchronize()  # what was put here last has been copied
        for argument, window in self.windows:
            fill(window, arrays[argument])
        gpu = self.gpu
        if not self.beside:
            gpu.copy(*self.addresses, self.size, gpu.UP, gpu.stream)
            self.copied.record(gpu.stream)
            return
        gpu.uploads.wait_event(self.taken)
        gpu.copy(*self.addresses, self.size, gpu.UP, gpu.uploads)
        self.copied.record(gpu.uploads)
        gpu.stream.wait_event(self.copied)

    def release(self) -> None:
        """What has been launched is the last to read the feeds."""
        if self.beside:
            self.taken.record(self.gpu.stream)


def fill(to: np.ndarray, source: np.ndarray) -> None:
    """Copy an array to another of the same shape."""
    if to.nbytes < LONG:
        to[...] = source
        return
    rows = max(1, PART * len(to) // to.nbytes)

    def some(starts: Iterable[int]) -> None:
        for start in starts:
            to[start : start + rows] = source[start : start + rows]

    share(some, range(0, len(to), rows), min(THREADS, cores()))
