"""A Plan: what one signature of `Session.run` compiles to, and how it is run.

    prune -> specialise -> fold -> simplify -> algebra -> share -> drop_dead -> store -> narrow
          -> accumulate -> update -> fuse -> order -> lower -> assign_buffers -> emit

`update`, `fuse` and `lower` are for plans that run in C; in NumPy `tile` takes their place.
"""
from __future__ import annotations

import contextlib
import contextvars
import functools
import gc
import itertools
import linecache
import types
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from minitf.backend.cpu import Cpu
from minitf.core import errors
from minitf.core.kernel import Kernel
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import num_elements
from minitf.runtime.accumulate import accumulate
from minitf.runtime.algebra import algebra
from minitf.runtime.buffers import assign_buffers
from minitf.runtime.emit import Listing, emit, variables_read
from minitf.runtime.fuse import fuse
from minitf.runtime.narrow import narrow
from minitf.runtime.native import Lowered, lower
from minitf.runtime.order import order
from minitf.runtime.program import Program, Step
from minitf.runtime.prune import prune
from minitf.runtime.regions import compiled
from minitf.runtime.simplify import drop_dead, fold, hand_over, share, simplify
from minitf.runtime.specialise import specialise
from minitf.runtime.store import store
from minitf.runtime.tiles import tile
from minitf.runtime.update import update

_numbers = itertools.count()

LONG_RUN = 1 << 19  # elements computed in one run
TRIAL = 50  # runs in NumPy before a short plan is compiled: most are not run so often


class Slot:
    """Where a Session keeps the value of one variable; None until it is initialised."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value: np.ndarray | None = None


def optimise(program: Program) -> Program:
    """The phases between the specialised graph and its order."""
    for phase in (fold, simplify, algebra, share, drop_dead, store, narrow, accumulate, hand_over):
        program = phase(program)
    return program


def compile_plan(
    fetches: Iterable[Tensor | Operation],
    feeds: Mapping[Tensor, tuple[tuple[int, ...], np.dtype]],
    slots: Callable[[Operation], Slot],
    states: Callable[[Operation], Any],
    backend: Cpu,
    in_c: bool | None = False,
    fused: bool = True,
) -> Plan:
    """The Plan for `fetches`, given the shape and type of each fed tensor.

    `slots` and `states` give what the Session keeps for a variable and for a stateful op. What can
    run in C does so when `in_c` is asked for and there is a compiler; None asks for it where a run
    is long enough to be worth compiling at once. Unless `fused`, each op is a step of its own.
    """
    fetches = list(fetches)
    operations = prune(fetches, feeds.keys())

    def planned(in_c: bool | None) -> Plan | None:
        program = optimise(specialise(operations, feeds, fetches))
        compiles = _is_long(program) if in_c is None else in_c
        if fused:
            program = fuse(update(program)) if compiles else tile(program, backend)
        program = order(program, compiles)
        program, lowered = lower(program) if compiles else (program, Lowered())
        addresses = compiled(native.kernel for native in lowered.steps.values())
        if addresses is None:
            return None
        memory = assign_buffers(program, lowered.steps)
        listing = emit(
            program, memory, lambda step: states(step.operation), slots, backend.xp, lowered
        )
        plan = Plan(program, memory.slabs, listing, slots, backend, addresses)
        plan.trial = TRIAL if in_c is None and not compiles else 0
        return plan

    with _no_garbage_collection():
        return planned(in_c) or planned(False)  # type: ignore[return-value]  # which never fails


@contextlib.contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """Planning makes many objects and no garbage in circles: looking for it takes as long again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _is_long(program: Program) -> bool:
    """Whether a run takes so long that compiling it pays at once."""
    sizes = (num_elements(program.values[i].shape) for s in program.steps for i in s.outputs)
    return sum(size or 0 for size in sizes) >= LONG_RUN


