"""Matrix products of a plan in NumPy, whose BLAS has threads of its own.

These wait for each other at each product, and spin. Where another program keeps a core busy, a
product of some 10,000 numbers then takes milliseconds in place of microseconds, and on a machine
that has nothing else to do its threads win next to nothing.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from minitf.backend.blas import one_thread
from minitf.core.tensor_shape import num_elements
from minitf.runtime.program import Program, Step, loops_of

DIVIDED = 1 << 18  # multiplications: from here on OpenBLAS wakes its threads
WORTH = 1_500_000  # from here on they win
TYPES = {"MatMul", "BatchMatMulV2", "Gemm", "GemmUpdate"}
OTHERS = ("Conv", "Depthwise")  # ops that call the BLAS too, with products of any size


def sparing(program: Program, run: Callable[..., Any]) -> Callable[..., Any]:
    """`run`, of this program, with one thread of the BLAS where more are not worth it."""
    if not DIVIDED <= _largest(program) < WORTH:
        return run

    def alone(*arguments: Any) -> Any:
        with one_thread():
            return run(*arguments)

    return alone


def _largest(program: Program) -> float:
    """The multiplications of its largest product; infinite where that is not known."""
    found = [_work(step, program) for step in program.steps]
    return max([0, *found, *(_largest(loop.block) for loop in loops_of(program))])


def _work(step: Step, program: Program) -> float:
    if step.definition.type.startswith(OTHERS):
        return float("inf")
    if step.definition.type not in TYPES:
        return 0
    left, made = (program.values[i].shape for i in (step.inputs[-2], step.outputs[0]))
    turned = step.attrs.get("transpose_a") or step.attrs.get("adj_x")
    sizes = (left or (None,))[-2 if turned else -1 :][:1] + (made or (None,))[-2:]
    count = num_elements(sizes)
    return float("inf") if count is None else count
