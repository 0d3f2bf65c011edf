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
    operations = [getattr(target, "op", target) for target in targets]
    after = _after(first, operations)
    return [
        target for target, op in zip(targets, operations)
        if op in after or any(target is x for x in sources)
    ]  # fmt: skip


def _after(first, operations):
    """The `first`, and what waits for them by whatever edges, also those of loops, among the
    `operations` and what these wait for.
    """
    followers, stack = {op: [] for op in operations}, list(operations)
    while stack:
        op = stack.pop()
        for before in {tensor.op for tensor in op.inputs} | {*op.control_inputs}:
            if before not in followers:
                followers[before] = []
                stack.append(before)
            followers[before].append(op)
    after = {op for op in first if op in followers}
    stack = list(after)
    while stack:
        new = [op for op in followers[stack.pop()] if op not in after]
        after.update(new)
        stack += new
    return after


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
