"""The gradient of a loop: another loop, which goes back through its iterations.

It reads what it needs of each iteration from TensorArrays that the forward loop fills (see
ops/control_flow/contexts.py): so it is a loop like any other, and has a gradient in turn.
"""

from minitf.core.convert import convert_to_tensor
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.tensor_shape import is_static
from minitf.ops.array.basics import shape, zeros
from minitf.ops.control_flow.contexts import WhileContext
from minitf.ops.control_flow.tensor_array import TensorArray
from minitf.ops.control_flow.while_loop import build_loop


class Loop:
    """A whole loop as one node: from what enters it to its exits."""

    def __init__(self, context):
        self.context = context
        self.variables = list(context.variables)
        self.captures = context.captures
        self.initial = [variable.enter.op.inputs[0] for variable in self.variables]
        self.inputs = (*self.initial, *self.captures)
        self.outputs = [variable.exit for variable in self.variables]
        self.name = self.outputs[0].op.name

    def gradient(self, dys, wanted, dependencies, sweep):
        """The gradients of the inputs.

        `dys` are those of the exits, None where there is none. `dependencies(targets, sources)`
        gives for each target the indices of the sources that it depends on, and
        `sweep(targets, starts, sources)` the gradients of sources, both inside the loop.
        """
        if not self.context.back_prop:
            return [None] * len(self.inputs)
        count = len(self.variables)
        sources = [*(v.merge for v in self.variables), *self.captures.values()]
        behind = dependencies([v.next for v in self.variables], sources)
        connected = _spread({k for k, wants in enumerate(wanted) if wants}, behind)
        reached = _reached({k for k, dy in enumerate(dys) if dy is not None}, behind)
        both = [k for k in sorted(connected & reached) if _flows(sources[k])]
        own = [k for k in both if k < count]
        outer = [k for k in both if k >= count and wanted[k]]
        if not own:
            return [None] * len(self.inputs)
        return self._backward(dys, own, outer, sources, sweep)

    def _backward(self, dys, own, outer, sources, sweep):
        backward = WhileContext(self.context.parallel_iterations, forward=self.context)
        names = [self.context.name_of(self.variables[k].merge.op) for k in own]
        accumulated = {}

        def body(count, *dvalues):
            backward.index = index = count - 1
            targets = [self.variables[k].next for k in own]
            found = sweep(targets, list(dvalues), [sources[k] for k in (*own, *outer)])
            for k, grad in zip(outer, found[len(own) :]):
                if grad is not None:
                    accumulated[k] = _accumulated(backward, sources[k].op.inputs[0], grad)
            return [index, *(self._next_slope(grad, sources[k]) for k, grad in zip(own, found))]

        starts = [self._start(k, dys[k]) for k in own]
        shapes = [(), *(sources[k]._shape for k in own)]
        exits = build_loop(backward, lambda count, *_: count >= 1, body,
                           [self.context.counter[1], *starts], shapes,
                           ["count", *(f"d_{name.split('/')[-1]}" for name in names)])  # fmt: skip
        result = [None] * len(self.inputs)
        for k, value in zip(own, exits[1:]):
            result[k] = value
        for k, finish in accumulated.items():
            result[k] = finish()
        return result

    def _start(self, k, dy):
        variable = self.variables[k]
        if dy is None:
            return _zeros(variable.exit)
        dy = convert_to_tensor(dy)
        dy.set_shape(variable.merge._shape)
        return dy

    def _next_slope(self, grad, source):
        if grad is None:
            return _zeros(source)
        grad = convert_to_tensor(grad)
        grad.set_shape(source._shape)
        return grad


def _flows(tensor):
    return tensor.dtype.is_floating or tensor.dtype.is_complex


def _zeros(tensor):
    if is_static(tensor._shape):
        return zeros(tensor._shape, tensor.dtype.base_dtype)
    made = zeros(shape(tensor), tensor.dtype.base_dtype)
    made.set_shape(tensor._shape)
    return made


def _spread(first, behind):
    """The variables that depend on what is in `first`, from iteration to iteration."""
    found = set(first)
    while True:
        more = {k for k, sources in enumerate(behind) if sources & found} - found
        if not more:
            return found
        found |= more


def _reached(first, behind):
    """What the variables in `first` depend on, from iteration to iteration."""
    found = set(first)
    stack = list(first)
    while stack:
        k = stack.pop()
        if k < len(behind):
            more = behind[k] - found
            found |= more
            stack += more
    return found


def _accumulated(backward, outside, grad):
    """Add a gradient up over the iterations; a function of the sum, outside the loop."""
    if isinstance(grad, IndexedSlices):
        return _collected(backward, outside, grad)
    with backward.around():
        initial = _zeros(outside)
    name = f"d_{outside.op.name.removesuffix('/read')}"
    _, last = backward.add_variable(initial, lambda total: total + grad, name)
    return lambda: last


def _collected(backward, outside, slices):
    """The slices of all iterations, one after the other."""
    arrays = []
    for part in (slices.values, slices.indices):
        with backward.around():
            array = TensorArray(part.dtype, 0, dynamic_size=True, infer_shape=False,
                                element_shape=part._shape, name="b_acc")  # fmt: skip
        written = _written(backward, array, part)
        arrays.append((array._with_flow(written), part._shape))

    def finish():
        values, indices = (_joined(array, sizes) for array, sizes in arrays)
        return IndexedSlices(values, indices, shape(outside))

    return finish


def _written(backward, array, part):
    def update(flow):
        return array._with_flow(flow).write(backward.index, part).flow

    return backward.add_variable(array.flow, update)[1]


def _joined(array, sizes):
    value = array.concat()
    value.set_shape(None if sizes is None else (None, *sizes[1:]))
    return value
