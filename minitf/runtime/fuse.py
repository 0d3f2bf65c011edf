"""Phase 6: groups of element-wise steps become one loop, compiled from C.

A group is as large as it can be: all its steps have one shape, and nothing outside it stands
between two of them. Updates of variables take part: the gradient's last steps and `W -= ...` are
one pass over the memory. Without a compiler the program stays as it is.
"""
from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from minitf.core.op import OpDef
from minitf.core.tensor_shape import num_elements
from minitf.runtime.loops import C_TYPES, PREAMBLE, Line, Loop, Read, collapsed, expression, literal
from minitf.runtime.program import Program, Step, Value

TINY = 1 << 10  # elements: below, only six calls of NumPy and more are worth a loop to read
SMALL = 1 << 12  # elements: below, three
LARGE = 1 << 16  # elements: from here on even one gains, by its threads
MAX_INPUTS = 16  # of one step
MAX_STEPS = 200  # of one loop: more would not fit the processor's registers and code cache

Library = Callable[[str], Any]
Pairs = tuple[tuple[int, int], ...]


class Fused(OpDef):
    """A group as an op of its own: its kernel is the compiled loop."""

    def __init__(self, loop: Loop, sizes: tuple[int, ...], written: Pairs) -> None:
        super().__init__("Fused", _kernel, None, stateful=bool(written), inplace=True,
                         loops=True)  # fmt: skip
        self.loop, self.sizes, self.pairs = loop, sizes, written
        self.function: Any = None

    @property
    def written(self) -> Pairs:
        return self.pairs


def _kernel(xp: Any, *inputs: Any, out: Any = None) -> Any:
    raise RuntimeError("a fused group is called by its compiled function")


_kernel.__annotations__ = {}
_kernel.__name__ = "loop"


def fuse(program: Program, library: Library | None) -> Program:
    """The program with groups in place of their steps.

    `library(source)` compiles C and returns the loaded functions, or None.
    """
    if library is None:
        return program
    groups = [group for group in _Grouper(program).groups() if _pays(group, program)]
    users: dict[int, list[Step]] = {}
    for step in program.steps:
        for i in step.inputs:
            users.setdefault(i, []).append(step)
    facts = _Facts(program.values, program.roots(), users, set(program.fetches))
    position = {step: i for i, step in enumerate(program.steps)}
    for group in groups:
        group.sort(key=position.__getitem__)
    fused = [made for group in groups if (made := _fused(group, facts)) is not None]
    if not fused:
        return program
    loops = list(dict.fromkeys(step.definition.loop for step, _ in fused))  # type: ignore[attr-defined]
    names = {loop: f"loop{i}" for i, loop in enumerate(loops)}
    functions = library(PREAMBLE + "\n".join(loop.source(names[loop]) for loop in loops) + "\n")
    if functions is None:
        return program
    for step, _ in fused:
        definition: Any = step.definition
        definition.function = _bound(functions[names[definition.loop]], definition)
    return _replaced(program, fused)


def _bound(function: Any, definition: Any) -> Any:
    loop = definition.loop
    arrays = len(loop.reads) + len(loop.writes)
    function.argtypes = [ctypes.c_int64] * loop.rank + [ctypes.py_object] * arrays
    function.restype = None
    return functools.partial(function, *definition.sizes)


# -- which steps ----------------------------------------------------------------------------------


def _can_fuse(step: Step, values: list[Value]) -> bool:
    definition = step.definition
    if definition.scalar is None or len(step.outputs) != 1 or len(step.inputs) > MAX_INPUTS:
        return False
    output = values[step.outputs[0]]
    if not output.static or not (num_elements(output.shape) or 0):
        return False
    dtypes = {values[i].dtype.name for i in (*step.inputs, *step.outputs)}
    floats = dtypes - {"bool"}
    return len(floats) == 1 and floats <= C_TYPES.keys() and all(
        values[i].static for i in step.inputs
    )


class _Grouper:
    """Walks the steps once. A group is open until a step outside it reads one of its values or
    waits for one of its steps: so nothing outside can stand between two steps of a group."""

    def __init__(self, program: Program) -> None:
        self.program, self.values = program, program.values
        self.producers = program.producers()
        self.home: dict[Step, list[Step]] = {}
        self.closed: set[int] = set()  # ids of groups

    def groups(self) -> list[list[Step]]:
        for step in self.program.steps:
            joined = self._joined(step) if _can_fuse(step, self.values) else None
            before = {self.producers[i] for i in step.inputs if i in self.producers} | step.after
            for other in before & self.home.keys():
                if self.home[other] is not joined:
                    self.closed.add(id(self.home[other]))
            if joined is not None:
                joined.append(step)
                self.home[step] = joined
        return list({id(group): group for group in self.home.values()}.values())

    def _joined(self, step: Step) -> list[Step]:
        """The open groups of this shape that its inputs come from, made one; or a new group."""
        if step.after:
            return []
        makers = [self.producers.get(i) for i in step.inputs]
        found = {id(self.home[m]): self.home[m] for m in makers if m in self.home}
        open_ones = [
            group
            for group in found.values()
            if id(group) not in self.closed and self._alike(group[0], step)
        ]
        if not open_ones or sum(map(len, open_ones)) >= MAX_STEPS:
            return []
        largest, *others = sorted(open_ones, key=len, reverse=True)
        for group in others:
            largest += group
            self.home.update((member, largest) for member in group)
        return largest

    def _alike(self, a: Step, b: Step) -> bool:
        one, other = self.values[a.outputs[0]], self.values[b.outputs[0]]
        return one.shape == other.shape and self._float(a) == self._float(b)

    def _float(self, step: Step) -> str:
        names = {self.values[i].dtype.name for i in (*step.inputs, *step.outputs)} - {"bool"}
        return next(iter(names))


