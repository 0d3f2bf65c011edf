"""Phase 6 without C: groups of element-wise steps over large arrays run tile by tile.

What the steps of a group pass to each other then stays in the cache, and threads share the tiles.
The code for a tile is straight-line NumPy, written by the same phases as the plan's own.
"""
from __future__ import annotations

import functools
import itertools
import math
import types
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from minitf.backend.cpu import Cpu
from minitf.backend.threads import share
from minitf.core.op import OpDef
from minitf.runtime.arranged import Arranged
from minitf.runtime.buffers import Buffer, assign_buffers
from minitf.runtime.emit import emit
from minitf.runtime.fuse import Facts, Grouper, Pairs, is_elementwise, replaced
from minitf.runtime.native import Lowered
from minitf.runtime.order import order
from minitf.runtime.program import Program, Step, Value

# Measured on a chain of 21 ops, 2 cores with 1 MiB of L2 each: on arrays of 1 MiB tiles of 512 KiB
# make it 1.2 times as fast as whole arrays, and two threads 1.7 times; on arrays of 4 MiB it is 1.7
# and 2.6 times. Tiles of 64 KiB lose a third of that to NumPy's microsecond a call and to threads
# that wait for the interpreter; larger ones gain no more. Arrays of 512 KiB gain nothing.
TILE = 1 << 19  # bytes of an array in a tile
SMALL = 1 << 20  # bytes of an array: below, groups stay as they are
LARGE = 1 << 22  # bytes of an array: from here on even one step gains, by threads

Sizes = tuple[int, ...]


def tile(program: Program, backend: Cpu) -> Program:
    """The program with each group of large steps as one step."""
    facts = Facts.of(program)
    groups = [group for group in _Grouper(program).groups() if _pays(group, facts, backend)]
    position = {step: i for i, step in enumerate(program.steps)}
    for group in groups:
        group.sort(key=position.__getitem__)
    tiled = [made for group in groups if (made := _tiled(group, facts, backend)) is not None]
    return replaced(program, tiled) if tiled else program


# -- which steps ----------------------------------------------------------------------------------


class _Grouper(Grouper):
    def fits(self, step: Step) -> bool:
        """Whether it is element-wise and large, and cannot raise."""
        definition = step.definition
        values = [self.values[i] for i in (*step.inputs, *step.outputs)]
        if not all(value.static and value.dtype.kind in "biufc" for value in values):
            return False
        if len(step.outputs) != 1 or len(step.data) < len(step.inputs):
            return False
        effects = step.pure or definition.writes()
        large = effects and size(values[-1]) >= SMALL and _cannot_raise(definition, values)
        return large and is_elementwise(step, self.values)

    def alike(self, group: list[Step], step: Step) -> bool:
        return self.values[group[0].outputs[0]].shape == self.values[step.outputs[0]].shape


def _cannot_raise(definition: OpDef, values: list[Value]) -> bool:
    """Of integers only what is a line of NumPy: other kernels look for zeros to divide by."""
    plain = definition.ufunc is not None or definition.source is not None
    return plain or all(value.dtype.kind not in "iu" for value in values)


def size(value: Value) -> int:
    """The bytes of its array."""
    return math.prod(value.shape or ()) * value.dtype.itemsize  # type: ignore[arg-type]


def _pays(group: list[Step], facts: Facts, backend: Cpu) -> bool:
    large = max(size(facts.values[step.outputs[0]]) for step in group) >= LARGE
    return len(group) >= (1 if large and backend.threads > 1 else 2)


# -- one group ------------------------------------------------------------------------------------


class Tiled(OpDef):
    """A group as an op of its own: its kernel takes the arrays apart."""

    def __init__(self, function: Tiles, written: Pairs, inplace: bool) -> None:
        super().__init__("Tiled", _kernel, None, stateful=bool(written), inplace=inplace,
                         tiles=True)  # fmt: skip
        self.function, self.pairs = function, written

    @property
    def written(self) -> Pairs:
        return self.pairs


def _kernel(xp: Any, *inputs: Any, out: Any = None) -> Any:
    raise RuntimeError("a group of tiles is called by its own function")


_kernel.__annotations__ = {}


def _store(xp: Any, x: Any, out: Any = None) -> Any:
    xp.copyto(out, x)
    return out


# For the result of a kernel that cannot write into a given buffer.
_store.__annotations__ = {}
STORE = OpDef("Store", _store, lambda x: x, inplace=True,
              source=lambda out, x: f"np.copyto({out}, {x})")  # fmt: skip


