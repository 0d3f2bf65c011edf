"""Which sizes of the feeds differ from run to run: sentences of all lengths, say.

A plan of its own for each combination would take longer to make than it is run. After the first
few, shapes that are new share a plan that leaves such sizes open, which takes about half as long
again to run; one that comes often gets a plan of its own all the same.
"""
from __future__ import annotations

from collections import Counter

Shape = tuple[int, ...]
Open = tuple["int | None", ...]  # None where the size differs

OWN = 4  # shapes that get plans of their own when they come for the first time
# Runs after which any other shape gets one. They are counted, not timed: equal programs give equal
# numbers, to the last bit.
OFTEN = 6
COUNTED = 4096  # shapes whose runs are counted


class Varying:
    """The shapes of feeds that have come so far."""

    def __init__(self) -> None:
        self.sizes: tuple[Open, ...] = ()  # of each feed, what all of them had in common
        self.own = 0  # shapes that have a plan of their own
        self.runs: Counter[tuple[Shape, ...]] = Counter()

    def shares(self, shapes: tuple[Shape, ...]) -> bool:
        """Whether shapes that have no plan of their own go on without one."""
        ranks = [len(shape) for shape in shapes]
        if self.own and ranks != [len(sizes) for sizes in self.sizes]:
            return False
        self.sizes = tuple(map(_common, self.sizes, shapes)) if self.own else shapes
        if len(self.runs) >= COUNTED:
            self.runs.clear()
        self.runs[shapes] += 1
        shared = self.own >= OWN and self.runs[shapes] < OFTEN
        self.own += not shared
        return shared


def _common(sizes: Open, shape: Shape) -> Open:
    return tuple(one if one == other else None for one, other in zip(sizes, shape))
