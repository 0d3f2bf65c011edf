"""A program whose steps are in order, what of it runs in C, where its values lie; and its loops."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from minitf.core.kernel import Kernel
from minitf.runtime.buffers import Memory
from minitf.runtime.native import Lowered
from minitf.runtime.program import Program, Step, While


@dataclass(slots=True)
class Arranged:
    """All that is to be known before a program is written down."""

    program: Program
    lowered: Lowered
    memory: Memory
    loops: dict[While, Arranged] = field(default_factory=dict)
    scalars: set[Step] = field(default_factory=set)  # written with Python's operators

    def kernels(self) -> Iterator[Kernel]:
        """What is to be compiled."""
        yield from (native.kernel for native in self.lowered.steps.values())
        for loop in self.loops.values():
            yield from loop.kernels()


def loops_of(program: Program) -> list[While]:
    """The loops that are steps of a program."""
    return [s.definition for s in program.steps if isinstance(s.definition, While)]


def variables_read(program: Program) -> dict[int, bool]:
    """The variables whose old value is read, each with whether that is so in every run.

    Such a variable must have a value before the run. What is read in a branch is looked at there.
    """
    roots = program.roots()
    stored: set[int] = set()
    read: dict[int, bool] = {}
    for step in program.steps:
        if isinstance(step.definition, While):
            inputs = [roots[i] for i in step.inputs if roots[i] not in stored]
            _read_by_loop(step.definition, inputs, program, read)
            continue
        for param, i in step.definition.schema.arguments(step.inputs):
            root = roots[i]
            if program.values[root].variable is None:
                continue
            if param.ref == "slot":
                if step.definition.writes() and not step.guard:
                    stored.add(root)
            elif root not in stored:
                read[root] = read.get(root, False) or not step.guard
        for pred, _ in step.guard:
            if program.values[roots[pred]].variable is not None:
                read[roots[pred]] = True
    return read


def _read_by_loop(
    loop: While, inputs: list[int], program: Program, read: dict[int, bool]
) -> None:
    """What a loop reads of the variables that come into it."""
    values, block = program.values, loop.block
    inside = {block.values[i].variable for i in variables_read(block)}
    inner = {value.variable for value in block.values if value.variable is not None}
    for root in inputs:
        variable = values[root].variable
        if variable is not None and (variable not in inner or variable in inside):
            read[root] = True
