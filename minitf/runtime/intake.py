"""What a run takes in from outside before anything else: the next element of an iterator.

Its sizes are known only when it is there. So it is fetched first, and the plan for the rest is one
for these sizes, as if it had been fed.
"""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.core import errors
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.runtime.feeds import Feed
from minitf.runtime.plan import Plan
from minitf.runtime.plans import Plans
from minitf.runtime.prune import prune


class Intake:
    """The operations with the trait `intake` that a run of `elements` begins with.

    Each has one input, the handle of what it takes from; those that wait for something, or are in
    a branch or a loop, are left where they are. `feeds` are their outputs.
    """

    def __init__(
        self,
        elements: list[Any],
        given: list[Feed],
        compiled: Callable[..., Plan],
        state: Callable[[Operation], Any],
        in_c: bool | None,
        lock: Any,
    ) -> None:
        fed = {feed.tensor for feed in given}
        self.operations = _first(elements, fed)
        self.feeds = [
            Feed(tensor) for op in self.operations for tensor in op.outputs if tensor not in fed
        ]
        self.wanted = [[t not in fed for t in op.outputs] for op in self.operations]
        handles = [operation.inputs[0] for operation in self.operations]
        self.state = state if all(not handle.op.inputs for handle in handles) else None
        self.handles = Plans(list(dict.fromkeys(handles)), given, compiled, in_c, lock)
        self.found: list[Any] = []  # the handles, where they are always the same

    def __call__(
        self, arrays: list[Any], done: Callable[[Operation], None] | None = None
    ) -> list[Any]:
        """What is taken in, in a run that is fed `arrays`; `done` is told of each operation."""
        handles = self.found or self._handles(arrays)
        taken: list[Any] = []
        for operation, handle, wanted in zip(self.operations, handles, self.wanted):
            outputs = _taken(operation, handle)
            taken += [_side_by_side(value) for value, asked in zip(outputs, wanted) if asked]
            if done is not None:
                done(operation)
        return taken

    def _handles(self, arrays: list[Any]) -> list[Any]:
        found = self.handles.values(list(arrays))
        by_tensor = dict(zip(self.handles.elements, found))
        handles = [by_tensor[operation.inputs[0]] for operation in self.operations]
        if self.state is not None:
            self.found = handles
        return handles


def _side_by_side(value: Any) -> Any:
    """An array as compiled loops take it."""
    if isinstance(value, np.generic):
        return np.asarray(value)  # a number of NumPy's has its memory elsewhere
    if isinstance(value, np.ndarray) and not value.flags.c_contiguous:
        return value.copy()
    return value


def _taken(operation: Operation, handle: Any) -> list[Any]:
    try:
        return operation.definition.kernel(np, handle, **operation.attrs)
    except errors.OpError as error:
        if error.op is not None:
            raise
        raise type(error)(None, operation, error.message) from error


def _first(elements: list[Any], fed: set[Tensor]) -> list[Operation]:
    graph = elements[0].graph if elements else None
    if graph is None or not graph._intakes:
        return []
    needed = prune(elements, fed)
    waited = {other for op in needed for other in op._control_inputs}
    waited.update(element for element in elements if isinstance(element, Operation))
    found = set(needed) - waited  # what others wait for is a step among theirs
    return [
        op
        for op in graph._intakes
        if op in found and _is_free(op) and all(map(_is_free, prune(op.inputs, fed)))
    ]


def _is_free(operation: Operation) -> bool:
    """Whether it can be run before the rest, and once more with it."""
    definition = operation.definition
    moves = definition.stateful and not definition.intake and definition.state is None
    return not (operation._control_inputs or operation.context or moves or definition.variable)
