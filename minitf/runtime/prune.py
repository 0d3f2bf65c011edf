"""Phase 1: the operations that a run needs, inputs first."""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from minitf.core.context import loops_around
from minitf.core.errors import InvalidArgumentError
from minitf.core.operation import Operation
from minitf.core.static import constant_value
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
    fetched = set(stack)
    while stack:
        operation = stack.pop()
        if operation in found:
            continue
        found.add(operation)
        merges = operation.definition.flow == "merge" and operation not in fetched
        inputs = _taken(operation, fed) if merges else operation.inputs
        stack.extend(tensor.op for tensor in inputs if tensor not in fed)
        stack.extend(operation._control_inputs)
    ordered = sorted(found.difference(done) if done else found, key=lambda operation: operation._id)
    if any(operation.definition.flow == "exit" for operation in ordered):
        return _loops_together(ordered)
    if any(op._id < _newest_before(op) for op in ordered):
        return _topological(ordered)  # an edge was added to an older operation
    return ordered


def _taken(merge: Operation, fed: Collection[Tensor]) -> Iterable[Tensor]:
    """The inputs of a Merge without the branch that a constant predicate never takes.

    As TensorFlow does, unless the Merge is fetched itself: what that branch alone reads of outside
    is not computed, and nothing is written for it.
    """
    return [tensor for tensor in merge.inputs if not _never(tensor, fed)] or merge.inputs


def _never(tensor: Tensor, fed: Collection[Tensor]) -> bool:
    operation, context = tensor.op, tensor.op.context
    if operation.definition.flow == "switch":
        pred, side = operation.inputs[1], tensor.value_index
    elif hasattr(context, "branch"):
        pred, side = context.pred, context.branch
    else:
        return False
    value = constant_value(pred)
    if value is None or value.size != 1 or bool(value) == bool(side):
        return False
    return not _behind([pred], fed)


def _behind(tensors: Iterable[Tensor], fed: Collection[Tensor]) -> bool:
    """Whether one of the tensors depends on a fed one by data."""
    stack, seen = list(tensors), set[Operation]()
    while stack:
        tensor = stack.pop()
        if tensor in fed:
            return True
        if tensor.op not in seen:
            seen.add(tensor.op)
            stack += tensor.op.inputs
    return False


def _newest_before(operation: Operation) -> int:
    """The highest number of what it reads, or waits for."""
    newest = max([tensor.op._id for tensor in operation.inputs], default=-1)
    return max([newest, *(before._id for before in operation._control_inputs)])


def _topological(operations: list[Operation]) -> list[Operation]:
    known = set(operations)

    def before(operation: Operation) -> Iterator[Operation]:
        wanted = [*(t.op for t in operation.inputs), *operation._control_inputs]
        return (op for op in wanted if op in known)

    return _inputs_first(operations, before)


def _inputs_first(nodes: Iterable[Any], before: Callable[[Any], Iterable[Any]]) -> list[Any]:
    """The nodes, each behind those that come `before` it. InvalidArgumentError for a circle."""
    order, begun = dict[Any, None](), set[Any]()
    stack = [(node, False) for node in reversed(list(nodes))]
    while stack:
        node, ready = stack.pop()
        if ready:
            order[node] = None
        elif node not in order:
            if node in begun:
                raise _circle([each for each, ready in stack if ready], node)
            begun.add(node)
            stack.append((node, True))
            stack.extend((other, False) for other in before(node) if other not in order)
    return list(order)


def _circle(path: list[Any], node: Any) -> InvalidArgumentError:
    round_ = path[path.index(node) :]
    names = ", ".join(repr(each.name) for each in round_ if isinstance(each, Operation))
    return InvalidArgumentError(
        None, None, f"Graph is invalid, contains a cycle with {len(round_)} nodes: {names}. Each "
        "waits for the next, by data or by control dependencies."
    )  # fmt: skip


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

    def before(part: Any) -> dict[Any, None]:
        found = {home[op]: None for op in _needed_by(parts[part]) if op in home}
        found.pop(part, None)
        return found

    order = _inputs_first(parts, before)
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
