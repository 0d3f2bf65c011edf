"""Gradients that a program asks for again and again: compiled, once a tape has heard the same a few
times.

A training step runs the same operations each time. What a tape has heard is compared with what was
heard before: the ops, their attributes, shapes, and what is computed from what. Where all is the
same, the nodes of the gradients are built once, in a graph of copies, and run as a session runs
them: they are given the values that the operations have had.
"""
from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np

from minitf.autodiff import differentiate
from minitf.core import nest
from minitf.core.config import ConfigProto
from minitf.core.constant import constant
from minitf.core.dtypes import HANDLES
from minitf.core.execute import HERE, Shared, execute_with, plain
from minitf.core.graph import Graph
from minitf.core.op import OpDef
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.ops.control_flow.walk import Nodes
from minitf.ops.state.placeholder import placeholder
from minitf.session import Session

REPEATS = 3  # times that the same is heard before it is compiled
FEW = 4  # operations: they take no longer one by one
COUNTED = 1000  # tapes that differ of which is known how often they came
MOST = 16  # of which the gradients are kept

Place = tuple[int, int]  # an operation's number and its output's; of what comes from outside -1, n


def _call(xp: Any, *arguments: Any) -> None:
    """The gradients run in a session: the kernel is never called."""


GRADIENTS = OpDef("Gradients", _call, None)


def gradients(
    operations: Sequence[Operation], targets: list[Tensor], given: list[Any], sources: list[Tensor]
) -> list[Any] | None:
    """As `autodiff.differentiate` of operations that have run; None where that has to be asked."""
    starts = [dy for dy in given if dy is not None]
    if len(operations) < FEW or not all(isinstance(dy, Tensor) for dy in starts):
        return None
    if any(callable(operation.gradient_override) for operation in operations):
        return None  # a rule of its own for each call
    heard = Heard(operations)
    if any(tensor.dtype.base_dtype in HANDLES for tensor in heard.outside):
        return None  # what a handle stands for is not in a graph of copies
    asked = [[None if y is None else heard.place(y) for y in each]
             for each in (targets, given, sources)]  # fmt: skip
    key = (*heard.parts, *map(tuple, asked))
    found = _COMPILED.get(key)
    if found is None and _comes_often(hash(key)):
        try:
            found = _COMPILED[key] = Compiled(heard, *asked)
        except Exception:
            return None  # a rule that needs values: if it is wrong, it says so one by one, too
        if len(_COMPILED) > MOST:
            _COMPILED.popitem(last=False)
    return found and found.run(heard)


def _comes_often(key: int) -> bool:
    if len(_COUNTS) >= COUNTED:
        _COUNTS.clear()
    _COUNTS[key] = _COUNTS.get(key, 0) + 1
    return _COUNTS[key] == REPEATS


_COUNTS: dict[int, int] = {}
_COMPILED: OrderedDict[Any, Compiled] = OrderedDict()


class Heard:
    """What a tape has heard; `parts` are equal where it is the same."""

    def __init__(self, operations: Sequence[Operation]) -> None:
        self.operations = operations
        self.places: dict[int, Place] = {}  # by the id of a tensor
        self.outside: list[Tensor] = []
        self.parts: list[Any] = []
        for number, operation in enumerate(operations):
            self._add(number, operation)

    def _add(self, number: int, operation: Operation) -> None:
        places, parts, definition = self.places, self.parts, operation.definition
        attrs: Any = operation.attrs
        attrs = id(attrs) if type(attrs) is Shared else _comparable(attrs)
        parts.append((definition, attrs, operation.gradient_override))
        for tensor in operation.inputs:
            parts.append(places.get(id(tensor)) or self._from_outside(tensor))
        if definition.schema.static:
            parts += [plain(tensor).tobytes() for tensor in _static(operation)]
        for i, tensor in enumerate(operation.outputs):
            places[id(tensor)] = number, i
            parts.append((tensor.dtype.enum, tensor._shape))

    def place(self, tensor: Tensor) -> Place:
        """Where a tensor is from."""
        if id(tensor) not in self.places:
            self.parts.append(self._from_outside(tensor))
        return self.places[id(tensor)]

    def _from_outside(self, tensor: Tensor) -> Any:
        self.places[id(tensor)] = place = -1, len(self.outside)
        self.outside.append(tensor)
        return place, tensor.dtype.enum, tensor._shape

    def value(self, place: Place) -> Any:
        number, i = place
        return plain(self.outside[i] if number < 0 else self.operations[number].outputs[i])


