"""What an op becomes in ONNX: a function for each type, and the model that is being written."""
from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

LOWERINGS: dict[str, Callable[..., Any]] = {}


class Array(str):
    """The name of an array in the model, and what is known of it: `shape` with None for sizes that
    are not, `dtype`, and its `value` if it is a constant or a variable."""

    shape: tuple[int | None, ...] | None
    dtype: np.dtype
    value: np.ndarray | None

    def __new__(cls, name: str, shape: Any, dtype: Any, value: Any = None) -> Array:
        made = super().__new__(cls, name)
        made.shape, made.dtype, made.value = shape, np.dtype(dtype), value
        return made

    @property
    def rank(self) -> int:
        """ValueError where it is not known."""
        if self.shape is None:
            raise ValueError(f"the number of axes of '{self}' is not known")
        return len(self.shape)

    @property
    def known(self) -> np.ndarray:
        """The value; ValueError where only the run has it."""
        if self.value is None:
            raise ValueError(f"'{self}' must be known when the model is exported")
        return self.value


def lowers(*types: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator: the function `(model, *arrays, **attributes)` that adds the nodes for ops of these
    types, and returns the name of the output, or a list of names."""

    def declare(function: Callable[..., Any]) -> Callable[..., Any]:
        LOWERINGS.update(dict.fromkeys(types, function))
        return function

    return declare


class Model:
    """Nodes and initializers, in order."""

    def __init__(self) -> None:
        self.nodes: list[tuple[str, list[str], list[str], dict[str, Any]]] = []
        self.initializers: dict[str, np.ndarray] = {}
        self.names: set[str] = set()
        self.turned: dict[str, tuple[str, tuple[int, ...]]] = {}  # by output of a Transpose

    def unique(self, name: str) -> str:
        found, k = name, 0
        while found in self.names:
            k += 1
            found = f"{name}_{k}"
        self.names.add(found)
        return found

    def node(self, kind: str, *inputs: str, outputs: int | None = None, **attrs: Any) -> Any:
        """Add a node; the name of its output, or the list of `outputs` names."""
        made = [self.unique(f"{kind}_out") for _ in range(outputs or 1)]
        given = {name: value for name, value in attrs.items() if value is not None}
        self.nodes.append((kind, list(inputs), made, given))
        return made if outputs else made[0]

    def constant(self, value: Any, dtype: Any = None, name: str = "constant") -> Array:
        array = np.array(value, dtype, order="C")
        name = self.unique(name)
        self.initializers[name] = array
        return Array(name, array.shape, array.dtype, array)

    def integers(self, value: Any) -> str:
        """Sizes or axes, as ONNX takes them: a vector of int64."""
        if isinstance(value, Array):
            if value.value is not None:
                return self.constant(np.atleast_1d(value.value), np.int64)
            flat = value if value.shape != () else self.node("Unsqueeze", value, self.integers([0]))
            return flat if value.dtype == np.int64 else self.cast(flat, np.int64)
        return self.constant(np.atleast_1d(np.asarray(value)), np.int64)

    def cast(self, x: str, dtype: Any) -> Any:
        from onnx import helper

        return self.node("Cast", x, to=helper.np_dtype_to_tensor_dtype(np.dtype(dtype)))

    def transpose(self, x: str, perm: Sequence[int]) -> str:
        """The axes of x in this order; of what is known the constant, of what has just been turned
        back the original."""
        perm = tuple(int(axis) for axis in perm)
        value = getattr(x, "value", None)
        if value is not None:
            return self.constant(value.transpose(perm), name=f"{x}_turned")
        before, inner = self.turned.get(x, (None, ()))
        if before is not None and [inner[axis] for axis in perm] == list(range(len(perm))):
            return before
        found = self.node("Transpose", x, perm=list(perm))
        self.turned[found] = (x, perm)
        return found  # type: ignore[no-any-return]

    def map(self, kind: str, *inputs: Any) -> str:
        """An element-wise node. Where inputs have been turned it is computed before that, so that
        what follows may turn its result back for nothing."""
        perm = next((self.turned[x][1] for x in inputs if x in self.turned), None)
        before = [self._before(x, perm) for x in inputs] if perm else [None]
        if any(x is None for x in before):
            return self.node(kind, *inputs)  # type: ignore[no-any-return]
        return self.transpose(self.node(kind, *before), perm or ())

    def _before(self, x: Any, perm: tuple[int, ...]) -> str | None:
        """What gives x when its axes are put into this order; None where nothing known does."""
        if x in self.turned:
            before, own = self.turned[x]
            return before if own == perm else None
        value = getattr(x, "value", None)
        if value is None or value.ndim > len(perm):
            return x if getattr(x, "shape", None) == () else None
        if value.ndim == 0:
            return str(x)
        full = value.reshape((1,) * (len(perm) - value.ndim) + value.shape)
        return self.constant(full.transpose(np.argsort(perm)), name=f"{x}_turned")

    def needed(self, outputs: Sequence[str]) -> None:
        """Drop nodes and initializers that no output needs."""
        wanted, kept = {*outputs}, []
        for node in reversed(self.nodes):
            if wanted.intersection(node[2]):
                kept.append(node)
                wanted.update(node[1])
        self.nodes = kept[::-1]
        self.initializers = {n: a for n, a in self.initializers.items() if n in wanted}

    def rename(self, name: str, wanted: str, first: int) -> str:
        """Call what one of the nodes from `first` on makes by the name of its node in the graph."""
        mine = self.nodes[first:]
        if getattr(name, "value", None) is not None or not any(name in n[2] for n in mine):
            return name
        fresh = self.unique(wanted)
        for _, inputs, outputs, _ in mine:
            inputs[:] = [fresh if each == name else each for each in inputs]
            outputs[:] = [fresh if each == name else each for each in outputs]
        if name in self.turned:
            self.turned[fresh] = self.turned.pop(name)
        return fresh
