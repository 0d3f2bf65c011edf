"""Updates by a product: `W -= rate * (a b + decay * W)` is one call of the BLAS.

Where a step changes a variable by a linear function of its old value and of one matrix product, as
gradient descent does, with weight decay or without, and as momentum does, the product goes straight
into the variable: W = alpha * a b + beta * W. The gradient needs no memory.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.core.tensor_shape import num_elements
from minitf.runtime.fuse import scalar_of
from minitf.runtime.program import Guard, Program, Step
from minitf.runtime.simplify import drop_dead

DEEPEST = 32  # steps of one linear function

Form = dict[int, float]  # a sum: values, each with its factor


def update(program: Program) -> Program:
    """Make an update by a matrix product one step."""
    if not any(step.definition.written for step in program.steps):
        return program
    search = _Search(program)
    writes = [step for step in program.steps if step.definition.writes()]
    found = {step: new for step in writes if (new := search.update(step))}
    if not found:
        return program
    for step in program.steps:
        step.after = {found.get(other, other) for other in step.after}
    # Where the product stood, so that what it reads is kept no longer, unless it has to wait.
    early = {search.origins[new]: step for step, new in found.items() if not new.after}
    moved = set(early.values())
    steps = [found.get(early.get(step, step), step) for step in program.steps if step not in moved]
    return drop_dead(Program(program.values, steps, program.feeds, program.fetches))


class _Search:
    def __init__(self, program: Program) -> None:
        self.program, self.values = program, program.values
        self.producers, self.roots = program.producers(), program.roots()
        self.uses: dict[int, int] = {}
        self.guard: Guard = ()
        for step in program.steps:
            for i in step.reads:
                self.uses[i] = self.uses.get(i, 0) + 1
        for fetched in program.fetches:
            if fetched is not None:
                self.uses[fetched] = self.uses.get(fetched, 0) + 1
        self.origins: dict[Step, Step] = {}  # by update: its product
        self.waited_for = {other for step in program.steps for other in step.after}

    def update(self, step: Step) -> Step | None:
        """The step that does the same by one product; None when it is something else."""
        if len(step.inputs) != 2 or step.definition.scalar is None:
            return None
        variable, out, self.guard = step.inputs[0], step.outputs[0], step.guard
        if self.values[variable].dtype.kind == "c":
            return None  # the factors are real numbers here
        form = self._form(step, DEEPEST)
        products = [i for i in form or () if i != variable]
        if form is None or variable not in form or len(products) != 1:
            return None
        product = self.producers.get(products[0])
        if product is None or product.guard != step.guard:
            return None
        if not self._own(products[0]) or not self._fits(product, variable):
            return None
        attrs = {**product.attrs, "alpha": form[products[0]], "beta": form[variable]}
        definition: Any = product.definition.updates
        inputs = [variable, *product.inputs]
        after = step.after | product.after
        new = Step(definition, step.operation, inputs, [out], attrs, after, step.guard)
        self.origins[new] = product
        return new

    def _fits(self, product: Step, variable: int) -> bool:
        """Whether the product can go into the variable: it does not read it, and what it reads,
        which has to be kept till then, is no larger than the gradient would be."""
        if product.definition.updates is None or self.values[variable].variable is None:
            return False
        if any(self.roots[i] == variable for i in product.inputs):
            return False
        if self.values[product.outputs[0]].shape != self.values[variable].shape:
            return False
        kept = [i for i in product.inputs if self.roots[i] in self.producers]
        sizes = [num_elements(self.values[i].shape) or 0 for i in kept]
        return sum(sizes) <= (num_elements(self.values[variable].shape) or 0)

    def _own(self, i: int) -> bool:
        """Whether a value is computed for one reader alone."""
        maker = self.producers.get(i)
        return self.uses.get(i) == 1 and maker not in self.waited_for

    # -- linear functions --------------------------------------------------------------------

    def _form(self, step: Step, depth: int) -> Form | None:
        """What a step computes as a sum; None when it is not linear."""
        text, data = scalar_of(step), step.data
        shape = self.values[step.outputs[0]].shape
        if text == "x1" and len(data) == 2:
            return self._term(data[1], 1.0, shape, depth)
        if text == "-x0":
            return self._term(data[0], -1.0, shape, depth)
        if text == "x0 - x1":
            return self._sum([(data[0], 1.0), (data[1], -1.0)], shape, depth)
        if text == "x0 * x1":
            numbers = [self.values[i].number for i in data]
            for i, factor in zip(data, reversed(numbers)):
                if factor is not None and np.isfinite(factor):
                    return self._term(i, float(factor), shape, depth)
            return None
        if step.definition.sums or text == "x0 + x1":
            return self._sum([(i, 1.0) for i in data], shape, depth)
        return None

    def _sum(self, terms: list[tuple[int, float]], shape: Any, depth: int) -> Form | None:
        total: Form = {}
        for i, factor in terms:
            form = self._term(i, factor, shape, depth)
            if form is None:
                return None
            for value, times in form.items():
                total[value] = total.get(value, 0.0) + times
        return total

    def _term(self, i: int, factor: float, shape: Any, depth: int) -> Form | None:
        """One summand, and what it is a sum of in turn."""
        if self.values[i].shape != shape:
            return None
        maker = self.producers.get(i)
        inner = None
        alike = maker is not None and maker.guard == self.guard
        if alike and maker and depth and maker.pure and not maker.after and self._own(i):
            inner = self._form(maker, depth - 1) if maker.definition.scalar else None
        if inner is None:
            return {i: factor}
        return {value: factor * times for value, times in inner.items()}
