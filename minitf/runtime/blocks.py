"""Phase 2, loops: the operations of a loop become the block of one step.

What the variables look like in all iterations follows from what they look like in the first one: a
size that changes is unknown. A variable that stays what it is, is none.
"""
from __future__ import annotations

from typing import Any

from minitf.core.dtypes import resource
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.runtime.program import KEEP, SAME, Guard, Program, Step, Value, While
from minitf.runtime.prune import begins
from minitf.runtime.rows import joined

Merges = list[Operation]


def visit_loop(own: Any, loop: Any, operations: list[Operation]) -> None:
    """Add the step of a loop to those of `own`, a Specialiser."""
    ends = [op for op in operations if op.definition.flow == "exit" and op.context is loop]
    enters = [op for op in operations if op.definition.flow == "enter" and op.context is loop]
    guard = _guard(own, enters)
    if guard is None:
        own.dead.update(item for op in ends for item in (op, *op.outputs))
        return
    own.index.update((op.outputs[0], own.index[op.inputs[0]]) for op in enters)
    if not ends:
        return  # only what enters it is needed
    found = _settled(own, loop, operations)
    merges = {tensor: op for op in found.merges for tensor in op.outputs}
    exits = {op: merges[op.inputs[0].op.inputs[0]] for op in ends}
    if found.never_runs:
        for op, merge in exits.items():
            own.index.setdefault(op.outputs[0], own.index[_first(merge)])
            own.guards[op.outputs[0]] = own.guards[op] = guard
        return
    step = found.step(guard)
    own.steps.update((op, step) for op in operations if op.context is loop)
    for op, merge in exits.items():
        own.index.setdefault(op.outputs[0], found.results[merge])
        if guard:
            own.guards[op.outputs[0]] = own.guards[op] = guard


def _guard(own: Any, enters: list[Operation]) -> Guard | None:
    guards = [own.guard(op) for op in enters]
    if any(guard is None for guard in guards):
        return None
    return tuple(dict.fromkeys(pair for guard in guards for pair in guard))


def _first(merge: Operation) -> Tensor:
    """The value, outside, that a variable has in the first iteration."""
    return merge.inputs[0].op.inputs[0]


def _settled(own: Any, loop: Any, operations: list[Operation]) -> Block:
    """The block, visited with shapes that hold in all iterations."""
    merges = [op for op in operations if op.context is loop and begins(op)]
    shapes = {merge: own.values[own.index[_first(merge)]].shape for merge in merges}
    staying: dict[Operation, bool] = {}
    while True:
        block, news = Block(own, loop, merges, shapes, staying), own.news
        news.visits += 1
        visit, count = news.visits, len(news.of)
        block.visit(operations)
        stays, after = block.staying(), block.shapes()
        if stays == staying and after == shapes and not news.since(visit, count):
            return block
        staying, shapes = stays, after


