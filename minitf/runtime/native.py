"""Phase 8: which steps run in C, on arrays that lie how.

A step has a kernel when it is a fused group or its op has the `native` trait. Views (reshapes,
slices, transposes) of arrays whose place is known cost nothing there: a kernel is given the offset
and the strides.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from minitf.backend import native as base
from minitf.core.kernel import Array, Kernel, contiguous_strides
from minitf.core.op import OpDef
from minitf.core.tensor_shape import num_elements
from minitf.runtime.by_rows import ByRows
from minitf.runtime.fuse import Fused, Output
from minitf.runtime.loops import Loop, Nest
from minitf.runtime.nests import text_of
from minitf.runtime.program import COPY, Guard, Program, Step, Value
from minitf.runtime.scalars import STORED

LARGE_COPY, FEW = 4096, 64  # elements, and those side by side in it


class Layout(NamedTuple):
    """Where a value lies: so many bytes into the memory of `root`, by these strides of elements."""

    root: int
    offset: int
    strides: tuple[int, ...]


class Native(NamedTuple):
    """A step in C, or CUDA: the kernel, the layouts of its arrays, the loop that it is, if one."""

    kernel: Any
    layouts: list[Layout]
    loop: Loop | None = None


@dataclass(slots=True)
class Lowered:
    """The steps that run in C, and the views that are nothing but a place there."""

    steps: dict[Step, Native] = field(default_factory=dict)
    views: set[Step] = field(default_factory=set)
    # On a GPU, roots that are one of two, by a predicate: (when it is false, when true, predicate).
    choices: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    quick: bool = False  # the other steps may call kernels in C from Python


def lower(program: Program) -> tuple[Program, Lowered]:
    """The kernels of an ordered program; the program gains copies of what has to be contiguous."""
    program, lowered = Lowering(program).run()
    lowered.quick = True
    return program, lowered


def cannot_fail(step: Step) -> bool:
    """Whether it is a kernel in C, or a view: most look at sizes alone, which are known."""
    definition = step.definition
    in_c = definition.native is not None and not definition.fails
    return (definition.loops and not definition.fails) or in_c or (definition.view and step.pure)


class Lowering:
    """Walks the steps of a program in order; for another processor than the CPU it is derived."""

    def __init__(self, program: Program) -> None:
        self.program, self.values = program, program.values
        self.layouts: dict[int, Layout] = {}
        self.lowered = Lowered()
        self.copies: dict[tuple[int, Guard], int] = {}
        self.steps: list[Step] = []

    def run(self) -> tuple[Program, Lowered]:
        for step in self.program.steps:
            if step.definition.written:
                self.copies = {}  # of the variables' old values, perhaps
            self._visit(step)
            self.steps.append(step)
        program = Program(self.values, self.steps, self.program.feeds, self.program.fetches)
        self._drop_views_for_python()
        return program, self.lowered

    def _visit(self, step: Step) -> None:
        if step.host:
            return
        if step.definition.view:
            self._view(step)
        elif all(map(self._numeric, (*step.data, *step.outputs))):
            found = self._native(step)
            if found is not None:
                self.lowered.steps[step] = found

    def _numeric(self, i: int) -> bool:
        value = self.values[i]
        return value.static and value.dtype.kind in "biufc"

    def _layout(self, i: int) -> Layout:
        if i not in self.layouts:
            self.layouts[i] = Layout(i, 0, contiguous_strides(self.values[i].sizes))
        return self.layouts[i]

    def _array(self, i: int) -> Array:
        value = self.values[i]
        return Array(value.sizes, value.dtype, self._layout(i).strides)

    # -- views -------------------------------------------------------------------------------

    def _view(self, step: Step) -> None:
        source = step.inputs[step.definition.viewed]
        if not step.pure or not all(map(self._numeric, (source, *step.outputs))):
            return
        found = _viewed(step, self.values, self._layout(source))
        if found is not None:
            self.layouts.update(zip(step.outputs, found))
            self.lowered.views.add(step)

    def _drop_views_for_python(self) -> None:
        """A view that a step in Python reads, or that is fetched, is made in Python too."""
        wanted = {i for i in self.program.fetches if i is not None}
        for step in reversed(self.steps):
            in_python = step not in self.lowered.steps and step not in self.lowered.views
            if in_python or wanted.intersection(step.outputs):
                self.lowered.views.discard(step)
                wanted.update(() if step in self.lowered.steps else step.inputs)

    # -- kernels -----------------------------------------------------------------------------

    def _native(self, step: Step) -> Native | None:
        if step.definition is COPY:
            step.definition = self._copying(step) or COPY
        if isinstance(step.definition, Fused):
            inputs = [self._array(i) for i in step.inputs]
            made = step.definition.loop(inputs, [self._array(i) for i in step.outputs])
            return Native(self.loop_kernel(made, step), self._places(step), made[0])
        kernel = self._kernel(step)
        if kernel is None:
            return None
        if not self.strided(kernel) and not all(map(self.is_plain, step.data)):
            if any(self.values[i].dtype.name not in STORED for i in step.data):
                return None
            step.inputs = [self._contiguous(step, i) for i in step.inputs]
            kernel = self._kernel(step)
        body = step.definition.body if isinstance(step.definition, ByRows) else None
        return None if kernel is None else Native(kernel, self._places(step), body)

    def _copying(self, step: Step) -> Fused | None:
        """The loop that copies a large array which does not lie side by side: NumPy is slow at
        that where neighbours are few, as the colours of a pixel are."""
        value = self.values[step.outputs[0]]
        large = (num_elements(value.shape) or 0) >= LARGE_COPY
        if not large or value.dtype.name not in STORED:
            return None
        if _neighbours(self._array(step.inputs[0])) > FEW:
            return None
        return Fused(value.sizes, (), (Output("v0"),), ())

    def loop_kernel(self, nest: Nest, step: Step) -> Any:
        """The kernel of a loop."""
        _, sizes, strides = nest
        return Kernel(text_of(nest), (*sizes, *strides), strided=True)

    def kernel_of(self, definition: OpDef) -> Callable[..., Any] | None:
        """What makes the kernel of an op."""
        return definition.native

    def available(self, kernel: Any) -> bool:
        return base.available(kernel.function)

    def is_plain(self, i: int) -> bool:
        """Whether a value lies as kernels want it that are not `strided`."""
        return self._array(i).contiguous

    def strided(self, kernel: Any) -> bool:
        """Whether it takes arrays that are not contiguous."""
        return kernel.strided

    def _kernel(self, step: Step) -> Any:
        definition = step.definition
        make = self.kernel_of(definition)
        if make is None:
            return None
        inputs = [
            self.values[i].constant if param.static else self._array(i)
            for param, i in definition.schema.arguments(step.inputs)
        ]
        if any(item is None for item in inputs):
            return None
        kernel = make(inputs, [self._array(i) for i in step.outputs], **step.attrs)
        return kernel if kernel is not None and self.available(kernel) else None

    def _places(self, step: Step) -> list[Layout]:
        return [self._layout(i) for i in (*step.data, *step.outputs)]

    def _contiguous(self, step: Step, i: int) -> int:
        """A value with the same elements side by side."""
        if i not in step.data or self.is_plain(i):
            return i
        key = (i, step.guard)
        if key not in self.copies:
            old = self.values[i]
            self.values.append(Value(old.name, old.shape, old.dtype))
            self.copies[key] = len(self.values) - 1
            definition = Fused(old.sizes, (), (Output("v0"),), ())
            copy = Step(definition, step.operation, [i], [self.copies[key]], {}, guard=step.guard)
            self._visit(copy)
            self.steps.append(copy)
        return self.copies[key]


def _neighbours(array: Array) -> int:
    """How many elements, the last ones of each axis, lie side by side."""
    count = 1
    for size, stride in zip(reversed(array.shape), reversed(array.strides)):
        if size != 1 and stride != count:
            break
        count *= size
    return count


def _viewed(step: Step, values: list[Value], layout: Layout) -> list[Layout] | None:
    """The layouts of a view's outputs: what NumPy makes of an array that lies like the input."""
    source = values[step.inputs[step.definition.viewed]]
    root = values[layout.root]
    size = root.dtype.itemsize
    memory = np.empty(max(1, int(np.prod(root.sizes, dtype=np.int64))) * size, np.uint8)
    steps = tuple(n * size for n in layout.strides)
    trial = np.ndarray(source.sizes, source.dtype, memory, layout.offset, steps)
    given = [
        values[i].constant if param.static else trial
        for param, i in step.definition.schema.arguments(step.inputs)
    ]
    if any(item is None for item in given):
        return None
    try:
        found: Any = step.definition.schema.call(step.definition.kernel, given, np, **step.attrs)
    except (ValueError, IndexError):
        return None  # it will raise the same in the run, with the op's name
    outputs = found if isinstance(found, (list, tuple)) else [found]
    return [_placed(layout.root, memory, output) for output in outputs] if all(
        np.may_share_memory(memory, output) or not output.size for output in outputs
    ) else None


def _placed(root: int, memory: np.ndarray, view: np.ndarray) -> Layout:
    offset = view.__array_interface__["data"][0] - memory.__array_interface__["data"][0]
    steps = (0 if n == 1 else s // view.itemsize for n, s in zip(view.shape, view.strides))
    return Layout(root, offset if view.size else 0, tuple(steps))
