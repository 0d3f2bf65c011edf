"""What a plan for a GPU copies between the host and the device.

Which side each step and value is on, is said in sides.py. A copy is made where the value is wanted:
in a branch when only that reads it, before a loop when the value is the same in all iterations.
"""
from __future__ import annotations

import copy
import functools
from collections.abc import Callable, Collection, Iterator
from typing import Any

from minitf.core.op import OpDef
from minitf.core.operation import Operation
from minitf.core.schema import Param
from minitf.runtime.cuda.sides import Sides
from minitf.runtime.program import (
    COPY,
    EITHER,
    KEEP,
    Guard,
    Pairs,
    Program,
    Step,
    Value,
    While,
)


def _to_device(xp: Any, x: Any, out: Any = None) -> Any:
    if out is None:
        return xp.asarray(x)
    out.set(x)
    return out


def _to_host(xp: Any, x: Any, out: Any = None) -> Any:
    return x.get(out=out)


_to_device.__annotations__ = _to_host.__annotations__ = {}
TO_DEVICE = OpDef("ToDevice", _to_device, None, source=lambda out, x: out and f"{out}.set({x})")
TO_HOST = OpDef("ToHost", _to_host, None, source=lambda out, x: f"{x}.get({_into(out)})")


def _into(out: Any) -> str:
    return f"out={out}" if out else ""


def _row(xp: Any, handle: Any, index: Any, flow_in: Any, out: Any = None, *, dtype: Any) -> Any:
    return handle.read(index, out)


# An element of a TensorArray, copied to where kernels find it in each iteration.
_row.__annotations__ = {}
ROW = OpDef("Row", _row, None, stateful=True, array="get",
            source=lambda out, handle, index, flow_in, *, dtype:
            f"{handle}.read({', '.join(filter(None, [index, _into(out)]))})")  # fmt: skip


@functools.cache
def copying(view: OpDef) -> OpDef:
    """The op that copies what a view gives: kernels find it at the same place in each run."""

    def kernel(xp: Any, *inputs: Any, out: Any = None, **attrs: Any) -> Any:
        found = view.kernel(xp, *inputs, **attrs)
        if out is None:
            return found.copy()
        xp.copyto(out, found)
        return out

    kernel.__annotations__, kernel.__name__ = {}, view.kernel.__name__
    made = OpDef(f"{view.type}Copy", kernel, None)
    made.schema = copy.copy(view.schema)
    made.schema.out = True
    return made


def transfer(
    program: Program,
    on_host: Callable[[Operation], bool],
    in_loops: Callable[[Step, list[Value]], bool],
) -> Program:
    """The program with each step on its processor, and copies where values have to change over.

    `on_host` says which operations, and variables, the user or their kind keeps on the CPU;
    `in_loops` says whether a step can be a part of a loop. Blocks of loops are changed likewise.
    """
    return _Transfers(program, Sides(program, on_host, in_loops)).run()


