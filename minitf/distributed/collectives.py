"""What all processes do together to arrays: sum, gather, send to all.

Each process must run the same collectives in the same order. Before each, the processes compare a
number that stands for what they are about to do: a difference is an error in all of them.
"""
from __future__ import annotations

import math
import zlib
from typing import Any

import numpy as np

from minitf.core.errors import InvalidArgumentError
from minitf.distributed.world import World, world


class Collective:
    """What a Session keeps for a node: buffers, and numbers that stand for signatures."""

    def __init__(self, operation: Any) -> None:
        self.operation = operation
        self.numbers: dict[Any, int] = {}  # what stands for a signature when it is compared
        self.buffers: dict[Any, np.ndarray] = {}

    def sum(self, arrays: list[np.ndarray], average: bool) -> list[np.ndarray]:
        """The sums over the processes, of all arrays of a type in one exchange."""
        here = world()
        arrays = [np.asarray(array) for array in arrays]
        with here.lock:
            self._agree(here, [(array.shape, str(array.dtype)) for array in arrays])
            found: list[Any] = [None] * len(arrays)
            for dtype in dict.fromkeys(array.dtype for array in arrays):
                which = [i for i, array in enumerate(arrays) if array.dtype == dtype]
                sums = self._summed(here, [arrays[i] for i in which], dtype, average)
                for i, total in zip(which, sums):
                    found[i] = total
        return found

    def _summed(
        self, here: World, arrays: list[np.ndarray], dtype: np.dtype, average: bool
    ) -> list[np.ndarray]:
        # MPI knows no half precision; what else it lacks raises there.
        wide = np.dtype(np.float32) if dtype == np.float16 else dtype
        total = sum(array.size for array in arrays)
        flat = self.buffers.get((wide, total))
        if flat is None:
            flat = self.buffers[wide, total] = np.empty(total, wide)
        np.concatenate([array.ravel() for array in arrays], out=flat, casting="same_kind")
        if here.comm is not None and here.size > 1:
            here.comm.Allreduce(here.mpi.IN_PLACE, flat)  # type: ignore[union-attr]
        if average:
            flat *= 1.0 / here.size
        ends = np.cumsum([array.size for array in arrays])
        parts = np.split(flat, ends[:-1])
        return [part.reshape(a.shape).astype(dtype) for part, a in zip(parts, arrays)]

    def gather(self, array: np.ndarray) -> np.ndarray:
        """The arrays of all processes, one below the other; only their lengths may differ."""
        here = world()
        array = np.ascontiguousarray(array)
        with here.lock:
            self._agree(here, [(array.shape[1:], str(array.dtype))])
            if here.comm is None or here.size == 1:
                return array.copy()
            lengths = here.comm.allgather(len(array))
            row = math.prod(array.shape[1:]) * array.itemsize
            found = np.empty((sum(lengths), *array.shape[1:]), array.dtype)
            byte = here.mpi.BYTE  # type: ignore[union-attr]
            counts = [length * row for length in lengths]
            here.comm.Allgatherv([_bytes(array), byte], [_bytes(found), counts, None, byte])
            return found

    def broadcast(self, arrays: list[np.ndarray], root: int) -> list[np.ndarray]:
        """The arrays that process `root` has, in all of them."""
        here = world()
        if not 0 <= root < here.size:
            raise ValueError(f"root_rank {root} is none of the {here.size} processes")
        found = [np.array(array) for array in arrays]
        with here.lock:
            self._agree(here, [root, *((array.shape, str(array.dtype)) for array in found)])
            if here.comm is not None and here.size > 1:
                for array in found:
                    here.comm.Bcast([_bytes(array), here.mpi.BYTE], root)  # type: ignore[union-attr]
        return found

    def _agree(self, here: World, what: list[Any]) -> None:
        """InvalidArgumentError in all processes unless all are about to do the same."""
        if here.comm is None or here.size == 1:
            return
        key = (self.operation.type, self.operation.name, *what)
        number = self.numbers.get(key)
        if number is None:
            number = self.numbers[key] = zlib.crc32(repr(key).encode())
        extremes = np.array([number, -number])
        here.comm.Allreduce(here.mpi.IN_PLACE, extremes, here.mpi.MAX)  # type: ignore[union-attr]
        if extremes[0] == -extremes[1]:
            return
        told = here.comm.allgather(key)
        other = next(rank for rank, each in enumerate(told) if each != key)
        raise InvalidArgumentError(
            None, self.operation,
            f"The processes do not do the same: process {here.rank} runs {_said(key)}, but "
            f"process {other} {_said(told[other])}. Each process must build the same graph, run "
            "the same fetches as often, and have the same shapes where something is exchanged."
        )  # fmt: skip


def _bytes(array: np.ndarray) -> np.ndarray:
    """The memory of a contiguous array."""
    return array.reshape(-1).view(np.uint8)


def _said(key: Any) -> str:
    kind, name, *what = key
    return f"{kind} '{name}' of {what}"