class Block:
    """What a Specialiser `inside` a loop finds, for given shapes of its variables.

    `staying` are the variables that stay what they are, each with whether it is a flow: one that
    only says what comes before what.
    """

    def __init__(
        self,
        own: Any,
        loop: Any,
        merges: Merges,
        shapes: dict[Operation, Any],
        staying: dict[Operation, bool],
    ) -> None:
        self.own, self.loop, self.merges, self.given = own, loop, merges, staying
        self.inside = own.nested()
        self.taken: dict[int, int] = {}  # by value outside: the same inside
        self.feeds: list[tuple[int, int]] = []  # (outside, inside), of what is handed over
        self.variables: list[tuple[int, int]] = []  # likewise, of the graph's variables
        self.results: dict[Operation, int] = {}
        self.carried = [merge for merge in merges if merge not in staying]
        for merge in self.carried:
            self._carry(merge, shapes[merge])
        for merge, flows in staying.items():
            self._stand_for(merge.outputs[0], _first(merge), flows)

    def _carry(self, merge: Operation, shape: Any) -> None:
        tensor = merge.outputs[0]
        self.inside.add(tensor, Value(merge.name, shape, tensor.dtype.numpy, feed=True))
        rows = self.own.arrays.get(self.own.root(self.own.index[_first(merge)]))
        if rows is not None:
            self.inside.arrays[self.inside.index[tensor]] = rows

    def _stand_for(self, tensor: Tensor, outside: Tensor, as_feed: bool = False) -> None:
        """Let `tensor` inside be the value of `outside`."""
        i = self.own.root(self.own.index[outside])
        if i not in self.taken:
            self.taken[i] = len(self.inside.values)
            self.inside.values.append(self._value(i, as_feed))
            rows = self.own.arrays.get(i)
            if rows is not None:
                self.inside.arrays[self.taken[i]] = rows
        self.inside.index[tensor] = self.taken[i]

    def _value(self, i: int, as_feed: bool) -> Value:
        old = self.own.values[i]
        place = (i, len(self.inside.values))
        if old.variable is not None:
            self.variables.append(place)
            return Value(old.name, old.shape, old.dtype, variable=old.variable)
        if old.constant is not None and not as_feed:
            return Value(old.name, old.shape, old.dtype, old.constant)
        self.feeds.append(place)
        return Value(old.name, old.shape, old.dtype, feed=True)

    def visit(self, operations: list[Operation]) -> None:
        """Visit what belongs to an iteration."""
        inner = []
        for op in operations:
            mine, kind = op.context is self.loop, op.definition.flow
            if mine and kind == "enter":
                if op.attrs["is_constant"]:
                    self._stand_for(op.outputs[0], op.inputs[0])
            elif not (mine and (kind == "exit" or begins(op))):
                inner.append(op)
                if mine and kind == "test":
                    self.test_operation = op
        self.inside.visit_all(inner)
        self.test = self.inside.root(self.inside.index[self.test_operation.outputs[0]])

    @property
    def never_runs(self) -> bool:
        known = self.inside.values[self.test].constant
        return known is not None and not known.any()

    def _next(self, merge: Operation) -> Tensor:
        return merge.inputs[1].op.inputs[0]

    def staying(self) -> dict[Operation, bool]:
        """The variables that are the same after an iteration."""
        if self.never_runs:
            return self.given
        found = dict(self.given)
        for merge in self.carried:
            before, after = (self.inside.index[t] for t in (merge.outputs[0], self._next(merge)))
            if self.inside.thread(after) == before:
                found[merge] = self.inside.root(after) != before
        return found

    def shapes(self) -> dict[Operation, Any]:
        """What the shapes of the variables have in common before and after an iteration."""
        values, index = self.inside.values, self.inside.index
        before = {merge: values[index[merge.outputs[0]]].shape for merge in self.merges}
        if self.never_runs:
            return before
        return {
            merge: joined(shape, values[index[self._next(merge)]].shape)
            for merge, shape in before.items()
        }

    # -- the step ----------------------------------------------------------------------------

    def step(self, guard: Guard) -> Step:
        """The loop as a step of the program around it."""
        own, values = self.own, self.own.values
        steps = list(dict.fromkeys(self.inside.steps.values()))
        ends = [self._end(merge, steps) for merge in self.carried]
        fed = [self.inside.index[merge.outputs[0]] for merge in self.carried]
        fed += [i for _, i in self.feeds]
        block = Program(self.inside.values, steps, fed, [*ends, self.test])
        inputs = [own.root(own.index[_first(merge)]) for merge in self.carried]
        inputs += [i for i, _ in (*self.feeds, *self.variables)]
        outputs: list[int] = []
        passed: list[tuple[int, int]] = []
        for merge in self.merges:
            if self.given.get(merge) is False:
                self.results[merge] = own.index[_first(merge)]
                continue
            if merge in self.given:
                first = inputs.index(own.root(own.index[_first(merge)]), len(self.carried))
                passed.append((first, len(outputs)))
                own.threads[len(values)] = own.thread(inputs[first])
            inner = self.inside.values[self.inside.index[merge.outputs[0]]]
            self.results[merge] = len(values)
            outputs.append(len(values))
            values.append(Value(merge.name, inner.shape, inner.dtype))
        self._sort(outputs, passed)
        written = self._written(block, inputs, outputs)
        definition = While(block, tuple(passed), written)
        return Step(definition, self.test_operation, inputs, outputs, {}, guard=guard)

    def _sort(self, outputs: list[int], passed: list[tuple[int, int]]) -> None:
        """Put what is carried before what is passed on."""
        late = {o for _, o in passed}
        order = [o for o in range(len(outputs)) if o not in late] + sorted(late)
        outputs[:] = [outputs[o] for o in order]
        passed[:] = [(i, order.index(o)) for i, o in passed]

    def _written(
        self, block: Program, inputs: list[int], outputs: list[int]
    ) -> tuple[tuple[int, int], ...]:
        """The variables of the graph that the block changes."""
        changed, pairs = block.changed_variables(), []
        for outside, inside in self.variables:
            if inside in changed:
                old = self.own.values[outside]
                pairs.append((inputs.index(outside, len(self.carried)), len(outputs)))
                outputs.append(len(self.own.values))
                self.own.values.append(Value(old.name, old.shape, old.dtype))
        return tuple(pairs)

    def _end(self, merge: Operation, steps: list[Step]) -> int:
        """A copy of what a variable becomes, out of the memory of the next iteration."""
        tensor = self._next(merge)
        values, source = self.inside.values, self.inside.index[tensor]
        before = values[self.inside.index[merge.outputs[0]]]
        handle = merge.outputs[0].dtype.base_dtype is resource
        values.append(Value(merge.name, before.shape, before.dtype))
        step = Step(SAME if handle else KEEP, tensor.op, [source], [len(values) - 1], {})
        step.guard = self.inside.guards.get(tensor, ()) or ((self.test, True),)
        steps.append(step)
        return len(values) - 1
