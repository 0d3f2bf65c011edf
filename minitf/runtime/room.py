"""Memory for arrays whose sizes differ from run to run, used again once nobody has them any more.

A large array made afresh costs as much as the step that fills it: the system hands it over page by
page.
"""
from __future__ import annotations

import math
import sys
from typing import Any

import numpy as np

WORTH = 1 << 16  # bytes
MOST = 32  # pieces that are kept
FREE = 3  # references to a piece that no array lies in: the list, the loop below, the count


class Room:
    """Pieces of memory. An array holds on to the piece in which it lies; so do views of it."""

    def __init__(self) -> None:
        self.pieces: list[np.ndarray] = []

    def empty(self, shape: tuple[int, ...], dtype: np.dtype) -> Any:
        """An array of any contents."""
        size = math.prod(shape) * dtype.itemsize
        if size < WORTH:
            return np.empty(shape, dtype)
        return np.ndarray(shape, dtype, self._piece(size))

    def _piece(self, size: int) -> np.ndarray:
        pieces = self.pieces
        for i, piece in enumerate(pieces):
            if size <= piece.nbytes <= 2 * size and sys.getrefcount(piece) <= FREE:
                pieces.append(pieces.pop(i))  # the one that was used last goes last
                return piece
        pieces.append(np.empty(size + size // 4, np.uint8))
        if len(pieces) > MOST:
            del pieces[0]
        return pieces[-1]
