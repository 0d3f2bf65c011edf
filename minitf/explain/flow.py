"""The values that flow from variables and feeds to a loss, and the gradients that flow back."""
from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.autodiff import gradients
from minitf.core.convert import convert_to_tensor
from minitf.core.errors import Line
from minitf.core.graph import Graph
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.operation import Operation
from minitf.core.static import constant_value
from minitf.core.tensor import Tensor
from minitf.explain.diagram import diagram
from minitf.explain.forward import data
from minitf.explain.picture import picture, png
from minitf.explain.remarks import remarks
from minitf.explain.statistics import Statistics
from minitf.explain.table import table
from minitf.runtime.feeds import tensors_of
from minitf.runtime.prune import prune

# By graph, the names of the gradients that have been asked for: asking again adds no nodes.
_asked: weakref.WeakKeyDictionary[Graph, dict[str, dict[str, str]]] = weakref.WeakKeyDictionary()


@dataclass(frozen=True)
class Node:
    """One tensor on the way to the loss: what it was in this run, and the loss's gradient by it.

    `inputs` are the numbers of the nodes that it is computed from, `constant` the number that it
    also takes, if it takes one. `gradient` is None where the loss does not depend on the tensor;
    `update` is what the train op added to a variable, None where none was given.
    """

    name: str
    type: str
    line: Line
    value: Statistics
    gradient: Statistics | None
    inputs: tuple[int, ...]
    constant: float | None = None
    update: Statistics | None = None


@dataclass(frozen=True)
class Flow:
    """What `flow` returns; `print` shows it as a table, a notebook as a picture."""

    loss: str
    nodes: tuple[Node, ...]
    hidden: int  # nodes of sizes, constants and the like, which are not shown

    def __str__(self) -> str:
        return table(self)

    def remarks(self) -> list[str]:
        """What is worth a look: numbers that are none, units that are dead, variables that do not
        learn."""
        return remarks(self.nodes)

    def plot(self, path: Any = None) -> Any:
        """Draw the graph beside histograms of values and gradients: a matplotlib Figure, which is
        also written to `path` (.png, .svg, .pdf) if it is given."""
        return picture(self, path)

    def diagram(self, path: Any = None, show: str = "update") -> Any:
        """Draw the graph from left to right, values above the edges and gradients below.

        Variables and feeds are boxes, operations circles. `show` says how much is filled in:
        "graph" nothing, "values", "gradients" these too, "update" also what became of the
        variables. A matplotlib Figure, also written to `path`; a path that ends in .gif gets all of
        it, one column after the other. Meant for graphs of some dozens of nodes: ValueError for
        more than 150, and for another `show`.
        """
        return diagram(self, path, show)

    def _repr_png_(self) -> bytes | None:
        return png(self)


def flow(
    loss: Any, feed_dict: Any = None, session: Any = None, train_op: Any = None
) -> Flow:  # fmt: skip
    """Run `loss` once and show each tensor on the way to it, with the loss's gradient by it.

    `session` is the default one unless it is given. With a `train_op`, which is run with them, also
    what it did to the variables; without one no variable changes. The first call for a loss adds
    its gradients to the graph, as `tf.gradients` does; loops and branches are shown by what comes
    out of them. Raises TypeError unless the loss is a tensor of floats, and what
    `Session.run` raises.
    """
    loss = convert_to_tensor(loss)
    if not loss.dtype.is_floating:
        raise TypeError(f"explain.flow needs a loss of floats, but {loss!r} is {loss.dtype.name}")
    session = loss.graph._session(session, "explain.flow")
    fed = {tensor for key in feed_dict or () for tensor in tensors_of(session.graph, key)}
    way = _Way(loss, fed)
    real = [tensor for tensor in way.shown if tensor.dtype.is_floating]
    back = _gradients(loss, real)
    train = [] if train_op is None else [train_op]
    learnt = [t for t in real if train and _type(t, fed) == "variable"]
    before = dict(zip(learnt, session.run(learnt)))  # the run gives them as it leaves them
    found, slopes, _ = session.run([list(way.shown), back, train], feed_dict)
    values = [before.get(tensor, value) for tensor, value in zip(way.shown, found)]
    after = dict(zip(learnt, session.run(learnt)))
    nodes = [
        Node(
            _name(tensor), _type(tensor, fed), tensor.op.line, Statistics.of(value),
            Statistics.of(slopes[tensor.name]) if tensor.name in slopes else None,
            way.sources(tensor), way.constant(tensor),
            Statistics.of(after[tensor] - value) if tensor in after else None,
        )
        for tensor, value in zip(way.shown, values)
    ]  # fmt: skip
    return Flow(loss.name, tuple(nodes), way.hidden)