class _Transfers:
    """Walks the steps of a program, or of the block of the step `loop` in the program `outer`."""

    def __init__(
        self,
        program: Program,
        sides: Sides,
        outer: _Transfers | None = None,
        loop: Step | None = None,
    ) -> None:
        self.program, self.values, self.sides = program, program.values, sides
        self.outer, self.loop = outer, loop
        self.steps: list[Step] = []
        self.copies: dict[int, int] = {}
        self.asked: dict[int, int] = {}  # what decides on branches: its copy on the host
        self.roots, self.producers = program.roots(), program.producers()
        self.changed = program.changed_variables()
        self.fetched = {i for i in program.fetches if i in self.producers}
        self.inner = {
            step: _Transfers(step.definition.block, sides, self, step)
            for step in program.steps if isinstance(step.definition, While)
        }  # fmt: skip
        self.wanted = self._wanted()

    def run(self) -> Program:
        for step in self.program.steps:
            self._visit(step)
        fetches = self._fetches() if self.loop is None else self._ends(self.loop)
        for step in self.steps:
            step.guard = tuple((self.asked.get(pred, pred), side) for pred, side in step.guard)
        return Program(self.values, self.steps, self.program.feeds, fetches)

    # -- where copies are wanted -------------------------------------------------------------

    def _wanted(self) -> dict[tuple[int, bool], Guard]:
        """Under which guard values are wanted on the other side, by value and side."""
        found: dict[tuple[int, bool], Guard] = {}
        for i, host, guard in self._readings():
            if host is not None and self.values[i].host != host:
                known = found.get((i, host), guard)
                found[i, host] = tuple(pair for pair in known if pair in guard)
        return found

    def _readings(self) -> Iterator[tuple[int, bool | None, Guard]]:
        """Each value that is read, on which side, and when."""
        for step in self.program.steps:
            for n, (pred, _) in enumerate(step.guard):
                yield pred, True, step.guard[:n]
            if step in self.inner:
                yield from self._read_by_loop(step, self.inner[step])
                continue
            for n, (param, i) in enumerate(step.definition.schema.arguments(step.inputs)):
                guard = step.guard
                if step.definition is EITHER and n < 2:
                    guard = (*guard, (step.inputs[2], bool(n)))
                yield i, self.sides.wanted(step, param), guard
        if self.loop is not None:
            yield self.program.fetches[-1], True, ()  # type: ignore[misc]
        else:
            yield from ((i, True, self.producers[i].guard) for i in self.fetched)

    def _read_by_loop(
        self, step: Step, inner: _Transfers
    ) -> Iterator[tuple[int, bool | None, Guard]]:
        block = inner.program
        count = step.definition.carried  # type: ignore[attr-defined]
        for k, (outside, inside) in enumerate(zip(step.inputs, block.feeds)):
            yield outside, block.values[inside].host, step.guard
            if k >= count:
                sides = [host for i, host in inner.wanted if i == inside]
                yield from ((outside, host, step.guard) for host in sides)

    # -- steps -------------------------------------------------------------------------------

    def _visit(self, step: Step) -> None:
        for pred, _ in step.guard:
            self._ask(pred)
        if step in self.inner:
            self._visit_loop(step, self.inner[step])
        elif step.definition is COPY and step.outputs[0] in self.fetched and not step.host:
            step.definition = TO_HOST
            self.values[step.outputs[0]].host = True
        else:
            step.definition = self._placed(step)
            arguments = step.definition.schema.arguments(step.inputs)
            step.inputs = [self._given(param, i, step) for param, i in arguments]
        self.steps.append(step)

    def _placed(self, step: Step) -> OpDef:
        """The op, or one that copies the part of an array which it gives, where only the run knows
        which part it is."""
        definition = step.definition
        if step.host or not definition.view or not all(self.values[i].static for i in step.outputs):
            return definition
        if definition.array == "get":
            return ROW
        static = (i for param, i in definition.schema.arguments(step.inputs) if param.static)
        moves = any(self.values[i].constant is None for i in static)
        return copying(definition) if moves and step.pure and len(step.outputs) == 1 else definition

    def _ask(self, pred: int) -> int:
        """What decides on a branch, on the host."""
        if self.values[pred].host:
            return pred
        if pred not in self.asked:
            self.asked[pred] = self._other(pred, True)
        return self.asked[pred]

    def _visit_loop(self, step: Step, inner: _Transfers) -> None:
        loop: Any = step.definition
        step.inputs = [*step.inputs]
        for k, inside in enumerate(loop.block.feeds):
            host = loop.block.values[inside].host
            if self.values[step.inputs[k]].host != host:
                step.inputs[k] = self._other(step.inputs[k], host, step)
        loop.block = inner.run()

    def _given(self, param: Param, i: int, step: Step) -> int:
        """The value where the step reads it."""
        value, host = self.values[i], self.sides.wanted(step, param)
        if host is None or value.host == host:
            return i
        return self.asked[i] if host and i in self.asked else self._other(i, host, step)

    # -- values on the other side ------------------------------------------------------------

    def _other(self, i: int, host: bool, reader: Step | None = None) -> int:
        """A value on the side where it is not."""
        if self.values[i].constant is not None:
            return self._constant(i)
        if i not in self.copies:
            outside = self._outside(i)
            if outside is not None:
                self.copies[i] = self._handed_in(i, host, outside)
            elif reader is not None and self.values[self.roots[i]].variable is not None:
                # Which value it has then depends on what the reader waits for.
                return self._copied(i, host, reader.operation, reader.guard, reader.after)
            else:
                self.copies[i] = self._copied_once(i, host, reader)
        return self.copies[i]

    def _constant(self, i: int) -> int:
        """The constant on the device: it is brought there when the plan is made."""
        if i not in self.copies:
            old = self.values[i]
            self.copies[i] = self._added(Value(old.name, old.shape, old.dtype, old.constant))
        return self.copies[i]

    def _outside(self, i: int) -> int | None:
        """The value outside of the loop, of one that is the same in all iterations."""
        if self.outer is None or self.loop is None:
            return None
        loop: Any = self.loop.definition
        variable, feeds = self.values[i].variable, self.program.feeds
        if variable is not None and i not in self.changed:
            found = (k for k in self.loop.inputs if self.outer.values[k].variable is variable)
            return next(found, None)
        return self.loop.inputs[feeds.index(i)] if i in feeds[loop.carried :] else None

    def _handed_in(self, i: int, host: bool, outside: int) -> int:
        """A copy that is made before the loop."""
        loop, outer = self.loop, self.outer
        assert loop is not None and outer is not None
        definition: Any = loop.definition
        place, old = len(self.program.feeds), self.values[i]
        given = outer._other(outside, host, loop)
        new = self._added(Value(old.name, old.shape, old.dtype, feed=True, host=host))
        self.program.feeds.append(new)
        loop.inputs.insert(place, given)
        definition.passed = _shifted(definition.passed, place)
        definition.pairs = _shifted(definition.pairs, place)
        return new

    def _copied_once(self, i: int, host: bool, reader: Step | None) -> int:
        """A copy for all who read it there."""
        maker, guard = self.producers.get(i), self.wanted.get((i, host), ())
        if maker is not None:
            guard = tuple(dict.fromkeys((*maker.guard, *guard)))
        operation = (reader or maker or self.program.steps[0]).operation
        return self._copied(i, host, operation, guard)

    def _copied(
        self, i: int, host: bool, operation: Operation, guard: Guard, after: Collection[Step] = ()
    ) -> int:
        for pred, _ in guard:
            self._ask(pred)
        old = self.values[i]
        new = self._added(Value(old.name, old.shape, old.dtype, host=host))
        definition = TO_HOST if host else TO_DEVICE
        self.steps.append(Step(definition, operation, [i], [new], {}, set(after), guard))
        return new

    def _added(self, value: Value) -> int:
        self.values.append(value)
        return len(self.values) - 1

    # -- what leaves the program -------------------------------------------------------------

    def _fetches(self) -> list[int | None]:
        """The values in host memory, for the user."""
        return [
            i if i is None or self.values[i].host else self._other(i, True, self.producers[i])
            for i in self.program.fetches
        ]

    def _ends(self, loop: Step) -> list[int | None]:
        """What the variables become, where these are, and whether the loop goes on."""
        *ends, test = self.program.fetches
        count = len(ends)
        pairs = zip(self.program.feeds[:count], ends)
        return [*(self._end(fed, end) for fed, end in pairs), self._ask(test)]  # type: ignore

    def _end(self, fed: int, end: int | None) -> int:
        assert end is not None
        before, value = self.values[fed], self.values[end]
        if before.host == value.host:
            return end
        maker = self.producers[end]
        moved = self._copied(end, before.host, maker.operation, maker.guard)
        kept = self._added(Value(before.name, before.shape, before.dtype))
        self.steps.append(Step(KEEP, maker.operation, [moved], [kept], {}, guard=maker.guard))
        return kept


def _shifted(pairs: Pairs, place: int) -> Pairs:
    """The pairs of (input, output), when there is one input more at a place."""
    return tuple((i + (i >= place), o) for i, o in pairs)


def with_state(kernel: Any, xp: Any, state: Any, *inputs: Any, **more: Any) -> Any:
    """Call a kernel that keeps its state in host memory, where it is on the device."""
    here = state.get()
    result = kernel(xp, here, *inputs, **more)
    state.set(here)
    return result
