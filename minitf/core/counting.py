"""How many nodes TensorFlow would have in a graph, by which it draws random numbers."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


class Counting:
    """The part of Graph that counts nodes as TensorFlow has them."""

    def __init__(self) -> None:
        self._last_id = 0
        self._surplus = 0  # nodes that TensorFlow would not have made: seeds do not count them
        self._counted_apart = False

    @property
    def _counted(self) -> int:
        """How many nodes TensorFlow would have: the seed of a random op that has none."""
        return self._last_id - self._surplus

    @contextmanager
    def _counting(self, nodes: int) -> Iterator[None]:
        """What is built inside counts as so many nodes, `_counted_apart` from the others."""
        counted, outer = self._counted, self._counted_apart
        self._counted_apart = True
        try:
            yield
        finally:
            self._counted_apart = outer
            self._surplus += self._counted - counted - nodes

    def _count_more(self, nodes: int) -> None:
        """TensorFlow makes so many nodes that are not here; fewer, where the number is negative."""
        self._surplus -= nodes

    @contextmanager
    def _counting_anew(self, inputs: int) -> Iterator[None]:
        """What is built inside is that of a function: it counts by itself, after so many nodes for
        its inputs, and outside as one node."""
        counted = self._counted
        self._surplus = self._last_id - inputs
        try:
            yield
        finally:
            self._surplus = self._last_id - counted - 1
