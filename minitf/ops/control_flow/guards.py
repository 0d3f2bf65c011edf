"""Under which branches of a loop's body a node runs, as the graph alone says it.

The contexts of `tf.cond` say it too, but gradients are built outside of these: there it follows
from what a node reads.
"""

from minitf.core.context import loops_around


class Guards:
    """For the operations of one iteration of `loop`: pairs of a predicate and a branch."""

    def __init__(self, loop):
        self.loop = loop
        self.known = {}

    def of(self, tensor):
        """What has to hold for a tensor to have a value, the outermost predicate first."""
        stack = [(tensor.op, False)]
        while stack:
            operation, ready = stack.pop()
            if operation in self.known:
                continue
            if ready:
                self.known[operation] = self._found(operation)
                continue
            stack.append((operation, True))
            stack += [(other, False) for other in self._before(operation)]
        return self._output(tensor)

    def _inside(self, operation):
        return self.loop in loops_around(operation)

    def _begins(self, operation):
        """Whether an iteration begins with it."""
        kind = operation.definition.flow
        joined = kind == "merge" and operation.inputs[1].op.definition.flow == "next"
        return operation.context is self.loop and (kind == "enter" or joined)

    def _inputs(self, operation):
        """What it is computed from; of a loop inside what enters it."""
        if operation.definition.flow == "exit":
            return [variable.enter.op.inputs[0] for variable in operation.context.variables]
        return operation.inputs

    def _before(self, operation):
        if not self._inside(operation) or self._begins(operation):
            return []
        before = [*(t.op for t in self._inputs(operation)), *operation._control_inputs]
        return [other for other in before if self._inside(other)]

    def _output(self, tensor):
        found = self.known[tensor.op]
        if tensor.op.definition.flow != "switch" or not self._inside(tensor.op):
            return found
        pred = tensor.op.inputs[1]
        if pred is self.loop.pivot:
            return found
        return tuple(dict.fromkeys((*found, (pred, tensor.value_index))))

    def _found(self, operation):
        if not self._before(operation):
            return ()
        inputs = [t for t in self._inputs(operation) if self._inside(t.op)]
        waits = [other for other in operation._control_inputs if self._inside(other)]
        found = [self._output(tensor) for tensor in inputs]
        if operation.definition.flow == "merge":
            first, *others = found if len(found) == len(operation.inputs) else [()]
            return tuple(pair for pair in first if all(pair in other for other in others))
        found += [self.known[other] for other in waits]
        return tuple(dict.fromkeys(pair for pairs in found for pair in pairs))
