"""Functions made ready to run: a graph of its own (see ops/function.py), compiled as any run is."""
from __future__ import annotations

import os
import threading
from typing import Any

import numpy as np

from minitf.backend.cpu import Cpu
from minitf.core.dtypes import string
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.runtime.feeds import Feed
from minitf.runtime.plan import Plan, Slot, compile_plan
from minitf.runtime.plans import Plans
from minitf.runtime.specialise import Fed


class Instance(Plans):
    """A function on the CPU. What it keeps from call to call, the sequences of random ops say, is
    its own: another instance starts anew.
    """

    def __init__(self, graph: Any) -> None:
        self.backend = Cpu()
        self.states: dict[Operation, Any] = {}
        outputs = list(dict.fromkeys(graph.outputs))
        self.order = [outputs.index(tensor) for tensor in graph.outputs]
        self.plain = self.order == list(range(len(outputs)))
        self.texts = [i for i, t in enumerate(graph.outputs) if t.dtype.base_dtype is string]
        feeds = [Feed(tensor) for tensor in graph.arguments]
        super().__init__([*outputs, *graph.effects()], feeds, self.made, _in_c(), threading.RLock())

    def made(self, elements: list[Any], feeds: dict[Tensor, Fed], in_c: bool | None) -> Plan:
        return compile_plan(elements, feeds, self.slot, self.state, self.backend, in_c)

    def slot(self, operation: Operation) -> Slot:
        raise ValueError(f"'{operation.name}' is a variable inside a function: make it outside")

    def state(self, operation: Operation) -> Any:
        if operation not in self.states:
            self.states[operation] = operation.definition.state(operation)  # type: ignore[misc]
        return self.states[operation]

    def bound(self, captured: list[Any]) -> Bound:
        """The function with the values of what it captures."""
        return Bound(self, captured)


class Bound:
    """A function of the arguments alone: they are arrays, or handles, and so are the results."""

    __slots__ = ("captured", "instance", "shapes")

    def __init__(self, instance: Instance, captured: list[Any]) -> None:
        self.instance, self.captured = instance, captured
        self.shapes = [getattr(value, "shape", ()) for value in captured]

    def __call__(self, arguments: Any) -> Any:
        """A tuple of what the function gives for the arguments. Raises `tf.errors`."""
        instance = self.instance
        arrays = [*arguments, *self.captured]
        shapes = [array.shape for array in arguments] + self.shapes
        known, plan = instance.latest
        if plan is None or known != shapes or plan.sizing:
            plan = instance.plan(shapes, arrays)
        results = plan(arrays)
        if not instance.plain:
            results = tuple([results[i] for i in instance.order])
        return _as_arrays(results, instance.texts) if instance.texts else results


def _as_arrays(results: Any, texts: list[int]) -> Any:
    """With strings that have no axes as arrays, too: NumPy gives them as they are."""
    made = list(results)
    for i in texts:
        if type(made[i]) is bytes:
            made[i] = np.array(made[i], object)
    return tuple(made)


def _in_c() -> bool | None:
    """As sessions decide it, where their config does not say otherwise."""
    if os.environ.get("MINITF_JIT") == "0":
        return False
    return True if os.environ.get("MINITF_JIT") else None
