"""Sums of matrix products grow in place: `AddN(a1 b1, a2 b2, ...)` becomes `c = a1 b1; c += a2 b2`.

The gradient of a variable that is used many times, as in an unrolled network, is such a sum. Each
product is added where the BLAS computes it: no product needs memory of its own.
"""
from __future__ import annotations

from typing import Any

from minitf.runtime.program import Program, Step, Value


def accumulate(program: Program) -> Program:
    """Make a sum of products one product after the other, each added to those before."""
    users: dict[int, list[Step]] = {}
    for step in program.steps:
        for i in step.reads:
            users.setdefault(i, []).append(step)
    producers, fetched = program.producers(), set(program.fetches)
    position = {step: n for n, step in enumerate(program.steps)}
    replaced: dict[Step, Step] = {}
    for step in program.steps:
        if not step.definition.sums or not _one_shape(step, program.values):
            continue
        own = [
            maker
            for i in dict.fromkeys(step.inputs)
            if (maker := producers.get(i)) is not None
            and maker.definition.accumulates is not None and maker.guard == step.guard
            and len(users[i]) == 1 and step.inputs.count(i) == 1 and i not in fetched
        ]
        if len(own) > 1:
            own.sort(key=position.__getitem__)
            _chain(step, own, replaced)
    steps = list(dict.fromkeys(replaced.get(step, step) for step in program.steps))
    for step in steps if replaced else ():
        step.after = {replaced.get(other, other) for other in step.after}
    return Program(program.values, steps, program.feeds, program.fetches)


def _one_shape(step: Step, values: list[Value]) -> bool:
    return len({values[i].shape for i in step.inputs}) == 1 and values[step.inputs[0]].static


def _chain(
    total: Step, products: list[Step], replaced: dict[Step, Step]
) -> None:
    """Let each product but the first add to the one before; `total` adds what is no product."""
    made = {product.outputs[0] for product in products}
    rest = [i for i in total.inputs if i not in made]
    last = products[0].outputs[0]
    for product in products[1:]:
        out = product.outputs[0]
        if product is products[-1] and not rest:
            out = total.outputs[0]
        definition: Any = product.definition.accumulates
        replaced[product] = Step(definition, product.operation, [last, *product.inputs], [out],
                                 product.attrs, product.after, product.guard)  # fmt: skip
        last = out
    if rest:
        total.inputs = [*rest, last]
    else:
        replaced[total] = replaced[products[-1]]
        replaced[total].after |= total.after
