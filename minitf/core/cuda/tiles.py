"""How a matrix product is cut into pieces for a GPU: the tile of a block, and the parts of the sum.

A tile is chosen by an estimate of the time it takes, in cycles of a multiprocessor: large tiles
read each element less often, small ones give all multiprocessors something to do.
"""
from __future__ import annotations

from typing import NamedTuple

import numpy as np

from minitf.core.cuda.kernels import PROCESSORS

MOST_SPLITS = 256
SCRATCH = 1 << 26  # bytes: parts of sums need not take more
# More parts than this are added by a launch of their own: one block would take longer.
FEW = 8
LANES = 128  # products that a multiprocessor adds to sums in a cycle
START = 1500.0  # cycles until a block has its first elements, and to write the last
LAUNCH = 2500.0  # cycles of one more launch
TRAFFIC = 1500.0  # bytes that all multiprocessors together move in a cycle


class Tile(NamedTuple):
    """Rows and columns of a block and of each of its threads, and how much of the sum at a time.

    `share` is the part of the possible speed that it reaches when the device is full, `resident`
    how many blocks are to fit on a multiprocessor.
    """

    tall: int
    wide: int
    down: int
    across: int
    slab: int
    share: float
    resident: int

    @property
    def threads(self) -> int:
        return self.tall // self.down * (self.wide // self.across)

    def tiles(self, m: int, n: int) -> int:
        return -(-m // self.tall) * -(-n // self.wide)


SINGLE = (
    Tile(128, 128, 8, 8, 8, 0.80, 2),
    Tile(128, 64, 8, 8, 8, 0.72, 3),
    Tile(64, 128, 8, 8, 8, 0.72, 3),
    Tile(64, 64, 8, 4, 16, 0.60, 4),
    Tile(128, 32, 8, 4, 8, 0.50, 4),
    Tile(32, 128, 4, 8, 8, 0.50, 4),
    Tile(32, 32, 4, 4, 16, 0.35, 8),
)
DOUBLE = (
    Tile(64, 64, 8, 4, 8, 0.40, 3),
    Tile(32, 32, 4, 4, 8, 0.25, 8),
)


class Cut(NamedTuple):
    """A tile, and into how many parts each sum is split."""

    tile: Tile
    splits: int


def cut(m: int, n: int, k: int, batch: int, dtype: np.dtype) -> Cut:
    """The tile and the parts for `batch` products of [m, k] and [k, n]."""
    choices = [
        (_cycles(tile, splits, m, n, k, batch, dtype.itemsize), Cut(tile, splits))
        for tile in (SINGLE if dtype == np.float32 else DOUBLE)
        for splits in _splits(tile, m, n, k, batch, dtype.itemsize)
    ]
    return min(choices, key=lambda choice: choice[0])[1]


def _splits(tile: Tile, m: int, n: int, k: int, batch: int, size: int) -> list[int]:
    """1, and numbers of parts that leave each something to do."""
    tiles, slabs = tile.tiles(m, n) * batch, -(-k // tile.slab)
    bytes_each = tiles * tile.tall * tile.wide * size
    most = min(slabs // 4, MOST_SPLITS, SCRATCH // max(bytes_each, 1))
    full = {blocks * PROCESSORS // tiles for blocks in range(1, 3 * tile.resident + 1)}
    return sorted({1} | {min(splits, most) for splits in full if min(splits, most) > 1})


def _cycles(tile: Tile, splits: int, m: int, n: int, k: int, batch: int, size: int) -> float:
    blocks = -(-tile.tiles(m, n) * batch * splits // PROCESSORS)  # on the busiest multiprocessor
    slabs = -(-k // (tile.slab * splits))
    one = tile.tall * tile.wide * tile.slab * slabs / LANES
    # Few threads wait for memory and for each other.
    at_once = min(blocks, tile.resident) * tile.threads
    alone = min(1.0, 0.4 + 0.6 * at_once / 512)
    cycles = blocks * one / (tile.share * alone) + START * -(-blocks // tile.resident)
    if splits == 1:
        return cycles
    parts = tile.tiles(m, n) * batch * splits * tile.tall * tile.wide * size
    return cycles + 2 * parts / TRAFFIC + (LAUNCH if splits > FEW else 200.0 * splits)
