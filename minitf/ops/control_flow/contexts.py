"""The contexts of `tf.cond` and `tf.while_loop`."""

from typing import NamedTuple

from minitf.core.constant import constant
from minitf.core.context import KEPT, Context, enclosing, output_context
from minitf.core.dtypes import int32
from minitf.core.graph import get_default_graph
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import identity
from minitf.ops.control_flow import flow
from minitf.ops.control_flow.guards import Guards
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.math.elementwise import cast


class CondContext(Context):
    """One branch of a cond: what comes from outside goes through a `Switch`."""

    def __init__(self, pred, pivot, branch):
        super().__init__(get_default_graph(), "cond_text")
        self.pred, self.pivot, self.branch = pred, pivot, branch
        self.external[pred] = pred
        pivot.op.context = self

    def pivot_operation(self):
        return self.pivot.op

    def _captured(self, tensor):
        result = self._outside(tensor)
        if result is not tensor and result in self.external:
            return self.external[result]
        with self.graph.control_dependencies(None):
            inner = flow.switch(result, self.pred)[self.branch]
        inner.op.context = self
        self.graph.prevent_fetching(inner.op)
        self.external[result] = inner
        return inner

    def _is_free(self, operation):
        return not operation.inputs and not any(
            self in enclosing(output_context(other)) for other in operation._control_inputs
        )


class LoopVariable(NamedTuple):
    """The nodes that carry one variable of a loop."""

    enter: Tensor
    merge: Tensor
    body: Tensor
    exit: Tensor

    @property
    def next(self):
        """What the variable is in the next iteration."""
        return self.merge.op.inputs[1].op.inputs[0]


