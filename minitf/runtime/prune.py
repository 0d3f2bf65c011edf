"""Phase 1: the operations that a run needs, inputs first."""
from __future__ import annotations

from collections.abc import Collection, Iterable

from minitf.core.operation import Operation
from minitf.core.tensor import Tensor


def prune(fetches: Iterable[Tensor | Operation], fed: Collection[Tensor]) -> list[Operation]:
    """What the fetches depend on by data or control edges, in the order of building.

    What lies behind a fed tensor is not needed.
    """
    found: set[Operation] = set()
    stack = [f if isinstance(f, Operation) else f.op for f in fetches if f not in fed]
    while stack:
        operation = stack.pop()
        if operation in found:
            continue
        found.add(operation)
        stack.extend(tensor.op for tensor in operation.inputs if tensor not in fed)
        stack.extend(operation._control_inputs)
    ordered = sorted(found, key=lambda operation: operation._id)
    if any(c._id > op._id for op in ordered for c in op._control_inputs):
        return _topological(ordered)  # a control edge was added to an older operation
    return ordered


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
