"""The phases of a plan for a GPU where they differ from those for the CPU.

Fused groups, with integers too, become CUDA kernels; ops bring their own by the trait `cuda`.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from minitf.core.kernel import Launch, Product
from minitf.core.op import OpDef
from minitf.runtime.cuda_loops import TYPES, cuda_loop
from minitf.core.operation import Operation
from minitf.runtime.fuse import Types, fuse
from minitf.runtime.loops import Nest
from minitf.runtime.native import Lowered, Lowering, Native
from minitf.runtime.order import order
from minitf.runtime.program import Program, Step, Value
from minitf.runtime.scalars import type_name
from minitf.runtime.transfers import TO_DEVICE, TO_HOST, transfer
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

    def of(self, step: Step, values: list[Value]) -> str | None:
        names = {type_name(values[i].dtype) for i in step.data}
        results = {type_name(values[i].dtype) for i in step.outputs}
        if not names <= self.names.keys() or not results <= self.names.keys():
            return None
        numbers = names - {"bool"} or {"bool"}
        return numbers.pop() if len(numbers) == 1 else None

    def alike(self, step: Step, other: Step, values: list[Value]) -> bool:
        return True


def lowered(
    program: Program, on_host: Callable[[Operation], bool], fused: bool
) -> tuple[Program, Lowered]:
    """The ordered program with its copies, and its launches and products."""
    program = transfer(program, on_host)
    if fused:
        program = fuse(update(program), DeviceTypes())
    return _DeviceLowering(order(program, cannot_fail)).run()


class _DeviceLowering(Lowering):
    def _native(self, step: Step) -> Native | None:
        if step.definition in (TO_DEVICE, TO_HOST):
            if step.definition is TO_HOST and not self._array(step.inputs[0]).contiguous:
                step.inputs = [self._contiguous(step, step.inputs[0])]
            value = self.values[step.outputs[0]]
            return Native(Transfer(step.definition, value.sizes, value.dtype), self._places(step))
        return super()._native(step)

    def loop_kernel(self, nest: Nest, step: Step) -> Launch:
        loop, sizes, strides = nest
        aligned = all(layout.offset % 16 == 0 for layout in self._places(step))
        return cuda_loop(loop, sizes, strides, aligned)

    def kernel_of(self, definition: OpDef) -> Callable[..., Any] | None:
        return definition.cuda

    def available(self, kernel: Any) -> bool:
        return True

    def strided(self, kernel: Any) -> bool:
        return all(each.strided for each in launches_of(kernel))


def launches_of(kernel: Any) -> list[Any]:
    """What a kernel consists of: an op may need several launches."""
    return kernel if isinstance(kernel, list) else [kernel]


def all_launches(lowered: Lowered) -> Iterable[Launch]:
    """The kernels that have to be compiled."""
    for native in lowered.steps.values():
        for kernel in launches_of(native.kernel):
            if isinstance(kernel, Launch):
                yield kernel


def without_blas(lowered: Lowered) -> None:
    """Let our own kernel compute the products, where cuBLASLt is not installed."""
    for step, native in lowered.steps.items():
        if isinstance(native.kernel, Product):
            lowered.steps[step] = native._replace(kernel=product_launch(native.kernel))


def cannot_fail(step: Step) -> bool:
    """Whether it is a kernel, a copy or a view: these look at sizes alone, which are known."""
    definition = step.definition
    view = definition.view and step.pure and not step.host
    return definition.loops or definition.cuda is not None or view or (
        definition in (TO_DEVICE, TO_HOST)
    )
