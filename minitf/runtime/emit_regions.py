"""Phase 9, regions: the call that runs steps in C or on a GPU, and what it is handed."""
from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from minitf.backend.cpu import Backend
from minitf.core.tensor_shape import num_elements
from minitf.runtime.native import Layout
from minitf.runtime.program import Step, Value
from minitf.runtime.regions import Choice, Region

WIDTH = 60  # where comments begin
NUMPY = re.compile(r"\bnp\.")


class Regions:
    """The part of a Writer that writes the calls of regions."""

    backend: Backend
    lowered: Any
    made: set[int]
    memory: Any
    names: dict[str, Any]
    open: Any
    pad: str
    regions: dict[str, Region]
    states: Any
    values: list[Value]
    checked: Any
    is_unboxed: Any
    _argument_of: Any
    _line: Any
    _prepared: Any
    _release: Any
    _unique: Any

    def _region(self, lifetimes: list[Any]) -> Iterator[tuple[Step | None, str]]:
        """The call that runs these steps in C, and the steps as comments below it."""
        region, listed = Region(), []
        for step, _ in lifetimes:
            yield from self.checked(step)
            yield from ((None, line) for line in self._prepared(step))
            self._add_call(region, step)
            listed.append((step, f"{self.pad}# {self._line(step).strip()}"))
        if region.calls:
            name = self._unique("native")
            self.regions[name] = region
            arguments = region.arguments()
            comma = "," if len(arguments) == 1 else ""
            first = next(step for step, _ in lifetimes if step in self.lowered.steps)
            call = f"{self.pad}{name}(({', '.join(arguments)}{comma}))"
            how = "on the GPU, as one graph" if self.backend.is_gpu else "in C, one after the other"
            yield first, f"{call:<{WIDTH}}  # {how}:"
        elif self.open:  # a branch has to have a line
            yield None, f"{self.pad}pass"
        yield from listed
        for _, dying in lifetimes:  # only now: the call needs them all
            self._release(dying)

    def _add_call(self, region: Region, step: Step) -> None:
        native = self.lowered.steps.get(step)
        if native is not None:
            places = [self._place(layout) for layout in native.layouts]
            state = [(self.states(step), 0)] if step.definition.state else []
            region.calls.append((native.kernel, state + places))
            region.steps.append(step)
            region.elements += sum(num_elements(self.values[i].shape) or 0 for i in step.outputs)

    def _place(self, layout: Layout) -> tuple[Any, int]:
        """Which array, and how many bytes into it."""
        if (buffer := self.memory.places.get(layout.root)) is not None:
            return buffer.slab, buffer.offset + layout.offset
        return self._key(layout.root), layout.offset

    def _key(self, root: int) -> Any:
        """How a region names an array outside of slabs: a constant, or what Python hands over."""
        if root in self.lowered.choices:
            return self._chosen(*self.lowered.choices[root])
        value = self.values[root]
        if value.feed and self.is_unboxed(root):
            return self._side_by_side(self._argument_of(root), value)
        if value.variable is not None or value.feed or root in self.made:
            return self._argument_of(root)
        text = self._argument_of(root)
        if value.constant is not None:
            self.names[text] = constant = self._constant(value)
            return constant
        return self._side_by_side(text, value)

    def _chosen(self, no: int, yes: int, pred: int) -> Choice:
        """The array of the branch that was taken: the name of the other one may mean nothing."""
        texts, parts = [], []
        for root in (yes, no):
            place = self.memory.places.get(root)
            key = self._key(root) if place is None else place.slab
            texts.append(key if isinstance(key, str) else self._argument_of(root))
            parts.append(key)
        choice = Choice(f"{texts[0]} if {self._argument_of(pred)} else {texts[1]}")
        choice.parts = tuple(parts)
        return choice

    def _side_by_side(self, text: str, value: Value) -> str:
        """The array as kernels take it."""
        if self.backend.is_gpu and not value.host:
            self.names["aligned"] = self.backend.aligned
            return f"aligned({text})"
        return f"np.ascontiguousarray({text})" if value.shape else f"np.asarray({text})"

    def _constant(self, value: Value) -> Any:
        """Where the steps that read it run."""
        constant = np.asarray(value.constant, order="C")
        return constant if value.host else self.backend.array(constant)

    def _in_the_dialect(self, text: str, host: bool) -> str:
        """A line of NumPy, or of CuPy where it is about arrays of a GPU."""
        return text if host or not self.backend.is_gpu else NUMPY.sub("cp.", text)
