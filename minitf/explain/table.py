"""A flow as text."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from minitf.explain.statistics import BINS, Statistics

if TYPE_CHECKING:
    from minitf.explain.flow import Flow, Node

_HEAD = ("", "op", "shape", "values", "mean", "std", "zero", "gradient", "rms", "built at")
_RIGHT = {4, 5, 6, 8}


def table(flow: Flow) -> str:
    """One line for each node, inputs first; below them the remarks."""
    rows = [_HEAD, *(_row(node) for node in flow.nodes)]
    lines = aligned(rows, _RIGHT, {3: BINS // 2, 7: BINS // 2})
    hidden = f"({flow.hidden} nodes of sizes, constants and other names are not shown)"
    notes = [f"! {remark}" for remark in flow.remarks()]
    return "\n".join([*lines, *([hidden] if flow.hidden else []), *notes])


def aligned(
    rows: Sequence[tuple[str, ...]], right: Collection[int] = (), given: Mapping[int, int] = {}
) -> list[str]:  # fmt: skip
    """A line for each row, its cells below each other; the columns `right` end below each other.

    `given` are the widths of columns that are not as wide as their longest cell.
    """
    widths = [given.get(i, max(map(len, column))) for i, column in enumerate(zip(*rows))]
    return [
        "  ".join(
            cell.rjust(width) if i in right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths))
        ).rstrip()
        for row in rows
    ]


def _row(node: Node) -> tuple[str, ...]:
    value, gradient = node.value, node.gradient
    line = f"{node.line.filename.rsplit('/', 1)[-1]}:{node.line.lineno}"
    back = (_elements(gradient), number(gradient.rms)) if gradient else ("", "")
    return (node.name, node.type, size(value), _elements(value), number(value.mean),
            number(value.std) if value.counts and value.shape else "", f"{value.zeros:.0%}",
            *back, line)  # fmt: skip


def _elements(found: Statistics) -> str:
    """Their histogram, or the few that they are if these are short."""
    few = row(found.few)
    return few if len(few) <= BINS // 2 and found.least == found.largest else found.bars()


def row(few: tuple[float, ...]) -> str:
    return "  ".join(map(number, few))


def size(value: Statistics) -> str:
    """The shape as TensorFlow users write it: 32x10, or "scalar"."""
    return "x".join(map(str, value.shape)) or "scalar"


def number(x: float) -> str:
    return f"{x:.3g}"
