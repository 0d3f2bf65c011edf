"""Phases 3 to 5: what need not be computed in every run.

`fold` computes what does not depend on feeds or variables, `share` merges steps that are alike,
`simplify` drops steps that pass their input on, and `drop_dead` what nobody reads any more. Each
takes a Program and returns a new one.
"""
from __future__ import annotations

from typing import Any

from minitf.core.op import REGISTRY
from minitf.core.tensor_shape import num_elements
from minitf.runtime.program import COPY, KEEP, MISFIT, Program, Step, predicates
from minitf.runtime.specialise import evaluate

COPIES = (COPY, KEEP)
FOLD_LIMIT = 1 << 16  # elements of a folded constant: a plan keeps it, first values of weights too


def fold(program: Program) -> Program:
    """Compute pure steps of constants now."""
    values = program.values
    candidates = [s for s in program.steps if s.pure and s.outputs and s.definition not in COPIES]
    for step in candidates:
        sizes = [num_elements(values[i].shape) for i in step.outputs]
        if all(size is not None and size <= FOLD_LIMIT for size in sizes):
            evaluate(step, values)
    folded = {
        step
        for step in candidates
        if all(values[i].constant is not None for i in step.outputs)
    }
    learnt = {i for step in folded for i in step.outputs}
    for step in program.steps:
        if step not in folded and not learnt.isdisjoint(step.inputs):
            _hold_against(learnt, step, program)
    return without(program, folded, {})


def _hold_against(learnt: set[int], step: Step, program: Program) -> None:
    """Let a step raise whose sizes or axes turn out not to fit, now that they are known."""
    definition, values = step.definition, program.values
    arguments = definition.schema.arguments(step.inputs)
    static = any(param.static and i in learnt for param, i in arguments)
    if not static or REGISTRY.get(definition.type) is not definition:
        return
    known = [values[i].constant if param.static else values[i].shape for param, i in arguments]
    try:
        definition.schema.call(definition.shape, known, **step.attrs)
    except ValueError as error:
        makers = program.producers()
        step.after.update(makers[i] for i in step.inputs if i in makers)
        attrs = {"operation": step.operation, "message": str(error)}
        step.definition, step.inputs, step.attrs = MISFIT, [], attrs


def simplify(program: Program) -> Program:
    """Drop steps whose output is an input: identities, reshapes to the same shape, ..."""
    values, dropped = program.values, set()
    same: dict[int, int] = {}
    late = _late_predicates(program)
    for step in program.steps:
        if step.definition.alias and not late.isdisjoint(step.outputs):
            step.definition, step.attrs = COPY, {}
            continue
        step_inputs = [same.get(i, i) for i in step.inputs]
        index = _equal_input(step, program)
        if index is not None:
            dropped.add(step)
            same[step.outputs[0]] = step_inputs[index]
            if values[step_inputs[index]].shape is None:
                values[step_inputs[index]].shape = values[step.outputs[0]].shape
    return without(program, dropped, same)


def _late_predicates(program: Program) -> set[int]:
    """What decides and waits for something: a variable may have another value before that."""
    deciding = {i for step in program.steps for i in predicates(step)}
    return {i for step in program.steps if step.after for i in deciding.intersection(step.outputs)}


def _equal_input(step: Step, program: Program) -> int | None:
    definition = step.definition
    if definition.alias:
        return 0
    if definition.simplify is None:
        return None
    known = [
        program.values[i].constant if param.static else program.values[i].shape
        for param, i in definition.schema.arguments(step.inputs)
    ]
    if any(item is None or None in item for item in known if not hasattr(item, "dtype")):
        return None
    try:
        return definition.schema.call(definition.simplify, known, **step.attrs)
    except ValueError:
        return None  # sizes that do not fit: it says so in the run, if it runs at all


