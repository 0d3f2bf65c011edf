"""Normalization layers of `tf.keras.layers`."""
import contextlib

import minitf as tf
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

    def __init__(
        self,
        axis=-1,
        momentum=0.99,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        moving_mean_initializer="zeros",
        moving_variance_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        renorm=False,
        renorm_clipping=None,
        renorm_momentum=0.99,
        fused=None,
        trainable=True,
        virtual_batch_size=None,
        adjustment=None,
        name=None,
        **kwargs,
    ):
        super().__init__(**resolved(locals()))
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

    def __init__(
        self,
        axis=-1,
        epsilon=1e-3,
        center=True,
        scale=True,
        beta_initializer="zeros",
        gamma_initializer="ones",
        beta_regularizer=None,
        gamma_regularizer=None,
        beta_constraint=None,
        gamma_constraint=None,
        trainable=True,
        name=None,
        **kwargs,
    ):
        arguments = locals()
        super().__init__(trainable=trainable, name=name, **kwargs)
        del arguments["trainable"], arguments["name"]
        attributes(self, arguments)
        if not isinstance(axis, (int, list, tuple)):
            raise ValueError("Expected an int or a list/tuple of ints for the argument 'axis', but "
                             f"received instead: {axis}")  # fmt: skip
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
        self.gamma = self._learned("gamma", shape) if self.scale else None
        self.beta = self._learned("beta", shape) if self.center else None
        self.built = True

    def _learned(self, name, shape):
        return self.add_weight(
            name=name,
            shape=shape,
            initializer=getattr(self, f"{name}_initializer"),
            regularizer=getattr(self, f"{name}_regularizer"),
            constraint=getattr(self, f"{name}_constraint"),
            trainable=True,
        )

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
