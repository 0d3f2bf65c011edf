"""`tf.contrib.layers.fully_connected`, with the activations it comes with, and what it was before.
"""
from functools import partial

from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.contrib.layers.initializers import xavier_initializer
from minitf.contrib.layers.scoped import by_layer, weighted
from minitf.core.arguments import takes
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import add_to_collections
from minitf.core.graph_keys import GraphKeys
from minitf.layers.core import Dense
from minitf.nn import activation
from minitf.nn.bias import bias_add
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.joining import stack, unstack
from minitf.ops.linalg.products import matmul
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import get_variable, variable_scope


@add_arg_scope
@takes(weighted)
def fully_connected(inputs, num_outputs, **given):
    """activation_fn(inputs * weights + biases), the last axis of the inputs becoming `num_outputs`.

    With a `normalizer_fn`, called with `normalizer_params`, there are no biases. Variables:
    weights [inputs, num_outputs] and biases [num_outputs]. ValueError where num_outputs is no
    integer, or the last axis unknown.
    """
    if not isinstance(num_outputs, int):
        raise ValueError(
            f"num_outputs type should be one of [<class 'int'>], got {type(num_outputs)}."
        )

    def layer(_, **options):
        return Dense(num_outputs, **options)

    return by_layer(layer, inputs, given, "fully_connected")


def legacy_fully_connected(
    x, num_output_units, activation_fn=None, weight_init=xavier_initializer(), bias_init=Zeros(),
    name=None, weight_collections=(GraphKeys.WEIGHTS,), bias_collections=(GraphKeys.BIASES,),
    output_collections=(GraphKeys.ACTIVATIONS,), trainable=True, weight_regularizer=None,
    bias_regularizer=None,
):  # fmt: skip
    """activation_fn(x * weights + bias), as TensorFlow 0.8 had it.

    ValueError where the rank or the last size of `x` is not known, or the rank less than 2.
    """
    with variable_scope(name, "fully_connected", [x]):
        x = convert_to_tensor(x)
        inputs = _last_size(x.shape)

        def made(name, shape, initializer, collections, regularizer):
            wanted = dict.fromkeys([*(collections or ()), GraphKeys.GLOBAL_VARIABLES])
            return get_variable(name, shape=shape, dtype=x.dtype.base_dtype,
                                initializer=initializer, collections=list(wanted),
                                regularizer=regularizer, trainable=trainable)  # fmt: skip

        weights = made("weights", [inputs, num_output_units], weight_init, weight_collections,
                       weight_regularizer)  # fmt: skip
        deep = x.shape.ndims > 2
        y = matmul(reshape(x, [-1, inputs]) if deep else x, weights)
        if bias_init is not None:
            bias = made("bias", [num_output_units], bias_init, bias_collections, bias_regularizer)
            y = bias_add(y, bias)
        if deep:
            sizes = unstack(shape(x))
            y = reshape(y, stack([*sizes[:-1], num_output_units]))
            y.set_shape([*x.shape.as_list()[:-1], num_output_units])
        y = y if activation_fn is None else activation_fn(y)
        add_to_collections([*(output_collections or ()), GraphKeys.ACTIVATIONS], y)
        return y


def _last_size(shape):
    if shape.ndims is None:
        raise ValueError("dims of x must be known but is None")
    if shape.ndims < 2:
        raise ValueError(f"rank of x must be at least 2 not: {shape.ndims}")
    if shape[-1].value is None:
        raise ValueError("last dimension of x must be known but is None")
    return shape[-1].value


elu = partial(fully_connected, activation_fn=activation.elu)
relu = partial(fully_connected, activation_fn=activation.relu)
relu6 = partial(fully_connected, activation_fn=activation.relu6)
linear = partial(fully_connected, activation_fn=None)
legacy_relu = partial(legacy_fully_connected, activation_fn=activation.relu)
legacy_linear = partial(legacy_fully_connected, activation_fn=None)