def _pays(group: list[Step], program: Program) -> bool:
    size = num_elements(program.values[group[0].outputs[0]].shape) or 0
    return len(group) >= (6 if size < TINY else 3 if size < SMALL else 2 if size < LARGE else 1)


# -- one group ------------------------------------------------------------------------------------


class _Facts(NamedTuple):
    """What is asked about values again and again."""

    values: list[Value]
    roots: list[int]
    users: dict[int, list[Step]]
    fetched: set[int | None]

    def used_outside(self, i: int, members: set[Step]) -> bool:
        return i in self.fetched or any(user not in members for user in self.users.get(i, ()))


def _fused(group: list[Step], facts: _Facts) -> tuple[Step, list[Step]] | None:
    """The group as one step; None when C cannot express it."""
    values, roots, members = facts.values, facts.roots, set(group)
    inside = {step.outputs[0] for step in group}
    outside = {i for i in inside if facts.used_outside(i, members)}
    variables = {roots[s.inputs[0]] for s in group if s.definition.writes()}
    reads = list(dict.fromkeys(i for s in group for i in s.inputs if i not in inside))
    reads = [i for i in reads if _literal(values[i]) is None]
    if any(roots[i] in variables and values[i].shape != values[group[0].outputs[0]].shape
           for i in reads):  # fmt: skip
        return None  # it reads a variable otherwise than element by element while it writes it
    shape: Any = values[group[0].outputs[0]].shape
    sizes, extends = collapsed(shape, [values[i].shape for i in reads])
    names = {i: f"v{k}" for k, i in enumerate(reads)}
    lines: list[Line] = []
    writes: list[int] = []
    outputs: list[int] = []
    written: list[tuple[int, int]] = []
    for step in group:
        line = _line(step, names, values)
        if line is None:
            return None
        out = step.outputs[0]
        names[out] = f"v{len(reads) + len(lines)}"
        if step.definition.writes():
            written.append((reads.index(step.inputs[0]), len(writes)))
        if step.definition.writes() or out in outside:
            writes.append(len(lines))
            outputs.append(out)
        lines.append(line)
    if not writes or len({reads[i] for i, _ in written}) != len(written):
        return None
    loop = Loop(
        len(sizes),
        tuple(Read(values[i].dtype.name, e) for i, e in zip(reads, extends)),
        tuple(lines),
        tuple(writes),
    )
    step = Step(Fused(loop, sizes, tuple(written)), group[-1].operation, reads, outputs, {})
    step.after = set().union(*(member.after for member in group)) - set(group)
    return step, group


def _line(step: Step, names: dict[int, str], values: list[Value]) -> Line | None:
    floats = {values[i].dtype.name for i in (*step.inputs, *step.outputs)} - {"bool"}
    dtype = next(iter(floats))
    arguments = [_literal(values[i]) or names[i] for i in step.inputs]
    scalar: Any = step.definition.scalar
    text = scalar(len(arguments), **step.attrs) if callable(scalar) else scalar
    text = expression(text, arguments, step.attrs, dtype)
    return None if text is None else Line(values[step.outputs[0]].dtype.name, text)


def _literal(value: Value) -> str | None:
    """A constant that has the same number everywhere, as C writes it."""
    constant = value.constant
    if constant is None or not constant.size or constant.dtype.name not in C_TYPES:
        return None
    first = constant.reshape(-1)[:1]
    if constant.size > 1 and (np.isnan(first[0]) or not (constant == first[0]).all()):
        return None
    if first[0] == 0 and constant.size > 1 and np.signbit(constant).any():
        return None  # zeros of both signs
    return literal(first[0], constant.dtype.name)


def _replaced(program: Program, fused: list[tuple[Step, list[Step]]]) -> Program:
    """The program with each group's step where its last member stood."""
    last = {group[-1]: step for step, group in fused}
    home = {member: step for step, group in fused for member in group}
    steps = []
    for step in program.steps:
        if step in last:
            steps.append(last[step])
        elif step not in home:
            steps.append(step)
    for step in steps:
        step.after = {home.get(other, other) for other in step.after} - {step}
    return Program(program.values, steps, program.feeds, program.fetches)
