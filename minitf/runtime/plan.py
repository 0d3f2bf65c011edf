"""A Plan: what one signature of `Session.run` compiles to, and how it is run.

    prune -> specialise -> pin -> fold -> simplify -> algebra -> share -> drop_dead -> store
          -> narrow -> accumulate -> side_by_side -> update -> as_columns -> single_numbers -> fuse
          -> by_rows -> fuse_open -> order -> lower -> assign_buffers -> emit

Those from `side_by_side` to `fuse_open`, and `lower`, are for plans that run in C; in NumPy `tile`
takes their place.
"""
from __future__ import annotations

import builtins
import functools
import itertools
import linecache
import math
import types
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from minitf.backend.cpu import Backend
from minitf.core import errors
from minitf.core.garbage import no_garbage_collection
from minitf.core.kernel import Kernel
from minitf.core.operation import Operation
from minitf.core.slot import Slot
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import num_elements
from minitf.runtime.accumulate import accumulate
from minitf.runtime.algebra import algebra
from minitf.runtime.arranged import Arranged, variables_read
from minitf.runtime.axes import side_by_side
from minitf.runtime.buffers import assign_buffers
from minitf.runtime.by_rows import by_rows
from minitf.runtime.carry import apart, grow, scalars
from minitf.runtime.columns import as_columns
from minitf.runtime.emit import Listing, emit
from minitf.runtime.emit_flow import uninitialized
from minitf.runtime.fuse import fuse, fuse_open
from minitf.runtime.narrow import narrow
from minitf.runtime.native import Lowered, cannot_fail, lower
from minitf.runtime.order import order
from minitf.runtime.pinned import pin
from minitf.runtime.products import sparing
from minitf.runtime.program import Program, Step, Value, loops_of
from minitf.runtime.regions import Region, compiled
from minitf.runtime.simplify import drop_dead, fold, hand_over, share, simplify
from minitf.runtime.sized import single_numbers
from minitf.runtime.sizing import sizing
from minitf.runtime.specialise import Fed, specialise
from minitf.runtime.store import store
from minitf.runtime.tiles import tile
from minitf.runtime.unread import drop_unread
from minitf.runtime.update import update

Bind = Callable[[Region, list[Any]], Callable[..., None]]  # a region to the slabs of a frame

_numbers = itertools.count()

LONG_RUN = 1 << 19  # elements computed in one run
ITERATIONS = 20  # of a loop, for all that is known before
TRIAL = 50  # runs in NumPy before a short plan is compiled: most are not run so often


# The phases between the specialised graph and its order, and those that make groups for C.
OPTIMISE = (pin, fold, simplify, algebra, share, drop_dead, store, narrow, accumulate, hand_over)
GROUP = (side_by_side, update, as_columns, single_numbers, fuse, by_rows, fuse_open)


def optimise(program: Program) -> Program:
    """What need not be done in every run is left out; so in its loops."""
    for phase in OPTIMISE:
        program = phase(program)
    return optimise_loops(program)


def optimise_loops(program: Program) -> Program:
    """Do the same to the blocks of loops, and let arrays there grow in place."""
    loops = loops_of(program)
    for loop in loops:
        loop.block = grow(algebra(optimise(loop.block)))
    return apart(program) if loops else program


def arrange(
    program: Program, compiles: bool, fused: bool, backend: Backend, inside: bool = False
) -> Arranged:
    """The phases after these, of a program and of the loops in it."""
    if fused and compiles:
        for phase in GROUP:
            program = phase(program)
    elif fused:
        program = tile(program, backend)
    test = program.fetches[-1] if inside else None
    program = order(program, cannot_fail, test) if compiles else order(program, test=test)
    program, lowered = lower(program) if compiles else (program, Lowered())
    inner = {
        loop: arrange(loop.block, compiles, fused, backend, inside=True)
        for loop in loops_of(program)
    }
    numbers = scalars(program) if inside else set()
    memory = assign_buffers(program, lowered.steps, numbers)
    return Arranged(program, lowered, memory, inner, numbers)


