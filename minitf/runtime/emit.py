"""Phase 9: a Program as the text of a Python function, one line per step.

    def step(X, Y, weights, intercept):
        np.matmul(X, weights, out=b0)                  # MatMul (32, 1)

Feeds and variables are its arguments; `b0`, `b1` are buffers, `t0`, `t1` fresh arrays, `c0`, `c1`
constants. The text is the best explanation of what the graph does.
"""
from __future__ import annotations

import functools
import keyword
import os
import re
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minitf.backend.blas import with_one_thread
from minitf.backend.cpu import Backend
from minitf.core.schema import Param
from minitf.core.source import Name, call
from minitf.runtime.arranged import Arranged, variables_read
from minitf.runtime.buffers import Buffer
from minitf.runtime.cuda.transfers import with_state
from minitf.runtime.emit_flow import Flow
from minitf.runtime.emit_regions import WIDTH, Regions
from minitf.runtime.fits import fitted, is_blind
from minitf.runtime.late import is_late, late
from minitf.runtime.program import EITHER, Step, While
from minitf.runtime.quick import quickened
from minitf.runtime.regions import Region
from minitf.runtime.room import Room

MAX_LITERAL = 16  # elements of an axis or shape that are written out


@dataclass(slots=True)
class Listing:
    """The text, what its names mean, and which step stands on which line."""

    text: str
    names: dict[str, Any]  # functions and constants
    buffers: dict[str, Buffer]
    lines: dict[int, Step] = field(default_factory=dict)
    writes: dict[int, list[str]] = field(default_factory=dict)  # variables that a line changes
    regions: dict[str, Region] = field(default_factory=dict)  # what runs in C, by name

    def code(self, filename: str) -> types.CodeType:
        """The function that the text defines, compiled."""
        module = compile(self.text, filename, "exec")
        return next(c for c in module.co_consts if isinstance(c, types.CodeType))


def emit(
    arranged: Arranged,
    states: Any,
    slots: Any,
    backend: Backend,
    windows: dict[Buffer, str] | None = None,
) -> Listing:
    """Write the program down.

    `states(step)` and `slots(operation)` give what the Session keeps for a step and a variable;
    `windows` are buffers that have names already.
    """
    writer = Writer(arranged, states, slots, backend)
    writer.windows.update(windows or {})
    writer.taken.update(writer.windows.values())
    return writer.listing()


