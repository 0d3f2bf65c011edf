"""bfloat16 in a plan: what a step computes in float32 is rounded, by a step of its own."""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.core import bfloat16 as numbers
from minitf.core.dtypes import bfloat16
from minitf.core.op import OpDef
from minitf.core.schema import VariableValue
from minitf.core.tensor import Tensor
from minitf.runtime.program import Step, Value


def to_bfloat16(xp: Any, x: Any, out: Any = None) -> Any:
    return numbers.rounded(xp, x, out)


def round_to_bfloat16(xp: Any, ref: Any) -> Any:
    return numbers.rounded(xp, ref, ref)


to_bfloat16.__annotations__ = {}
round_to_bfloat16.__annotations__ = {"ref": VariableValue, "return": VariableValue}
ROUND = OpDef("ToBFloat16", to_bfloat16, lambda x: x, scalar="bfloat16(x0)", inplace=True)
ROUND_VARIABLE = OpDef("RoundToBFloat16", round_to_bfloat16, lambda ref: ref,
                       scalar="bfloat16(x0)", stateful=True)  # fmt: skip


def is_half(tensor: Tensor) -> bool:
    return tensor.dtype.base_dtype is bfloat16


def round_outputs(own: Any, step: Step) -> None:
    """Steps that round what a step has computed, unless it only moves what is rounded already."""
    definition, operation = step.definition, step.operation
    moves = definition.view or definition.structural or definition.stores is not None
    for i, tensor in zip(step.outputs, operation.outputs):
        if moves or not is_half(tensor) or own.index[tensor] != i:
            continue
        value, writes = own.values[i], definition.writes()
        own.index[tensor] = len(own.values)
        own.values.append(Value(value.name, value.shape, np.dtype(np.float32)))
        rounding = Step(ROUND_VARIABLE if writes else ROUND, operation, [i], [own.index[tensor]],
                        {}, guard=step.guard)  # fmt: skip
        own.steps[operation, tensor] = rounding
        own.infer(rounding)
        if writes:
            own.ends[operation] = rounding


def in_halves(elements: list[Any]) -> list[int]:
    """Which of the values that are fetched are bfloat16. ImportError where NumPy has no such type.
    """
    tensors = [each for each in elements if isinstance(each, Tensor)]
    found = [k for k, tensor in enumerate(tensors) if is_half(tensor)]
    if found:
        numbers.numpy_type()
    return found
