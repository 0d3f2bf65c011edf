"""Which handles of a program stand for the same TensorArrays."""
from __future__ import annotations

from collections.abc import Iterable

from minitf.runtime.program import EITHER_HANDLE, SAME, Program, Step, Value, While


class Handles:
    """Groups of handles, by the values that they are: those of a group may stand for one array.

    A loop hands them in and out, branches choose among them, an array of gradients belongs to the
    array of what it is the gradient of, and handles may be elements of arrays in turn.
    """

    def __init__(self, program: Program) -> None:
        self.leaders: dict[Value, Value] = {}
        self.elements: dict[Value, Value] = {}  # by leader: where elements are handles, these
        self._visit(program)

    def leader(self, handle: Value) -> Value:
        """The one that stands for its group."""
        while handle in self.leaders:
            handle = self.leaders[handle]
        return handle

    def _join(self, one: Value, other: Value) -> None:
        pairs = [(one, other)]
        while pairs:
            a, b = map(self.leader, pairs.pop())
            if a is not b:
                self.leaders[a] = b
                inner = self.elements.pop(a, None)
                if inner is not None:
                    pairs.append((inner, self.elements.setdefault(b, inner)))

    def _join_all(self, pairs: Iterable[tuple[Value, Value]]) -> None:
        for one, other in pairs:
            if one.dtype.kind == other.dtype.kind == "O":
                self._join(one, other)

    def _visit(self, program: Program) -> None:
        values = program.values
        for step in program.steps:
            inputs, outputs = ([values[i] for i in each] for each in (step.inputs, step.outputs))
            if isinstance(step.definition, While):
                self._visit_loop(step.definition, inputs, outputs)
            else:
                self._visit_step(step, inputs, outputs)

    def _visit_step(self, step: Step, inputs: list[Value], outputs: list[Value]) -> None:
        kind = step.definition.array
        if step.definition in (SAME, EITHER_HANDLE):
            self._join_all((value, outputs[0]) for value in inputs)
        elif kind == "grad":
            self._join(inputs[0], outputs[0])
        elif kind in ("put", "get"):
            element = inputs[2] if kind == "put" else outputs[0]
            if element.dtype.kind == "O":
                known = self.elements.setdefault(self.leader(inputs[0]), element)
                self._join(known, element)

    def _visit_loop(self, loop: While, inputs: list[Value], outputs: list[Value]) -> None:
        block = loop.block
        fed, ends = ([block.values[i] for i in each if i is not None]
                     for each in (block.feeds, block.fetches[:-1]))  # fmt: skip
        self._join_all(zip(inputs, fed))
        self._join_all(zip(fed, ends))
        self._join_all(zip(fed, outputs[: loop.carried]))
        self._join_all((inputs[i], outputs[o]) for i, o in loop.passed)
        self._visit(block)