def compile_plan(
    operations: list[Operation],
    fetches: Iterable[Tensor | Operation],
    feeds: Mapping[Tensor, Fed],
    slots: Callable[[Operation], Slot],
    states: Callable[[Operation], Any],
    backend: Backend,
    in_c: bool | None = False,
    fused: bool = True,
    on_host: Callable[[Operation], bool] = lambda operation: False,
) -> Plan:
    """The Plan for `fetches`, which need these operations, given what is known of each fed tensor.

    `slots` and `states` give what the Session keeps for a variable and for a stateful op. What can
    run in C does so when `in_c` is asked for and there is a compiler; None asks for it where a run
    is long enough to be worth compiling at once. Unless `fused`, each op is a step of its own.
    `on_host` says which operations and variables stay on the CPU though the backend is a GPU.
    """
    fetches = list(fetches)
    asked: list[tuple[int, ...]] = []

    def start() -> Program:
        program = specialise(operations, feeds, fetches)
        asked.append(sizing(program))
        return drop_unread(optimise(program))

    def made(arranged: Arranged, listing: Listing, bind: Bind) -> Plan:
        plan = Plan(arranged, listing, slots, backend, bind)
        plan.sizing = asked[-1]
        return plan

    def listed(arranged: Arranged) -> Listing:
        return emit(arranged, lambda step: states(step.operation), slots, backend)

    def for_cpu(in_c: bool | None) -> Plan | None:
        program = start()
        compiles = _is_long(program) if in_c is None else in_c
        arranged = arrange(program, compiles, fused, backend)
        addresses = compiled(arranged.kernels())
        if addresses is None:
            return None
        bind = functools.partial(_bound, addresses)
        plan = made(arranged, listed(arranged), bind)
        plan.trial = TRIAL if in_c is None and not compiles else 0
        return plan

    with no_garbage_collection:  # planning makes many objects and no garbage in circles
        if not backend.is_gpu:
            return for_cpu(in_c) or for_cpu(False)  # type: ignore[return-value]  # never fails
        from minitf.runtime.cuda import graphs
        from minitf.runtime.cuda import lowering as cuda

        try:
            arranged = cuda.arrange(start(), backend, on_host, fused)
            listing = listed(arranged)
            bind = graphs.binder(backend, listing)
        except MemoryError as error:
            raise errors.ResourceExhaustedError(
                None, None, f"OOM when copying constants to {backend.name}: {backend.room()} "
                f"({error})"
            ) from error.with_traceback(None)  # fmt: skip
        return made(arranged, listing, bind)


def _bound(addresses: dict[Kernel, int], region: Region, slabs: list[Any]) -> Callable[..., None]:
    return region.bound(addresses, lambda number: slabs[number].ctypes.data)


def _is_long(program: Program) -> bool:
    """Whether a run takes so long that compiling it pays at once."""
    return _elements(program) >= LONG_RUN


def _elements(program: Program) -> int:
    """What a run computes, roughly."""
    sizes = (num_elements(program.values[i].shape) for s in program.steps for i in s.outputs)
    inner = (ITERATIONS * _elements(loop.block) for loop in loops_of(program))
    return sum(size or 0 for size in sizes) + sum(inner)


def _in_buffers(arranged: Arranged) -> Iterator[tuple[Value, Step]]:
    """The values that lie in buffers, with the steps that make them."""
    program = arranged.program
    producers = program.producers()
    yield from ((program.values[i], producers[i]) for i in arranged.memory.places)
    for loop in arranged.loops.values():
        yield from _in_buffers(loop)


