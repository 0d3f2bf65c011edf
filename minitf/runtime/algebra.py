"""Phase 4b: arithmetic that gives back its input, to the bit: x * 1, x / 1, x - 0, -(-x).

Only what keeps NaN, infinities, the sign of zero and the type is dropped: x + 0 is not, which turns
-0 into 0, but x + -0 is. Gradients are full of these: each begins with a factor of 1.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.runtime.program import Program, Step
from minitf.runtime.simplify import without

# By the op's expression: which input is given back when the other one is this number everywhere.
NEUTRAL = {
    "x0 * x1": ((0, 1.0), (1, 1.0)),
    "x0 / x1": ((0, 1.0),),
    "x0 - x1": ((0, 0.0),),
    "x0 + x1": ((0, -0.0), (1, -0.0)),
}
IDEMPOTENT = ("logical_and", "logical_or")  # of something and itself


def algebra(program: Program) -> Program:
    """Drop arithmetic that gives back its input; make a view of a view one view."""
    changed = program.changed_variables()
    roots, producers = program.roots(), program.producers()
    same: dict[int, int] = {}
    dropped = set()
    for step in program.steps:
        _shorten(step, producers)
        i = _given_back(step, program, producers)
        if i is not None and roots[i] not in changed:
            dropped.add(step)
            same[step.outputs[0]] = same.get(i, i)
    return without(program, dropped, same)


def _given_back(step: Step, program: Program, producers: dict[int, Step]) -> int | None:
    """The input that the output is."""
    text: Any = step.definition.scalar
    if text == "-x0":
        inner = producers.get(step.inputs[0])
        twice = inner is not None and inner.definition.scalar == text and not inner.after
        return inner.inputs[0] if twice and inner else None
    values = program.values
    if step.definition.ufunc in IDEMPOTENT and step.inputs[0] == step.inputs[1]:
        return step.inputs[0]
    for k, number in NEUTRAL.get(text, ()) if isinstance(text, str) and step.pure else ():
        i, other = step.inputs[k], values[step.inputs[1 - k]].number
        fits = values[i].static and values[i].shape == values[step.outputs[0]].shape
        if fits and other is not None and _is(other, number):
            return i
    return None


def _is(found: np.ndarray, number: float) -> bool:
    same = found.dtype.kind in "iufc" and found == number
    return bool(same) and (found.dtype.kind in "iu" or _sign(found) == _sign(number))


def _sign(number: Any) -> tuple[bool, bool]:
    return bool(np.signbit(np.real(number))), bool(np.signbit(np.imag(number)))


def _shorten(step: Step, producers: dict[int, Step]) -> None:
    """Let a reshape read what the reshape before it reads."""
    if step.definition.reshapes and not step.after:
        inner = producers.get(step.inputs[0])
        if inner is not None and inner.definition.reshapes and not inner.after:
            step.inputs = [inner.inputs[0], *step.inputs[1:]]
