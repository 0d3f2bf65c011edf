"""Which operations a graph is about, when it is shown as a whole."""
from __future__ import annotations

import re
from collections.abc import Iterator

from minitf.core.dtypes import string
from minitf.core.graph import Graph
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor

# They look at no element.
_SIZES = {"Shape", "Size", "Rank", "ShapeN", "ZerosLike", "OnesLike", "IsVariableInitialized"}
# The names that tf.gradients gives; within them, the operation that a gradient flows through.
_GRADIENTS = re.compile(r"(?:^|/)gradients(?:_\d+)?/(?:(.*)_grad/)?")


def data(operation: Operation) -> list[Tensor]:
    """The inputs whose elements matter: not those that say sizes and axes."""
    if operation.type in _SIZES:
        return []
    arguments = operation.definition.schema.arguments(operation.inputs)
    return [tensor for param, tensor in arguments if not param.static]


def is_source(operation: Operation) -> bool:
    """Whether values come into the graph here: variables, feeds, what is read from outside."""
    definition = operation.definition
    if definition.variable or definition.placeholder or definition.intake:
        return True
    reads = definition.stateful and not definition.writes() and "seed" not in operation.attrs
    return reads and bool(operation.outputs)


def variable_of(operation: Operation) -> Operation | None:
    """The variable that an operation is, or only reads."""
    read = operation.inputs[0].op if operation.type == "Identity" else operation
    return read if read.definition.variable else None


def moving(operations: list[Operation]) -> set[Operation]:
    """Those that a source has a part in: the others give the same in each run, or are random."""
    found: set[Operation] = set()
    before = -1
    while before < len(found):  # what a loop carries comes back to its beginning
        before = len(found)
        for operation in operations:
            if is_source(operation) or any(tensor.op in found for tensor in data(operation)):
                found.add(operation)
    return found


def ends(graph: Graph) -> list[Operation]:
    """What the graph computes in the end, its training aside: losses, accuracies, predictions.

    Left out is what comes from gradients (as tf.gradients names them), what only becomes the value
    of a variable, summaries and other strings, and what has no value.
    """
    forward = list(_forward(graph.get_operations()))
    last = strings_too = _unread(forward)
    while told := {op for op in last if all(tensor.dtype == string for tensor in op.outputs)}:
        forward = [op for op in forward if op not in told]
        last = _unread(forward)
    live = moving(forward)
    made = [op for op in last if op in live and not is_source(op) and variable_of(op) is None]
    return made or strings_too


def _unread(operations: list[Operation]) -> list[Operation]:
    read = {tensor.op for operation in operations for tensor in operation.inputs}
    return [operation for operation in operations if operation not in read]


def _forward(operations: list[Operation]) -> Iterator[Operation]:
    readers: dict[Operation, list[Operation]] = {operation: [] for operation in operations}
    back: set[Operation] = set()
    learnt: set[str] = set()
    for operation in operations:
        found = _GRADIENTS.search(operation.name)
        if found or any(tensor.op in back for tensor in operation.inputs):
            back.add(operation)
            learnt.add(found[1] if found else "")
        for tensor in operation.inputs:
            readers[tensor.op].append(operation)
    stored = _stored(operations, readers, learnt)
    return (op for op in operations if op.outputs and op not in back and op not in stored)


def _stored(
    operations: list[Operation], readers: dict[Operation, list[Operation]], learnt: set[str]
) -> set[Operation]:
    """What changes variables, and what is computed for that alone; nothing that is `learnt`."""
    found: set[Operation] = set()
    for operation in reversed(operations):
        by = readers[operation]
        alone = bool(by) and all(reader in found for reader in by)
        kept = is_source(operation) or operation.name in learnt
        if operation.definition.writes() or (alone and not kept):
            found.add(operation)
    return found