class _Way:
    """The tensors from feeds and variables to the loss, inputs first; `shown` numbers them."""

    def __init__(self, loss: Tensor, fed: set[Tensor]) -> None:
        self.loss, self.fed = loss, fed
        operations = prune([loss], fed)
        self.moving = self._moving(operations)
        self.shown: dict[Tensor, int] = {}
        for tensor in self._ordered():
            self.shown[tensor] = len(self.shown)
        self.hidden = len(set(operations) - {tensor.op for tensor in self.shown})

    def _moving(self, operations: list[Operation]) -> set[Tensor]:
        """What a feed or a variable has a part in."""
        moving = {tensor for tensor in self.fed if tensor.dtype.numpy.kind != "O"}
        for operation in operations:
            definition = operation.definition
            if definition.variable or any(tensor in moving for tensor in data(operation)):
                moving.update(operation.outputs)
        return moving

    def _is_shown(self, tensor: Tensor) -> bool:
        op = tensor.op
        if tensor not in self.moving or not op.graph.is_fetchable(op):
            return tensor is self.loss
        if tensor in self.fed or tensor is self.loss or op.definition.variable:
            return True
        return tensor.dtype.is_floating and not _is_another_name(op)

    def _before(self, tensor: Tensor) -> list[Tensor]:
        """The shown tensors that it is computed from, looking through what is not shown."""
        found: dict[Tensor, None] = {}
        stack, seen = data(tensor.op)[::-1] if tensor not in self.fed else [], {tensor}
        while stack:
            source = stack.pop()
            if source in seen:
                continue
            seen.add(source)
            if self._is_shown(source):
                found[source] = None
            else:
                stack.extend(data(source.op)[::-1])
        return list(found)

    def _ordered(self) -> Iterator[Tensor]:
        done: set[Tensor] = set()
        stack = [(self.loss, False)]
        while stack:
            tensor, ready = stack.pop()
            if ready:
                yield tensor
            elif tensor not in done:
                done.add(tensor)
                stack.append((tensor, True))
                stack.extend((source, False) for source in reversed(self._before(tensor)))

    def sources(self, tensor: Tensor) -> tuple[int, ...]:
        return tuple(sorted(self.shown[source] for source in self._before(tensor)))

    def constant(self, tensor: Tensor) -> float | None:
        """The one number that does not change among what the operation takes."""
        given = [] if tensor in self.fed else data(tensor.op)
        found = [constant_value(each) for each in given if each not in self.moving]
        numbers = [float(value) for value in found if np.ndim(value) == 0 and _is_real(value)]
        return numbers[0] if len(numbers) == 1 else None


def _is_real(value: Any) -> bool:
    return value is not None and np.asarray(value).dtype.kind in "iuf"


def _is_another_name(operation: Operation) -> bool:
    """Whether it has the elements of its input in their order, as `Identity` and `Reshape` do."""
    definition = operation.definition
    return not definition.flow and (definition.alias or definition.reshapes)


def _gradients(loss: Tensor, tensors: list[Tensor]) -> dict[str, str]:
    """By the names of tensors those of the gradients, of sparse ones those of their rows."""
    known = _asked.setdefault(loss.graph, {}).setdefault(loss.name, {})
    wanted = [tensor for tensor in tensors if tensor.name not in known]
    if wanted:
        with loss.graph.as_default():
            found = gradients(loss, wanted)
        known.update(
            (tensor.name, (slope.values if isinstance(slope, IndexedSlices) else slope).name)
            for tensor, slope in zip(wanted, found)
            if slope is not None
        )
    names = {tensor.name for tensor in tensors}
    return {name: slope for name, slope in known.items() if name in names}


def _name(tensor: Tensor) -> str:
    return tensor.name.removesuffix(":0")


def _type(tensor: Tensor, fed: set[Tensor]) -> str:
    if tensor in fed:
        return "fed"
    return "variable" if tensor.op.definition.variable else tensor.op.type
