"""Phase 2, loops: the operations of a loop become the block of one step.

What the variables look like in all iterations follows from what they look like in the first one: a
size that changes is unknown. A variable that stays what it is, is none.
"""
from __future__ import annotations

from typing import Any

from minitf.core import errors
from minitf.core.dtypes import HANDLES
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.runtime.carry import OPERATORS
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
    twins = _begin_alike(own, merges)
    while True:
        block, news = Block(own, loop, merges, shapes, staying, twins), own.news
        news.visits += 1
        visit, count = news.visits, len(news.of)
        block.visit(operations)
        stays, after, differ = block.staying(), block.shapes(), block.differ()
        if differ:  # what was found of the others may rest on that they were the same
            twins = {merge: twin for merge, twin in twins.items() if merge not in differ}
            continue
        if stays == staying and after == shapes and not news.since(visit, count):
            return block
        staying, shapes = stays, after


def _begin_alike(own: Any, merges: Merges) -> dict[Operation, Operation]:
    """Counters that begin with the same number, each with the first of them: perhaps they stay
    the same."""
    first: dict[Any, Operation] = {}
    found: dict[Operation, Operation] = {}
    for merge in merges:
        value = own.values[own.index[_first(merge)]]
        if value.constant is not None and value.constant.shape == () and value.dtype.kind == "i":
            twin = first.setdefault((value.dtype, int(value.constant)), merge)
            if twin is not merge:
                found[merge] = twin
    return found


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
        twins: dict[Operation, Operation],
    ) -> None:
        self.twins = {merge: twin for merge, twin in twins.items() if merge not in staying}
        self.own, self.loop, self.merges, self.given = own, loop, merges, staying
        self.inside = own.nested()
        self.taken: dict[int, int] = {}  # by value outside: the same inside
        self.feeds: list[tuple[int, int]] = []  # (outside, inside), of what is handed over
        self.variables: list[tuple[int, int]] = []  # likewise, of the graph's variables
        self.results: dict[Operation, int] = {}
        self.guard: Guard = ()
        self.carried = [m for m in merges if m not in staying and m not in self.twins]
        for merge in self.carried:
            self._carry(merge, shapes[merge])
        for merge, flows in staying.items():
            self._stand_for(merge.outputs[0], _first(merge), flows)
        for merge, twin in self.twins.items():
            self.inside.index[merge.outputs[0]] = self.inside.index[twin.outputs[0]]

    def _carry(self, merge: Operation, shape: Any) -> None:
        tensor = merge.outputs[0]
        name = self.loop.name_of(merge)
        self.inside.add(tensor, Value(name, shape, tensor.dtype.numpy, feed=True))
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

    def differ(self) -> set[Operation]:
        """The variables that do not become the same as their twins."""
        producers = {i: step for step in self.inside.steps.values() for i in step.outputs}

        def alike(a: int, b: int, depth: int = 4) -> bool:
            a, b = self.inside.root(a), self.inside.root(b)
            if a == b:
                return True
            one, other = self.inside.values[a].constant, self.inside.values[b].constant
            if one is not None and other is not None:
                return one.dtype == other.dtype and one.shape == other.shape == () and one == other
            x, y = producers.get(a), producers.get(b)
            if x is None or y is None or not depth or x.definition is not y.definition:
                return False
            if not x.pure or x.attrs != y.attrs or x.guard != y.guard:
                return False
            if x.outputs.index(a) != y.outputs.index(b) or len(x.inputs) != len(y.inputs):
                return False
            return all(alike(i, j, depth - 1) for i, j in zip(x.inputs, y.inputs))

        index = self.inside.index
        return {
            merge for merge, twin in self.twins.items()
            if not self.never_runs and not alike(index[self._next(merge)], index[self._next(twin)])
        }  # fmt: skip

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
        own, values, self.guard = self.own, self.own.values, guard
        steps = self._hoist(list(dict.fromkeys(self.inside.steps.values())))
        ends = [self._end(merge, steps) for merge in self.carried]
        fed = [self.inside.index[merge.outputs[0]] for merge in self.carried]
        fed += [i for _, i in self.feeds]
        block = Program(self.inside.values, steps, fed, [*ends, self.test])
        inputs = [own.root(own.index[_first(merge)]) for merge in self.carried]
        inputs += [i for i, _ in (*self.feeds, *self.variables)]
        outputs: list[int] = []
        passed: list[tuple[int, int]] = []
        for merge in self.merges:
            if merge in self.twins:
                continue
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
        self.results.update((merge, self.results[twin]) for merge, twin in self.twins.items())
        self._sort(outputs, passed)
        written = self._written(block, inputs, outputs)
        definition = While(block, tuple(passed), written)
        return Step(definition, self.test_operation, inputs, outputs, {}, guard=guard)

    def _hoist(self, steps: list[Step]) -> list[Step]:
        """The steps less those that do the same in each iteration: these go before the loop."""
        outside = {inside: i for i, inside in self.feeds}
        kept: list[Step] = []
        for step in steps:
            if self._stays(step, outside):
                outside.update(zip(step.outputs, self._moved(step, outside)))
            else:
                kept.append(step)
        for step in kept if len(kept) < len(steps) else ():
            step.after.intersection_update(kept)
        return kept

    def _stays(self, step: Step, outside: dict[int, int]) -> bool:
        """Whether it does the same each time, cannot fail, and may be done though no iteration
        comes."""
        values, definition = self.inside.values, step.definition
        if step.after or any(pair != (self.test, True) for pair in step.guard):
            return False
        inputs = [self.inside.root(i) for i in step.inputs]
        if not all(i in outside or values[i].constant is not None for i in inputs):
            return False
        if definition.array == "grad":
            return True
        involved = [values[i] for i in (*step.inputs, *step.outputs)]
        if not step.pure or not all(value.static for value in involved):
            return False
        if definition.view or definition.ufunc in OPERATORS:
            return not definition.flow
        plain = definition.ufunc is not None or definition.columns is not None
        return plain and all(value.dtype.kind == "f" for value in involved)

    def _moved(self, step: Step, outside: dict[int, int]) -> list[int]:
        """The step in the program around; where its outputs are there."""
        own, values = self.own, self.inside.values
        given = [self.inside.root(i) for i in step.inputs]
        for i in given:
            if i not in outside:
                outside[i] = len(own.values)
                own.values.append(values[i])
        outputs = []
        for i in step.outputs:
            outputs.append(len(own.values))
            own.values.append(Value(values[i].name, values[i].shape, values[i].dtype))
            if i in self.inside.arrays:
                own.arrays[outputs[-1]] = self.inside.arrays[i]
            values[i].feed = True
            self.feeds.append((outputs[-1], i))
        inputs = [outside[i] for i in given]
        moved = Step(step.definition, step.operation, inputs, outputs, step.attrs)
        moved.guard = self.guard
        own.steps[step.operation.outputs[0]] = moved
        return outputs

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
        handle = merge.outputs[0].dtype.base_dtype in HANDLES
        values.append(Value(merge.name, before.shape, before.dtype))
        step = Step(SAME if handle else KEEP, tensor.op, [source], [len(values) - 1], {})
        step.guard = self.inside.guards.get(tensor, ()) or ((self.test, True),)
        if len(step.guard) > 1:
            raise errors.InvalidArgumentError(
                None,
                tensor.op,
                f"'{tensor.name}' is in a branch that may not run, and what the loop variable "
                f"'{merge.name}' becomes: return it from tf.cond, and use what tf.cond returns",
            )
        steps.append(step)
        return len(values) - 1
