"""What a GradientTape remembers: operations that have run, or nodes that have been built."""
from __future__ import annotations

from typing import Any

from minitf.autodiff import differentiate
from minitf.core.context import brought_in, while_context
from minitf.core.convert import convert_to_tensor
from minitf.core.eager import LISTENERS, Listener, executing_eagerly
from minitf.core.graph import get_default_graph
from minitf.core.operation import Operation
from minitf.core.slot import Slot
from minitf.core.tensor import Tensor
from minitf.eager.replay import gradients
from minitf.ops.array.basics import ones_like
from minitf.ops.control_flow.loop_gradient import Loop
from minitf.ops.control_flow.walk import Nodes, flows
from minitf.ops.reduction.scan import add_n
from minitf.ops.state.variable_lists import trainable_variables


class Tape(Listener):
    """The operations that depend on what is watched, in the order of running."""

    def __init__(self, watches_variables: bool, persistent: bool = False) -> None:
        super().__init__()
        self.watches_variables, self.persistent = watches_variables, persistent
        self.watched: set[Tensor] = set()
        self.variables: dict[Tensor, Any] = {}

    def begin(self) -> None:
        LISTENERS.items.append(self)

    def end(self) -> None:
        LISTENERS.items.remove(self)

    def takes(self, operation: Operation) -> bool:
        if operation.definition.writes():
            return False
        if not any([self._is_watched(tensor) for tensor in operation.inputs]):
            return False
        self.watched.update(tensor for tensor in operation.outputs if flows(tensor))
        return True

    def _is_watched(self, tensor: Any) -> bool:
        if tensor in self.watched:
            return True
        if not (self.watches_variables and type(tensor._held) is Slot):
            return False
        owner = tensor._held.owner()
        if owner is None or not owner.trainable:
            return False
        self.watched.add(tensor)
        self.variables[tensor] = owner
        return True

    def variables_read(self) -> list[Any]:
        return sorted(self.variables.values(), key=lambda variable: variable.op._id)

    def gradients(self, targets: list[Tensor], given: Any, sources: list[Tensor]) -> list[Any]:
        known = [x for x in sources if x in self.watched]
        flowing = _flowing(targets, given)
        found = iter(self._differentiated(*flowing, known) if flowing[0] and known else ())
        return [next(found, None) if x in self.watched else _by_itself(x, targets, given)
                for x in sources]  # fmt: skip

    def _differentiated(
        self, targets: list[Tensor], given: list[Any], sources: list[Tensor]
    ) -> list[Any]:
        if executing_eagerly() and not LISTENERS.items:  # others hear each operation of gradients
            found = gradients(self.operations, targets, given, sources)
            if found is not None:
                return found
        return differentiate(targets, given, sources, _Heard(set(self.operations)))

    def release(self) -> None:
        super().release()
        self.watched, self.variables = set(), {}


def _flowing(targets: list[Tensor], given: Any) -> tuple[list[Tensor], list[Any]]:
    """The targets that have a gradient, each with the one to start from or None."""
    pairs = list(zip(targets, given if given is not None else [None] * len(targets)))
    kept = [(y, dy) for y, dy in pairs if flows(y)]
    return [y for y, _ in kept], [dy for _, dy in kept]


def _by_itself(source: Tensor, targets: list[Tensor], given: Any) -> Tensor | None:
    """The gradient by what no tape watches: that of a target which is the source, else None."""
    pairs = zip(targets, given if given is not None else [None] * len(targets))
    own = [dy for y, dy in pairs if y is source]
    found = [ones_like(source) if dy is None else convert_to_tensor(dy) for dy in own]
    return add_n(found) if found else None


class _Heard(Nodes):
    """A walk that ends where the tape did not listen."""

    def __init__(self, operations: set[Operation], level: Any = None) -> None:
        super().__init__(level)
        self.operations = operations

    def inputs(self, node: Any) -> Any:
        heard = node.outputs[0].op if isinstance(node, Loop) else node
        return super().inputs(node) if heard in self.operations else ()


class GraphTape:
    """The nodes that are built while it records."""

    def __init__(self, watches_variables: bool, persistent: bool = False) -> None:
        self.watches_variables = watches_variables
        self.graph = get_default_graph()
        self.context = self.graph._context
        self.spans: list[list[int]] = []
        self.watched: set[Tensor] = set()
        self.variables: dict[Tensor, Any] = {}

    def begin(self) -> None:
        self.spans.append([self.graph._last_id, -1])

    def end(self) -> None:
        self.spans[-1][1] = self.graph._last_id

    def release(self) -> None:
        """Nothing is held."""

    def operations(self) -> list[Operation]:
        """What was built while it recorded."""
        last = self.graph._last_id
        spans = [(first, end if end >= 0 else last) for first, end in self.spans]
        return [
            op for op in self.graph.get_operations() if any(a < op._id <= b for a, b in spans)
        ]

    def variables_read(self) -> list[Any]:
        found = dict(self.variables)
        if self.watches_variables:
            found |= self._accessed()
        return list(found.values())

    def _accessed(self) -> dict[Tensor, Any]:
        with self.graph.as_default():
            known = {variable._ref(): variable for variable in trainable_variables()}
        owners = self.graph.owners() if self.graph.building_function else {}
        held = {node: owner for node, owner in owners.items() if owner.trainable}
        snapshots = {_read(variable): ref for ref, variable in known.items()}
        known |= held
        read: dict[Tensor, Any] = {}
        for operation in self.operations():
            for tensor in operation.inputs:
                tensor = brought_in(tensor)
                ref = snapshots.get(tensor, tensor)
                if ref in known:
                    read[ref] = known[ref]
        return read

    def gradients(self, targets: list[Tensor], given: Any, sources: list[Tensor]) -> list[Any]:
        accessed = self._accessed() if self.watches_variables else {}
        sources = [self.graph.capture(x) for x in sources]
        watched = {*(self.graph.capture(x) for x in self.watched), *accessed}
        if not watched.issuperset(sources):
            watched = self._derived(watched, accessed)
        known = [x for x in sources if x in watched]
        reads = {_read(v).op for v in accessed.values() if not v.graph.eager}
        nodes = _Heard({*self.operations(), *reads}, while_context(self.graph._context))
        flowing = _flowing(targets, given)
        inside = [self._inside(x, accessed) for x in known]
        found = iter(differentiate(*flowing, inside, nodes) if flowing[0] and known else ())
        return [next(found, None) if x in watched else _by_itself(x, targets, given)
                for x in sources]  # fmt: skip

    def _inside(self, source: Tensor, accessed: dict[Tensor, Any]) -> Tensor:
        """What is read in place of a source in the branch or the loop in which the tape began."""
        if self.context is None:
            return source
        if source in accessed and not accessed[source].graph.eager and self.graph._order is None:
            source = _read(accessed[source])
        found: Tensor = self.context.capture(source)
        return found

    def _derived(self, watched: set[Tensor], accessed: dict[Tensor, Any]) -> set[Tensor]:
        """What is watched, and all that has been computed of it."""
        found = watched | {_read(v) for v in accessed.values() if not v.graph.eager}
        for operation in self.operations():
            if any(brought_in(tensor) in found for tensor in operation.inputs):
                found.update(tensor for tensor in operation.outputs if flows(tensor))
        return found


def _read(variable: Any) -> Tensor:
    """What nodes read of a variable of a graph: each reads a resource variable itself anew."""
    ref: Tensor = variable._ref()
    found: Tensor = ref if vars(ref.op).get("is_resource") else variable.value()
    return found
