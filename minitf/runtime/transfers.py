"""Which steps of a plan for a GPU run on the CPU all the same, and what is copied between the two.

Feeds and fetches are in host memory; so are shapes and axes, strings, and what ops give that have
no GPU kernel. Everything else is on the device.
"""
from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from minitf.backend.log import warn
from minitf.core.op import OpDef
from minitf.core.operation import Operation
from minitf.core.schema import Param
from minitf.runtime.program import COPY, Program, Step, Value


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


def transfer(
    program: Program,
    on_host: Callable[[Operation], bool],
    in_loops: Callable[[Step, list[Value]], bool],
) -> Program:
    """The program with each step on its processor, and copies where values have to change over.

    `on_host` says which operations, and variables, the user or their kind keeps on the CPU;
    `in_loops` says whether a step can be a part of a loop.
    """
    return _Transfers(program, on_host, in_loops).run()


class _Transfers:
    def __init__(
        self,
        program: Program,
        on_host: Callable[[Operation], bool],
        in_loops: Callable[[Step, list[Value]], bool],
    ) -> None:
        self.program, self.values, self.on_host = program, program.values, on_host
        self.in_loops = in_loops
        self.steps: list[Step] = []
        self.copies: dict[int, int] = {}
        self.roots = program.roots()
        self.fetched = {i for i in program.fetches if i is not None}
        self.small = self._read_on_host_alone()

    def run(self) -> Program:
        for value in self.values:
            kept = value.variable is not None and self.on_host(value.variable)
            value.host = value.feed or kept or value.constant is not None or _is_text(value)
        for step in self.program.steps:
            self._visit(step)
        fetches = [None if i is None else self._fetched(i) for i in self.program.fetches]
        return Program(self.values, self.steps, self.program.feeds, fetches)

    def _read_on_host_alone(self) -> set[Step]:
        """Pure steps whose results serve as shapes, axes and the like, and as nothing else."""
        elsewhere = set(self.fetched)
        found: set[Step] = set()
        for step in reversed(self.program.steps):
            if step.pure and step.outputs and not elsewhere.intersection(step.outputs):
                found.add(step)
                continue
            elsewhere.update(step.data)
        return found

    def _visit(self, step: Step) -> None:
        step.host = self._runs_on_host(step)
        if step.definition is COPY and step.outputs[0] in self.fetched and not step.host:
            step.definition = TO_HOST
            self.values[step.outputs[0]].host = True
        else:
            for i in step.outputs:
                self.values[i].host |= step.host
        arguments = step.definition.schema.arguments(step.inputs)
        step.inputs = [self._given(param, i, step) for param, i in arguments]
        self.steps.append(step)

    def _runs_on_host(self, step: Step) -> bool:
        variables = [i for param, i in step.definition.schema.arguments(step.inputs) if param.ref]
        if variables:
            return any(self.values[i].host for i in variables) or step.definition.on_host
        if step.definition.value is not None:
            return True
        if step.definition is COPY or step in self.small:
            return all(self.values[i].host for i in step.data)
        strings = any(map(_is_text, (self.values[i] for i in (*step.inputs, *step.outputs))))
        if step.definition.host and not self.in_loops(step, self.values):
            if step.pure:
                warn(f"{step.definition.type} has no kernel for a GPU: it runs on the CPU")
            return True
        return strings or self.on_host(step.operation)

    def _given(self, param: Param, i: int, step: Step) -> int:
        """The value where the step reads it."""
        value = self.values[i]
        host = step.host or param.static
        if step.definition.value is not None:
            return i  # it looks at the shape alone
        if value.host == host or param.ref == "slot" or step.definition is TO_HOST:
            return i
        if value.constant is not None:
            return self._constant(i)
        if self.values[self.roots[i]].variable is not None:
            # Which value it has then depends on what the reader waits for.
            return self._copied(i, host, step.operation, step.after)
        if i not in self.copies:
            self.copies[i] = self._copied(i, host, step.operation)
        return self.copies[i]

    def _constant(self, i: int) -> int:
        """The constant on the device: it is brought there when the plan is made."""
        if i not in self.copies:
            old = self.values[i]
            self.copies[i] = self._added(Value(old.name, old.shape, old.dtype, old.constant))
        return self.copies[i]

    def _copied(
        self, i: int, host: bool, operation: Operation, after: Collection[Step] = ()
    ) -> int:
        old = self.values[i]
        new = self._added(Value(old.name, old.shape, old.dtype, host=host))
        definition = TO_HOST if host else TO_DEVICE
        self.steps.append(Step(definition, operation, [i], [new], {}, set(after)))
        return new

    def _added(self, value: Value) -> int:
        self.values.append(value)
        return len(self.values) - 1

    def _fetched(self, i: int) -> int:
        """The value in host memory, for the user."""
        if self.values[i].host:
            return i
        operation = self.program.producers()[i].operation
        return self._copied(i, True, operation)


def _is_text(value: Value) -> bool:
    return value.dtype.kind == "O"


def with_state(kernel: Any, xp: Any, state: Any, *inputs: Any, **more: Any) -> Any:
    """Call a kernel that keeps its state in host memory, where it is on the device."""
    here = state.get()
    result = kernel(xp, here, *inputs, **more)
    state.set(here)
    return result
