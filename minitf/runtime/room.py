"""Memory for arrays whose sizes differ from run to run, used again once nobody has them any more.

A large array made afresh costs as much as the step that fills it: the system hands it over page by
page.
"""
from __future__ import annotations

import math
import sys
import threading
from typing import Any

import numpy as np

WORTH = 1 << 16  # bytes
MOST = 32  # pieces that are kept


def _references(pieces: list[np.ndarray], i: int) -> int:
    """How many there are to a piece, seen from here."""
    return sys.getrefcount(pieces[i])


FREE = _references([np.empty(0)], 0)  # to one that no array lies in, in this version of Python


class Room:
    """Pieces of memory. An array holds on to the piece in which it lies; so do views of it."""

    def __init__(self) -> None:
        self.pieces: list[np.ndarray] = []
        self.lock = threading.Lock()

    def empty(self, shape: tuple[int, ...], dtype: np.dtype) -> Any:
        """An array of any contents."""
        size = math.prod(shape) * dtype.itemsize
        if size < WORTH:
            return np.empty(shape, dtype)
        with self.lock:  # until the array has it, a piece looks free to others
            return np.ndarray(shape, dtype, self._piece(size))

    def _piece(self, size: int) -> np.ndarray:
        pieces = self.pieces
        for i in range(len(pieces)):
            if size <= pieces[i].nbytes <= 2 * size and _references(pieces, i) <= FREE:
                pieces.append(pieces.pop(i))  # the one that was used last goes last
                return pieces[-1]
        pieces.append(np.empty(size + size // 4, np.uint8))
        if len(pieces) > MOST:
            del pieces[0]
        return pieces[-1]