def _tiled(group: list[Step], facts: Facts, backend: Cpu) -> tuple[Step, list[Step]] | None:
    """The group as one step; None when an array is not to be cut as the others are."""
    values, roots, members = facts.values, facts.roots, set(group)
    inside = {step.outputs[0] for step in group}
    reads = list(dict.fromkeys(i for s in group for i in s.inputs if i not in inside))
    rigid = {i for s in group if not s.definition.broadcasts for i in s.inputs}
    reads = [i for i in reads if i in rigid or _number(values[i]) is None]
    writers = [step for step in group if step.definition.writes()]
    variables = {step.inputs[0] for step in writers}
    if len(variables) < len(writers) or not variables <= set(reads):
        return None  # it writes one variable twice
    if any(roots[i] in {roots[v] for v in variables} and i not in variables for i in reads):
        return None  # it reads a variable otherwise than element by element while it writes it
    outputs = [
        step.outputs[0]
        for step in group
        if step.definition.writes() or facts.used_outside(step.outputs[0], members)
    ]
    if not outputs:
        return None
    written = tuple((reads.index(s.inputs[0]), outputs.index(s.outputs[0])) for s in writers)
    changed = {o for _, o in written}
    made = [i for k, i in enumerate(outputs) if k not in changed]
    shape: Any = values[group[0].outputs[0]].shape
    tiles = Tiles(_Cut(values, shape, reads, made), group, values, backend)
    definition = Tiled(tiles, written, tiles.inplace)
    step = Step(definition, group[-1].operation, reads, outputs, {}, guard=group[-1].guard)
    step.after = set().union(*(member.after for member in group)) - members
    step.group = tuple(op for member in group for op in member.operations)
    return step, group


def _number(value: Value) -> np.ndarray | None:
    """A constant that has the same number everywhere, as an array without axes."""
    constant = value.constant
    if constant is None or not constant.size:
        return None
    first = constant.reshape(-1)[:1]
    alike = constant.size == 1 or first.tobytes() * constant.size == constant.tobytes()
    return first.reshape(()) if alike else None


