"""Layers of `tf.keras.layers` that disturb their inputs in training."""
import math

import minitf as tf
from minitf.keras import backend as K
from minitf.keras.engine.base_layer import Layer
from minitf.keras.layers.described import config_of


class _Noise(Layer):
    """The inputs, in training changed by `_noised`."""

    _told = "rate"

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs, training=None):
        if self._told == "rate" and not 0 < self.rate < 1:
            return inputs
        return K.in_train_phase(lambda: self._noised(inputs), inputs, training=training)

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return super().get_config() | config_of(self, self._told)


class GaussianNoise(_Noise):
    """In training, normal numbers of this standard deviation added."""

    _told = "stddev"

    def __init__(self, stddev, **kwargs):
        super().__init__(**kwargs)
        self.stddev = stddev

    def _noised(self, inputs):
        return inputs + K.random_normal(tf.shape(inputs), mean=0.0, stddev=self.stddev)


class GaussianDropout(_Noise):
    """In training, multiplied by normal numbers with mean 1 and variance rate / (1 - rate)."""

    def __init__(self, rate, **kwargs):
        super().__init__(**kwargs)
        self.rate = rate

    def _noised(self, inputs):
        stddev = math.sqrt(self.rate / (1.0 - self.rate))
        return inputs * K.random_normal(tf.shape(inputs), mean=1.0, stddev=stddev)


class AlphaDropout(_Noise):
    """Dropout that keeps the mean and variance of what selu makes (Klambauer et al. 2017)."""

    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate, self.noise_shape, self.seed = rate, noise_shape, seed

    def call(self, inputs, training=None):
        if not 0 < self.rate < 1:
            return inputs
        shape = self.noise_shape or tf.shape(inputs)
        return K.in_train_phase(lambda: self._dropped(inputs, shape), inputs, training=training)

    def _dropped(self, inputs, shape):
        lowest = -1.6732632423543772848170429916717 * 1.0507009873554804934193349852946
        kept = tf.cast(K.random_uniform(shape, seed=self.seed) >= self.rate, K.floatx())
        scale = ((1 - self.rate) * (1 + self.rate * lowest**2)) ** -0.5
        return scale * (inputs * kept + lowest * (1 - kept)) + -scale * lowest * self.rate
