"""Phase 1: the operations that a run needs, inputs first."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from minitf.core.context import loops_around
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor


def prune(
    fetches: Iterable[Tensor | Operation],
    fed: Collection[Tensor],
    done: Collection[Operation] = (),
) -> list[Operation]:
    """What the fetches depend on by data or control edges, in the order of building.

    What lies behind a fed tensor is not needed, nor what has been `done` already.
    """
    found: set[Operation] = set(done)
    stack = [f if isinstance(f, Operation) else f.op for f in fetches if f not in fed]
    while stack:
        operation = stack.pop()
        if operation in found:
            continue
        found.add(operation)
        stack.extend(tensor.op for tensor in operation.inputs if tensor not in fed)
        stack.extend(operation._control_inputs)
    ordered = sorted(found.difference(done) if done else found, key=lambda operation: operation._id)
    if any(operation.definition.flow == "exit" for operation in ordered):
        return _loops_together(ordered)
    if any(op._id < _newest_before(op) for op in ordered):
        return _topological(ordered)  # an edge was added to an older operation
    return ordered


def _newest_before(operation: Operation) -> int:
    """The highest number of what it reads, or waits for."""
    newest = max([tensor.op._id for tensor in operation.inputs], default=-1)
    return max([newest, *(before._id for before in operation._control_inputs)])


def _topological(operations: list[Operation]) -> list[Operation]:
    order: dict[Operation, None] = {}
    stack = [(operation, False) for operation in reversed(operations)]
    known = set(operations)
    while stack:
        operation, ready = stack.pop()
        if ready:
            order[operation] = None
        elif operation not in order:
            stack.append((operation, True))
            before = [*(t.op for t in operation.inputs), *operation._control_inputs]
            stack.extend((op, False) for op in before if op in known and op not in order)
    return list(order)


def _loops_together(operations: list[Operation], depth: int = 0) -> list[Operation]:
    """Inputs first, and the operations of a loop, which is a circle, one after the other.

    `depth` is the number of loops around all of them.
    """
    home: dict[Operation, Any] = {}
    parts: dict[Any, list[Operation]] = {}
    for operation in operations:
        loops = loops_around(operation)
        home[operation] = loops[depth] if len(loops) > depth else operation
        parts.setdefault(home[operation], []).append(operation)
    order: dict[Any, None] = {}
    stack = [(part, False) for part in reversed(parts)]
    while stack:
        part, ready = stack.pop()
        if ready:
            order[part] = None
        elif part not in order:
            stack.append((part, True))
            before = {home[op]: None for op in _needed_by(parts[part]) if op in home}
            before.pop(part, None)
            stack.extend((other, False) for other in before if other not in order)
    return [
        operation
        for part in order
        for operation in (
            [part] if isinstance(part, Operation) else _loops_together(parts[part], depth + 1)
        )
    ]


def _needed_by(operations: list[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if not begins(operation):
            yield from (tensor.op for tensor in operation.inputs)
        else:
            yield operation.inputs[0].op  # the other one is the end of the circle
        yield from operation._control_inputs


def begins(operation: Operation) -> bool:
    """Whether it is the `Merge` where an iteration of a loop begins."""
    if operation.definition.flow != "merge":
        return False
    return operation.inputs[-1].op.definition.flow == "next"