class WhileContext(Context):
    """A loop: what comes from outside goes through an `Enter`.

    The loop that computes the gradient of the loop `forward` may read that one's tensors too: it
    gets the values that they had in the same iteration.
    """

    is_loop = True

    def __init__(self, parallel_iterations=10, back_prop=True, maximum_iterations=None,
                 forward=None):  # fmt: skip
        super().__init__(get_default_graph(), "while_context")
        self.parallel_iterations, self.back_prop = parallel_iterations, back_prop
        self.maximum_iterations, self.forward = maximum_iterations, forward
        self.variables = []
        self.names = {}  # by Merge: what the body calls the variable
        self.pivot_for_pred = self.pivot_for_body = self.pivot = None
        self.index = None  # in the loop of a gradient: which iteration of `forward` it is at
        self._counter = None
        self._saved = {}
        self.guards = Guards(self)

    def pivot_operation(self):
        return (self.pivot_for_pred if self.pivot_for_body is None else self.pivot_for_body).op

    def name_of(self, merge):
        """What the body of the loop calls the variable that a `Merge` is."""
        return self.names.get(merge, merge.name)

    def is_constant(self, operation):
        """Whether it brings in what is the same in each iteration."""
        enters = operation.context is self and operation.definition.flow == "enter"
        return enters and operation.attrs["is_constant"]

    @property
    def captures(self):
        """{tensor outside: the same inside}."""
        entered = (t for t in self.external.values() if t.op.definition.flow == "enter")
        return {inner.op.inputs[0]: inner for inner in entered if inner.op.context is self}

    def prepare(self, operation):
        # The sizes of a tensor of the forward loop are taken there: it is less to keep.
        inputs, forward = operation.inputs, self.forward
        measures = operation.definition.value is not None and len(inputs) == 1
        if measures and forward is not None and forward.contains(inputs[0]):
            return output_context(inputs[0].op).prepare(operation)
        return super().prepare(operation)

    def _is_free(self, operation):
        return not operation._control_inputs and all(
            self.is_constant(tensor.op) for tensor in operation.inputs
        )

    def _wait(self, operation, outside):
        # What a node waits for comes in as values, so that each iteration has it.
        with self.graph.control_dependencies(None), self.entered():
            inside = [identity(other.outputs[0]).op for other in outside if other.outputs]
        operation._add_control_inputs(inside)

    # -- variables ---------------------------------------------------------------------------

    def enter(self, tensor, is_constant):
        """The `Enter` of a tensor of the context outside."""
        with self.graph.control_dependencies(None):
            inner = flow.enter(tensor, self.name, is_constant, self.parallel_iterations)
        inner.op.context = self
        around = tuple(enclosing(self.outer_context))
        outside = lambda op: output_context(op) in (None, *around)  # noqa: E731
        inner.op._add_control_inputs(self.graph._controls_of(inner.op, outside))
        self.graph.prevent_feeding(inner)
        if self.outer_context is not None:
            self.graph.prevent_fetching(inner.op)
        return inner

    def add_variable(self, initial, update, name=None):
        """Another loop variable, which becomes `update(value)`: (its value inside, its exit)."""
        enter = self.enter(self._outside(initial), False)
        with self.graph.control_dependencies(None), self.entered():
            merged = flow.merge([enter, enter])[0]
            outside, inside = flow.switch(merged, self.pivot)
            body = identity(inside)
            merged.op._update_input(1, flow.next_iteration(update(body)))
            last = flow.exit_op(outside)
        self.variables.append(LoopVariable(enter, merged, body, last))
        if name is not None:
            self.names[merged.op] = name
        return body, last

    def around(self):
        """Nodes built inside belong to the context outside."""
        return _Around(self)

    def _captured(self, tensor):
        if self.forward is not None and self.forward.contains(tensor):
            return self._kept(tensor)
        return self.enter(self._outside(tensor), True)

    # -- gradients ---------------------------------------------------------------------------

    @property
    def counter(self):
        """(the number of iterations before, inside; their number in the end, outside)."""
        if self._counter is None:
            with self.around():
                zero = constant(0, int32, name="f_count")
            self._counter = self.add_variable(zero, lambda i: i + 1, "count")
        return self._counter

    def counted(self, tensor):
        """(first, step) of a variable that grows by the same number in each iteration."""
        if tensor is self.counter[0]:
            return 0, 1
        variable = next((v for v in self.variables if tensor in (v.body, v.merge)), None)
        if variable is None or not tensor.dtype.is_integer or tensor._shape != ():
            return None
        first, following = variable.enter.op.inputs[0]._value, variable.next.op
        if first is None or following.type not in ("Add", "AddV2", "Sub"):
            return None
        before, step = following.inputs
        step = step._value
        if before is not variable.body or step is None or following is not variable.next.op:
            return None
        return int(first), -int(step) if following.type == "Sub" else int(step)

    def _kept(self, tensor):
        """The value that a tensor of the forward loop had in this iteration."""
        forward, operation = self.forward, tensor.op
        counted = forward.counted(tensor)
        if counted is not None:
            with self.graph.control_dependencies(None), self.entered():
                return _at(self.index, *counted, tensor.dtype)
        if forward.is_constant(operation):
            return self.capture(operation.inputs[0])
        with self.graph.control_dependencies(None), self.entered():
            if operation.definition.value is not None and not operation.inputs:
                return constant(tensor._value, tensor.dtype)
            array = forward.saved(tensor)
            token = self.capture(array.flow)
            for pred, side in forward.guards.of(tensor):
                token = flow.switch(token, self.capture(pred))[side]
            value = array._with_flow(token).read(self.index)
            value.set_shape(tensor._shape)
            return value

    def saved(self, tensor):
        """A TensorArray of the values of a tensor in all iterations, outside of this loop."""
        if tensor not in self._saved:
            index = self.counter[0]
            with self.around():
                array = TensorArray(tensor.dtype.base_dtype, 0, dynamic_size=True,
                                    clear_after_read=False, infer_shape=False,
                                    tensor_array_name=KEPT, name="f_acc")  # fmt: skip
            guards = self.guards.of(tensor)

            def written(token, depth=0):
                if depth == len(guards):
                    return array._with_flow(token).write(index, tensor).flow
                pred, side = guards[depth]
                pair = list(flow.switch(token, pred))
                pair[side] = written(pair[side], depth + 1)
                return flow.merge_of(pair, pred)

            _, last = self.add_variable(array.flow, written)
            self._saved[tensor] = array._with_flow(last)
        return self._saved[tensor]


def _at(index, first, step, dtype):
    """first + step * index, in a type."""
    index = cast(index, dtype)
    index = index * step if step != 1 else index
    return index + first if first else index


class _Around:
    """`with loop.around():` nodes built inside belong to the context outside of the loop."""

    def __init__(self, loop):
        self.loop = loop

    def __enter__(self):
        graph = self.loop.graph
        self.controls = graph.control_dependencies(None)
        self.controls.__enter__()
        graph._context = self.loop.outer_context

    def __exit__(self, *error):
        self.controls.__exit__(*error)
