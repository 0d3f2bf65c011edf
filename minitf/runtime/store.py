"""Assignments of what was computed from the old value: they store element by element.

`accumulator = 0.9 * accumulator + gradient` cannot be the variable's first value, nor change its
shape: so it may be a step of a loop, as `+=` is.
"""
from __future__ import annotations

from typing import Any

from minitf.runtime.program import Program, Step

NEAR = 64  # steps that are looked at, from the assignment backwards


def store(program: Program) -> Program:
    """Store what was computed from a variable's old value in place, element by element."""
    producers = program.producers()
    for step in program.steps:
        definition: Any = step.definition.stores
        if definition is not None and _replaces(step, program, producers):
            step.definition = definition
    return program


def _replaces(step: Step, program: Program, producers: dict[int, Step]) -> bool:
    """Whether the value assigned has the variable's shape and comes from its old value."""
    variable, value = step.inputs
    values = program.values
    if values[variable].variable is None or not values[variable].static:
        return False
    return values[value].shape == values[variable].shape and _reads(value, variable, producers)


def _reads(value: int, variable: int, producers: dict[int, Step]) -> bool:
    stack, seen = [value], {value}
    while stack and len(seen) < NEAR:
        maker = producers.get(stack.pop())
        if maker is None or maker.definition.stores is not None:
            continue
        if variable in maker.inputs:
            return True
        stack += [i for i in maker.inputs if i not in seen]
        seen.update(maker.inputs)
    return False
