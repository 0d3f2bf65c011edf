"""What is computed of the graph of a function, again and again, and its gradients."""
from __future__ import annotations

from typing import Any

from minitf.autodiff import gradients
from minitf.core.convert import convert_to_tensor
from minitf.core.eager import LISTENERS
from minitf.core.eager_tensor import EagerTensor
from minitf.core.execute import execute_with
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.op import OpDef
from minitf.core.operation import Operation
from minitf.core.tensor import Tensor
from minitf.ops.control_flow.walk import flows
from minitf.ops.state.placeholder import placeholder


def _call(xp: Any, *arguments: Any) -> None:
    """The functions run in a session: the kernel is never called."""


PARTITIONED_CALL = OpDef("PartitionedCall", _call, None)


class Part:
    """What a session computes of its graph: some tensors, its `outputs`, from others, its `inputs`.

    Its gradients are another part of the same graph, and so have gradients, too. `sources` are what
    gradients are asked by: the inputs, unless variables are among them. `effects` happen in a run.
    """

    def __init__(self, session: Any, inputs: list[Tensor], outputs: list[Tensor],
                 sources: Any = None, effects: Any = ()) -> None:  # fmt: skip
        self.session, self.inputs, self.outputs = session, inputs, outputs
        self.sources = inputs if sources is None else sources
        self._effects = list(effects)
        self._calls: dict[int, Any] = {}  # by how many tensors are wanted beside the outputs
        self._backward: Any = None
        self._closed: Any = None

    def called(self, name: str, given: list[Any]) -> list[Tensor]:
        """The outputs for tensors as the sources: what a tape hears, it can differentiate."""
        listened = bool(LISTENERS.items) and any(map(flows, self.outputs))
        part = self.closed if listened and _again() else self
        kept = part.backward.kept if listened else []
        beside = [tensor for tensor in kept if tensor not in part.outputs]
        values = part.run(given, beside)
        count = len(part.outputs)

        def gradient(operation: Operation, *dys: Any) -> list[Any]:
            known = dict(zip([*part.outputs, *beside], [*operation.outputs, *values[count:]]))
            return part.backward.called(name, [known[x] for x in kept], given, dys)

        types = [tensor.dtype for tensor in part.outputs]
        inputs = given if listened else []
        made = execute_with(PARTITIONED_CALL, name, inputs, types, values[:count], gradient)
        return made[: len(self.outputs)]

    def run(self, given: list[Any], beside: list[Tensor]) -> list[Any]:
        """The values of the outputs, and of other tensors."""
        if not (self.outputs or beside or self._effects):
            return []
        call = self._calls.get(len(beside))
        if call is None:
            fetches = [*self.outputs, *beside, *self._effects]
            call = self._calls[len(beside)] = self.session.make_callable(fetches, self.inputs)
        arguments = [x._held if isinstance(x, EagerTensor) else x for x in given]
        results: list[Any] = call(*arguments[: len(self.inputs)])
        return results[: len(self.outputs) + len(beside)]

    @property
    def backward(self) -> Backward:
        if self._backward is None:
            self._backward = Backward(self)
        found: Backward = self._backward
        return found

    @property
    def closed(self) -> Part:
        """The part whose outputs are also all that its gradients are computed from: so that a tape
        hears what gradients of gradients depend on."""
        if self._closed is None:
            part = self
            while more := [x for x in part.backward.kept if x not in part.outputs]:
                part = Part(self.session, self.inputs, [*part.outputs, *more], self.sources,
                            self._effects)  # fmt: skip
            self._closed = part
        found: Part = self._closed
        return found


def _again() -> bool:
    """Whether gradients may be differentiated."""
    return len(LISTENERS.items) > 1 or any(each.persistent for each in LISTENERS.items)


class Backward:
    """The gradients of a part: nodes behind its own, that are computed from some of its tensors,
    the `kept` ones, from its inputs and the gradients of its outputs."""

    def __init__(self, part: Part) -> None:
        graph = part.session.graph
        last = graph._last_id
        self._flowing = [i for i, y in enumerate(part.outputs) if flows(y)]
        targets = [part.outputs[i] for i in self._flowing]
        sources = [x for x in part.sources if flows(x)]
        with graph.as_default():
            dys = [placeholder(y.dtype.base_dtype, y._shape, name="grad_ys") for y in targets]
            found = gradients(targets, sources, dys, stop_gradients=sources)
        flowing = iter(found)
        self.grads = [next(flowing) if flows(x) else None for x in part.sources]
        leaves = [leaf for grad in self.grads for leaf in _components(grad)]
        self.kept = _between(leaves, last, {*part.sources, *dys})
        self._count = len(part.inputs)
        self.part = Part(part.session, [*self.kept, *part.inputs, *dys], leaves)

    def called(self, name: str, kept: list[Any], given: list[Any], dys: Any) -> list[Any]:
        """The gradients by the sources, for the values of what is kept."""
        starts = [convert_to_tensor(dys[i]) for i in self._flowing]
        if LISTENERS.items:
            kept = [convert_to_tensor(each, x.dtype) for each, x in zip(kept, self.kept)]
        found = iter(self.part.called(name, [*kept, *given[: self._count], *starts]))
        return [_packed(grad, found) for grad in self.grads]


def _components(grad: Any) -> list[Tensor]:
    if isinstance(grad, IndexedSlices):
        return [grad.values, grad.indices, convert_to_tensor(grad.dense_shape)]
    return [] if grad is None else [grad]


def _packed(grad: Any, tensors: Any) -> Any:
    parts = [next(tensors) for _ in _components(grad)]
    if isinstance(grad, IndexedSlices):
        return IndexedSlices(*parts)
    return parts[0] if parts else None


def _between(targets: list[Tensor], last: int, given: set[Tensor]) -> list[Tensor]:
    """What nodes built after number `last` read of those before, but for what is given."""
    found: dict[Tensor, None] = {}
    stack, seen = list(targets), set()
    while stack:
        tensor = stack.pop()
        if tensor in seen or tensor in given:
            continue
        seen.add(tensor)
        if tensor.op._id <= last:
            if tensor.op.type != "Const":
                found[tensor] = None
        else:
            stack += tensor.op.inputs
    return list(found)
