"""A Plan: what one signature of `Session.run` compiles to, and how it is run.

    prune -> specialise -> fold -> share -> simplify -> drop_dead -> fuse -> order
          -> assign_buffers -> emit
"""
from __future__ import annotations

import contextvars
import functools
import itertools
import linecache
import types
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from minitf.backend.cpu import Cpu
from minitf.core import errors
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.runtime.buffers import assign_buffers
from minitf.runtime.emit import Listing, emit, variables_read
from minitf.runtime.fuse import Library, fuse
from minitf.runtime.order import order
from minitf.runtime.program import Program, Step
from minitf.runtime.prune import prune
from minitf.runtime.simplify import drop_dead, fold, hand_over, share, simplify
from minitf.runtime.specialise import specialise

_numbers = itertools.count()


class Slot:
    """Where a Session keeps the value of one variable; None until it is initialised."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value: np.ndarray | None = None


def optimise(program: Program, library: Library | None = None) -> Program:
    """The phases between the specialised graph and its order."""
    for phase in (fold, simplify, share, drop_dead, hand_over):
        program = phase(program)
    return fuse(program, library)


def compile_plan(
    fetches: Iterable[Tensor | Operation],
    feeds: Mapping[Tensor, tuple[tuple[int, ...], np.dtype]],
    slots: Callable[[Operation], Slot],
    states: Callable[[Operation], Any],
    backend: Cpu,
    library: Library | None = None,
) -> Plan:
    """The Plan for `fetches`, given the shape and type of each fed tensor.

    `slots` and `states` give what the Session keeps for a variable and for a stateful op;
    `library` compiles C, None leaves every op to NumPy.
    """
    fetches = list(fetches)
    operations = prune(fetches, feeds.keys())
    program = order(optimise(specialise(operations, feeds, fetches), library))
    memory = assign_buffers(program)
    listing = emit(program, memory, lambda step: states(step.operation), slots, backend.xp)
    return Plan(program, memory.slabs, listing, slots, backend)


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
    ) -> None:
        self.program, self.slabs, self.listing, self.backend = program, slabs, listing, backend
        self.text = listing.text
        self.filename = f"<minitf plan {next(_numbers)}>"
        read = [program.values[i].variable for i in variables_read(program)]
        self.variables = [(op, slots(op)) for op in read if op is not None]
        self.code = self._compiled()
        self.frames: list[Callable[..., tuple[Any, ...]]] = []

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
        function = types.FunctionType(self.code, {**self.listing.names, **buffers})
        # Infinities and NaN are values here, not warnings. A context of the frame's own says so
        # once; entering np.errstate in every run would cost more than a small step.
        context = contextvars.copy_context()
        context.run(np.seterr, all="ignore")
        return functools.partial(context.run, function)

    def __call__(self, arguments: list[Any]) -> tuple[Any, ...]:
        """Run with the fed arrays; returns the fetched values.

        Raises FailedPreconditionError when a variable that is read has no value.
        """
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
            self.frames.append(frame)

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
