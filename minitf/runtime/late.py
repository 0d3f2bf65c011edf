"""Kernels in C for arrays whose sizes only the run knows: batches of all sizes share a plan.

The trait `native` makes a kernel for given sizes, which are no part of its text; a fused loop is
made likewise. So a step of a plan that leaves sizes open looks its kernel up by the shapes that
come; the text is compiled once. What is small is left to NumPy: there a kernel is made in no less
time than the step takes.
"""
from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from minitf.backend import native as base
from minitf.core.kernel import Array, Kernel, contiguous_strides
from minitf.core.op import OpDef
from minitf.runtime.fuse import Fused
from minitf.runtime.nests import text_of
from minitf.runtime.program import Step, Value
from minitf.runtime.quick import NotCompiled, run
from minitf.runtime.room import Room

SHAPES = 64  # of one step, whose kernels are kept
LARGE = 1 << 14  # elements of an array: from here on, a kernel is worth making

Sizes = tuple[int, ...]
Made = tuple["Kernel | None", list[Sizes]]  # a kernel, and the shapes that it fills


def is_late(step: Step, values: list[Value]) -> bool:
    """Whether it may have a kernel in C for the sizes that a run brings."""
    definition, arrays = step.definition, [values[i] for i in (*step.data, *step.outputs)]
    if isinstance(definition, Fused):
        return definition.open is not None
    if definition.native is None or definition.quick or definition.written:
        return False
    numeric = all(value.dtype.kind in "biufc" for value in arrays)
    return numeric and definition.schema.fixed and not all(value.static for value in arrays)


def late(step: Step, values: list[Value], room: Room | None) -> Callable[..., Any]:
    """The step's kernel, in C as far as that can be had; its outputs lie in `room`, if given."""
    definition, dtypes = step.definition, [values[i].dtype for i in step.outputs]
    empty = np.empty if room is None else room.empty
    if isinstance(definition, Fused):
        return _Loop(definition, dtypes, empty).kernel
    return _Op(definition, dtypes, empty).kernel


class _Late:
    """A step, and its kernels for the shapes that have come."""

    several = False

    def __init__(self, definition: Any, dtypes: list[np.dtype], empty: Callable[..., Any]) -> None:
        self.definition, self.dtypes, self.empty = definition, dtypes, empty
        self.found: dict[Any, Made] = {}

    def kernel(self, xp: Any, *arguments: Any, out: Any = None, **attrs: Any) -> Any:
        if max([np.size(a) for a in arguments]) >= LARGE:
            kernel, shapes = self._for(arguments, attrs)
            if kernel is not None:
                try:
                    return self._run(kernel, shapes, arguments, out)
                except NotCompiled:
                    pass
        return self.plain(xp, arguments, attrs if out is None else {**attrs, "out": out})

    def _for(self, arguments: tuple[Any, ...], attrs: dict[str, Any]) -> Made:
        known = self.known(arguments)
        key = tuple([k.tobytes() if isinstance(k, np.ndarray) else k for k in known])
        found = self.found.get(key)
        if found is None:
            if len(self.found) >= SHAPES:
                self.found = {}
            found = self.found[key] = self.made(arguments, known, attrs)
        return found

    def _run(self, kernel: Kernel, shapes: list[Sizes], arguments: Any, out: Any) -> Any:
        made = [out] if out is not None else list(map(self.empty, shapes, self.dtypes))
        run(kernel, *self.data(arguments), *made)
        return made if self.several else made[0]

    def outputs(self, shapes: list[Sizes]) -> list[Array]:
        return list(map(_array, shapes, self.dtypes))

    # What follows is for each kind of step to say: shapes and static values of the arguments, those
    # that are handed over, the kernel, and how NumPy does it.

    def known(self, arguments: tuple[Any, ...]) -> list[Any]:
        return [np.shape(a) for a in arguments]

    def data(self, arguments: tuple[Any, ...]) -> Any:
        return arguments

    def made(self, arguments: tuple[Any, ...], known: list[Any], attrs: dict[str, Any]) -> Made:
        raise NotImplementedError

    def plain(self, xp: Any, arguments: tuple[Any, ...], attrs: dict[str, Any]) -> Any:
        raise NotImplementedError


