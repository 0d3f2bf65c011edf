"""In a function, what has an effect happens in the order in which the function says it: variables
are read and changed so, and so is what prints, checks, or calls Python. In a branch or a loop, too.
"""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from minitf.core import nest
from minitf.core.context import brought_in, enclosing, output_context, while_context
from minitf.core.dtypes import HANDLES
from minitf.core.graph import control_dependencies, get_default_graph
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor, is_tensor
from minitf.ops.array.basics import identity
from minitf.ops.control_flow.control import group

# Of the ops that have `stateful`, these change nothing outside: what is not asked for may be left.
QUIET = ("CheckNumerics", "MatchingFiles", "ReadFile")


def has_effect(operation: Operation) -> bool:
    """Whether an operation prints, checks, writes or calls Python."""
    definition = operation.definition
    if definition.variable or not definition.stateful or operation.type in QUIET:
        return False
    draws = "seed2" in operation.attrs
    return not draws and not any(t.dtype.base_dtype in HANDLES for t in operation.outputs)


@dataclass
class _Block:
    """What a function, a branch or a loop has done so far."""

    changed: dict[Tensor, Operation] = field(default_factory=dict)  # who changed a variable last
    read: dict[Tensor, list[Operation]] = field(default_factory=dict)  # and who has read it since
    last: list[Operation] = field(default_factory=list)  # the last effect on anything else
    effects: list[Operation] = field(default_factory=list)

    def before(self, variable: Tensor, changes: bool) -> list[Operation]:
        """What an operation that reads or changes a variable has to wait for."""
        readers = self.read.get(variable, []) if changes else []
        return [*readers, *([self.changed[variable]] if variable in self.changed else [])]

    def note(self, variable: Tensor, changes: bool, operations: list[Operation]) -> None:
        if changes:
            self.changed[variable] = operations[0]
            self.read.pop(variable, None)
        else:
            self.read.setdefault(variable, []).extend(operations)


class Order:
    """Adds to the operations of a function what they have to wait for."""

    def __init__(self, root: Any = None) -> None:
        self.root = root  # the branch or the loop in which the function is called
        self.acting: list[Operation] = []  # what reads, changes, has an effect; begins of loops
        self._blocks: dict[Any, _Block] = {}

    @property
    def changed(self) -> dict[Tensor, Operation]:
        """The variables that are changed, and by what."""
        return self._block(self.root).changed

    @property
    def effects(self) -> list[Operation]:
        """What a run of the function has to do, though nothing is read of it."""
        return self._block(self.root).effects

    def _block(self, context: Any) -> _Block:
        return self._blocks.setdefault(context, _Block())

    def _around(self, context: Any) -> list[_Block]:
        """The block of a context and those around it, up to the loop that it is in: a loop waits
        for what is outside of it as a whole."""
        loop, found = while_context(context), []
        for each in enclosing(context):
            found.append(self._block(each))
            if each is loop or each is self.root:
                return found
        return [*found, self._block(None)]

    def add(self, operation: Operation) -> None:
        """An operation that the function has now."""
        if operation.definition.flow:
            return
        around, changes = self._around(operation.context), bool(operation.definition.writes())
        sources = map(brought_in, operation.inputs)
        variables = [tensor for tensor in sources if tensor.op.definition.variable]
        for variable in variables:
            before = [op for block in around for op in block.before(variable, changes)]
            operation._add_control_inputs([op for op in before if op is not operation])
            around[0].note(variable, changes, [operation])
        effect = has_effect(operation)
        if variables or effect:
            self.acting.append(operation)
        if not effect:
            return
        around[0].effects.append(operation)
        if not variables:
            operation._add_control_inputs([op for block in around for op in block.last])
            around[0].last = [operation]

    def add_whole(self, operations: list[Operation], end: Operation) -> None:
        """Operations that say themselves what they wait for among each other, as those of an
        imported function do: to what follows they are one, which ends with `end`."""
        around = self._around(end.context)
        changed = {_origin(op.inputs[0]) for op in operations if op.definition.writes()}
        starts: dict[Tensor, list[Operation]] = {}
        for operation in operations:
            for tensor in operation.inputs:
                if tensor.op.definition.variable:
                    starts.setdefault(tensor, []).append(operation)
        for variable, readers in starts.items():
            changes = variable in changed
            _wait(readers, [op for block in around for op in block.before(variable, changes)])
            around[0].note(variable, changes, [end])
        effects = [operation for operation in operations if has_effect(operation)]
        if effects:
            _wait([op for op in effects if not op.definition.writes()],
                  [op for block in around for op in block.last])  # fmt: skip
            around[0].effects.append(end)
            around[0].last = [end]

    def settled(self, context: Any, results: list[Tensor]) -> list[Tensor]:
        """The results of a branch, or of an iteration, once its effects have happened."""
        effects = self._block(context).effects
        if not effects:
            return results
        with context.graph.control_dependencies(effects):
            return [identity(tensor) for tensor in results]

    def left(self, contexts: list[Any], ends: list[Operation], starts: Any = ()) -> None:
        """The branches, or the loop, are built: to what follows they are one operation, which ends
        with `ends`. A loop begins with `starts`."""
        self.acting.extend(starts)
        around = self._around(contexts[0].outer_context)
        blocks = [self._block(context) for context in contexts]
        changed = {variable for block in blocks for variable in block.changed}
        for variable in changed | {v for block in blocks for v in block.read}:
            before = [op for each in around for op in each.before(variable, variable in changed)]
            _wait(starts, before)
            around[0].note(variable, variable in changed, ends)
        if any(block.last for block in blocks):
            _wait(starts, [op for block in around for op in block.last])
            around[0].last = ends[:1]
        if any(block.effects for block in blocks):
            around[0].effects.append(ends[0])


