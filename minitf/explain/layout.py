"""Where the nodes of a graph stand when it is drawn from left to right.

The column of a node is that before its first use; within a column nodes are in the order
of the mean of their neighbours, which leaves few crossings, and near that mean where there is room.
[Sugiyama, Tagawa and Toda 1981, "Methods for Visual Understanding of Hierarchical System
Structures"]
"""
from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import fmean

# A node, or where the edge from one node to another passes a column: (from, to, column).
Point = int | tuple[int, int, int]
Column = list[Point]
_SWEEPS = 12


class Layout:
    """`inputs` has for each node the numbers of those that it comes from, smaller than its own.

    `places` are the (column, height) of the nodes, in units of one node, from 0 on; `columns` and
    `rows` how much room they take.
    """

    def __init__(self, inputs: Sequence[Sequence[int]]) -> None:
        self._column = _columns(inputs)
        self._before: dict[Point, Column] = {node: [] for node in range(len(inputs))}
        self._after: dict[Point, Column] = {node: [] for node in range(len(inputs))}
        for node, sources in enumerate(inputs):
            for source in dict.fromkeys(sources):
                self._join(source, node)
        columns: list[Column] = [[] for _ in range(max(self._column, default=-1) + 1)]
        for point in self._before:
            columns[self._column_of(point)].append(point)
        self._heights = self._straightened(self._ordered(columns))
        self.places = [self._place(node) for node in range(len(inputs))]
        self.columns, self.rows = len(columns), max(self._heights.values(), default=-1.0) + 1

    def way(self, source: int, node: int) -> list[tuple[float, float]]:
        """The places that an edge goes through, both ends too."""
        return [self._place(point) for point in self._chain(source, node)]

    def _place(self, point: Point) -> tuple[float, float]:
        return float(self._column_of(point)), self._heights[point]

    def _column_of(self, point: Point) -> int:
        return self._column[point] if isinstance(point, int) else point[2]

    def _chain(self, source: int, node: int) -> Column:
        passed = range(self._column[source] + 1, self._column[node])
        return [source, *((source, node, column) for column in passed), node]

    def _join(self, source: int, node: int) -> None:
        chain = self._chain(source, node)
        for one, other in pairwise(chain):
            self._after.setdefault(one, []).append(other)
            self._before.setdefault(other, []).append(one)
            self._after.setdefault(other, [])

    def _ordered(self, columns: list[Column]) -> list[Column]:
        """Of the orders that sweeps to and fro find, the one with the fewest crossings."""
        found = [columns]
        for _ in range(_SWEEPS):
            found.append(list(_swept(found[-1], self._before)))
            found.append(list(_swept(found[-1][::-1], self._after))[::-1])
        return min(found, key=self._crossings)

    def _crossings(self, columns: list[Column]) -> int:
        return sum(map(self._crossed, columns, columns[1:]))

    def _crossed(self, left: Column, right: Column) -> int:
        rank = _ranks(right)
        ends = [end for point in left for end in sorted(rank[to] for to in self._after[point])]
        return sum(a > b for i, b in enumerate(ends) for a in ends[:i])

    def _straightened(self, columns: list[Column]) -> dict[Point, float]:
        """Heights that keep the order, a distance of 1, and edges as straight as they can be."""
        beside = {point: self._before[point] + self._after[point] for point in self._before}
        heights = {p: i - len(column) / 2 for column in columns for p, i in _ranks(column).items()}
        for column in (columns + columns[::-1]) * _SWEEPS:
            _move(column, beside, heights)
        for column in columns:
            _move(column, self._before, heights)  # in the end, in the middle of the inputs
        top = min(heights.values(), default=0.0)
        return {point: height - top for point, height in heights.items()}


def _columns(inputs: Sequence[Sequence[int]]) -> list[int]:
    """By the longest way to the end, so that each node stands close to its first use."""
    ways = [0] * len(inputs)
    for node in reversed(range(len(inputs))):
        for source in inputs[node]:
            ways[source] = max(ways[source], ways[node] + 1)
    longest = max(ways, default=0)
    return [longest - way for way in ways]


def _swept(columns: Sequence[Column], neighbours: Mapping[Point, Column]) -> Iterator[Column]:
    """Each column ordered by the one that came before it."""
    rank: dict[Point, float] = {}
    for column in columns:
        means = {p: _mean(neighbours[p], rank, own) for p, own in _ranks(column).items()}
        ordered = sorted(means, key=lambda point: means[point])
        yield ordered
        rank = _ranks(ordered)


def _move(column: Column, beside: Mapping[Point, Column], heights: dict[Point, float]) -> None:
    wanted = [_mean(beside[point], heights, heights[point]) for point in column]
    heights.update(zip(column, _apart(wanted)))


def _ranks(column: Column) -> dict[Point, float]:
    return {point: float(rank) for rank, point in enumerate(column)}


def _mean(points: Column, heights: Mapping[Point, float], own: float) -> float:
    return fmean([heights[point] for point in points] or [own])


def _apart(wanted: list[float]) -> list[float]:
    """The heights nearest to those wanted that are in order and 1 apart.

    Those in each other's way stand around their common mean: the pool-adjacent-violators algorithm.
    """
    pools: list[list[float]] = []
    for rank, height in enumerate(wanted):
        pools.append([height - rank])
        while len(pools) > 1 and fmean(pools[-2]) >= fmean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    flat = [fmean(pool) for pool in pools for _ in pool]
    return [height + rank for rank, height in enumerate(flat)]
