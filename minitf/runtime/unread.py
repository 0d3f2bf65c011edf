"""TensorArrays that are only written: a gradient keeps more of a loop than it turns out to need."""
from __future__ import annotations

from collections.abc import Iterator

from minitf.runtime.handles import Handles
from minitf.runtime.program import EITHER_HANDLE, SAME, Program, Step, Value, While, loops_of
from minitf.runtime.simplify import drop_dead, without

_QUIET = (SAME, EITHER_HANDLE)


def drop_unread(program: Program) -> Program:
    """A whole program without what is written to arrays of which nobody asks anything."""
    handles = Handles(program)
    given = {program.values[i] for i in program.fetches if i is not None}
    asked = {handles.leader(value) for value in (*given, *_asked(program))}
    return _without(program, handles, asked)


def _asked(program: Program) -> Iterator[Value]:
    """The handles that a step is given which does more than write to them."""
    values = program.values
    for step in program.steps:
        if isinstance(step.definition, While):
            yield from _asked(step.definition.block)
        elif step.definition not in _QUIET:
            inputs = step.inputs[1:] if step.definition.array == "put" else step.inputs
            yield from (values[i] for i in inputs if values[i].dtype.kind == "O")


def _without(program: Program, handles: Handles, asked: set[Value]) -> Program:
    def is_unread(step: Step) -> bool:
        if step.definition.array != "put":
            return False
        return handles.leader(program.values[step.inputs[0]]) not in asked

    for loop in loops_of(program):
        loop.block = _without(loop.block, handles, asked)
    dropped = {step for step in program.steps if is_unread(step)}
    if not dropped:
        return program
    flows = {step.outputs[0]: step.inputs[-1] for step in dropped}
    return drop_dead(without(program, dropped, flows))