def in_order(function: Any, args: Any, kwargs: Any) -> Any:
    """What a function returns that adds its nodes to the default graph, once its effects have
    happened, in the order in which it says them."""
    graph = get_default_graph()
    if graph._order is not None:  # a function around it sees to that
        return function(*args, **kwargs)
    with ordered(graph) as order:
        found = function(*args, **kwargs)
    return after(order.effects, found)


@contextmanager
def ordered(graph: Any) -> Iterator[Order]:
    """What keeps the effects of what is built inside in order."""
    outer = graph._order
    graph._order = outer or Order(graph._context)
    try:
        yield graph._order
    finally:
        graph._order = outer


def after(effects: list[Operation], found: Any) -> Any:
    """The results of a function once its effects have happened."""
    if not effects:
        return found
    with control_dependencies(effects):
        return nest.map_structure(lambda x: identity(x) if is_tensor(x) else x, found)


def as_a_node(function: Any, args: Any, kwargs: Any) -> Any:
    """What a function returns whose operations are added to the default graph. They are as one node
    would be: what they do begins when all inputs are there, and for None there is an Operation,
    which is done when the function has had its effects."""
    graph = get_default_graph()
    begun, given = len(graph._operations), list(filter(is_tensor, nest.flatten((args, kwargs))))
    with graph._counting_anew(len(given)):
        with ordered(graph) as order:
            acted, effects = len(order.acting), order._block(graph._context).effects
            before = len(effects)
            found = function(*args, **kwargs)
        effects, acting = effects[before:], order.acting[acted:]
        if graph._order is None:
            found = after(effects, found)
    made = list(islice(graph._operations.values(), begun, None))
    _wait_for_inputs(graph._context, acting, given, made)
    if found is not None:
        return found
    groups = [op for op in made if op.type == "NoOp" and op.context is graph._context]
    return group(*effects, *groups)  # groups, too, of what was made outside: initializers


def _wait_for_inputs(
    context: Any, acting: list[Operation], given: list[Tensor], made: list[Operation]
) -> None:
    """Let all that acts in a function wait for the tensors that are given to it, and those of
    outside that it reads."""
    if not acting:
        return
    inside, loop = set(made), while_context(context)
    read = [*given, *(tensor for operation in made for tensor in operation.inputs)]
    sources = dict.fromkeys(tensor.op for tensor in read if tensor.op not in inside)
    waited = [op for op in sources if (op.inputs or op.control_inputs or has_effect(op))
              and while_context(output_context(op)) is loop]  # fmt: skip
    for operation in acting:
        around = operation.context
        if operation.definition.flow == "enter" and around is not None:
            around = around.outer_context
        if while_context(around) is loop:
            operation._add_control_inputs(waited)


def _origin(tensor: Tensor) -> Tensor:
    """The variable that was brought into a branch or a loop."""
    while tensor.op.definition.flow:
        tensor = tensor.op.inputs[0]
    return tensor


def _wait(starts: Any, before: list[Operation]) -> None:
    for start in starts:
        start._add_control_inputs(before)
