"""Which feeds say how large arrays are, or which branch is taken: `batch_size`, `is_training`.

Where such a feed has had one value for some runs, a plan for just this value is worth making: it
knows all sizes, and has no branches.
"""
from __future__ import annotations

from typing import Any

from minitf.core.tensor_shape import num_elements
from minitf.runtime.program import Program, Step

FEW = 8  # elements of a feed that says sizes
REPEATS = 3  # runs in a row that bring the same values: then a plan is made for them
MOST = 16  # such plans, per pair of fetches and fed tensors


class Sized:
    """How often feeds have said the same, one run after the other."""

    def __init__(self) -> None:
        self.latest: Any = None
        self.count = self.made = 0

    def repeats(self, said: Any) -> bool:
        """Whether it is time for a plan that is for this alone."""
        self.count = self.count + 1 if said == self.latest else 1
        self.latest = said
        ready = self.count == REPEATS and self.made < MOST
        self.made += ready
        return ready


def sizing(program: Program) -> tuple[int, ...]:
    """The numbers of the feeds on which the sizes of arrays, or branches, depend and on which alone
    they do. `program` is as `specialise` has made it: each step comes after those it reads."""
    values = program.values
    depends: dict[int, frozenset[int] | None] = {
        i: frozenset([number]) if _says_sizes(program, i) else None
        for number, i in enumerate(program.feeds)
    }
    if not any(depends.values()):
        return ()
    asked: set[int] = set()
    for step in program.steps:
        asked.update(_asked(step, program))
        # What is as large as data make it, as the ids that differ from each other, says no sizes.
        sized = step.pure and all(values[i].static for i in step.outputs)
        found = _together(step, program, depends) if sized else None
        depends.update(dict.fromkeys(step.outputs, found))
    known = (depends.get(i) for i in asked if values[i].constant is None)
    return tuple(sorted({number for numbers in known if numbers for number in numbers}))


def _says_sizes(program: Program, i: int) -> bool:
    value = program.values[i]
    count = num_elements(value.shape)
    return value.dtype.kind in "bui" and count is not None and count <= FEW


def _together(
    step: Step, program: Program, depends: dict[int, frozenset[int] | None]
) -> frozenset[int] | None:
    """The feeds that decide what a pure step gives; None where more than feeds does."""
    found: frozenset[int] = frozenset()
    for i in step.inputs:
        if program.values[i].constant is not None:
            continue
        more = depends.get(i)
        if more is None:
            return None
        found |= more
    return found


def _asked(step: Step, program: Program) -> list[int]:
    """The values that a static plan has to know of a step: sizes, axes, predicates."""
    predicates = [pred for pred, _ in step.guard]
    arguments = step.definition.schema.arguments(step.inputs)
    return predicates + [i for param, i in arguments if param.static]
