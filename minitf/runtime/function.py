"""Functions made ready to run: a graph of its own (see ops/function.py), compiled as any run is."""
from __future__ import annotations

import os
import threading
from typing import Any

import numpy as np

from minitf.backend.cpu import Cpu
from minitf.core import errors
from minitf.core.dtypes import HANDLES
from minitf.core.operation import Operation
from minitf.core.slot import Slot, slot_of
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import merge
from minitf.runtime.feeds import Feed
from minitf.runtime.plan import Plan, compile_plan
from minitf.runtime.plans import Plans
from minitf.runtime.specialise import Fed


class Instance(Plans):
    """A function on the CPU. What it keeps from call to call, the sequences of random ops say, is
    its own: another instance starts anew.
    """

    def __init__(self, graph: Any) -> None:
        self.name, self.backend = graph.name, Cpu()
        self.states: dict[Operation, Any] = {}
        handles = list(graph.captures.values())
        self.places = [(node, handles.index(place)) for node, place in graph.places.items()]
        self.changed = {op.inputs[0].op for op in graph.get_operations() if op.definition.writes()}
        self.slots: dict[Operation, Any] = {}
        outputs = list(dict.fromkeys(graph.outputs))
        self.order = [outputs.index(tensor) for tensor in graph.outputs]
        self.plain = self.order == list(range(len(outputs)))
        self.arrays = [i for i, t in enumerate(graph.inputs) if t.dtype not in HANDLES]
        self.made_arrays = [i for i, t in enumerate(graph.outputs) if t.dtype not in HANDLES]
        feeds = [Feed(tensor) for tensor in graph.arguments]
        super().__init__([*outputs, *graph.effects()], feeds, self.made, _in_c(), threading.RLock())

    def plan(self, shapes: list[tuple[int, ...]], arrays: list[Any]) -> Plan:
        """The plan for arguments of these shapes. InvalidArgumentError when they are not what the
        function was traced for."""
        for feed, shape in zip(self.feeds, shapes):
            if merge(feed.tensor._shape, shape) is False:
                raise errors.InvalidArgumentError(
                    None, None, f"The function '{self.name}' is given an array of shape {shape} as "
                    f"'{feed.tensor.op.name}', for which it was traced with shape "
                    f"{feed.tensor.shape}. Was set_shape called with another one?"
                )  # fmt: skip
        return super().plan(shapes, arrays)

    def made(
        self, operations: list[Operation], elements: list[Any], feeds: dict[Tensor, Fed],
        in_c: bool | None,
    ) -> Plan:  # fmt: skip
        return compile_plan(operations, elements, feeds, self.slot, self.state, self.backend, in_c)

    def slot(self, operation: Operation) -> Slot:
        slot = slot_of(operation) or self.slots.get(operation)
        if slot is not None:
            return slot
        raise ValueError(f"'{operation.name}' is a variable inside a function: make it outside")

    def state(self, operation: Operation) -> Any:
        if operation not in self.states:
            self.states[operation] = operation.definition.state(operation)  # type: ignore[misc]
        return self.states[operation]

    def bound(self, captured: list[Any]) -> Bound:
        """The function with the values of what it captures."""
        for node, i in self.places:
            self.slots[node] = Outside(captured[i], node, node in self.changed)
        return Bound(self, captured)


def instance_of(graph: Any, captured: list[Any]) -> Instance:
    """A function that starts anew; the same for all where there is nothing to start, and for all of
    a session where it reads variables."""
    if any(op.definition.state is not None for op in graph.get_operations()):
        return Instance(graph)
    place = next((value for value in captured if isinstance(value, Slot)), None)
    if place is not None:
        if graph not in place.functions:
            place.functions[graph] = Instance(graph)
        kept: Instance = place.functions[graph]
        return kept
    if graph.instance is None:
        graph.instance = Instance(graph)
    found: Instance = graph.instance
    return found


class Outside(Slot):
    """The place of a variable of the session that runs the function."""

    __slots__ = ("changed", "node", "slot")

    def __init__(self, slot: Slot, node: Operation, changed: bool) -> None:
        self.slot, self.node, self.changed = slot, node, changed

    @property
    def value(self) -> Any:
        """The array, or a copy of one on a device: NotImplementedError where that is changed."""
        array = self.slot.value
        if array is None or isinstance(array, np.ndarray):
            return array
        if self.changed:
            raise NotImplementedError(
                f"A function of a dataset changes the variable '{self.node.name}', which is on a "
                "GPU: make it under tf.device('/cpu:0')"
            )
        from minitf.backend.gpu import fetched  # there is one

        return fetched(array)

    @value.setter
    def value(self, array: Any) -> None:
        self.slot.value = array


class Bound:
    """A function of the arguments alone: they are arrays, or handles, and so are the results."""

    __slots__ = ("captured", "instance", "shapes")

    def __init__(self, instance: Instance, captured: list[Any]) -> None:
        self.instance, self.captured = instance, [_as_compiled(value) for value in captured]
        self.shapes = [getattr(value, "shape", ()) for value in captured]

    def __call__(self, arguments: Any) -> Any:
        """A tuple of what the function gives for the arguments. Raises `tf.errors`."""
        instance = self.instance
        arrays = [*arguments, *self.captured]
        for i in instance.arrays:
            value = arrays[i]
            if type(value) is not np.ndarray or not value.flags.c_contiguous:
                arrays[i] = _as_compiled(value)
        shapes = [array.shape for array in arguments] + self.shapes
        known, plan = instance.latest
        if plan is None or known != shapes or plan.sizing:
            plan = instance.plan(shapes, arrays)
        results = plan(arrays)
        if not instance.plain:
            results = tuple([results[i] for i in instance.order])
        for i in instance.made_arrays:
            if type(results[i]) is not np.ndarray:
                return _as_arrays(results, instance.made_arrays)
        return results


def _as_compiled(value: Any) -> Any:
    """A value as compiled loops take it, an array whose elements lie side by side: they read its
    memory, which a number of NumPy's has elsewhere. A handle stays what it is."""
    if isinstance(value, bytes):
        return np.array(value, object)
    return np.array(value, order="C") if isinstance(value, (np.generic, np.ndarray)) else value


def _as_arrays(results: Any, places: list[int]) -> Any:
    """With what has no axes as arrays, too: NumPy gives numbers and strings as they are."""
    made = list(results)
    for i in places:
        value = made[i]
        made[i] = np.array(value, object) if type(value) is bytes else np.asarray(value)
    return tuple(made)


def _in_c() -> bool | None:
    """As sessions decide it, where their config does not say otherwise."""
    if os.environ.get("MINITF_JIT") == "0":
        return False
    return True if os.environ.get("MINITF_JIT") else None
