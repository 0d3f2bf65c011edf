"""What chooses whole rows, such as tf.where with a vector, as what loops in C can take.

A vector with an element for each row becomes a column, [n, 1]: then it broadcasts, as the inputs of
other element-wise steps do.
"""
from __future__ import annotations

from typing import Any

from minitf.core.op import OpDef
from minitf.runtime.fuse import Types
from minitf.runtime.program import Program, Step, Value


def _column(xp: Any, x: Any, *, axes: int) -> Any:
    return x.reshape(x.shape + (1,) * axes)


_column.__annotations__ = {}
COLUMN = OpDef("Column", _column, lambda x, *, axes: (*x, *(1,) * axes), view=True, reshapes=True,
               source=lambda out, x, *, axes: f"{x}.reshape((-1{', 1' * axes}))")  # fmt: skip


def as_columns(program: Program) -> Program:
    """Make vectors that stand for rows columns, where a loop may then take them."""
    steps: list[Step] = []
    made: dict[Any, int] = {}
    for step in program.steps:
        if step.definition.rows and _is_worth_it(step, program.values):
            key = step.inputs[0], len(program.values[step.outputs[0]].sizes) - 1, step.guard
            if key not in made:
                steps.append(_new(step, key[1], program.values))
                made[key] = steps[-1].outputs[0]
            step.inputs = [made[key], *step.inputs[1:]]
        steps.append(step)
    return Program(program.values, steps, program.feeds, program.fetches) if made else program


def _is_worth_it(step: Step, values: list[Value]) -> bool:
    if step.host or not all(values[i].static for i in (*step.inputs, *step.outputs)):
        return False
    vector = len(values[step.inputs[0]].sizes) == 1 < len(values[step.outputs[0]].sizes)
    return vector and Types().of(step, values) is not None


def _new(step: Step, axes: int, values: list[Value]) -> Step:
    vector = values[step.inputs[0]]
    values.append(Value(vector.name, (*vector.sizes, *(1,) * axes), vector.dtype))
    return Step(COLUMN, step.operation, [step.inputs[0]], [len(values) - 1], {"axes": axes},
                set(step.after), step.guard)  # fmt: skip
