"""`tf.keras.initializers`: what variables start with, by class, name or configuration."""
import minitf as tf
from minitf.core.behavior import version_2
from minitf.keras.utils.serialize import (
    deserialize_keras_object,
    getter,
    serialize_keras_object,
)
from minitf.ops.state import initializers_v2

Initializer = tf.initializers.zeros.__mro__[1]
Zeros = zeros = zero = tf.initializers.zeros
Ones = ones = one = tf.initializers.ones
Constant = constant = tf.initializers.constant
VarianceScaling = tf.initializers.variance_scaling
Orthogonal = orthogonal = tf.initializers.orthogonal
Identity = identity = tf.initializers.identity
GlorotUniform = glorot_uniform = tf.initializers.glorot_uniform
GlorotNormal = glorot_normal = tf.initializers.glorot_normal
he_normal = tf.initializers.he_normal
he_uniform = tf.initializers.he_uniform
lecun_normal = tf.initializers.lecun_normal
lecun_uniform = tf.initializers.lecun_uniform


class RandomNormal(tf.initializers.random_normal):
    """Normal with this mean and standard deviation."""

    def __init__(self, mean=0.0, stddev=0.05, seed=None, dtype=tf.float32):
        super().__init__(mean=mean, stddev=stddev, seed=seed, dtype=dtype)


class RandomUniform(tf.initializers.random_uniform):
    """Uniform in [minval, maxval)."""

    def __init__(self, minval=-0.05, maxval=0.05, seed=None, dtype=tf.float32):
        super().__init__(minval=minval, maxval=maxval, seed=seed, dtype=dtype)


class TruncatedNormal(tf.initializers.truncated_normal):
    """Normal, values further than two standard deviations from the mean drawn again."""

    def __init__(self, mean=0.0, stddev=0.05, seed=None, dtype=tf.float32):
        super().__init__(mean=mean, stddev=stddev, seed=seed, dtype=dtype)


normal = random_normal = RandomNormal
uniform = random_uniform = RandomUniform
truncated_normal = TruncatedNormal

_FUNCTIONS = ("he_normal", "he_uniform", "lecun_normal", "lecun_uniform")


def serialize(initializer):
    """The configuration of an initializer."""
    return serialize_keras_object(initializer)


def deserialize(config, custom_objects=None):
    """The initializer of this name or configuration, one of version 2 where that holds. ValueError
    for an unknown one."""
    if isinstance(config, str) and config in _FUNCTIONS:
        config = {"class_name": config, "config": {}}
    known = vars(initializers_v2) if version_2() else globals()
    return deserialize_keras_object(config, known, custom_objects, "initializer")


get = getter(deserialize, "initializer")