class Writer(Flow, Regions):
    """Writes one program, or the block of a loop of it."""

    def __init__(
        self,
        arranged: Arranged,
        states: Any,
        slots: Any,
        backend: Backend,
        outer: Writer | None = None,
    ) -> None:
        program = arranged.program
        self.arranged, self.lowered, self.memory = arranged, arranged.lowered, arranged.memory
        self.program, self.values, self.room = program, program.values, Room()
        self.states, self.slots, self.backend = states, slots, backend
        self.of: dict[int, str] = {}
        self.free_locals: list[str] = []
        self.locals = self.constants = 0
        self.roots = program.roots()
        self.made: set[int] = set()  # fresh arrays and variables that C fills
        self.users: dict[int, list[str]] = {}  # local names that keep a root's memory alive
        self.begin()
        if outer is not None:
            self.share(outer)
            return
        self.pad = "    "
        self.regions: dict[str, Region] = {}
        self.names: dict[str, Any] = {"np": np}
        if backend.is_gpu:
            self.names["cp"] = backend.xp
        self.taken = {"np", "cp", "step", "aligned", *keyword.kwlist, *dir(__builtins__)}
        self.repeats: dict[str, int] = {}  # by base: the first number that may be free
        self.functions: dict[Any, str] = {}
        self.windows: dict[Buffer, str] = {}
        self.notes: list[str] = []  # the loops in C, as comments below the program

    def inside(self, arranged: Arranged) -> Writer:
        """A Writer of the block of a loop, into the same text."""
        return Writer(arranged, self.states, self.slots, self.backend, self)

    def listing(self) -> Listing:
        lines = [f"def step({', '.join(self._arguments())}):"]
        where: dict[int, Step] = {}
        writes: dict[int, list[str]] = {}
        for step, text in self.body():
            lines.append(text)
            if step is not None:
                where[len(lines)] = step
            if step is not None and self.changes.get(step):
                writes[len(lines)] = self.changes[step]
        lines.append(f"    return {self._returned()}")
        lines += self.notes
        buffers = {name: buffer for buffer, name in self.windows.items()}
        text = "\n".join(lines) + "\n"
        return Listing(text, self.names, buffers, where, writes, self.regions)

    def _in_c(self, step: Step) -> bool:
        return step in self.lowered.steps or step in self.lowered.views

    def _steps(self, lifetimes: Any) -> Iterator[tuple[Step | None, str]]:
        for step, dying in lifetimes:
            yield from self.checked(step)
            if isinstance(step.definition, While):
                yield from self.loop(step)
            else:
                if step.definition.tiles:
                    yield from ((None, line) for line in self._prepared(step))
                yield step, self._line(step)
            self._release(dying)

    # -- names -------------------------------------------------------------------------------

    def _arguments(self) -> list[str]:
        feeds = self.program.feeds
        variables = [i for i, value in enumerate(self.values) if value.variable is not None]
        for i in (*feeds, *variables):
            self.of[i] = self._unique(self.values[i].name)
        numbered = {name[0] for name in self.of.values() if name[1:].isdigit()}
        self.prefix = {
            short: word if short in numbered else short
            for short, word in (("b", "buffer"), ("c", "constant"), ("t", "fresh"))
        }
        read = variables_read(self.arranged)
        self.unsure = {i for i, needed in read.items() if not needed}
        self.variable_names = {self.values[i].variable: self.of[i] for i in variables}
        return [self.of[i] for i in (*feeds, *read)]

    def _unique(self, wanted: str) -> str:
        base = re.sub(r"\W", "_", wanted.rsplit(":", 1)[0])
        base = f"_{base}" if base[:1].isdigit() else base
        name, count = base, self.repeats.get(base, 1)
        while name in self.taken:
            name, count = f"{base}_{count}", count + 1
        self.repeats[base] = count
        self.taken.add(name)
        return name

    def _bound(self, prefix: str, value: Any) -> str:
        self.constants += 1
        name = self._unique(f"{prefix}{self.constants - 1}")
        self.names[name] = value
        return name

    def _window(self, buffer: Buffer) -> str:
        if buffer not in self.windows:
            self.windows[buffer] = self._unique(f"{self.prefix['b']}{len(self.windows)}")
        return self.windows[buffer]

    def _local(self, root: int) -> str:
        name = self.free_locals.pop() if self.free_locals else self._new_local()
        self.users.setdefault(root, []).append(name)
        return name

    def _new_local(self) -> str:
        self.locals += 1
        return self._unique(f"{self.prefix['t']}{self.locals - 1}")

    def _release(self, dying: list[int]) -> None:
        for root in dying:
            self.free_locals += reversed(self.users.pop(root, []))

    # -- lines -------------------------------------------------------------------------------

    def _line(self, step: Step) -> str:
        value = self.values[step.outputs[0]] if step.outputs else None
        shape = f" {value.shape}" if value is not None and value.static else ""
        text = self._in_the_dialect(self.pad + self._statement(step), step.host)
        return f"{text:<{WIDTH}}  # {step.operation.name}{shape}"

    def _prepared(self, step: Step) -> list[str]:
        """Lines before a call of C, or of tiles: it fills fresh arrays that are made for it."""
        lines = []
        for i in step.outputs if self._fills(step) else ():
            value = self.values[i]
            if i in self.memory.places:
                self.of[i] = self._window(self.memory.places[i])
            elif self.roots[i] == i and i not in self.made:
                self.of[i] = self._local(i)
                self.made.add(i)
                text = f"{self.pad}{self.of[i]} = np.empty({value.shape}, np.{value.dtype})"
                lines.append(self._in_the_dialect(text, value.host))
        for i, o in step.definition.written:
            self.of[step.outputs[o]] = self._argument_of(self.roots[step.inputs[i]])
            self.made.add(step.outputs[o])
        return lines

    def _fills(self, step: Step) -> bool:
        """Whether it fills all the arrays that are its outputs."""
        return step.definition.tiles or step in self.lowered.steps

    def _tiled(self, step: Step) -> str:
        """The call of a group of tiles: what it reads, then what it writes."""
        definition: Any = step.definition
        changed = {o for _, o in definition.written}
        made = [self.of[i] for k, i in enumerate(step.outputs) if k not in changed]
        arguments = [*map(self._argument_of, step.inputs), *made]
        name = self._unique("tiles")
        self.names[name] = definition.function
        self.notes += ["", *(f"# {line}" for line in definition.function.text(name))]
        return f"{name}({', '.join(arguments)})"

    def _looped(self, step: Step) -> str:
        """The call of a loop: what it reads, then what it writes."""
        loop: Any = self.lowered.steps[step].loop
        definition: Any = step.definition
        reads = [self._argument_of(i) for i in step.inputs]
        writes = [self.of[i] for i in step.outputs]
        call = f"({', '.join(reads + writes)})"
        key = definition.type, loop
        if key in self.functions:  # the same for other arrays
            return self.functions[key] + call
        name = self.functions[key] = self._unique("loop")
        what, read = definition.told(reads)
        self.notes += ["", f"# {name}, for {what}:"]
        self.notes += [f"#     v{k} = {text}" for k, text in enumerate(read)]
        self.notes += [f"#     {line}" for line in loop.body()]
        self.notes += [
            f"#     {text} = {f'{w.combine} of ' if w.combine else ''}{w.value}"
            for text, w in zip(writes, loop.writes)
        ]
        return name + call

    def _statement(self, step: Step) -> str:
        if step.definition.loops and step in self.lowered.steps:
            return self._looped(step)
        if step.definition.tiles:
            return self._tiled(step)
        if step in self.arranged.scalars:
            return self.number(step)
        out = self._out(step)
        expression = self._written(step, out) or self._called(step, out)
        if step.definition.writes():
            self.of[step.outputs[0]] = name = self.of[self.roots[step.inputs[0]]]
            return expression if f"out={name}" in expression else f"{name} = {expression}"
        if step.definition.token:  # nothing is read of it: it is the name of what came before
            self.of[step.outputs[0]] = self._argument_of(step.inputs[-1])
            return expression
        if out is not None:
            self.of[step.outputs[0]] = out
            return expression
        if not step.outputs:
            return expression
        for i in step.outputs if step not in self.lowered.steps else ():
            self.of[i] = self._local(self.roots[i])
        if step.definition.array == "get":  # a row of an array: side by side, as C takes it
            self.made.update(step.outputs)
        targets = ", ".join(self.of[i] for i in step.outputs)
        comma = "," if step.definition.schema.several and len(step.outputs) == 1 else ""
        return f"{targets}{comma} = {expression}"

    def _out(self, step: Step) -> str | None:
        """The array that the kernel is to fill, if it can."""
        if not step.outputs or not step.definition.schema.out:
            return None
        place = self.memory.places.get(step.outputs[0])
        made = self.of.get(step.outputs[0]) if step.outputs[0] in self.made else None
        return made if place is None else self._window(place)

    def _written(self, step: Step, out: str | None) -> str | None:
        """The step as a line of NumPy, by the op's `source` trait or its ufunc."""
        definition = step.definition
        if definition.source is None and definition.ufunc is None:
            return None
        if is_blind(step, self.values) or self._is_open(step):
            return None
        pairs = definition.schema.arguments(step.inputs)
        # Of an array that a branch did not make, not even the name may be read.
        named = definition is EITHER or definition.array
        literal = [None if named else self._literal(i, p.static or self._is_tuple(i))
                   for p, i in pairs]  # fmt: skip
        data = [text for (param, _), text in zip(pairs, literal) if not param.static]
        if data and all(text is not None for text in data):
            literal = [None if not p.static else t for (p, _), t in zip(pairs, literal)]
        if definition.writes():
            out = self.of[self.roots[step.inputs[0]]]
        names = [text or self._name(param, i) for (param, i), text in zip(pairs, literal)]
        if definition.source is not None:
            return definition.schema.call(definition.source, names, out, **step.attrs)
        return call(definition.ufunc or "", *names, out=out)

    def _called(self, step: Step, out: str | None) -> str:
        """The step as a call of its kernel."""
        definition = step.definition
        pairs = definition.schema.arguments(step.inputs)
        texts = [
            (f"{p.name}=" if p.keyword else "")
            + ((self._literal(i) if self._is_plain(p, step) else None) or self._argument(p, i))
            for p, i in pairs
        ]
        texts += [f"out={out}"] if out else []
        return f"{self._function(step)}({', '.join(texts)})"

    def _is_plain(self, param: Param, step: Step) -> bool:
        """Whether a static input is a size or an axis: a number whose type does not matter."""
        returns: Any = step.definition.schema.returns
        return param.static and getattr(returns, "attr", None) != param.type.attr  # type: ignore[union-attr]

    def _function(self, step: Step) -> str:
        definition = step.definition
        first = [self.states(step)] if definition.state else []
        xp = np if step.host else self.backend.xp
        kernel = definition.kernel
        if first and isinstance(first[0], self.backend.xp.ndarray) and self.backend.is_gpu:
            kernel = functools.partial(with_state, kernel)
        at_once = definition.quick_at_once and os.environ.get("MINITF_JIT") != "0"
        if definition.quick is not None and (self.lowered.quick or at_once):
            kernel = quickened(definition)
        is_open = self._is_open(step)
        if is_open:
            kernel = late(step, self.values, self._room(step))
        if definition.lapack and xp is np:
            kernel = functools.partial(with_one_thread, kernel)
        bound: Callable[..., Any] = functools.partial(kernel, xp, *first, **step.attrs)
        if blind := is_blind(step, self.values):
            bound = fitted(step, bound)
        own = first or is_open or blind
        key = object() if own else (definition.type, step.host, repr(step.attrs))
        if key not in self.functions:
            plain = definition.kernel.__name__.strip("_").removesuffix("_op")
            name = self.functions[key] = self._unique(plain)
            self.names[name] = bound
        return self.functions[key]

    def _is_open(self, step: Step) -> bool:
        """Whether C may run it, in sizes that the run brings."""
        return self.lowered.quick and is_late(step, self.values)

    def _room(self, step: Step) -> Room | None:
        """Where outputs lie that nobody outside may keep."""
        return None if set(step.outputs) & set(self.program.fetches) else self.room

    def _argument(self, param: Param, i: int) -> str:
        if param.ref == "slot":
            variable = self.values[self.roots[i]].variable
            slots = self.names.setdefault("variables", {})
            slots[variable.name] = self.slots(variable)
            self.taken.add("variables")
            return f"variables[{variable.name!r}]"
        return self._argument_of(i)

    def _argument_of(self, i: int) -> str:
        if i not in self.of:
            self.of[i] = self._bound(self.prefix["c"], self._constant(self.values[i]))
        return self.of[i]

    def _name(self, param: Param, i: int) -> Name:
        value = self.values[i]
        return Name(self._argument(param, i), value.shape if value.static else None, value.dtype)

    def _named(self, param: Param, i: int) -> Name:
        return Name(self._argument(param, i), self.values[i].shape, self.values[i].dtype)

    def _is_tuple(self, i: int) -> bool:
        """Whether NumPy makes of a tuple what the value is: of integers it makes int64, of none
        float64."""
        value = self.values[i]
        return not self.backend.is_gpu and value.dtype == np.int64 and value.shape != (0,)

    def _literal(self, i: int, tuples: bool = True) -> str | None:
        """The value as Python writes it, where it is known and short: CuPy takes no `tuples`."""
        constant = self.values[i].constant
        if constant is None or constant.size > MAX_LITERAL or constant.dtype.kind not in "biuf":
            return None
        if constant.ndim == 0:
            return _number(constant)
        if constant.ndim == 1 and constant.dtype.kind in "iu" and tuples:
            return repr(tuple(constant.tolist()))
        return None

    def _returned(self) -> str:
        names = [self.of[i] for i in self.program.fetches if i is not None]
        return f"({', '.join(names)}{',' if len(names) == 1 else ''})"


def _number(constant: np.ndarray) -> str | None:
    if constant.dtype.kind == "f":
        # The shortest decimal of this precision: NumPy reads the very same number back from it.
        return str(constant[()]) if np.isfinite(constant) else None
    return repr(constant.item())