class Plan:
    """Straight-line code for one signature, and the memory it works in.

    It may run in several threads at once: each running call has a frame, that is buffers, of its
    own.
    """

    def __init__(
        self,
        arranged: Arranged,
        listing: Listing,
        slots: Callable[[Operation], Slot],
        backend: Backend,
        bind: Bind,
    ) -> None:
        self.arranged, self.program, self.memory = arranged, arranged.program, arranged.memory
        self.listing, self.backend, self.bind = listing, backend, bind
        self.trial = 0  # runs that are left before it is worth compiling, 0 when that is settled
        self.promote: Callable[[], None] = lambda: None  # puts a compiled plan in its place
        self.sizing: tuple[int, ...] = ()  # the feeds with whose values more would be known
        self.text = listing.text
        self.filename = f"<minitf plan {next(_numbers)}>"
        values = self.program.values
        read = [(values[i].variable, n) for i, n in variables_read(arranged).items()]
        self.variables = [(op, slots(op), needed) for op, needed in read if op is not None]
        self.code = self._compiled()
        self.frames: list[Callable[..., tuple[Any, ...]]] = []
        self.again = False  # what runs once, as initializers do, leaves no buffers behind

    def _compiled(self) -> types.CodeType:
        lines = self.text.splitlines(keepends=True)
        linecache.cache[self.filename] = (len(self.text), None, lines, self.filename)
        weakref.finalize(self, linecache.cache.pop, self.filename, None)
        return self.listing.code(self.filename)

    def frame(self) -> Callable[..., tuple[Any, ...]]:
        """The function, with buffers of its own."""
        slabs = [self.backend.allocate(size) for size in self.memory.slabs]
        buffers = {
            name: self.backend.window(slabs[b.slab], b.shape, b.dtype, b.offset)
            for name, b in self.listing.buffers.items()
        }
        regions = {
            name: self.bind(region, slabs) for name, region in self.listing.regions.items()
        }
        # CuPy's ufuncs look for the builtins among the names of who calls them.
        names = {"__builtins__": builtins, **self.listing.names, **buffers, **regions,
                 "slabs of the frame": slabs}  # fmt: skip
        run = types.FunctionType(self.code, names)
        if self._is_launched():
            return run
        run = self.backend.entered(run)
        in_numpy = not self.backend.is_gpu and not self.arranged.lowered.quick
        return sparing(self.program, run) if in_numpy else run

    def _is_launched(self) -> bool:
        """Whether Python only calls regions of a GPU, and makes host arrays for what these give:
        then it need not enter the device and its stream, which they know."""
        types = {value.dtype.name for value in self.program.values}
        known = {"np", "empty", *types, *self.listing.regions}
        return self.backend.is_gpu and known.issuperset(self.code.co_names)

    def __call__(self, arguments: list[Any]) -> tuple[Any, ...]:
        """Run with the fed arrays; returns the fetched values.

        Raises FailedPreconditionError when a variable that is read has no value.
        """
        if self.trial:
            self.trial -= 1
            if not self.trial:
                self.promote()
        for operation, slot, needed in self.variables:
            if slot.value is None and needed:
                raise uninitialized(operation)
            arguments.append(slot.value)
        try:
            frame = self.frames.pop()
        except IndexError:
            frame = self._new_frame()
        try:
            return frame(*arguments)
        except Exception as error:
            raise self._explained(error) from error
        finally:
            if self.again:
                self.frames.append(frame)
            self.again = True

    def _new_frame(self) -> Callable[..., tuple[Any, ...]]:
        """A frame; ResourceExhaustedError says what it would have taken."""
        try:
            return self.frame()
        except MemoryError as error:
            # Without its traceback, which would hold on to what could be allocated.
            raise self._exhausted(error) from error.with_traceback(None)

    def _exhausted(self, error: MemoryError) -> errors.ResourceExhaustedError:
        sizes = [
            (value.dtype.itemsize * math.prod(value.sizes), value.sizes, value.dtype, step)
            for value, step in _in_buffers(self.arranged)
        ]
        _, shape, dtype, step = max(sizes, key=lambda each: each[0])
        total = sum(self.memory.slabs)
        return errors.ResourceExhaustedError(
            None, step.operation,
            f"OOM when allocating tensor with shape{list(shape)} and type {dtype} on "
            f"{self.backend.name}: the buffers of this run take {total / 2**20:,.1f} MiB together, "
            f"{self.backend.room()} ({error}). Feed smaller batches, or fetch less at once."
        )  # fmt: skip

    def _explained(self, error: Exception) -> Exception:
        """The error as TensorFlow names it: the op, the user's line, what has changed already."""
        if isinstance(error, UnboundLocalError):  # of a branch that was not taken
            return errors.InvalidArgumentError(None, None, "Retval[0] does not have value")
        step, done = self._where(error)
        if step is None:
            return error
        operation = step.operation
        changed = sorted({name for line in done for name in self.listing.writes.get(line, ())})
        tail = f"\n  this run had already changed: {', '.join(changed)}" if changed else ""
        if isinstance(error, errors.OpError):
            if error.op is not None and not tail:
                return error
            return type(error)(None, error.op or operation, error.message + tail)
        return errors.of_run(error, operation, tail)

    def _where(self, error: Exception) -> tuple[Step | None, list[int]]:
        """The step that raised, and the lines that had been run."""
        traceback = error.__traceback__
        while traceback is not None:
            if traceback.tb_frame.f_code.co_filename == self.filename:
                line = traceback.tb_lineno
                done = [n for n in self.listing.lines if n < line]
                return self.listing.lines.get(line), done
            traceback = traceback.tb_next
        return None, []
