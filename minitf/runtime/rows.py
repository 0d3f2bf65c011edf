"""What is known of the elements of a TensorArray before the run: their number and their shape.

A plan sees all that is written to an array: so what is read from it has a known shape, and gets
buffers like everything else.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.core.context import KEPT
from minitf.core.tensor_shape import Shape, is_static
from minitf.runtime.program import Step


def joined(a: Shape, b: Shape) -> Shape:
    """What two shapes have in common."""
    if a is None or b is None or len(a) != len(b):
        return None
    return tuple(m if m == n else None for m, n in zip(a, b))


@dataclass(slots=True, eq=False)
class Rows:
    """Of one array: `size` when it cannot grow, `shape` once something was written."""

    size: int | None = None
    written: bool = False
    shape: Shape = None
    inner: Rows | None = None  # where the elements are handles: of these
    born: int = 0  # in which visit of the outermost loop, or later
    differs: bool = True  # elements are not, or may be not, all the same
    element: np.ndarray | None = None  # what all elements are that were written, unless they differ

    def saw(self, shape: Shape, element: np.ndarray | None = None) -> bool:
        """Something of this shape is written; whether that was not known before."""
        wanted = joined(self.shape, shape) if self.written else shape
        new = not self.written or wanted != self.shape
        self.written, self.shape = True, wanted
        before = self.element
        if not self.differs and not _same(element, element if before is None else before):
            self.differs, new = True, new or before is not None
        self.element = None if self.differs else element
        return new


def _same(a: np.ndarray | None, b: np.ndarray | None) -> bool:
    """Whether both are known, and equal to the bit."""
    if a is None or b is None:
        return False
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


class News:
    """What visits of loops have found out about arrays that are older than the visit."""

    def __init__(self) -> None:
        self.visits = 0
        self.of: list[Rows] = []

    def note(self, rows: Rows, shape: Shape, element: np.ndarray | None = None) -> None:
        """Something of this shape is written, `element` if that is known."""
        if rows.saw(shape, element):
            self.of.append(rows)

    def since(self, visit: int, count: int) -> bool:
        """Whether there is any, after the first `count`, of arrays from before a visit."""
        return any(rows.born < visit for rows in self.of[count:])


def follow(own: Any, step: Step) -> None:
    """Take note of what a step does with an array; fill in the shape of what it reads."""
    kind, values = step.definition.array, own.values
    if kind == "make":
        size = values[step.inputs[0]].constant
        known = None if step.attrs["dynamic_size"] or size is None else int(size)
        shape = step.attrs["element_shape"]
        fixed = is_static(shape)
        kept = step.attrs["tensor_array_name"] == KEPT  # what is read has been written before
        own.arrays[step.outputs[0]] = Rows(known, fixed, shape if fixed else None,
                                           born=own.news.visits, differs=not kept)
        return
    rows = own.arrays.get(own.root(step.inputs[0]))
    if rows is not None:
        globals()[f"_{kind}"](own, rows, step)


def _put(own: Any, rows: Rows, step: Step) -> None:
    value = step.inputs[2]
    own.news.note(rows, own.values[value].shape, own.values[value].constant)
    rows.inner = own.arrays.get(own.root(value))


def _scatter(own: Any, rows: Rows, step: Step) -> None:
    shape = own.values[step.inputs[2]].shape
    own.news.note(rows, None if shape is None else shape[1:])


def _split(own: Any, rows: Rows, step: Step) -> None:
    shape = own.values[step.inputs[1]].shape
    own.news.note(rows, None if shape is None else (None, *shape[1:]))


def _get(own: Any, rows: Rows, step: Step) -> None:
    value = own.values[step.outputs[0]]
    if rows.written:
        value.shape = rows.shape
    if rows.inner is not None:
        own.arrays[step.outputs[0]] = rows.inner


def _gather(own: Any, rows: Rows, step: Step) -> None:
    value, indices = own.values[step.outputs[0]], own.values[step.inputs[1]].shape
    if rows.written and rows.shape is not None and indices is not None:
        value.shape = (*indices, *rows.shape)


def _size(own: Any, rows: Rows, step: Step) -> None:
    if rows.size is not None:
        own.values[step.outputs[0]].constant = np.array(rows.size, np.int32)


def _concat(own: Any, rows: Rows, step: Step) -> None:
    """The rows of elements may be of several numbers."""


def _close(own: Any, rows: Rows, step: Step) -> None:
    """Nothing is read afterwards."""


def _grad(own: Any, rows: Rows, step: Step) -> None:
    rows.differs, rows.element = True, None  # gradients are of the same shape, no more
    own.arrays[step.outputs[0]] = rows
