"""Phase 8: which memory each value lies in.

A value whose shape is known gets a buffer that lives as long as the plan's frame; buffers of values
that are not alive at the same time share memory. What is handed out, and what has no known shape,
is made afresh in every run.
"""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from minitf.core.tensor_shape import num_elements
from minitf.runtime.cuda.transfers import TO_DEVICE
from minitf.runtime.program import Program, Step, Value

ALIGNMENT = 256  # bytes, of feeds


@dataclass(frozen=True, slots=True)
class Buffer:
    """A typed, shaped window on the slab of memory `slab`."""

    slab: int
    shape: tuple[int, ...]
    dtype: np.dtype
    offset: int = 0  # bytes


@dataclass(slots=True)
class Memory:
    """Where values lie: `places` for those in buffers, `slabs` with the bytes of each slab, and
    for each step the values that nobody reads after it."""

    places: dict[int, Buffer] = field(default_factory=dict)
    slabs: list[int] = field(default_factory=list)
    dying: list[list[int]] = field(default_factory=list)


def assign_buffers(
    program: Program, native: Collection[Step] = (), numbers: Collection[Step] = ()
) -> Memory:
    """`native` are the steps in C: they fill what they are given. `numbers` make fresh scalars."""
    return _Assigner(program, native, numbers).run()


class _Assigner:
    def __init__(
        self, program: Program, native: Collection[Step], numbers: Collection[Step]
    ) -> None:
        self.program, self.values, self.native = program, program.values, native
        self.numbers = numbers
        self.roots = program.roots()
        self.memory = Memory()
        self.free: dict[int, list[int]] = {}  # slabs by their size
        self.feeds: int | None = None  # the slab of what comes from the host
        self.kept = {self.roots[i] for i in program.fetches if i is not None}
        self.last = self._last_uses()

    def _last_uses(self) -> dict[int, int]:
        last: dict[int, int] = {}
        for time, step in enumerate(self.program.steps):
            for i in (*step.outputs, *step.reads):
                last[self.roots[i]] = time
        return last

    def run(self) -> Memory:
        for time, step in enumerate(self.program.steps):
            ends = {self.roots[i] for i in (*step.reads, *step.outputs)}
            dying = [r for r in ends if self.last[r] == time and r not in self.kept]
            for output in self._buffered(step):
                self._place(step, output, dying)
            for root in dying:
                place = self.memory.places.get(root)
                if place is not None and place.slab != self.feeds:
                    self._release(place.slab)
            self.memory.dying.append(dying)
        return self.memory

    def _buffered(self, step: Step) -> list[int]:
        """The outputs that the kernel can write into a buffer."""
        definition = step.definition
        fills = definition.schema.out and len(step.outputs) == 1
        if step in self.numbers:
            return []
        if definition.view or not (fills or definition.tiles or step in self.native):
            return []
        written = {step.outputs[o] for _, o in definition.written}
        return [
            i
            for i in step.outputs
            if i not in self.kept
            and not self.values[i].host
            and i not in written
            and self.values[i].static
            and self.values[i].dtype.kind != "O"
        ]

    def _place(self, step: Step, output: int, dying: list[int]) -> None:
        value = self.values[output]
        if step.definition is TO_DEVICE:
            self.memory.places[output] = self._fed(value)
            return
        slab = self._inherited(step, output, dying)
        if slab is None:
            slab = self._slab(_size(value))
        shape: tuple[int, ...] = value.shape  # type: ignore[assignment]
        self.memory.places[output] = Buffer(slab, shape, value.dtype)

    def _fed(self, value: Value) -> Buffer:
        """A place behind those of the other feeds: all are copied at once, into memory that
        nothing else is in, before the steps between which they were made run."""
        if self.feeds is None:
            self.feeds = len(self.memory.slabs)
            self.memory.slabs.append(0)
        start = self.memory.slabs[self.feeds]
        self.memory.slabs[self.feeds] += aligned(_size(value))
        return Buffer(self.feeds, value.sizes, value.dtype, start)

    def _inherited(self, step: Step, output: int, dying: list[int]) -> int | None:
        """The slab of an input that dies here and has the very same shape and type."""
        if not step.definition.overwrites(step.outputs.index(output)):
            return None
        value = self.values[output]
        for i in step.inputs:
            place = self.memory.places.get(i)
            same_memory = [j for j in step.inputs if self.roots[j] == i]
            if place is None or place.slab == self.feeds:
                continue
            fits = (place.shape, place.dtype) == (value.shape, value.dtype)
            if fits and i in dying and all(j == i for j in same_memory):
                dying.remove(i)
                return place.slab
        return None

    def _slab(self, size: int) -> int:
        """A free slab that is not much too large, or a new one."""
        fitting = [n for n, slabs in self.free.items() if slabs and size <= n <= 2 * size]
        if fitting:
            return self.free[min(fitting)].pop()
        self.memory.slabs.append(size)
        return len(self.memory.slabs) - 1

    def _release(self, slab: int) -> None:
        self.free.setdefault(self.memory.slabs[slab], []).append(slab)


def aligned(size: int) -> int:
    """The next multiple of what a GPU reads at once, and more."""
    return -(-size // ALIGNMENT) * ALIGNMENT


def _size(value: Value) -> int:
    return (num_elements(value.shape) or 0) * value.dtype.itemsize
