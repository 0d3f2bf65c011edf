"""Of the block of a loop: sums that grow where they are, and counters as Python writes them."""
from __future__ import annotations

from typing import Any

from minitf.runtime.fuse import scalar_of
from minitf.runtime.program import KEEP, Program, Step, Value, While

OPERATORS = {
    "add": "+", "subtract": "-", "multiply": "*", "less": "<", "less_equal": "<=", "greater": ">",
    "greater_equal": ">=", "equal": "==", "not_equal": "!=", "logical_and": "&",
    "logical_or": "|",
}  # fmt: skip


def apart(program: Program) -> Program:
    """The program with copies of what a loop reads that shares memory with a variable that the
    loop changes: it is what it was before the loop, in each iteration."""
    roots, steps = program.roots(), list[Step]()
    for step in program.steps:
        definition = step.definition
        if isinstance(definition, While) and definition.written:
            changed = {roots[step.inputs[i]] for i, _ in definition.written}
            own = {i for i, _ in definition.written}
            for k, i in enumerate(step.inputs):
                if k not in own and i != roots[i] and roots[i] in changed:
                    old = program.values[i]
                    program.values.append(Value(old.name, old.shape, old.dtype))
                    copy = Step(KEEP, step.operation, [i], [len(program.values) - 1], {},
                                guard=step.guard)  # fmt: skip
                    steps.append(copy)
                    step.inputs = [*step.inputs]
                    step.inputs[k] = copy.outputs[0]
        steps.append(step)
    return Program(program.values, steps, program.feeds, program.fetches)


def grow(block: Program) -> Program:
    """The block with `total = total + a b` as one step each: the product is added where it is
    computed, as gradients by weights are from iteration to iteration."""
    users: dict[int, list[Step]] = {}
    for step in block.steps:
        for i in step.reads:
            users.setdefault(i, []).append(step)
    producers, replaced, dropped = block.producers(), dict[Step, Step](), set[Step]()
    for fed, end in zip(block.feeds, block.fetches[:-1]):
        total = producers.get(end)  # type: ignore[arg-type]
        if total is None or users.get(fed) != [total] or not _adds(total):
            continue
        product = producers.get(next((i for i in total.inputs if i != fed), -1))
        if product is not None and _fits(product, total, users, block):
            definition: Any = product.definition.accumulates
            after = product.after | total.after
            replaced[total] = Step(definition, product.operation, [fed, *product.inputs],
                                   total.outputs, product.attrs, after, total.guard)  # fmt: skip
            dropped.add(product)
    if not replaced:
        return block
    steps = [replaced.get(step, step) for step in block.steps if step not in dropped]
    for step in steps:
        step.after = {replaced.get(other, other) for other in step.after}
    return Program(block.values, steps, block.feeds, block.fetches)


def _adds(step: Step) -> bool:
    return len(step.inputs) == 2 and (step.definition.sums or scalar_of(step) == "x0 + x1")


def _fits(product: Step, total: Step, users: dict[int, list[Step]], block: Program) -> bool:
    out, values = product.outputs[0], block.values
    alone = users.get(out) == [total] and out not in block.fetches
    waited_for = any(product in step.after for step in block.steps)
    return (
        product.definition.accumulates is not None
        and alone
        and not waited_for
        and product.guard == total.guard
        and values[out].static
        and values[out].shape == values[total.outputs[0]].shape
    )


def scalars(program: Program) -> set[Step]:
    """The steps of one integer or truth value each, which are written `i + 1` or `i < n`: these
    take a tenth of the time of a call of NumPy."""
    return {step for step in program.steps if _is_scalar(step, program.values)}


def _is_scalar(step: Step, values: list[Value]) -> bool:
    definition = step.definition
    if definition.ufunc not in OPERATORS or len(step.inputs) != 2 or not step.pure:
        return False
    return all(is_number(values[i]) for i in (*step.inputs, *step.outputs))


def is_number(value: Value) -> bool:
    """Whether it is one integer or truth value."""
    return value.shape == () and value.dtype.kind in "ib"


def in_place(program: Program, fed: int, end: int) -> bool:
    """Whether what a loop variable becomes may lie where it lies: nobody reads it later."""
    maker = next(step for step in program.steps if end in step.outputs)
    if not maker.definition.overwrites(maker.outputs.index(end)) or maker.inputs.count(fed) != 1:
        return False
    roots = program.roots()
    late = program.steps[program.steps.index(maker) + 1 :]
    aliases = any(roots[i] == fed and i != fed for i in maker.reads)
    return not aliases and not any(roots[i] == fed for step in late for i in step.reads)
