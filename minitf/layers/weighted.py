"""What layers with a kernel and a bias share."""
from minitf.layers.base import Layer
from minitf.layers.named import activation_named, initializer_named, regularizer_named
from minitf.ops.state.initializers import Zeros


class Weighted(Layer):
    """A layer with a kernel, a bias and an activation after them; `**kwargs` are `Layer`'s."""

    def __init__(
        self, activation=None, use_bias=True, kernel_initializer=None, bias_initializer=Zeros(),
        kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None,
        kernel_constraint=None, bias_constraint=None, trainable=True, name=None, **kwargs,
    ):  # fmt: skip
        penalty = regularizer_named(activity_regularizer)
        super().__init__(trainable, name, activity_regularizer=penalty, **kwargs)
        self.activation, self.use_bias = activation_named(activation), use_bias
        self.kernel_initializer = initializer_named(kernel_initializer)
        self.bias_initializer = initializer_named(bias_initializer)
        self.kernel_regularizer = regularizer_named(kernel_regularizer)
        self.bias_regularizer = regularizer_named(bias_regularizer)
        self.kernel_constraint, self.bias_constraint = kernel_constraint, bias_constraint

    def _activated(self, outputs):
        return outputs if self.activation is None else self.activation(outputs)
