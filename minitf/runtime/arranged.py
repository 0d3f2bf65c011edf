"""A program whose steps are in order, what of it runs in C, where its values lie; and its loops."""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from minitf.core.kernel import Kernel
from minitf.runtime.buffers import Memory
from minitf.runtime.native import Lowered
from minitf.runtime.program import EITHER, Program, Step, While


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


def variables_read(arranged: Arranged) -> dict[int, bool]:
    """The variables whose old value is read, each with whether that is so in every run.

    Such a variable must have a value before the run. What is read in a branch is looked at there.
    """
    program, roots = arranged.program, arranged.program.roots()
    stored: set[int] = set()
    read: dict[int, bool] = {}
    for step in program.steps:
        if isinstance(step.definition, While):
            inside = arranged.loops[step.definition]
            for root, needed in _read_by_loop(step, roots, program, inside).items():
                if root not in stored:
                    read[root] = read.get(root, False) or (needed and not step.guard)
            continue
        always = not step.guard and step.definition is not EITHER  # of which one alone is read
        written: set[int] = set()  # which counts when the step has read its inputs
        for param, i in step.definition.schema.arguments(step.inputs):
            root = roots[i]
            if program.values[root].variable is None:
                continue
            if param.ref == "slot":
                if step.definition.writes() and not step.guard:
                    written.add(root)
            elif root not in stored:
                read[root] = read.get(root, False) or always
        stored |= written
        if step.definition is EITHER and program.values[roots[step.inputs[2]]].variable is not None:
            read[roots[step.inputs[2]]] = True
        for pred, _ in step.guard:
            if program.values[roots[pred]].variable is not None:
                read[roots[pred]] = True
    return read


def _read_by_loop(
    step: Step, roots: list[int], program: Program, arranged: Arranged
) -> dict[int, bool]:
    """What a loop reads of the variables that come into it."""
    block = arranged.program
    inside = {block.values[i].variable: needed for i, needed in variables_read(arranged).items()}
    written = {value.variable for value in block.values if value.variable is not None}
    found: dict[int, bool] = {}
    for i in step.inputs:
        variable = program.values[roots[i]].variable
        if variable in inside:
            found[roots[i]] = inside[variable]
        elif variable is not None and variable not in written:
            found[roots[i]] = True  # as a value that does not change
    return found
