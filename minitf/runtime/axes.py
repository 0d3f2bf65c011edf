"""A reduction over axes that do not lie side by side is one over the last of them, then another
over the rest: loops have each, and the first leaves little to do. So groups of channels are
normalized, or images whose channels come first.
"""
from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from minitf.core.op import REGISTRY
from minitf.runtime.fuse import reduction_of
from minitf.runtime.program import Program, Step, Value
from minitf.runtime.scalars import C_TYPES, type_name


def side_by_side(program: Program) -> Program:
    """Take such reductions apart, of floats and of truth values."""
    steps = [part for step in program.steps for part in _parts(step, program.values)]
    return Program(program.values, steps, program.feeds, program.fetches)


def _parts(step: Step, values: list[Value]) -> Iterator[Step]:
    while last := _last_of_several(step, values):
        yield _first_part(step, last, values)
    yield step


def _last_of_several(step: Step, values: list[Value]) -> list[int]:
    """Its last axes that lie side by side, if there are others."""
    if step.definition.reduction is None or not values[step.inputs[0]].static:
        return []
    x = values[step.inputs[0]]
    found = reduction_of(step, values) if type_name(x.dtype) in C_TYPES else None
    axes = [axis for axis in found[1] if x.sizes[axis] != 1] if found else []
    kept = [d for d, n in enumerate(x.sizes) if n != 1 and d not in axes]
    last = [axis for axis in axes if not any(axis < d < axes[-1] for d in kept)]
    return last if len(last) < len(axes) else []


def _first_part(step: Step, axes: list[int], values: list[Value]) -> Step:
    """The step that reduces these axes, which stay as such of one element; `step` has the rest to
    do."""
    x, *static = step.inputs
    name, dtype = values[step.outputs[0]].name, values[x].dtype
    sizes = tuple(1 if d in axes else n for d, n in enumerate(values[x].sizes))
    values.append(Value(name, sizes, dtype))
    values.append(Value(name, (len(axes),), np.dtype(np.int32), np.array(axes, np.int32)))
    made = len(values) - 2
    step.inputs = [made, *static]
    definition = step.definition if "keep_dims" in step.attrs else REGISTRY["Sum"]  # of a gradient
    return Step(definition, step.operation, [x, made + 1], [made], {"keep_dims": True},
                set(step.after), step.guard)  # fmt: skip
