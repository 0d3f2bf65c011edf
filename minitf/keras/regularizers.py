"""`tf.keras.regularizers`: penalties on variables or outputs."""
import minitf as tf
from minitf.keras import backend as K
from minitf.keras.utils.serialize import (
    deserialize_keras_object,
    getter,
    serialize_keras_object,
)


class Regularizer:
    """The base of regularizers: called with a variable or tensor, it returns a scalar tensor."""

    def __call__(self, x):
        return 0.0

    @classmethod
    def from_config(cls, config):
        return cls(**config)


class L1L2(Regularizer):
    """l1 * sum(abs(x)) + l2 * sum(x ** 2)."""

    def __init__(self, l1=0.0, l2=0.0):
        self.l1, self.l2 = K.cast_to_floatx(l1), K.cast_to_floatx(l2)

    def __call__(self, x):
        if not self.l1 and not self.l2:
            return K.constant(0.0)
        penalty = 0.0
        if self.l1:
            penalty += self.l1 * tf.reduce_sum(tf.abs(x))
        if self.l2:
            penalty += self.l2 * tf.reduce_sum(tf.square(x))
        return penalty

    def get_config(self):
        return {"l1": float(self.l1), "l2": float(self.l2)}


def l1(l=0.01):  # noqa: E741
    """l * the sum of absolute values."""
    return L1L2(l1=l)


def l2(l=0.01):  # noqa: E741
    """l * the sum of squares."""
    return L1L2(l2=l)


def l1_l2(l1=0.01, l2=0.01):
    """l1 * the sum of absolute values + l2 * the sum of squares."""
    return L1L2(l1=l1, l2=l2)


def serialize(regularizer):
    """The configuration of a regularizer."""
    return serialize_keras_object(regularizer)


def deserialize(config, custom_objects=None):
    """The regularizer of this name or configuration. ValueError for an unknown one."""
    if config in ("l1", "l2", "l1_l2"):
        config = {"class_name": config, "config": {}}
    return deserialize_keras_object(config, globals(), custom_objects, "regularizer")


get = getter(deserialize, "regularizer")
