"""Reads of resource variables: what has been read stays, whatever is written afterwards."""
from __future__ import annotations

from minitf.runtime.program import COPY, Program, Step


def pin(program: Program) -> Program:
    """Let a read copy what it reads, where a reader of that waits for a write which the read itself
    does not wait for."""
    writes = _writes(program)
    reads = [step for step in program.steps if _reads(step, program, writes)]
    if not reads:
        return program
    behind = _behind(program)
    of = {read.outputs[0]: read for read in reads}  # by what shows its memory
    for step in program.steps:
        for read in {of[i] for i in step.reads if i in of}:
            if behind[step] & writes[read.inputs[0]] & ~behind[read]:
                read.definition = COPY
        if step.definition.alias or step.definition.view:
            shown = of.get(step.inputs[step.definition.viewed])
            of.update((i, shown) for i in step.outputs if shown is not None and i not in of)
    return program


def _bits(program: Program) -> dict[Step, int]:
    writers = [step for step in program.steps if step.definition.written]
    return {step: 1 << i for i, step in enumerate(writers)}


def _writes(program: Program) -> dict[int, int]:
    """The writes of each variable, as a set of bits."""
    roots, found = program.roots(), dict[int, int]()
    for step, bit in _bits(program).items():
        for i, _ in step.definition.written:
            root = roots[step.inputs[i]]
            found[root] = found.get(root, 0) | bit
    return found


def _reads(step: Step, program: Program, writes: dict[int, int]) -> bool:
    if not step.definition.alias or step.inputs[0] not in writes:
        return False
    variable = program.values[step.inputs[0]].variable
    return variable is not None and vars(variable).get("is_resource", False)


def _behind(program: Program) -> dict[Step, int]:
    """The writes that each step waits for."""
    producers, bits = program.producers(), _bits(program)
    found: dict[Step, int] = {}
    for step in program.steps:
        seen = 0
        for other in {producers[i] for i in step.reads if i in producers} | step.after:
            seen |= found[other] | bits.get(other, 0)
        found[step] = seen
    return found
