"""Which losses and updates of a layer depend on which inputs."""

from minitf.core import nest
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor import Tensor
from minitf.ops.state.variables import Variable


def reachable(inputs, targets):
    """Those of `targets`, tensors and operations of a graph, that depend on `inputs`."""
    sources = nest.flatten(inputs)
    if all(x.graph.eager for x in sources if hasattr(x, "graph")):
        return []
    first = {op for x in sources for op in _consumers(x)}
    known = {}  # of an operation, whether it comes after one of the first
    return [
        target for target in targets
        if _after(getattr(target, "op", target), first, known) or any(target is x for x in sources)
    ]  # fmt: skip


def _after(operation, first, known):
    """Whether it waits for one of the `first`, by whatever edges."""
    stack = [operation]
    while stack:
        op = stack[-1]
        before = {tensor.op for tensor in op.inputs} | {*op.control_inputs}
        if op in first or any(known.get(each) for each in before):
            known[op] = True
        elif op not in known:
            known[op] = False  # for now, and if a loop leads back to it
            waiting = [each for each in before if each not in known]
            stack += waiting
            if waiting:
                continue
        stack.pop()
    return known[operation]


def _consumers(x):
    if isinstance(x, Variable):
        return x._ref().consumers()
    if isinstance(x, Tensor):
        return x.consumers()
    if isinstance(x, SparseTensor):
        return [op for part in (x.indices, x.values, x.dense_shape) for op in part.consumers()]
    return []


class OfInputs:
    """The part of a layer that tells its losses and updates by inputs."""

    def get_losses_for(self, inputs):
        """The losses that depend on `inputs`; for None, those that depend on none."""
        if inputs is None:
            return [loss for loss in self.losses if loss._unconditional_loss]
        return reachable(inputs, [loss for loss in self.losses if not loss._unconditional_loss])

    def get_updates_for(self, inputs):
        """The updates that depend on `inputs`; for None, those that depend on none."""
        if inputs is None:
            return [update for update in self.updates if update._unconditional_update]
        conditional = [update for update in self.updates if not update._unconditional_update]
        return reachable(inputs, conditional)