class Plan:
    """Straight-line code for one signature, and the memory it works in.

    It may run in several threads at once: each running call has a frame, that is buffers, of its
    own.
    """

    def __init__(
        self,
        program: Program,
        slabs: list[int],
        listing: Listing,
        slots: Callable[[Operation], Slot],
        backend: Cpu,
        addresses: dict[Kernel, int],
    ) -> None:
        self.program, self.slabs, self.listing, self.backend = program, slabs, listing, backend
        self.addresses = addresses
        self.trial = 0  # runs that are left before it is worth compiling, 0 when that is settled
        self.promote: Callable[[], None] = lambda: None  # puts a compiled plan in its place
        self.text = listing.text
        self.filename = f"<minitf plan {next(_numbers)}>"
        read = [program.values[i].variable for i in variables_read(program)]
        self.variables = [(op, slots(op)) for op in read if op is not None]
        self.code = self._compiled()
        self.frames: list[Callable[..., tuple[Any, ...]]] = []
        self.again = False  # what runs once, as initializers do, leaves no buffers behind

    def _compiled(self) -> types.CodeType:
        lines = self.text.splitlines(keepends=True)
        linecache.cache[self.filename] = (len(self.text), None, lines, self.filename)
        weakref.finalize(self, linecache.cache.pop, self.filename, None)
        module = compile(self.text, self.filename, "exec")
        return next(c for c in module.co_consts if isinstance(c, types.CodeType))

    def frame(self) -> Callable[..., tuple[Any, ...]]:
        """The function, with buffers of its own."""
        slabs = [self.backend.allocate(size) for size in self.slabs]
        buffers = {
            name: self.backend.window(slabs[b.slab], b.shape, b.dtype)
            for name, b in self.listing.buffers.items()
        }
        regions = {
            name: region.bound(self.addresses, lambda number: slabs[number].ctypes.data)
            for name, region in self.listing.regions.items()
        }
        names = {**self.listing.names, **buffers, **regions, "slabs of the frame": slabs}
        function = types.FunctionType(self.code, names)
        # Infinities and NaN are values here, not warnings. A context of the frame's own says so
        # once; entering np.errstate in every run would cost more than a small step.
        context = contextvars.copy_context()
        context.run(np.seterr, all="ignore")
        return functools.partial(context.run, function)

    def __call__(self, arguments: list[Any]) -> tuple[Any, ...]:
        """Run with the fed arrays; returns the fetched values.

        Raises FailedPreconditionError when a variable that is read has no value.
        """
        if self.trial:
            self.trial -= 1
            if not self.trial:
                self.promote()
        for operation, slot in self.variables:
            if slot.value is None:
                raise errors.FailedPreconditionError(None, operation, _uninitialized(operation))
            arguments.append(slot.value)
        try:
            frame = self.frames.pop()
        except IndexError:
            frame = self.frame()
        try:
            return frame(*arguments)
        except Exception as error:
            raise self._explained(error) from error
        finally:
            if self.again:
                self.frames.append(frame)
            self.again = True

    def _explained(self, error: Exception) -> Exception:
        """The error as TensorFlow names it: the op, the user's line, what has changed already."""
        step, done = self._where(error)
        if step is None:
            return error
        operation = step.operation
        roots, values = self.program.roots(), self.program.values
        written = [roots[s.inputs[i]] for s in done for i, _ in s.definition.written]
        changed = sorted({values[root].name for root in written})
        tail = f"\n  this run had already changed: {', '.join(changed)}" if changed else ""
        if isinstance(error, errors.OpError):
            if error.op is not None and not tail:
                return error
            return type(error)(None, error.op or operation, error.message + tail)
        kind = errors.InvalidArgumentError
        if isinstance(error, MemoryError):
            kind = errors.ResourceExhaustedError
        elif not isinstance(error, (ValueError, TypeError, ArithmeticError, IndexError)):
            return error
        shapes = ", ".join(str(t.shape) for t in operation.inputs)
        message = f"{operation.type} '{operation.name}': {error} (input shapes {shapes}){tail}"
        return kind(None, operation, message)

    def _where(self, error: Exception) -> tuple[Step | None, list[Step]]:
        traceback = error.__traceback__
        while traceback is not None:
            if traceback.tb_frame.f_code.co_filename == self.filename:
                line = traceback.tb_lineno
                done = [s for n, s in self.listing.lines.items() if n < line]
                return self.listing.lines.get(line), done
            traceback = traceback.tb_next
        return None, []


def _uninitialized(operation: Operation) -> str:
    return (
        f"Attempting to use uninitialized value {operation.name}: run its initializer first, as in "
        "sess.run(tf.global_variables_initializer())"
    )
