"""Layers whose inputs can be computed from their outputs: `tf.contrib.layers.rev_block`."""
from minitf import logging
from minitf.autodiff import gradients
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.layers.base import Layer
from minitf.ops.array.basics import identity, stop_gradient
from minitf.ops.control_flow.control import tuple_
from minitf.ops.control_flow.custom_gradient import _variables_between, custom_gradient
from minitf.ops.state.variable_scope import get_variable_scope, variable_scope


def _in_scope(function, name):
    def called(*args, **kwargs):
        with variable_scope(name, use_resource=True):
            return function(*args, **kwargs)

    return called


class RevBlock(Layer):
    """`num_layers` reversible layers, y1 = x1 + f(x2), y2 = x2 + g(y1), after Gomez et al. 2017.

    `f` and `g` are functions of a tensor, which they give back in its shape, or lists of such; they
    get `f_side_input` and `g_side_input`, lists of tensors, as a second argument where these are
    given. With `use_efficient_backprop` the way back computes the inputs from the outputs and
    keeps none of the activations.
    """

    def __init__(self, f, g, num_layers=1, f_side_input=None, g_side_input=None,
                 use_efficient_backprop=True, name="revblock", **kwargs):  # fmt: skip
        super().__init__(name=name, **kwargs)
        for functions in (f, g):
            assert not isinstance(functions, list) or len(functions) == num_layers
        f, g = (each if isinstance(each, list) else [each] * num_layers for each in (f, g))
        self.f = [_in_scope(each, f"revlayer_{i}/f") for i, each in enumerate(f)]
        self.g = [_in_scope(each, f"revlayer_{i}/g") for i, each in enumerate(g)]
        self.num_layers = num_layers
        self.f_side_input, self.g_side_input = f_side_input or [], g_side_input or []
        self._use_efficient_backprop = use_efficient_backprop

    def build(self, input_shape):
        """Nothing: variables are made by the first call."""
        logging.warn("RevBlock constructs its variables on first call, not on build.")
        self.built = True

    def call(self, inputs, forward=True):
        """The outputs (y1, y2) for inputs [x1, x2], or, unless `forward`, the other way round."""
        before = get_collection(GraphKeys.GLOBAL_VARIABLES)
        found = self._forward(*inputs) if forward else self._backward(*inputs)
        made = get_collection(GraphKeys.GLOBAL_VARIABLES)[len(before) :]
        kept = (*self._trainable_weights, *self._non_trainable_weights)
        for each in made:
            if each not in kept:
                self._keep([each], each.trainable)
        return found

    def forward(self, x1, x2):
        """(y1, y2) of (x1, x2)."""
        return self.apply([x1, x2])

    def backward(self, y1, y2):
        """(x1, x2) of (y1, y2)."""
        return self.apply([y1, y2], forward=False)

    def _forward(self, x1, x2):
        sides = [*self.f_side_input, *self.g_side_input]
        if not self._use_efficient_backprop:
            return self._through(x1, x2, sides)
        outputs = []

        def gradient(*dys, variables=()):
            return self._back(outputs, dys, list(variables))

        def computed(x1, x2, *sides):
            outputs[:] = self._through(x1, x2, sides, together=True)
            used = _variables_between([x1, x2, *sides], [identity(each) for each in outputs])
            if not used:
                return tuple(outputs), lambda *dys: gradient(*dys)[0]
            return tuple(outputs), lambda *dys, variables: gradient(*dys, variables=variables)

        with variable_scope(get_variable_scope(), use_resource=True):
            return custom_gradient(computed)(x1, x2, *sides)

    def _through(self, x1, x2, sides, together=False):
        f_side, g_side = self._parted(sides)
        for f, g in zip(self.f, self.g):
            x1 += _called(f, x2, f_side)
            x2 += _called(g, x1, g_side)
            if together:
                x1, x2 = tuple_([x1, x2])
        return x1, x2

    def _parted(self, sides):
        return list(sides[: len(self.f_side_input)]), list(sides[len(self.f_side_input) :])

    def _backward(self, y1, y2):
        for f, g in reversed(list(zip(self.f, self.g))):
            y2 -= _called(g, y1, self.g_side_input)
            y1 -= _called(f, y2, self.f_side_input)
        return y1, y2

    def _back(self, ys, dys, variables):
        """(the gradients by the inputs and side inputs, those by the variables)."""
        sides = [stop_gradient(each) for each in [*self.f_side_input, *self.g_side_input]]
        total = [None] * (len(sides) + len(variables))
        with variable_scope(self.scope_name, reuse=True):
            for f, g in reversed(list(zip(self.f, self.g))):
                ys, dys, more = self._layer_back(f, g, ys, dys, sides, variables)
                total = [_sum(one, other) for one, other in zip(total, more)]
        return [*dys, *total[: len(sides)]], total[len(sides) :]

    def _layer_back(self, f, g, ys, dys, sides, variables):
        f_side, g_side = self._parted(sides)
        (y1, y2), (dy1, dy2) = map(stop_gradient, ys), dys
        gy1 = _called(g, y1, g_side)
        x2 = stop_gradient(y2 - gy1)
        of_y1, *of_g = gradients(gy1, [y1, *sides, *variables], dy2)
        dx1 = dy1 + of_y1
        fx2 = _called(f, x2, f_side)
        of_x2, *of_f = gradients(fx2, [x2, *sides, *variables], dx1)
        more = [_sum(one, other) for one, other in zip(of_f, of_g)]
        there = [i for i, each in enumerate(more) if each is not None]
        x1, x2, dx1, dx2, *found = tuple_(
            [y1 - fx2, x2, dx1, dy2 + of_x2, *(more[i] for i in there)]
        )
        for i, each in zip(there, found):
            more[i] = each
        return (x1, x2), (dx1, dx2), more


def _called(function, x, side):
    return function(x, side) if side else function(x)


def _sum(one, other):
    return other if one is None else one if other is None else convert_to_tensor(one) + other


def rev_block(x1, x2, f, g, num_layers=1, f_side_input=None, g_side_input=None, is_training=True):
    """The outputs (y1, y2) of a RevBlock, whose way back saves memory if `is_training`."""
    block = RevBlock(
        f=f, g=g, num_layers=num_layers, f_side_input=f_side_input, g_side_input=g_side_input,
        use_efficient_backprop=is_training, _reuse=get_variable_scope().reuse,
    )  # fmt: skip
    return block.forward(x1, x2)
