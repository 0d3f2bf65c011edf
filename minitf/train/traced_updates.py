"""The updates of an optimizer as one function, where operations run at once.

An update of Adam is some twenty operations for each variable: as a graph they are one loop over it.
"""

from minitf.core.eager import Listener, listening, unheard
from minitf.core.eager_tensor import EagerTensor
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.nest import flatten
from minitf.core.tensor_spec import TensorSpec
from minitf.eager.function import ConcreteFunction

SETTINGS = (int, float, str, type(None))


class TracedUpdates:
    """Runs `update(pairs)`, which changes variables by their gradients, as a function: it is traced
    once for variables, the shapes of gradients, and settings of the optimizer.

    What the optimizer prepares before, rates and the like, is computed anew each time and given to
    the function.
    """

    def __init__(self, optimizer):
        self.optimizer, self.known = optimizer, {}

    def run(self, prepare, update, pairs, *others):
        """Prepare, then update the variables of `pairs`, (gradient, variable), and `others`."""
        with unheard():
            with listening(Listener()) as heard:
                prepare()
            prepared = [tensor for op in heard.operations for tensor in op.outputs]
            heard.release()
            specs = [_specs(grad) for grad, _ in pairs]
            key = (*map(id, others), *self._key(pairs, specs, prepared))
            if key not in self.known:
                self.known[key] = self._traced(update, pairs, specs, prepared)
            function, places = self.known[key]
            given = [tensor for grad, _ in pairs for tensor in flatten(grad, True)]
            captured = zip(function.captured_inputs, places)
            function.run(given, [x if i is None else prepared[i] for x, i in captured])

    def _key(self, pairs, specs, prepared):
        settings = [
            (name, value) for name, value in vars(self.optimizer).items()
            if isinstance(value, SETTINGS)
        ]  # fmt: skip
        ready = {id(tensor) for tensor in prepared}  # others, a rate say, the program has given
        settings += [
            (name, id(value)) for name, value in vars(self.optimizer).items()
            if isinstance(value, EagerTensor) and id(value) not in ready
        ]  # fmt: skip
        types = [(tensor.dtype.enum, tensor._shape) for tensor in prepared]
        of_specs = tuple(each for spec in specs for each in spec)
        variables = tuple(id(variable) for _, variable in pairs)
        return variables, of_specs, tuple(settings), tuple(types)

    def _traced(self, update, pairs, specs, prepared):
        variables = [variable for _, variable in pairs]

        def updates(*grads):
            made = [grad[0] if len(grad) == 1 else IndexedSlices(*grad) for grad in grads]
            update(list(zip(made, variables)))

        function = ConcreteFunction(updates, type(self.optimizer).__name__, specs, {})
        places = {id(tensor): place for place, tensor in enumerate(prepared)}
        return function, [places.get(id(tensor)) for tensor in function.captured_inputs]


def _specs(grad):
    """What is known of the tensors of a gradient; how many rows it has differs between steps."""
    if isinstance(grad, EagerTensor):
        return (TensorSpec(grad.shape, grad.dtype),)
    sizes = grad.values.shape.as_list()
    known = [grad.values, grad.indices, grad.dense_shape]
    shapes = [[None, *sizes[1:]], [None], None if grad.dense_shape is None else [len(sizes)]]
    return tuple(TensorSpec(shape, x.dtype) for x, shape in zip(known, shapes) if x is not None)
