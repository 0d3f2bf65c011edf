"""Branches and loops while they are built: which of them a node belongs to, and what it may read.

A graph has one current context, or none. A node built in it is told where its inputs come from
(`prepare`), and waits for what decides whether it runs (`add`).
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from minitf.core.graph import Graph
    from minitf.core.operation import Operation
    from minitf.core.tensor import Tensor

KEPT = "f_acc"  # the TensorArrays that hold what a loop keeps for its gradient are called so


class Context:
    """One branch of a cond, or a loop; `outer_context` is what it is built in."""

    is_loop = False
    forward: Any = None  # of a loop that computes a gradient: the loop whose gradient it is

    def __init__(self, graph: Graph, name: str) -> None:
        self.graph, self.name = graph, graph.unique_name(name)
        self.outer_context: Context | None = graph._context
        self.external: dict[Tensor, Tensor] = {}  # what stands in it for tensors of outside

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Nodes built inside belong to this context."""
        outer, self.graph._context = self.graph._context, self
        try:
            yield
        finally:
            self.graph._context = outer

    def contains(self, tensor: Tensor) -> bool:
        """Whether a tensor is made in it, or in a context inside it."""
        return self in enclosing(output_context(tensor.op))

    def capture(self, tensor: Tensor) -> Tensor:
        """The tensor, or what stands for it in here when it is made outside."""
        if tensor in self.external:
            return self.external[tensor]
        if self.contains(tensor):
            return tensor
        self.external[tensor] = found = self._captured(tensor)
        return found

    def _captured(self, tensor: Tensor) -> Tensor:
        raise NotImplementedError

    def _outside(self, tensor: Tensor) -> Tensor:
        outer = self.outer_context
        return tensor if outer is None else outer.capture(tensor)

    def pivot_operation(self) -> Operation:
        """What decides whether the nodes of this context run."""
        raise NotImplementedError

    def prepare(self, operation: Operation) -> Context:
        """Let a new node read what stands for its inputs in here; the context it belongs to."""
        if operation.inputs:
            check_inputs(operation, self)
            with self.graph.name_scope(operation.name + "/"):
                operation.inputs = tuple([self.capture(tensor) for tensor in operation.inputs])
        return self

    def add(self, operation: Operation) -> None:
        """Let a new node wait for nothing outside, but for what decides whether it runs."""
        loop = while_context(self)
        kept = [
            other
            for other in operation._control_inputs
            if loop is None or while_context(output_context(other)) is loop
        ]
        late = [other for other in operation._control_inputs if other not in kept]
        operation._control_inputs = kept
        if self._is_free(operation):
            operation._add_control_input(self.pivot_operation())
        self._wait(operation, late)
        if self.outer_context is not None or operation.definition.flow != "exit":
            self.graph.prevent_fetching(operation)
            for tensor in operation.outputs if self.is_loop else ():
                self.graph.prevent_feeding(tensor)

    def _is_free(self, operation: Operation) -> bool:
        """Whether nothing else lets it run only where this context does."""
        raise NotImplementedError

    def _wait(self, operation: Operation, outside: list[Operation]) -> None:
        """Let a node wait for nodes outside; a branch does so anyway."""


def output_context(operation: Operation) -> Context | None:
    """The context that can read the outputs: a loop's exits are read outside of it."""
    context: Context | None = operation.context
    if context is not None and operation.definition.flow == "exit":
        return context.outer_context
    return context


def enclosing(context: Context | None) -> Iterator[Context]:
    """The context and those around it, the innermost first."""
    while context is not None:
        yield context
        context = context.outer_context


def while_context(context: Context | None) -> Any:
    """The innermost loop around."""
    return next((each for each in enclosing(context) if each.is_loop), None)


def brought_in(tensor: Tensor) -> Tensor:
    """What a tensor by which a branch or a loop reads one of outside stands for."""
    while tensor.op.definition.flow in ("switch", "enter"):
        tensor = tensor.op.inputs[0]
    return tensor


def loops_around(operation: Operation) -> list[Any]:
    """The loops that an operation is a part of, the outermost first."""
    return [each for each in enclosing(operation.context) if each.is_loop][::-1]


def check_inputs(operation: Operation, context: Context | None) -> None:
    """ValueError for an input from inside a loop that the operation is not a part of."""
    for tensor in operation.inputs:
        source = while_context(output_context(tensor.op))
        if source is not None and not _may_read(operation, context, source):
            raise ValueError(
                f"Cannot use '{tensor.op.name}' as input to '{operation.name}' because "
                f"'{tensor.op.name}' is in a while loop: it has a value in each iteration. Return "
                "it from the body as a loop variable, and use what tf.while_loop returns.\n"
                f"  built at {operation.line}"
            )


def _may_read(operation: Operation, context: Context | None, source: Any) -> bool:
    around = [each for each in enclosing(context) if each.is_loop]
    forward = [each.forward for each in around if each.forward is not None]
    backward = source.forward
    return (
        source in around
        or any(loop in enclosing(source) for loop in forward)
        or operation.definition.flow in ("enter", "switch")
        or (backward is not None and backward in around)
    )