def share(program: Program) -> Program:
    """Merge pure steps of one op with the same inputs and attributes."""
    written = program.changed_variables()
    roots = program.roots()
    same: dict[int, int] = {}
    seen: dict[Any, Step] = {}
    constants = _constant_keys(program)
    dropped = set()
    for step in program.steps:
        if not step.pure or step.definition is KEEP:  # each loop variable has its own memory
            continue
        if any(roots[i] in written for i in step.inputs):
            continue
        inputs = tuple(constants.get(same.get(i, i), same.get(i, i)) for i in step.inputs)
        key = (step.definition, inputs, _attr_key(step.attrs), frozenset(step.after),
               step.guard)  # fmt: skip
        first = seen.setdefault(key, step)
        if first is not step:
            dropped.add(step)
            same.update(zip(step.outputs, first.outputs))
    return without(program, dropped, same)


def _constant_keys(program: Program) -> dict[int, Any]:
    """Small constants by what they are, so that steps with equal constants are alike."""
    return {
        i: (value.dtype.str, value.constant.shape, value.constant.tobytes())
        for i, value in enumerate(program.values)
        if value.constant is not None and value.constant.size <= 16 and value.dtype.kind != "O"
    }


def _attr_key(attrs: dict[str, Any]) -> Any:
    key = tuple(sorted(attrs.items()))
    try:
        hash(key)
    except TypeError:
        return object()  # an attribute without a value to compare: like nothing else
    return key


def drop_dead(program: Program) -> Program:
    """Drop steps without effects whose outputs nobody reads."""
    producers = program.producers()
    needed: set[Step] = set()
    stack = [step for step in program.steps if not step.pure]
    stack += [producers[i] for i in program.fetches if i is not None and i in producers]
    while stack:
        step = stack.pop()
        if step not in needed:
            needed.add(step)
            stack += [producers[i] for i in step.reads if i in producers]
    return without(program, {step for step in program.steps if step not in needed}, {})


def hand_over(program: Program) -> Program:
    """Drop the copy of a fetched value that a kernel has just made and nobody else keeps."""
    producers, given = program.producers(), set(program.fetches)
    same: dict[int, int] = {}
    dropped = set()
    for step in program.steps:
        source = step.inputs[0] if step.definition in COPIES else -1
        maker = producers.get(source)
        if maker is None or maker.definition.view or maker.definition.writes() or source in given:
            continue
        if maker.definition.lends or maker.definition.token:
            continue
        if step.outputs[0] in program.fetches and maker.definition not in COPIES:
            dropped.add(step)
            given.add(source)
            same[step.outputs[0]] = source
    return without(program, dropped, same)


def without(program: Program, dropped: set[Step], same: dict[int, int]) -> Program:
    """The program less some steps; `same` says which value stands for an output of theirs.

    Who waited for a dropped step now waits for what that step waited for; who read its output
    does so too, because a control edge into an identity is meant for its readers.
    """
    if not dropped:
        return program
    late: dict[int, set[Step]] = {}  # by dropped output: what its readers have to wait for
    before: dict[Step, set[Step]] = {}  # by dropped step: what it waits for itself
    final: dict[int, int] = {}
    producers = program.producers()
    for step in program.steps:
        if step.after or late:
            step.after = _kept(step.after, before)
            step.after.update(*(late[i] for i in step.reads if i in late))
        step.inputs = [final.get(i, i) for i in step.inputs]
        if step.guard:
            step.guard = tuple((final.get(i, i), side) for i, side in step.guard)
        if step not in dropped:
            continue
        before[step] = step.after.union(producers[i] for i in step.inputs if i in producers)
        for output in step.outputs:
            if output in same:
                final[output] = final.get(same[output], same[output])
            if step.after:
                late[output] = step.after
    steps = [step for step in program.steps if step not in dropped]
    fetches = [None if i is None else final.get(i, i) for i in program.fetches]
    return Program(program.values, steps, program.feeds, fetches)


def _kept(waited: set[Step], before: dict[Step, set[Step]]) -> set[Step]:
    """In place of those that are dropped, what they wait for, as far as it is kept."""
    found, stack = set(waited), [step for step in waited if step in before]
    while stack:
        for step in before[stack.pop()] - found:
            found.add(step)
            if step in before:
                stack.append(step)
    return {step for step in found if step not in before}
