"""A graph by its name scopes: what each holds, and what flows from one to the next."""
from __future__ import annotations

import heapq
import math
import os
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from minitf.core.convert import convert_to_tensor
from minitf.core.errors import Line
from minitf.core.graph import Graph, get_default_graph
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.explain.drawing import svg
from minitf.explain.forward import data, ends, moving, variable_of
from minitf.explain.table import aligned
from minitf.runtime.prune import prune

FEW = 30  # boxes that can be taken in at once: scopes are opened as far as there are no more
MOST = 200  # boxes: of more, a drawing is a thicket
_HEAD = ("", "op", "operations", "weights", "gives", "from", "built at")


@dataclass(frozen=True)
class Box:
    """A variable, a feed, one operation, or all that is in a name scope.

    `type` is "variable", "fed", "scope" or that of the operation; `weights` counts the elements of
    the variables in it; `gives` are the shapes and types of what others read of it. `inputs` are
    the numbers of the boxes that it reads, `back` those that it reads from the iteration before.
    """

    name: str
    type: str
    operations: int
    weights: int
    gives: tuple[str, ...]
    line: Line
    inputs: tuple[int, ...] = ()
    back: tuple[int, ...] = ()


@dataclass(frozen=True)
class Scopes:
    """What `graph` returns: `print` shows it as a table, a notebook as a drawing."""

    boxes: tuple[Box, ...]
    depth: int
    hidden: int  # operations that are not shown: constants, gradients, updates, first values

    def __str__(self) -> str:
        names = [box.name for box in self.boxes]
        rows = [
            (box.name, box.type, str(box.operations), f"{box.weights:,}" if box.weights else "",
             ", ".join(box.gives), ", ".join(names[i] for i in box.inputs + box.back),
             _where(box.line))
            for box in self.boxes
        ]  # fmt: skip
        return "\n".join([*aligned([_HEAD, *rows], right={2, 3}), self.total()])

    def total(self) -> str:
        """How much is shown, and how much is not."""
        shown = sum(box.operations for box in self.boxes)
        weights = sum(box.weights for box in self.boxes)
        return (f"{shown:,} operations with {weights:,} weights; {self.hidden:,} more are constants"
                " or of training")  # fmt: skip

    def svg(self) -> str:
        """The drawing, from top to bottom, as the text of an SVG file. ValueError where there are
        more than 200 boxes."""
        if len(self.boxes) > MOST:
            raise ValueError(
                f"Scopes.svg draws at most {MOST} boxes, here are {len(self.boxes)} at depth "
                f"{self.depth}: a lower depth, or tf.name_scope around the parts, makes them fewer"
            )
        return svg(self)

    def save(self, path: Any) -> None:
        """Write the drawing to a file, whose name ends in .svg."""
        if not os.fspath(path).endswith(".svg"):
            raise ValueError(f"Scopes.save writes .svg files, not {os.fspath(path)!r}")
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.svg())

    def _repr_svg_(self) -> str | None:
        return self.svg() if 0 < len(self.boxes) <= MOST else None


def graph(of: Any = None, depth: int | None = None) -> Scopes:
    """Show a graph by its name scopes, without running it.

    `of` is a tensor or an operation, or several, of which all is shown that they are computed from;
    or a Graph (the default one where nothing is given), of which all is shown but constants,
    gradients and what changes variables. A name is shown down to its part number `depth`
    (1 shows the outermost scopes); without one as deep as thirty boxes go.

        print(explain.graph(loss))
        explain.graph(loss, depth=2).save("graph.svg")
    """
    if depth is not None and depth < 1:
        raise ValueError(f"explain.graph: depth is {depth}, expected 1 or more")
    of = get_default_graph() if of is None else of
    last = ends(of) if isinstance(of, Graph) else [_operation(each) for each in _several(of)]
    needed = _needed(last)
    if depth is None:
        deepest = max((_named(op).count("/") + 1 for op in needed), default=1)
        fits = (d for d in range(deepest, 1, -1) if len(_grouped(needed, d)) <= FEW)
        depth = next(fits, 1)
    owner = of if isinstance(of, Graph) else last[0].graph
    return Scopes(_boxes(_grouped(needed, depth), set(last)), depth,
                  len(owner.get_operations()) - len(needed))  # fmt: skip


def _several(of: Any) -> list[Any]:
    found = list(of) if isinstance(of, (list, tuple)) else [of]
    if not found:
        raise ValueError("explain.graph: there is nothing to show in an empty list")
    return found