class _Cut:
    """How the arrays of a group, reads and then outputs, are cut into tiles.

    Along one axis in ranges, along those before it index by index: what lies behind them fits into
    a tile. Axes along which all arrays extend are one.
    """

    def __init__(
        self, values: list[Value], full: Sizes, reads: list[int], outputs: list[int]
    ) -> None:
        self.reads, self.outputs = reads, outputs
        shapes = [values[i].shape for i in reads] + [full] * (len(outputs) + 1)
        sizes, extends = _joined(full, shapes)
        width = max(values[i].dtype.itemsize for i in (*reads, *outputs))
        behind = [math.prod(sizes[d + 1 :]) * width for d in range(len(sizes))]
        self.axis = next(d for d, bytes_ in enumerate(behind) if bytes_ <= TILE)
        self.rows = min(TILE // behind[self.axis], sizes[self.axis])
        self.extends = extends  # the last row is that of what the group's steps make
        # What extends along no axis is a number: `Select` takes no vector of one element for it.
        self.shapes = [
            tuple(n if e else 1 for n, e in zip(sizes, row)) if any(row) else () for row in extends
        ]
        starts = range(0, sizes[self.axis], self.rows)
        ranges = [slice(start, min(start + self.rows, sizes[self.axis])) for start in starts]
        self.parts = list(itertools.product(*map(range, sizes[: self.axis]), ranges))

    def tile(self, k: int) -> Sizes:
        """The shape of array k in a tile."""
        if not self.shapes[k]:
            return ()
        length = self.rows if self.extends[k][self.axis] else 1
        return (length, *self.shapes[k][self.axis + 1 :])

    @property
    def full(self) -> Sizes:
        return self.tile(-1)

    def index(self, k: int, part: tuple[Any, ...]) -> tuple[Any, ...]:
        """Where array k lies in a part."""
        if not self.shapes[k]:
            return ()
        whole = (0,) * self.axis + (slice(None),)
        return tuple(p if e else w for p, w, e in zip(part, whole, self.extends[k]))


def _joined(full: Sizes, shapes: list[Any]) -> tuple[Sizes, list[tuple[bool, ...]]]:
    """The sizes, neighbours joined along which the same arrays extend, and along which of them
    each array extends."""
    padded = [(1,) * (len(full) - len(shape)) + tuple(shape) for shape in shapes]
    columns = [tuple(shape[d] != 1 for shape in padded) for d in range(len(full))]
    sizes: list[int] = []
    kept: list[tuple[bool, ...]] = []
    for size, column in zip(full, columns):
        if kept and (column == kept[-1] or size == 1):
            sizes[-1] *= size
        elif size != 1:
            sizes.append(size)
            kept.append(column)
    return tuple(sizes), [tuple(column[k] for column in kept) for k in range(len(shapes))]


class Tiles:
    """The function of a group: cuts its arrays, and runs the group's NumPy code on each tile.

    Each thread that is at it has tile buffers of its own.
    """

    def __init__(self, cut: _Cut, group: list[Step], values: list[Value], backend: Cpu) -> None:
        self.cut, self.backend = cut, backend
        program, results = _program(cut, group, values)
        memory = assign_buffers(program)
        full = cut.full
        given = [Buffer(-1 - k, full, program.values[i].dtype) for k, i in enumerate(results)]
        memory.places.update(zip(results, given))
        names = {place: f"out{k}" for k, place in enumerate(given)}
        arranged = Arranged(program, Lowered(), memory)
        listing = emit(arranged, None, None, backend, windows=names)
        self.slabs, self.inplace = memory.slabs, _in_place(program, results, full)
        self.names = listing.names
        self.buffers = {n: b for n, b in listing.buffers.items() if b not in names}
        header, _, body = listing.text.removeprefix("def step(").partition("):\n")
        self.arguments = ", ".join([header, *names.values()])
        self.body = [line for line in body.splitlines() if not line.startswith("    return")]
        self.code = self._compiled()
        self.idle: list[Callable[[int], Any]] = []

    def text(self, name: str) -> list[str]:
        """What it does, in NumPy."""
        count = len(self.cut.parts)
        return [f"def {name}({self.arguments}):  # for each of {count} tiles", *self.body]

    def _compiled(self) -> types.CodeType:
        text = "\n".join([f"def tile({self.arguments}):", *self.body])
        module = compile(text, "<minitf tile>", "exec")
        return next(c for c in module.co_consts if isinstance(c, types.CodeType))

    def __call__(self, *arrays: np.ndarray) -> None:
        whole = [array.reshape(shape) for array, shape in zip(arrays, self.cut.shapes)]
        threads = min(self.backend.threads, len(self.cut.parts))
        share(functools.partial(self._work, whole), self.cut.parts, threads)

    def _work(self, arrays: list[np.ndarray], parts: Iterator[tuple[Any, ...]]) -> None:
        try:
            function = self.idle.pop()
        except IndexError:
            function = self._function()
        for part in parts:
            tiles = [array[self.cut.index(k, part)] for k, array in enumerate(arrays)]
            function(part[-1].stop - part[-1].start)(*tiles)
        self.idle.append(function)

    def _function(self) -> Callable[[int], Any]:
        """By the length of a tile the function, with buffers of its own."""
        slabs = [self.backend.allocate(size) for size in self.slabs]
        buffers = {
            name: self.backend.window(slabs[b.slab], b.shape, b.dtype)
            for name, b in self.buffers.items()
        }

        def of_length(length: int) -> Any:
            cut = {name: buffer[:length] for name, buffer in buffers.items()}
            return types.FunctionType(self.code, {**self.names, **cut})

        return functools.lru_cache(maxsize=2)(of_length)


def _program(
    cut: _Cut, group: list[Step], values: list[Value]
) -> tuple[Program, list[int]]:
    """A tile as a program that is fed with what the group reads, and the values that it makes."""
    own: list[Value] = []
    index: dict[int, int] = {}

    def add(i: int, shape: Sizes, constant: np.ndarray | None = None) -> int:
        index[i] = len(own)
        own.append(Value(values[i].name, shape, values[i].dtype, constant))
        return index[i]

    feeds = [add(i, cut.tile(k)) for k, i in enumerate(cut.reads)]
    full = cut.full
    steps, results = [], []
    for step in group:
        for i in step.inputs:
            if i not in index:
                add(i, (), _number(values[i]))
        out = add(step.outputs[0], full)
        inputs = [index[i] for i in step.inputs]
        steps.append(Step(step.definition, step.operation, inputs, [out], step.attrs))
        if step.outputs[0] in cut.outputs:
            if not step.definition.schema.out:
                out = add(step.outputs[0], full)
                steps.append(Step(STORE, step.operation, [out - 1], [out], {}))
            results.append(out)
    return order(Program(own, steps, feeds, list(results))), results


def _in_place(program: Program, results: list[int], full: Sizes) -> bool:
    """Whether each result may lie where an array lay that is read: none is read after it."""
    steps, done = program.steps, set(results)
    first = next((n for n, s in enumerate(steps) if done.intersection(s.outputs)), len(steps))
    late = {i for step in steps[first + 1 :] for i in step.inputs}
    at_once = first == len(steps) or steps[first].definition.inplace
    return at_once and not any(program.values[i].shape == full for i in late & set(program.feeds))
