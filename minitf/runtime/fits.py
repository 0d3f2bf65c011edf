"""Shapes that only the run knows are held against the op's shape rule then.

Kernels rely on their rule: NumPy's functions take much that TensorFlow refuses, a vector as one of
the factors of `np.dot`, say. Where a plan does not know the rank of an input, the step asks first.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.core.op import REGISTRY
from minitf.runtime.program import Step, Value


def is_blind(step: Step, values: list[Value]) -> bool:
    """Whether the plan cannot say that the inputs of a step fit together. Where they broadcast,
    NumPy says so."""
    definition = step.definition
    element_wise = definition.scalar is not None or definition.ufunc is not None
    if element_wise and (definition.broadcasts or len(step.inputs) == 1):
        return False
    if definition.array or definition.alias or definition.flow or definition.written:
        return False
    is_op = REGISTRY.get(definition.type) is definition and step.outputs
    return bool(is_op) and any(values[i].shape is None for i in step.inputs)


def fitted(step: Step, kernel: Callable[..., Any]) -> Callable[..., Any]:
    """The kernel, which raises ValueError for what does not fit."""
    schema, shape, attrs = step.definition.schema, step.definition.shape, step.attrs
    params = [param for param, _ in schema.arguments(step.inputs)]
    keywords = [param.name for param in params if param.keyword]

    def call(*inputs: Any, **named: Any) -> Any:
        every = [*inputs, *(named[name] for name in keywords)]
        known = [
            np.asarray(x) if param.static else _shape(x) for param, x in zip(params, every)
        ]
        schema.call(shape, known, **attrs)
        return kernel(*inputs, **named)

    call.__name__ = step.definition.kernel.__name__
    return call


def _shape(value: Any) -> Any:
    """Of an array, on whichever device, or of a number or string as NumPy hands it out."""
    return getattr(value, "shape", ())
