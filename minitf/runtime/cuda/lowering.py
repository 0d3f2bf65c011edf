"""The phases of a plan for a GPU where they differ from those for the CPU.

Fused groups, with integers too, become CUDA kernels; ops bring their own by the trait `cuda`.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from minitf.backend.gpu import Gpu
from minitf.core.cuda.copy import copy
from minitf.core.kernel import Launch, Product
from minitf.core.op import OpDef
from minitf.core.operation import Operation
from minitf.core.tensor_shape import num_elements
from minitf.runtime.arranged import Arranged
from minitf.runtime.buffers import assign_buffers
from minitf.runtime.carry import scalars
from minitf.runtime.cuda.loops import LoopLaunch, cuda_loop
from minitf.runtime.cuda.sums import TYPES
from minitf.runtime.cuda.transfers import TO_DEVICE, TO_HOST, transfer
from minitf.runtime.fuse import Fused, Output, Types, can_fuse, fuse, line_of
from minitf.runtime.loops import Nest
from minitf.runtime.native import Layout, Lowering, Native
from minitf.runtime.order import order
from minitf.runtime.program import COPY, EITHER, KEEP, Program, Step, Value, loops_of
from minitf.runtime.scalars import type_name
from minitf.runtime.update import update


class Transfer(NamedTuple):
    """A copy of an array from the host to the device or back."""

    definition: OpDef
    shape: tuple[int, ...]
    dtype: np.dtype
    strided: bool = False


class DeviceTypes(Types):
    """Of elements in a CUDA kernel: each thread has its own, so a loop may mix them."""

    names = TYPES
    sizes_in_text = True

    def of(self, step: Step, values: list[Value]) -> str | None:
        names = {type_name(values[i].dtype) for i in step.data}
        results = {type_name(values[i].dtype) for i in step.outputs}
        if not names <= self.names.keys() or not results <= self.names.keys():
            return None
        numbers = names - {"bool"} or {"bool"}
        return numbers.pop() if len(numbers) == 1 else None

    def alike(self, step: Step, other: Step, values: list[Value]) -> bool:
        return True


def arrange(
    program: Program, gpu: Gpu, on_host: Callable[[Operation], bool], fused: bool
) -> Arranged:
    """The phases after the optimising ones, for a GPU."""
    program = transfer(program, on_host, _in_loops if fused else lambda step, values: False)
    return _arranged(program, gpu, fused)


def _arranged(program: Program, gpu: Gpu, fused: bool, inside: bool = False) -> Arranged:
    """These phases after the transfers, of a program and of the loops in it."""
    if fused:
        program = fuse(update(program), DeviceTypes())
    test = program.fetches[-1] if inside else None
    program, lowered = _DeviceLowering(order(program, cannot_fail, test), gpu).run()
    inner = {loop: _arranged(loop.block, gpu, fused, inside=True) for loop in loops_of(program)}
    numbers = {step for step in scalars(program) if step.host} if inside else set()
    memory = assign_buffers(program, lowered.steps, numbers)
    return Arranged(program, lowered, memory, inner, numbers)


class _DeviceLowering(Lowering):
    def __init__(self, program: Program, gpu: Gpu) -> None:
        super().__init__(program)
        self.gpu = gpu

    def _native(self, step: Step) -> Native | None:
        if step.definition in (TO_DEVICE, TO_HOST):
            value = self.values[step.outputs[0]]
            if step.definition is TO_HOST and not self._array(step.inputs[0]).contiguous:
                if type_name(value.dtype) not in TYPES:
                    return None
                step.inputs = [self._contiguous(step, step.inputs[0])]
            return Native(Transfer(step.definition, value.sizes, value.dtype), self._places(step))
        if step.definition is EITHER:
            return self._choice(step)
        if step.definition is KEEP:
            step.definition = self._copying(step) or KEEP
        native = None if step.definition is COPY else super()._native(step)
        if native is not None and isinstance(native.kernel, Product):
            return native._replace(kernel=native.kernel._replace(aligned=_aligned(native.layouts)))
        return native

    def _copying(self, step: Step) -> Fused | None:
        """The loop that copies an array of the shape of what a step makes."""
        value = self.values[step.outputs[0]]
        if not num_elements(value.shape) or type_name(value.dtype) not in TYPES:
            return None
        return Fused(value.sizes, (), (Output("v0"),), ())

    def _choice(self, step: Step) -> Native | None:
        """The copy of what one of two branches has made; None where that lies otherwise."""
        no, yes, pred = step.inputs
        group = self._copying(step)
        if group is None or any(self._layout(i).offset or not self.is_plain(i) for i in (no, yes)):
            return None
        old, chosen = self.values[step.outputs[0]], len(self.values)
        self.values.append(Value(old.name, old.shape, old.dtype))
        self.lowered.choices[chosen] = self._layout(no).root, self._layout(yes).root, pred
        arrays = self._array(chosen), self._array(step.outputs[0])
        loop, sizes, strides = group.loop([arrays[0]], [arrays[1]])
        layouts = [self._layout(chosen), self._layout(step.outputs[0])]
        return Native(cuda_loop(loop, sizes, strides, True), layouts, loop)

    def loop_kernel(self, nest: Nest, step: Step) -> LoopLaunch | list[Launch]:
        loop, sizes, strides = nest
        if _is_copy(step):
            turned = copy(self._array(step.inputs[0]))  # by tiles: loops would read parts of lines
            if turned:
                return turned
        return cuda_loop(loop, sizes, strides, _aligned(self._places(step)))

    def kernel_of(self, definition: OpDef) -> Callable[..., Any] | None:
        return definition.cuda

    def available(self, kernel: Any) -> bool:
        return not isinstance(kernel, Product) or self.gpu.blas.available(kernel)

    def is_plain(self, i: int) -> bool:
        return super().is_plain(i) and _aligned([self._layout(i)])

    def strided(self, kernel: Any) -> bool:
        return all(each.strided for each in launches_of(kernel))


def _is_copy(step: Step) -> bool:
    """Whether a group is nothing but a copy into an array of the same shape."""
    group: Any = step.definition
    return not group.lines and len(step.inputs) == 1 and group.results == (Output("v0"),) and (
        not group.written
    )


def _aligned(layouts: list[Layout]) -> bool:
    """Whether all begin where four floats can be read at once."""
    return all(layout.offset % 16 == 0 for layout in layouts)


def _in_loops(step: Step, values: list[Value]) -> bool:
    """Whether it can be a part of a fused group."""
    types, names = DeviceTypes(), {i: "x" for i in step.data}
    return can_fuse(step, values, types) and line_of(step, names, values, types) is not None


def launches_of(kernel: Any) -> list[Any]:
    """What a kernel consists of: an op may need several launches."""
    if isinstance(kernel, LoopLaunch):
        return [kernel.launch]
    return kernel if isinstance(kernel, list) else [kernel]


def all_launches(kernels: Iterable[Any], gpu: Gpu) -> Iterable[Launch]:
    """What has to be compiled for kernels."""
    for made in kernels:
        for kernel in launches_of(made):
            if isinstance(kernel, Launch):
                yield kernel
            elif isinstance(kernel, Product):
                yield from gpu.blas.launches(kernel)


def cannot_fail(step: Step) -> bool:
    """Whether it is a kernel, a copy or a view: these look at sizes alone, which are known."""
    definition = step.definition
    if step.host:
        return False
    view = definition.view and step.pure
    return definition.loops or definition.cuda is not None or view or (
        definition in (TO_DEVICE, TO_HOST, KEEP, EITHER)
    )