def _operation(of: Any) -> Operation:
    return of if isinstance(of, Operation) else convert_to_tensor(of).op


def _needed(last: list[Operation]) -> list[Operation]:
    """What these are computed from that may differ from run to run, in the order of building."""
    live = moving(prune(last, ()))
    found = dict.fromkeys(last)
    stack = list(last)
    while stack:
        makers = [tensor.op for tensor in data(stack.pop())]
        new = dict.fromkeys(op for op in makers if op in live and op not in found)
        found.update(new)
        stack.extend(new)
    return sorted(found, key=lambda operation: operation._id)


# -- boxes ----------------------------------------------------------------------------------------


def _grouped(operations: list[Operation], depth: int) -> dict[str, list[Operation]]:
    groups: dict[str, list[Operation]] = {}
    for operation in operations:
        parts = _named(operation).split("/")
        groups.setdefault("/".join(parts[:depth]), []).append(operation)
    return groups


def _named(operation: Operation) -> str:
    """Its name; that of the variable where it only reads one."""
    return (variable_of(operation) or operation).name


def _boxes(groups: dict[str, list[Operation]], last: set[Operation]) -> tuple[Box, ...]:
    home = {operation: name for name, group in groups.items() for operation in group}
    reads = {name: _sources(group, home) - {name} for name, group in groups.items()}
    left = _leaving(groups, home, last)
    number = {name: i for i, name in enumerate(_ordered(reads))}
    made = []
    for name, own in number.items():
        group, sources = groups[name], sorted(number[source] for source in reads[name])
        made.append(
            Box(name, _type(name, group), len(group), sum(map(_weights, group)),
                tuple(dict.fromkeys(map(_described, left[name]))), group[0].line,
                tuple(i for i in sources if i < own), tuple(i for i in sources if i > own))
        )  # fmt: skip
    return tuple(made)


def _sources(group: Iterable[Operation], home: dict[Operation, str]) -> set[str]:
    """The groups that one reads."""
    return {home[t.op] for operation in group for t in data(operation) if t.op in home}


def _leaving(
    groups: dict[str, list[Operation]], home: dict[Operation, str], last: set[Operation]
) -> dict[str, list[Tensor]]:
    """The tensors of each group that others read, or that are the last."""
    found: dict[str, list[Tensor]] = {
        name: [t for operation in group if operation in last for t in operation.outputs]
        for name, group in groups.items()
    }
    for operation, name in home.items():
        for tensor in data(operation):
            if home.get(tensor.op, name) != name:
                found[home[tensor.op]].append(tensor)
    return found


def _ordered(reads: dict[str, set[str]]) -> list[str]:
    """Inputs first; in a circle, which a loop is, what was built first."""
    built = {name: i for i, name in enumerate(reads)}
    names, left = list(reads), {name: len(sources) for name, sources in reads.items()}
    readers: dict[str, list[str]] = {name: [] for name in reads}
    for name, sources in reads.items():
        for source in sources:
            readers[source].append(name)
    ready, oldest = [built[name] for name in names if not left[name]], iter(names)
    order: dict[str, None] = {}
    while len(order) < len(names):
        name = names[heapq.heappop(ready)] if ready else next(n for n in oldest if n not in order)
        order[name] = None
        for reader in readers[name]:
            left[reader] -= 1
            if not left[reader] and reader not in order:
                heapq.heappush(ready, built[reader])
    return list(order)


def _type(name: str, group: list[Operation]) -> str:
    first = group[0]
    if any(_named(operation) != name for operation in group):
        return "scope"
    if first.definition.variable:
        return "variable"
    return "fed" if first.definition.placeholder else first.type


def _weights(operation: Operation) -> int:
    if not operation.definition.variable:
        return 0
    sizes = operation.outputs[0].get_shape()
    return math.prod(sizes.as_list()) if sizes.is_fully_defined() else 0


def _described(tensor: Tensor) -> str:
    """Its shape and type: ?x10 float32."""
    sizes = tensor.get_shape()
    if sizes.ndims is None:
        return f"any shape {tensor.dtype.base_dtype.name}"
    known = "x".join("?" if size is None else str(size) for size in sizes.as_list())
    return f"{known or 'scalar'} {tensor.dtype.base_dtype.name}"


def _where(line: Line) -> str:
    return f"{line.filename.rsplit('/', 1)[-1]}:{line.lineno}"
