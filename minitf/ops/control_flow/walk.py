"""What a walk back through the graph sees: operations, and whole loops, inputs first."""
from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Sequence
from typing import Any

from minitf.core.context import enclosing, loops_around
from minitf.core.dtypes import variant
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.ops.control_flow.loop_gradient import Loop

Node = Operation | Loop


def flows(tensor: Tensor) -> bool:
    """Whether a gradient can pass: integers, booleans and strings have none. Lists of tensors have
    one, of which minitf says that it cannot compute it."""
    dtype, operation = tensor.dtype, tensor.op
    if dtype.base_dtype is variant:
        return operation.type.startswith(("TensorList", "Identity")) or bool(
            operation.definition.flow
        )
    return dtype.is_floating or dtype.is_complex


class Nodes:
    """What a walk sees as one node each: operations, and whole loops.

    A walk inside the loop `level` sees the operations of an iteration. When it is `closed` what
    enters the loop is where it ends; else it goes on outside.
    """

    def __init__(self, level: Any = None, closed: bool = False) -> None:
        self.level, self.closed = level, closed
        self.around = {context for context in enclosing(level) if context.is_loop}
        self.loops: dict[Any, Loop] = {}

    def of(self, operation: Operation) -> Node:
        """The node that an operation is, or is a part of."""
        if operation.context is None:
            return operation
        inner = [loop for loop in loops_around(operation) if loop not in self.around]
        if not inner:
            return operation
        if inner[0] not in self.loops:
            self.loops[inner[0]] = Loop(inner[0])
        return self.loops[inner[0]]

    def inputs(self, node: Node) -> Sequence[Tensor]:
        """The tensors that a node is computed from, in this iteration."""
        if isinstance(node, Loop) or node.context is None:
            return node.inputs
        kind = node.definition.flow
        begins = kind == "merge" and node.inputs[1].op.definition.flow == "next"
        closed = kind == "enter" and self.closed and node.context is self.level
        return () if begins or closed else node.inputs

    def behind(self, targets: list[Tensor]) -> dict[Node, Node | None]:
        """What the targets are computed from, each with a node that reads it."""
        stack = [self.of(y.op) for y in targets]
        consumer: dict[Node, Node | None] = dict.fromkeys(stack)
        while stack:
            node = stack.pop()
            for tensor in self.inputs(node):
                maker = self.of(tensor.op)
                if maker not in consumer:
                    consumer[maker] = node
                    stack.append(maker)
        return consumer

    def ordered(self, nodes: Iterable[Node]) -> list[Node]:
        """The nodes, inputs first."""
        known, done = set(nodes), dict[Node, None]()
        stack = [(node, False) for node in known]
        if not self.loops:
            made = sorted(known, key=lambda node: node._id)  # type: ignore[union-attr]
            if not any(tensor.op._id > node._id for node in made  # type: ignore[union-attr]
                       for tensor in node.inputs):  # fmt: skip
                return made
            stack = [(node, False) for node in reversed(made)]  # a node was given another input
        while stack:
            node, ready = stack.pop()
            if ready:
                done[node] = None
            elif node not in done:
                stack.append((node, True))
                makers = (self.of(tensor.op) for tensor in self.inputs(node))
                stack += [(maker, False) for maker in makers if maker in known]
        return list(done)

    def dependencies(self, targets: list[Tensor], sources: list[Tensor]) -> list[set[int]]:
        """For each target, which of the sources a gradient of it can come to."""
        bits = {source: 1 << k for k, source in enumerate(sources)}
        masks: dict[Node, int] = {}

        def mask(tensor: Tensor) -> int:
            if not flows(tensor):
                return 0
            return masks.get(self.of(tensor.op), 0) | bits.get(tensor, 0)

        for node in self.ordered(self.behind(targets)):
            masks[node] = functools.reduce(operator.or_, map(mask, self.inputs(node)), 0)
        found = map(mask, targets)
        return [{k for k in range(len(sources)) if bit >> k & 1} for bit in found]
