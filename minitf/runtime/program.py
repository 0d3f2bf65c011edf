"""What a run signature amounts to, as plain data: values, and the steps that make them.

The phases of the runtime pass a Program along. Values and steps are named by their index.
"""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minitf.core import errors
from minitf.core.op import OpDef
from minitf.core.operation import Operation
from minitf.core.schema import TypeAttr
from minitf.core.tensor_shape import Shape, is_static

Guard = tuple[tuple[int, bool], ...]
Pairs = tuple[tuple[int, int], ...]


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
    sized: bool = False  # a constant that another batch, say, would give another value

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
    """One kernel call. `after` are steps that must have run, beside those that make its inputs.

    It runs where its `guard` holds: each of some predicates, which are values, is as it says.
    """

    definition: OpDef
    operation: Operation
    inputs: list[int]
    outputs: list[int]
    attrs: dict[str, Any]
    after: set[Step] = field(default_factory=set)
    guard: Guard = ()
    host: bool = False  # it runs on the CPU, though the plan is for a GPU
    group: tuple[Operation, ...] = ()  # those of the steps that it has taken the place of

    @property
    def operations(self) -> tuple[Operation, ...]:
        """What it computes, in order."""
        return self.group or (self.operation,)

    @property
    def reads(self) -> list[int]:
        """The values that it needs: its inputs, and what decides whether it runs."""
        return [*self.inputs, *(pred for pred, _ in self.guard)] if self.guard else self.inputs

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

    def roots(self) -> list[int]:
        """For each value the value whose memory it may share: a view's is that of its input."""
        roots = list(range(len(self.values)))
        for step in self.steps:
            if step.inputs and step.definition.view:
                for output in step.outputs:
                    roots[output] = roots[step.inputs[step.definition.viewed]]
            for i, o in step.definition.written:
                roots[step.outputs[o]] = roots[step.inputs[i]]
            if step.definition.token:
                roots[step.outputs[0]] = roots[step.inputs[-1]]
            if isinstance(step.definition, While):
                for i, o in step.definition.passed:
                    roots[step.outputs[o]] = roots[step.inputs[i]]
        return roots


def _copy(xp: Any, x: Any) -> Any:
    return xp.array(x)


# What hands a fetched value out: plan memory and variables are never given away themselves.
_copy.__annotations__ = {}
COPY = OpDef("Copy", _copy, lambda x: x, source=lambda out, x: _fresh(x))


def _fresh(x: str) -> str:
    dtype = getattr(x, "dtype", None)
    if dtype is not None and dtype.kind == "O":  # it may be a string itself, not an array
        return f"np.array({x}, object)"
    return f"{x}.copy()"


def _keep(xp: Any, x: Any, out: Any = None) -> Any:
    if out is None:
        return xp.array(x)
    xp.copyto(out, x)
    return out


def _keep_source(out: Any, x: str) -> str:
    return _fresh(x) if out is None else f"np.copyto({out}, {x})"


# What a loop variable becomes, out of the memory that the next iteration works in.
_keep.__annotations__ = {}
KEEP = OpDef("Keep", _keep, lambda x: x, inplace=True, source=_keep_source)


def _same(xp: Any, x: Any) -> Any:
    return x


# The same for a handle: what it stands for stays where it is.
_same.__annotations__ = {}
SAME = OpDef("Same", _same, lambda x: x, source=lambda out, x: str(x))


PREDICATE = TypeAttr("Tpred", static=True)  # what decides which way to go: the host asks it


def _either(xp: Any, x: Any, y: Any, pred: Any, out: Any = None) -> Any:
    return _keep(xp, y if pred else x, out)


def _either_source(out: Any, x: str, y: str, pred: str) -> str:
    chosen = f"{y} if {pred} else {x}"
    return f"({chosen}).copy()" if out is None else f"np.copyto({out}, {chosen})"


# Where two branches meet: the input that has a value.
_either.__annotations__ = {"pred": PREDICATE}
EITHER = OpDef("Either", _either, lambda x, y, pred: x, source=_either_source)


def _either_handle(xp: Any, x: Any, y: Any, pred: Any) -> Any:
    return y if pred else x


_either_handle.__annotations__ = {"pred": PREDICATE}
EITHER_HANDLE = OpDef("EitherHandle", _either_handle, lambda x, y, pred: x,
                      source=lambda out, x, y, pred: f"{y} if {pred} else {x}")  # fmt: skip


def _which(xp: Any, pred: Any, *, turned: bool) -> Any:
    return xp.int32(bool(pred) != turned)


_which.__annotations__ = {"pred": PREDICATE}
WHICH = OpDef("Which", _which, lambda pred, *, turned: ())


def _holds(xp: Any, pred: Any, *, side: bool) -> None:
    if bool(pred) != side:
        raise ValueError("none of the inputs of a Merge has a value: no branch was taken")


# Of branches with predicates of their own: the last one that is left is taken.
_holds.__annotations__ = {"pred": PREDICATE}
HOLDS = OpDef("Holds", _holds, lambda pred, *, side: [], stateful=True, host=True)


def _misfit(xp: Any, *, operation: Operation, message: str) -> None:
    raise errors.InvalidArgumentError(None, operation, message)


# In the place of a step whose inputs do not fit together: what comes before it may say why, and it
# may be in a branch that is not taken.
_misfit.__annotations__ = {}
MISFIT = OpDef("Misfit", _misfit, lambda *, operation, message: [], stateful=True, host=True)


class While(OpDef):
    """A loop as an op of its own, which runs the steps of `block` again and again.

    Its first inputs are the variables' first values, the others what the block reads from outside:
    the block is fed with these. It fetches what the variables become, and then whether the loop
    goes on. Outputs are the variables' last values, then values that are inputs, unchanged
    (`passed`), or variables of the graph that it has changed (`written`).
    """

    def __init__(self, block: Program, passed: Pairs, written: Pairs) -> None:
        stateful = any(not step.pure for step in block.steps)
        super().__init__("While", _block, None, lends=True, stateful=stateful)
        self.block, self.passed, self.pairs = block, passed, written

    @property
    def written(self) -> Pairs:
        return self.pairs

    @property
    def carried(self) -> int:
        """How many variables change."""
        return len(self.block.fetches) - 1


def _block(xp: Any, *inputs: Any) -> Any:
    raise RuntimeError("a loop is written out where it stands")


_block.__annotations__ = {}


def loops_of(program: Program) -> list[While]:
    """The loops that are steps of a program."""
    return [s.definition for s in program.steps if isinstance(s.definition, While)]


MEETINGS = (EITHER, EITHER_HANDLE)  # of branches: the last input is the predicate


def predicates(step: Step) -> list[int]:
    """The values that decide whether it runs, or which of its inputs it hands on."""
    guards = [pred for pred, _ in step.guard]
    return [*guards, step.inputs[-1]] if step.definition in MEETINGS else guards
