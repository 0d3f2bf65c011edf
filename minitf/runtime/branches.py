"""Phase 2, branches: what a `Switch` hands on has a guard, a `Merge` is a choice by predicates."""
from __future__ import annotations

from typing import Any

import numpy as np

from minitf.core import errors
from minitf.core.dtypes import HANDLES
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.runtime.program import EITHER, EITHER_HANDLE, HOLDS, WHICH, Guard, Step, Value
from minitf.runtime.rows import joined


def switch(own: Any, operation: Operation) -> None:
    """Its outputs are its input, each where the predicate is as it has to be."""
    guard = own.guard(operation)
    if guard is None:
        own.dead.update((operation, *operation.outputs))
        return
    data, pred = own.index[operation.inputs[0]], _predicate(own, operation.inputs[1])
    known = own.values[pred].constant
    own.passed[operation] = operation.inputs[0].op
    for side, tensor in enumerate(operation.outputs):
        pair = (pred, bool(side))
        never = (pair[0], not side) in guard
        if never or (known is not None and known.size == 1 and bool(known) != bool(side)):
            own.dead.add(tensor)
        else:
            own.index[tensor] = data
            always = known is not None and known.size == 1
            own.guards[tensor] = guard if always or pair in guard else (*guard, pair)


def _predicate(own: Any, tensor: Tensor) -> int:
    """The value that a predicate is the same as: one that waits for something stays what it is, as
    a variable may be another one by then."""
    index: int = own.index[tensor]
    while _hands_on(tensor.op) and tensor.op.inputs[0] in own.index:
        tensor = tensor.op.inputs[0]
        index = own.index[tensor]
    return index if tensor.op.definition.alias else own.root(index)


def _hands_on(operation: Operation) -> bool:
    """Whether what it gives is its input, and no later one."""
    definition = operation.definition
    return definition.flow == "switch" or (definition.alias and not operation._control_inputs)


def merge(own: Any, operation: Operation) -> None:
    """Whichever of its inputs has a value."""
    if operation.outputs[0] in own.index:
        return  # it is fed
    alive = [t for t in operation.inputs if t in own.index and t not in own.dead]  # see `prune`
    if not alive:
        own.dead.update((operation, *operation.outputs))
        return
    if len(alive) == 1:
        _single(own, operation, alive[0])
        return
    guards = [own.guards.get(tensor, ()) for tensor in alive]
    guard = tuple(pair for pair in guards[0] if all(pair in other for other in guards[1:]))
    found = [(pred, side) for pred, side in guards[0] if (pred, not side) in guards[1]]
    own_pairs = [[pair for pair in pairs if pair not in guard] for pairs in guards]
    alone = all(len(pairs) == 1 for pairs in own_pairs)
    if not found and not alone:  # one of them is fed: it has a value in either branch
        found = [pair for pair in guards[0] if pair not in guards[1]]
        found += [(pred, not side) for pred, side in guards[1] if (pred, side) not in guards[0]]
    if len(alive) == 2 and found:
        pred, turned = found[0]
        _join(own, operation, pred, turned, guard)
    elif alone:
        _choose(own, operation, alive, [pairs[0] for pairs in own_pairs], guard)
    else:
        raise errors.UnimplementedError(
            None, operation, f"Merge '{operation.name}' joins what is neither the two branches of "
            "one predicate, nor branches that each have one predicate of their own"
        )  # fmt: skip


def _single(own: Any, operation: Operation, alive: Tensor) -> None:
    """The others never have a value."""
    own.index[operation.outputs[0]] = own.index[alive]
    own.passed[operation] = alive.op
    chosen = np.array(operation.inputs.index(alive), np.int32)
    own.add(operation.outputs[1], Value(operation.name, (), chosen.dtype, chosen))
    for tensor in operation.outputs:
        own.guards[tensor] = own.guards.get(alive, ())


def _join(own: Any, operation: Operation, pred: int, turned: bool, guard: Guard) -> None:
    """The steps of a `Merge` of the branches of `pred`, the second one first when `turned`."""
    pair = [own.index[tensor] for tensor in operation.inputs]
    sources = pair[::-1] if turned else pair
    own.steps[operation] = _either(own, operation, sources, pred, guard)
    which = own.add(operation.outputs[1], Value(operation.name, (), np.dtype(np.int32)))
    second = Step(WHICH, operation, [pred], [which], {"turned": turned}, guard=guard)
    own.steps[operation.outputs[1]] = second
    _note(own, operation, guard)


def _note(own: Any, operation: Operation, guard: Guard) -> None:
    if guard:
        own.guards.update(dict.fromkeys((operation, *operation.outputs), guard))


def _either(
    own: Any, operation: Operation, sources: list[int], pred: int, guard: Guard, output: int = 0
) -> Step:
    """The step that takes the second source where `pred` holds: the output as it is known so far.
    """
    tensor = operation.outputs[output]
    handle = tensor.dtype.base_dtype in HANDLES
    shape = joined(*(own.values[i].shape for i in sources))
    value = Value(operation.name, shape, tensor.dtype.numpy)
    if handle:
        own.arrays.update((len(own.values), own.arrays[i]) for i in sources if i in own.arrays)
    first, second = map(own.thread, sources)
    if first == second:
        own.threads[len(own.values)] = first
    out = own.add(tensor, value)
    return Step(EITHER_HANDLE if handle else EITHER, operation, [*sources, pred], [out], {},
                guard=guard)  # fmt: skip


def _choose(
    own: Any, operation: Operation, alive: list[Tensor], decided: list[Any], guard: Guard
) -> None:
    """The steps of a `Merge` of branches that each have a predicate of their own, of which one
    holds: as `if`, `elif`, from the last to the first, which raises where its own does not hold."""
    guards: list[Guard] = []
    otherwise = guard
    for pred, side in reversed(decided[1:]):
        guards.insert(0, otherwise)
        otherwise = (*otherwise, (pred, not side))
    pred, side = decided[0]
    holds = Step(HOLDS, operation, [pred], [], {"side": side}, guard=otherwise)
    own.steps[operation, "holds"] = holds
    values = [own.index[tensor] for tensor in alive]
    numbers = [_number(own, operation, operation.inputs.index(tensor)) for tensor in alive]
    for output, (chosen, *others) in enumerate((values, numbers)):
        for i, ((pred, side), other) in enumerate(zip(decided[1:], others)):
            ways = [chosen, other] if side else [other, chosen]
            step = _either(own, operation, ways, pred, guards[i], output)
            step.after.add(holds)
            own.steps[operation, output, i] = step
            chosen = step.outputs[0]
    own.steps[operation] = own.steps[operation, 0, len(decided) - 2]
    _note(own, operation, guard)


def _number(own: Any, operation: Operation, number: int) -> int:
    own.values.append(Value(operation.name, (), np.dtype(np.int32), np.array(number, np.int32)))
    return len(own.values) - 1
