"""What a run signature amounts to, as plain data: values, and the steps that make them.

The phases of the runtime pass a Program along. Values and steps are named by their index.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minitf.core.op import OpDef
from minitf.core.operation import Operation
from minitf.core.tensor_shape import Shape, is_static


@dataclass(slots=True, eq=False)
class Value:
    """An array of the run. A shape that is not static is known only when the run is there."""

    name: str
    shape: Shape
    dtype: np.dtype
    constant: np.ndarray | None = None
    variable: Operation | None = None
    feed: bool = False
    host: bool = False  # in host memory, though the plan is for a GPU

    @property
    def static(self) -> bool:
        return is_static(self.shape)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The shape of a static value."""
        return self.shape  # type: ignore[return-value]

    @property
    def number(self) -> np.ndarray | None:
        """A constant that is the same number everywhere, to the bit, as an array without axes."""
        constant = self.constant
        if constant is None or not constant.size or constant.dtype.kind not in "biufc":
            return None
        first = constant.reshape(-1)[:1]
        same = constant.size == 1 or first.tobytes() * constant.size == constant.tobytes()
        return first.reshape(()) if same else None


@dataclass(slots=True, eq=False)
class Step:
    """One kernel call. `after` are steps that must have run, beside those that make its inputs."""

    definition: OpDef
    operation: Operation
    inputs: list[int]
    outputs: list[int]
    attrs: dict[str, Any]
    after: set[Step] = field(default_factory=set)
    host: bool = False  # it runs on the CPU, though the plan is for a GPU

    @property
    def data(self) -> list[int]:
        """The inputs that are not static: whose elements it reads."""
        arguments = self.definition.schema.arguments(self.inputs)
        return [i for param, i in arguments if not param.static]

    @property
    def pure(self) -> bool:
        """Whether equal inputs give equal outputs, and nothing else happens."""
        return not self.definition.stateful and self.definition.state is None


@dataclass(slots=True)
class Program:
    values: list[Value]
    steps: list[Step]
    feeds: list[int]
    fetches: list[int | None]  # None for an Operation, which has no value

    def producers(self) -> dict[int, Step]:
        return {value: step for step in self.steps for value in step.outputs}

    def changed_variables(self) -> set[int]:
        """The values of the variables that the run changes."""
        roots = self.roots()
        return {roots[s.inputs[i]] for s in self.steps for i, _ in s.definition.written}

    def variables_read(self) -> list[int]:
        """The variables that must have a value before the run: those whose old value is read."""
        roots = self.roots()
        stored: set[int] = set()
        read: dict[int, None] = {}
        for step in self.steps:
            for param, i in step.definition.schema.arguments(step.inputs):
                root = roots[i]
                if self.values[root].variable is None:
                    continue
                if param.ref == "slot":
                    if step.definition.writes():
                        stored.add(root)
                elif root not in stored:
                    read[root] = None
        return list(read)

    def roots(self) -> list[int]:
        """For each value the value whose memory it may share: a view's is that of its input."""
        roots = list(range(len(self.values)))
        for step in self.steps:
            if step.inputs and step.definition.view:
                for output in step.outputs:
                    roots[output] = roots[step.inputs[step.definition.viewed]]
            for i, o in step.definition.written:
                roots[step.outputs[o]] = roots[step.inputs[i]]
        return roots


def _copy(xp: Any, x: Any) -> Any:
    return xp.array(x)


# What hands a fetched value out: plan memory and variables are never given away themselves.
_copy.__annotations__ = {}
COPY = OpDef("Copy", _copy, lambda x: x, source=lambda out, x: f"{x}.copy()")
