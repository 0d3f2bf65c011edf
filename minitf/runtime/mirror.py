"""Plans with branches and loops where there is a GPU: they run on the CPU, on copies of what they
use, and what they change goes back."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf.backend.log import warn
from minitf.core.operation import Operation
from minitf.runtime.arranged import loops_of
from minitf.runtime.program import EITHER, EITHER_HANDLE, WHICH, Program


def has_flow(program: Program) -> bool:
    """Whether the program has branches or loops."""
    choices = EITHER, EITHER_HANDLE, WHICH
    branches = any(step.guard or step.definition in choices for step in program.steps)
    return branches or bool(loops_of(program))


class Mirror:
    """Host copies of variables, and of the states of random ops, that a GPU session keeps."""

    def __init__(
        self,
        slots: Callable[[Operation], Any],
        states: Callable[[Operation], Any],
        gpu: Any,
        on_host: Callable[[Operation], bool],
    ) -> None:
        self.real_slots, self.real_states, self.gpu = slots, states, gpu
        self.on_host = on_host
        self.slots: dict[Operation, Any] = {}
        self.states: dict[Operation, np.ndarray] = {}

    def slot(self, operation: Operation) -> Any:
        """The slot of a variable, as the plan sees it."""
        if operation not in self.slots:
            self.slots[operation] = type(self.real_slots(operation))()
        return self.slots[operation]

    def state(self, operation: Operation) -> Any:
        """What is kept for an op, as the plan sees it."""
        if operation not in self.states:
            self.states[operation] = _on_host(self.real_states(operation))
        return self.states[operation]

    def take(self) -> None:
        """Copy what the session has."""
        for operation, slot in self.slots.items():
            slot.value = _on_host(self.real_slots(operation).value)
        for operation, state in self.states.items():
            if isinstance(state, np.ndarray):
                state[...] = _on_host(self.real_states(operation))

    def give_back(self, changed: set[Operation]) -> None:
        """Let the session have what is new."""
        for operation in changed & self.slots.keys():
            value, real = self.slots[operation].value, self.real_slots(operation)
            if value is not None:
                real.value = self._moved(operation, value, real.value)
        for operation, state in self.states.items():
            real_state = self.real_states(operation)
            if hasattr(real_state, "set"):
                real_state.set(state)

    def _moved(self, operation: Operation, value: np.ndarray, before: Any) -> Any:
        same = before is not None and before.shape == value.shape and before.dtype == value.dtype
        if same and hasattr(before, "set"):
            before.set(value)
            return before
        return self.gpu.array(value) if not self.on_host(operation) else value.copy()


class Mirrored:
    """Such a plan."""

    def __init__(self, plan: Any, mirror: Mirror) -> None:
        warn("branches and loops run on the CPU, though there is a GPU")
        self.plan, self.mirror, self.text, self.frames = plan, mirror, plan.text, plan.frames
        self.changed = set(_changed(plan.program))
        self.promote: Callable[[], None] = lambda: None

    def __call__(self, arguments: list[Any]) -> tuple[Any, ...]:
        """Run with the fed arrays; returns the fetched values."""
        self.mirror.take()
        try:
            found: tuple[Any, ...] = self.plan(arguments)
            return found
        finally:
            self.mirror.give_back(self.changed)


def _changed(program: Program) -> Iterator[Operation]:
    """The variables that a program, or a loop in it, changes."""
    roots = program.roots()
    for step in program.steps:
        for i, _ in step.definition.written:
            variable = program.values[roots[step.inputs[i]]].variable
            if variable is not None:
                yield variable
    for loop in loops_of(program):
        yield from _changed(loop.block)


def _on_host(value: Any) -> Any:
    return value.get() if hasattr(value, "get") else value
