"""Products whose columns are not all read: `Split(a b)[1]` becomes `a b[:, 10:20]`.

The gradient of a concatenation is split into the gradients of its parts, of which often only one is
needed: an unrolled network wants that of its state, not that of its inputs.
"""
from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from minitf.core.op import OpDef
from minitf.runtime.program import Program, Step, Value


def _range(xp: Any, x: Any, *, axis: int, first: int, last: int) -> Any:
    return x[first:last] if axis == 0 else x[:, first:last]


_range.__annotations__ = {}
def _source(out: Any, x: str, *, axis: int, first: int, last: int) -> str:
    return f"{x}[{first}:{last}]" if axis == 0 else f"{x}[:, {first}:{last}]"


RANGE = OpDef("Range", _range, None, view=True, source=_source)  # of rows or columns


class Columns(NamedTuple):
    """One output of a view of a product, and the columns that it is."""

    value: int
    first: int
    last: int


def narrow(program: Program) -> Program:
    """Compute no more columns of a product than are read."""
    users: dict[int, list[Step]] = {}
    for step in program.steps:
        for i in step.reads:
            users.setdefault(i, []).append(step)
    kept = users.keys() | set(program.fetches)
    steps: list[Step] = []
    narrowed: dict[Step, Step] = {}
    for step in program.steps:
        reader = _only_view(step, users, program)
        columns = reader and _columns(reader, program.values, kept)
        if reader and columns:
            steps += _narrowed(program, step, columns)
            narrowed[reader] = step
        elif step not in narrowed:
            steps.append(step)
    for step in steps if narrowed else ():
        step.after = {narrowed.get(other, other) for other in step.after}
    return Program(program.values, steps, program.feeds, program.fetches)


def _only_view(step: Step, users: dict[int, list[Step]], program: Program) -> Step | None:
    """The view that alone reads a product."""
    if step.definition.columns is None or step.outputs[0] in program.fetches:
        return None
    readers = users.get(step.outputs[0], [])
    if len(readers) != 1 or not readers[0].definition.view or readers[0].after:
        return None
    if readers[0].guard != step.guard:
        return None
    return readers[0] if readers[0].pure and program.values[step.outputs[0]].static else None


def _columns(view: Step, values: list[Value], kept: set[int | None]) -> Columns | None:
    """The one output that is read, when it is a range of the columns of its input, all rows."""
    read = [k for k, i in enumerate(view.outputs) if i in kept]
    product = values[view.inputs[view.definition.viewed]]
    rows, width = product.sizes
    if len(read) != 1 or values[view.outputs[read[0]]].shape in (None, (rows, width)):
        return None
    numbers = np.broadcast_to(np.arange(width), (rows, width))
    given = [
        values[i].constant if param.static else numbers
        for param, i in view.definition.schema.arguments(view.inputs)
    ]
    if any(item is None for item in given):
        return None
    found: Any = view.definition.schema.call(view.definition.kernel, given, np, **view.attrs)
    part = found[read[0]] if isinstance(found, (list, tuple)) else found
    if part.ndim != 2 or part.strides != numbers.strides or len(part) != rows or not part.size:
        return None
    return Columns(view.outputs[read[0]], int(part[0, 0]), int(part[0, -1]) + 1)


def _narrowed(program: Program, product: Step, columns: Columns) -> list[Step]:
    """The range of the operand, and the product with it."""
    which, axis = product.definition.columns(**product.attrs)  # type: ignore[misc]
    whole = program.values[product.inputs[which]]
    sizes = list(whole.sizes)
    sizes[axis] = columns.last - columns.first
    program.values.append(Value(whole.name, tuple(sizes), whole.dtype))
    attrs = {"axis": axis, "first": columns.first, "last": columns.last}
    part = Step(RANGE, product.operation, [product.inputs[which]], [len(program.values) - 1], attrs)
    part.after, part.guard = set(product.after), product.guard
    product.inputs = [*product.inputs]
    product.inputs[which] = part.outputs[0]
    product.outputs = [columns.value]
    return [part, product]
