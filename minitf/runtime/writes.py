"""What the writes of variables ask of those who make one step of several."""
from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_

from minitf.runtime.program import Program, Step


def changed(step: Step, roots: list[int]) -> set[int]:
    """The variables that a step writes."""
    return {roots[step.inputs[i]] for i, _ in step.definition.written}


def contested(program: Program) -> set[Step]:
    """The steps that change variables which other steps change, too."""
    roots, found = program.roots(), dict[int, list[Step]]()
    for step in program.steps:
        for root in changed(step, roots):
            found.setdefault(root, []).append(step)
    return {step for steps in found.values() if len(steps) > 1 for step in steps}


def leading(program: Program, rivals: set[Step]) -> set[Step]:
    """Those of the contested steps that all the others which change this variable wait for."""
    roots, bits = program.roots(), {step: 1 << i for i, step in enumerate(rivals)}
    behind = _behind(program, bits)
    return {
        step
        for step in rivals
        if all(
            behind[other] & bits[step]
            for other in rivals
            if other is not step and changed(other, roots) & changed(step, roots)
        )
    }


def read_meanwhile(program: Program, groups: Iterable[list[Step]]) -> set[Step]:
    """The writes whose old value somebody reads who waits for another step of their group.

    As one step the group would come before this reader, who would then see the new value. Who
    stands in a group itself waits for all that any step of it waits for.
    """
    groups = list(groups)
    written = [group for group in groups if len(group) > 1
               and any(step.definition.written for step in group)]  # fmt: skip
    if not written:
        return set()
    roots = program.roots()
    home = {step: 1 << k for k, group in enumerate(written) for step in group}
    writes = [step for group in written for step in group if step.definition.written]
    bits = {step: 1 << k for k, step in enumerate(writes)}
    by_variable: dict[int, list[Step]] = {}
    for step in writes:
        for root in changed(step, roots):
            by_variable.setdefault(root, []).append(step)
    after_group, after_write = _behind(program, home, groups), _behind(program, bits)
    return {
        write
        for step in program.steps
        for root in {roots[i] for i in step.reads} & by_variable.keys()
        for write in by_variable[root]
        if home.get(step) != home[write]
        and after_group[step] & home[write]
        and not after_write[step] & bits[write]
    }


def _behind(
    program: Program, bits: dict[Step, int], groups: Iterable[list[Step]] = ()
) -> dict[Step, int]:
    """The bits of all that each step waits for, where each of these groups is one step."""
    producers, found = program.producers(), dict[Step, int]()
    position = {step: i for i, step in enumerate(program.steps)}
    last = {max(group, key=position.__getitem__): group for group in groups}
    for step in program.steps:
        seen = 0
        for other in {producers[i] for i in step.reads if i in producers} | step.after:
            seen |= found.get(other, 0) | bits.get(other, 0)
        found[step] = seen
        if group := last.get(step):  # who reads what the group computes comes after all of it
            seen = reduce(or_, map(found.__getitem__, group))
            found.update(dict.fromkeys(group, seen))
    return found
