"""What depends on sizes that differ from run to run: constants, and groups of steps."""
from __future__ import annotations

from typing import NamedTuple

import numpy as np

from minitf.runtime.program import Program, Step, Value


def single_numbers(program: Program) -> Program:
    """Let steps read one number where a constant that depends on sizes, as a mean's factor does,
    has it everywhere. It stands in no text of C, or each batch size would be compiled."""
    values, single = program.values, dict[int, int]()
    for step in program.steps:
        sized = [i for i in step.inputs if values[i].sized and values[i].shape]
        if not sized or step.definition.ufunc is None or step.definition.rows:
            continue
        wanted = values[step.outputs[0]].shape
        for i in sized:
            number, old = values[i].number, values[i]
            others = [j for j in step.inputs if j != i and values[j].shape == wanted]
            if number is None or not others:
                continue
            if i not in single:
                single[i] = len(values)
                values.append(Value(old.name, (), old.dtype, number, host=old.host, sized=True))
            step.inputs = [single[i] if j == i else j for j in step.inputs]
    return program


class Open(NamedTuple):
    """A group of steps over sizes that only the run knows, which may show that its shapes differ:
    the values that they read and make outside of it, and the constants."""

    steps: list[Step]
    reads: list[int]
    outputs: list[int]
    constants: dict[int, np.ndarray]


def can_be_open(step: Step, values: list[Value]) -> bool:
    """Whether a step is over such sizes and may be in such a group: all ranks are known."""
    found = [values[i] for i in (*step.inputs, *step.outputs)]
    if step.definition.written or all(value.static for value in found):
        return False
    pairs = step.definition.schema.arguments(step.inputs)
    static = all(values[i].constant is not None for param, i in pairs if param.static)
    return static and all(value.shape is not None for value in found)


def opened(group: list[Step], reads: list[int], outputs: list[int], values: list[Value]) -> Open:
    """The group, with its constants."""
    known = ((i, values[i].constant) for step in group for i in step.inputs)
    constants = {i: constant for i, constant in known if constant is not None}
    return Open(group, reads, outputs, constants)