def _comparable(value: Any) -> Any:
    """What is equal, and hashes alike, where attributes are equal."""
    if isinstance(value, dict):
        return tuple([(key, _comparable(each)) for key, each in value.items()])
    if isinstance(value, (list, tuple)):
        return tuple(map(_comparable, value))
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    return value if type(value).__hash__ is not None else id(value)


def _static(operation: Operation) -> list[Tensor]:
    """The inputs at whose values shape rules, and gradients, look."""
    pairs = operation.definition.schema.arguments(operation.inputs)
    return [tensor for param, tensor in pairs if param.static]


class Compiled:
    """The gradients of the targets by the sources, from those that are given, all by their places.
    """

    def __init__(
        self, heard: Heard, targets: list[Any], given: list[Any], sources: list[Any]
    ) -> None:
        self.attrs = [operation.attrs for operation in heard.operations]  # the key has their ids
        self.graph = Graph()
        with self.graph.as_default():
            self.copies = _copied(heard, self.graph)
            copy = self.copies.get
            last = self.graph._last_id
            found = differentiate(
                *([copy(place) for place in each] for each in (targets, given, sources)), Nodes()
            )  # fmt: skip
        self.found = found
        flat = nest.flatten(found, expand_composites=True)
        self.wanted = [tensor is not None for tensor in flat]
        self.types = [tensor.dtype for tensor in flat if tensor is not None]
        fetches = [tensor for tensor in flat if tensor is not None]
        read = _read(fetches, last)
        self.feeds = [place for place, tensor in self.copies.items() if tensor in read]
        config: Any = ConfigProto(device_count={"GPU": 0})
        session = Session(graph=self.graph, config=config)
        self.call = session.make_callable(fetches, [self.copies[place] for place in self.feeds])

    def run(self, heard: Heard) -> list[Any]:
        """The gradients for the values that operations have had now."""
        values = self.call(*[heard.value(place) for place in self.feeds])
        made = iter(execute_with(GRADIENTS, "gradients", [], self.types, values, None))
        flat = [next(made) if wanted else None for wanted in self.wanted]
        found: list[Any] = nest.pack_sequence_as(self.found, flat, expand_composites=True)
        return found


def _copied(heard: Heard, graph: Graph) -> dict[Place, Tensor]:
    """Nodes for what was heard: all tensors by their places."""
    copies: dict[Place, Tensor] = {
        (-1, i): placeholder(tensor.dtype.base_dtype, tensor._shape)
        for i, tensor in enumerate(heard.outside)
    }
    for number, operation in enumerate(heard.operations):
        known = {id(tensor): constant(plain(tensor), tensor.dtype.base_dtype)
                 for tensor in _static(operation)}  # fmt: skip
        inputs = tuple(known[id(tensor)] if id(tensor) in known
                       else copies[heard.places[id(tensor)]]
                       for tensor in operation.inputs)  # fmt: skip
        name = graph.op_name(operation.type)
        node = Operation(graph, operation.definition, name, inputs, operation.attrs, HERE)
        node.gradient_override = operation.gradient_override
        for i, tensor in enumerate(operation.outputs):
            copies[number, i] = made = Tensor(node, i, tensor.dtype, tensor._shape)
            node.outputs.append(made)
        graph.add(node)
    return copies


def _read(fetches: list[Tensor], last: int) -> set[Tensor]:
    """The tensors of nodes up to the `last` one that are read behind it."""
    stack, found = list(fetches), set[Tensor]()
    while stack:
        tensor = stack.pop()
        if tensor not in found:
            found.add(tensor)
            stack += tensor.op.inputs if tensor.op._id > last else ()
    return {tensor for tensor in found if tensor.op._id <= last}