class _Op(_Late):
    """An op with the trait `native`."""

    def __init__(self, definition: OpDef, *others: Any) -> None:
        super().__init__(definition, *others)
        state = [False] * (definition.state is not None)  # what the Session keeps comes first
        self.static = state + [param.static for param in definition.schema.params]
        self.first, self.several = len(state), definition.schema.several

    def known(self, arguments: tuple[Any, ...]) -> list[Any]:
        given = list(zip(arguments, self.static))[self.first :]
        return [np.asarray(a) if static else np.shape(a) for a, static in given]

    def data(self, arguments: tuple[Any, ...]) -> Any:
        return [a for a, static in zip(arguments, self.static) if not static]

    def made(self, arguments: tuple[Any, ...], known: list[Any], attrs: dict[str, Any]) -> Made:
        try:
            shapes = self.definition.schema.call(self.definition.shape, known, **attrs)
        except ValueError:
            return None, []  # NumPy says what does not fit
        shapes = shapes if isinstance(shapes, list) else [shapes] * len(self.dtypes)
        inputs = [k if isinstance(k, np.ndarray) else _array(k, np.asarray(a).dtype)
                  for a, k in zip(arguments[self.first :], known)]  # fmt: skip
        kernel = self.definition.native(inputs, self.outputs(shapes), **attrs)
        usable = kernel is not None and base.available(kernel.function)
        return (kernel if usable else None), shapes

    def plain(self, xp: Any, arguments: tuple[Any, ...], attrs: dict[str, Any]) -> Any:
        return self.definition.kernel(xp, *arguments, **attrs)


class _Loop(_Late):
    """A fused group. All its steps should be of one shape: where they are not, NumPy runs them."""

    def __init__(self, definition: Fused, *others: Any) -> None:
        super().__init__(definition, *others)
        self.several = len(self.dtypes) > 1
        opened: Any = definition.open
        self.open = opened
        self.calls = [_call(step) for step in opened.steps]

    def made(self, arguments: tuple[Any, ...], known: list[Any], attrs: dict[str, Any]) -> Made:
        over, shapes = self._shapes(known)
        if over is None or 0 in over:
            return None, []
        inputs = [_array(shape, np.asarray(a).dtype) for a, shape in zip(arguments, known)]
        nest = self.definition.loop(inputs, self.outputs(shapes), over)
        _, sizes, strides = nest
        return Kernel(text_of(nest), (*sizes, *strides)), shapes

    def _shapes(self, known: list[Sizes]) -> tuple[Sizes | None, list[Sizes]]:
        """The shape that all its steps have, None when they differ, and those of the outputs."""
        shapes: dict[int, Any] = {i: each.shape for i, each in self.open.constants.items()}
        shapes.update(zip(self.open.reads, known))
        found = set()
        for step in self.open.steps:
            schema, out = step.definition.schema, step.outputs[0]
            given = [self.open.constants[i] if param.static else shapes[i]
                     for param, i in schema.arguments(step.inputs)]  # fmt: skip
            try:
                shapes[out] = schema.call(step.definition.shape, given, **step.attrs)
            except ValueError:
                return None, []
            found.add(shapes[out if step.definition.reduction is None else step.data[0]])
        return found.pop() if len(found) == 1 else None, [shapes[i] for i in self.open.outputs]

    def plain(self, xp: Any, arguments: tuple[Any, ...], attrs: dict[str, Any]) -> Any:
        arrays = {**self.open.constants, **dict(zip(self.open.reads, arguments))}
        for call, inputs, out in self.calls:
            arrays[out] = call(*[arrays[i] for i in inputs])
        made = [arrays[i] for i in self.open.outputs]
        if "out" in attrs:
            np.copyto(attrs["out"], made[0])
            return attrs["out"]
        return made if self.several else made[0]


def _call(step: Step) -> tuple[Callable[..., Any], list[int], int]:
    """A step as a function of its inputs, these, and its output."""
    definition = step.definition
    function = getattr(np, definition.ufunc or "", None)
    if function is None:
        function = functools.partial(definition.kernel, np, **step.attrs)
    return function, step.inputs, step.outputs[0]


def _array(shape: Sizes, dtype: np.dtype) -> Array:
    return Array(shape, dtype, contiguous_strides(shape))
