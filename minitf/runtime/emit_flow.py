"""Phase 9, branches and loops: `if` and `while` around the lines of steps.

        x, x_next = b0, b1
        while True:
            t0 = np.less(i, 10)
            if not t0: break
            np.tanh(x, out=x_next)
            x, x_next = x_next, x
"""
from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from minitf.core import errors
from minitf.core.operation import Operation
from minitf.core.tensor_shape import num_elements
from minitf.runtime.arranged import Arranged
from minitf.runtime.buffers import Buffer
from minitf.runtime.carry import OPERATORS, in_place, is_number
from minitf.runtime.program import EITHER, Guard, Step, While

Lines = Iterator[tuple[Any, str]]


class Flow:
    """The part of a Writer that writes branches and loops."""

    arranged: Arranged
    backend: Any
    program: Any
    memory: Any
    lowered: Any
    values: list[Any]
    roots: list[int]
    of: dict[int, str]
    made: set[int]
    names: dict[str, Any]
    pad: str
    unsure: set[int]  # variables that may have no value when they are read in a branch
    variable_names: dict[Any, str]
    inside: Any  # a Writer of the block of a loop
    _argument_of: Any
    _in_c: Any
    _in_the_dialect: Any
    _literal: Any
    _local: Any
    _region: Any
    _side_by_side: Any
    _steps: Any
    _unique: Any
    _window: Any

    def begin(self) -> None:
        """Outside of every branch."""
        self.open: Guard = ()
        self.checks: set[tuple[int, Guard]] = set()
        self.test: int | None = None  # what says whether the loop goes on, until it has been asked
        self.asked: tuple[int, bool] | None = None
        self.unsure = set()
        self.is_block = False
        self.elses: list[bool] = []  # of each open branch, whether an else has opened it
        self.changes: dict[Step, list[str]] = {}  # the names of the variables that steps write

    def share(self, outer: Any) -> None:
        """Write into the text that `outer` writes."""
        for name in ("regions", "names", "taken", "repeats", "functions", "windows", "notes",
                     "prefix", "variable_names", "changes"):  # fmt: skip
            setattr(self, name, getattr(outer, name))
        self.pad, self.is_block = outer.pad + "    ", True

    def body(self) -> Lines:
        """The lines of all steps, each with the step that it is."""
        outer = self.pad
        for in_c, guard, steps in self._groups():
            yield from self._opened(guard, steps[0][0], outer)
            for step, _ in steps:
                self._note_changes(step)
            yield from self._region(steps) if in_c else self._steps(steps)
        self.pad, self.open = outer, ()
        yield from self._asked()

    def _groups(self) -> Iterator[tuple[bool, Guard, list[Any]]]:
        """The steps that stand in one branch, and in one call where that is not of Python."""
        lifetimes = zip(self.program.steps, self.memory.dying)
        for (kind, guard), group in itertools.groupby(lifetimes, self._kind):
            in_c = bool(kind)
            steps: list[Any] = []
            made: set[int] = set()
            for step, dying in group:
                if step.definition is EITHER and step.inputs[2] in made:
                    yield in_c, guard, steps  # the call after this one is told which branch it was
                    steps, made = [], set()
                steps.append((step, dying))
                made.update(step.outputs)
            yield in_c, guard, steps

    def _kind(self, lifetime: Any) -> tuple[Any, Guard]:
        """Steps of one kind are written together; one that may fail alone, to be found by its
        line."""
        step: Step = lifetime[0]
        in_c = self._in_c(step)
        return step if in_c and step.definition.fails else in_c, step.guard

    def _note_changes(self, step: Step) -> None:
        names = [self.values[self.roots[step.inputs[i]]].name for i, _ in step.definition.written]
        if names:
            self.changes[step] = names

    # -- branches ----------------------------------------------------------------------------

    def _opened(self, guard: Guard, first: Step, pad: str) -> Lines:
        """The lines between the branch that is open and the one that `guard` says."""
        if self.test is not None and (self.test, True) in guard:
            self.pad, self.open = pad, ()
            yield from self._asked()
        wanted = tuple(pair for pair in guard if pair != self.asked)
        same = 0
        while same < min(len(wanted), len(self.open)) and wanted[same] == self.open[same]:
            same += 1
        closed, self.open = self.open, wanted
        elses, self.elses = self.elses, self.elses[:same]
        for depth in range(same, len(wanted)):
            pred, side = wanted[depth]
            self.pad = pad + "    " * depth
            opposite = depth == same and closed[same:] == ((pred, not side),)
            if opposite and not elses[depth]:
                self.elses.append(True)
                yield None, f"{self.pad}else:"
            else:
                self.elses.append(False)
                yield first, f"{self.pad}if {'' if side else 'not '}{self._argument_of(pred)}:"
        self.pad = pad + "    " * len(wanted)

    def _asked(self) -> Lines:
        """The line that ends the loop."""
        if self.test is not None:
            self.asked = (self.test, True)
            yield None, f"{self.pad}if not {self._argument_of(self.test)}: break"
            self.test = None

    def checked(self, step: Step) -> Lines:
        """The lines that raise where a variable that a branch reads has no value."""
        if not self.unsure:
            return
        inputs = step.inputs
        if isinstance(step.definition, While):  # what its block reads is looked at there
            inside = {value.variable for value in step.definition.block.values}
            inputs = [i for i in inputs if self.values[self.roots[i]].variable not in inside]
        either = step.definition is EITHER
        for n, (param, i) in enumerate(step.definition.schema.arguments(inputs)):
            root = self.roots[i]
            if root in self.unsure and param.ref != "slot":
                held = [self.open[:n] for n in range(len(self.open) + 1)]
                if all((root, guard) not in self.checks for guard in held):
                    if not either:
                        self.checks.add((root, self.open))
                    test = f"{self.of[root]} is None"
                    if either:
                        test += f" and {'' if n else 'not '}{self._argument_of(inputs[2])}"
                    yield step, f"{self.pad}if {test}: {self._raiser(root)}"

    def _raiser(self, root: int) -> str:
        """The call that says which variable has no value."""
        variable = self.values[root].variable
        self.names.setdefault("uninitialized", {})[variable.name] = _Raiser(variable)
        return f"uninitialized[{variable.name!r}]()"

    # -- loops -------------------------------------------------------------------------------

    def loop(self, step: Step) -> Lines:
        """The lines of a loop."""
        definition: Any = step.definition
        inner = self.inside(self._placed(definition))
        swaps: list[tuple[str, str]] = []
        fresh: list[tuple[str, int]] = []
        for k in range(definition.carried):
            yield from self._carried(inner, step, k, swaps, fresh)
        yield from self._fed(inner, step)
        inner.test = inner.program.fetches[-1]
        text = f"{self.pad}while True:"
        yield step, f"{text:<60}  # {step.operation.name}"
        yield from inner.body()
        after = [*swaps, *((name, inner.kept(end)) for name, end in fresh)]
        if after:
            left, right = (", ".join(names) for names in zip(*after))
            yield None, f"{inner.pad}{left} = {right}"
        for i, o in (*definition.passed, *definition.written):
            self.of[step.outputs[o]] = self._argument_of(self.roots[step.inputs[i]])

    def _placed(self, definition: While) -> Arranged:
        """The block, with memory of its own among that of the frame."""
        inner = self.arranged.loops[definition]
        slabs = self._slabs()
        first = len(slabs)
        slabs += inner.memory.slabs
        inner.memory.slabs = slabs
        places = inner.memory.places.items()
        inner.memory.places = {
            i: Buffer(first + place.slab, place.shape, place.dtype, place.offset)
            for i, place in places
        }
        return inner

    def _slabs(self) -> list[int]:
        slabs: list[int] = self.memory.slabs
        return slabs

    def _carried(
        self,
        inner: Any,
        step: Step,
        k: int,
        swaps: list[tuple[str, str]],
        fresh: list[tuple[str, int]],
    ) -> Lines:
        """The first value of a variable, and how it gets the next one."""
        fed, end = inner.program.feeds[k], inner.program.fetches[k]
        value, first = inner.values[fed], self._argument_of(step.inputs[k])
        inner.of[fed] = name = self._unique(value.name)
        self.of[step.outputs[k]] = name
        filled = value.static and inner.is_filled(end)  # or the first value has another shape
        if filled and in_place(inner.program, fed, end):
            buffer = self._window(self._buffer(value))
            inner.of[end] = name
            inner.made.add(end)
            self.made.add(step.outputs[k])
            yield None, f"{self.pad}{name} = {buffer}"
            yield None, self._copied(name, first)
            return
        if filled:
            buffers = [self._window(self._buffer(value)) for _ in range(2)]
            following = self._unique(f"{name}_next")
            inner.of[end] = following
            inner.made.add(end)
            self.made.add(step.outputs[k])
            yield None, self._copied(buffers[0], first)
            yield None, f"{self.pad}{name}, {following} = {', '.join(buffers)}"
            swaps += [(name, following), (following, name)]
            return
        handle = value.dtype.kind == "O" and value.shape == ()
        fresh_one = "[()]" if self.is_number(value) else "" if handle else ".copy()"
        yield None, f"{self.pad}{name} = {first}{fresh_one}"
        fresh.append((name, end))

    def _copied(self, to: str, first: str) -> str:
        return str(self._in_the_dialect(f"{self.pad}np.copyto({to}, {first})", False))

    def _buffer(self, value: Any) -> Buffer:
        self._slabs().append((num_elements(value.shape) or 0) * value.dtype.itemsize)
        return Buffer(len(self._slabs()) - 1, value.shape, value.dtype)

    def is_filled(self, end: int) -> bool:
        """Whether the step that makes a value writes it where it is told to."""
        value = self.values[end]
        maker = next((s for s in self.program.steps if end in s.outputs), None)
        if maker is None or not value.static or value.dtype.kind == "O" or self.roots[end] != end:
            return False
        if value.host:  # beside a GPU: it is small
            return False
        if maker in self.arranged.scalars:
            return False
        fills = maker.definition.schema.out and len(maker.outputs) == 1
        return bool(fills or maker.definition.tiles or maker in self.lowered.steps)

    def kept(self, end: int) -> str:
        """A fresh array as the next iteration takes it."""
        value, name = self.values[end], self._argument_of(end)
        in_c = self.lowered.steps and value.static and value.dtype.kind != "O"
        return str(self._side_by_side(name, value)) if in_c and value.shape else name

    def _fed(self, inner: Any, step: Step) -> Lines:
        """Names inside for what the block reads from outside."""
        carried = step.definition.carried  # type: ignore[attr-defined]
        in_c = {
            layout.root for native in inner.lowered.steps.values() for layout in native.layouts
        }
        for i, outside in zip(inner.program.feeds[carried:], step.inputs[carried:]):
            name = self._argument_of(outside)
            value = inner.values[i]
            if self.is_number(value):
                text, name = name, self._unique(value.name)
                yield None, f"{self.pad}{name} = {text}[()]"
            elif i in in_c and not self._contiguous(outside):
                text, name = name, self._unique(value.name)
                yield None, f"{self.pad}{name} = {self._side_by_side(text, value)}"
            inner.of[i] = name
        for i, value in enumerate(inner.values):
            if value.variable is not None:
                inner.of[i] = self.variable_names[value.variable]
        unsure = {self.values[i].variable for i in self.unsure}
        inner.unsure = {i for i, v in enumerate(inner.values) if v.variable in unsure - {None}}

    def number(self, step: Step) -> str:
        """A step of numbers, by Python's operator."""
        left, right = (self._literal(i) or self._argument_of(i) for i in step.inputs)
        self.of[step.outputs[0]] = name = self._local(step.outputs[0])
        return f"{name} = {left} {OPERATORS[step.definition.ufunc or '']} {right}"

    def is_unboxed(self, i: int) -> bool:
        """Whether an argument of the block is a number, not an array."""
        return self.is_block and self.is_number(self.values[i])

    def is_number(self, value: Any) -> bool:
        """Whether it is one integer or truth value that the host has."""
        return is_number(value) and (value.host or not self.backend.is_gpu)

    def _contiguous(self, i: int) -> bool:
        """Whether an array is known to lie as C takes it."""
        value = self.values[i]
        plain = value.feed or value.variable is not None or i in self.made
        return self.roots[i] == i and (plain or i in self.memory.places)


class _Raiser:
    """What a plan calls where it reads a variable without a value."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation

    def __call__(self) -> None:
        raise uninitialized(self.operation)


def uninitialized(operation: Operation) -> errors.OpError:
    """The error of reading a variable that has no value."""
    error: errors.OpError = errors.FailedPreconditionError(
        None, operation,
        f"Attempting to use uninitialized value {operation.name}: run its initializer first, as in "
        "sess.run(tf.global_variables_initializer())",
    )  # fmt: skip
    return error
