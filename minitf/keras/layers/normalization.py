"""Normalization layers of `tf.keras.layers`."""
import contextlib

import minitf as tf
from minitf.core.arguments import takes
from minitf.keras import backend as K
from minitf.keras.engine.base_layer import Layer
from minitf.keras.layers.described import attributes, config_of, resolved

_SHARED = (
    "beta_initializer", "gamma_initializer", "beta_regularizer", "gamma_regularizer",
    "beta_constraint", "gamma_constraint",
)  # fmt: skip


class BatchNormalization(tf.layers.BatchNormalization, Layer):
    """gamma * (inputs - mean) / sqrt(variance + epsilon) + beta, after Ioffe and Szegedy 2015.

    In training mean and variance are the batch's, for each index of `axis`, and `fit` moves
    moving_mean and moving_variance towards them; else they are the moving ones. See
    tf.layers.BatchNormalization for `renorm`, `virtual_batch_size` and `adjustment`.
    """

    @takes(
        tf.layers.BatchNormalization,
        beta_initializer="zeros",
        gamma_initializer="ones",
        moving_mean_initializer="zeros",
        moving_variance_initializer="ones",
    )
    def __init__(self, **kwargs):
        super().__init__(**resolved(kwargs))
        self.supports_masking = True

    def _in_one_piece(self):
        return contextlib.nullcontext()  # layers of Keras have no scope

    def call(self, inputs, training=None):
        return super().call(inputs, K.learning_phase() if training is None else training)

    def get_config(self):
        config = super().get_config() | config_of(
            self, "axis", "momentum", "epsilon", "center", "scale", "beta_initializer",
            "gamma_initializer", "moving_mean_initializer", "moving_variance_initializer",
            *_SHARED[2:],
        )  # fmt: skip
        if not self.built and len(self.axis) == 1:
            config["axis"] = self.axis[0]
        if self.renorm:
            config |= config_of(self, "renorm", "renorm_clipping", "renorm_momentum")
        if self.virtual_batch_size is not None:
            config["virtual_batch_size"] = self.virtual_batch_size
        return config


class LayerNormalization(Layer):
    """gamma * (inputs - mean) / sqrt(variance + epsilon) + beta, of each sample over `axis`
    (Ba, Kiros and Hinton 2016)."""

    @takes(
        BatchNormalization,
        without=[
            "momentum", "moving_mean_initializer", "moving_variance_initializer", "renorm",
            "renorm_clipping", "renorm_momentum", "fused", "virtual_batch_size", "adjustment",
        ],
        into="arguments",
    )  # fmt: skip
    def __init__(self, arguments, *, trainable, name, **kwargs):
        super().__init__(trainable=trainable, name=name, **kwargs)
        attributes(self, arguments)
        if not isinstance(self.axis, (int, list, tuple)):
            raise ValueError("Expected an int or a list/tuple of ints for the argument 'axis', but "
                             f"received instead: {self.axis}")  # fmt: skip
        self.supports_masking = True

    def build(self, input_shape):
        """Make gamma and beta. ValueError for axes that are not there, or are there twice."""
        rank = len(input_shape)
        axes = [self.axis] if isinstance(self.axis, int) else list(self.axis)
        self.axis = [axis + rank if axis < 0 else axis for axis in axes]
        for axis in self.axis:
            if not 0 <= axis < rank:
                raise ValueError(f"Invalid axis: {axis}")
        if len(self.axis) != len(set(self.axis)):
            raise ValueError(f"Duplicate axis: {tuple(self.axis)}")
        shape = [input_shape[axis] for axis in self.axis]
        self.gamma = self._weight_of("gamma", shape) if self.scale else None
        self.beta = self._weight_of("beta", shape) if self.center else None
        self.built = True

    def call(self, inputs):
        mean, variance = tf.nn.moments(inputs, self.axis, keep_dims=True)
        scale, offset = self._spread(self.gamma, inputs), self._spread(self.beta, inputs)
        outputs = tf.nn.batch_normalization(
            inputs, mean, variance, offset=offset, scale=scale, variance_epsilon=self.epsilon
        )
        outputs.set_shape(inputs.shape)
        return outputs

    def _spread(self, value, inputs):
        rank = len(inputs.shape)
        if value is None or len(value.shape) == rank or self.axis == [rank - 1]:
            return value
        sizes = inputs.shape.as_list()
        return tf.reshape(value, [sizes[i] if i in self.axis else 1 for i in range(rank)])

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return super().get_config() | config_of(
            self, "axis", "epsilon", "center", "scale", *_SHARED
        )
