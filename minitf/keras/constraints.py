"""`tf.keras.constraints`: what variables are made to fulfil after each update."""
import minitf as tf
from minitf.keras import backend as K
from minitf.keras.utils.serialize import (
    deserialize_keras_object,
    getter,
    serialize_keras_object,
)


class Constraint:
    """The base of constraints: called with a variable, it returns what is assigned to it."""

    def __call__(self, w):
        return w

    def get_config(self):
        return {}


def _norms(w, axis):
    return K.sqrt(tf.reduce_sum(tf.square(w), axis=axis, keepdims=True))


class MaxNorm(Constraint):
    """Norms over `axis` at most `max_value`."""

    def __init__(self, max_value=2, axis=0):
        self.max_value, self.axis = max_value, axis

    def __call__(self, w):
        norms = _norms(w, self.axis)
        return w * (K.clip(norms, 0, self.max_value) / (K.epsilon() + norms))

    def get_config(self):
        return {"max_value": self.max_value, "axis": self.axis}


class NonNeg(Constraint):
    """Nothing below 0."""

    def __call__(self, w):
        return w * tf.cast(tf.greater_equal(w, 0.0), K.floatx())


class UnitNorm(Constraint):
    """Norms over `axis` of 1."""

    def __init__(self, axis=0):
        self.axis = axis

    def __call__(self, w):
        return w / (K.epsilon() + _norms(w, self.axis))

    def get_config(self):
        return {"axis": self.axis}


class MinMaxNorm(Constraint):
    """Norms over `axis` brought into [min_value, max_value], a part `rate` of the way each time."""

    def __init__(self, min_value=0.0, max_value=1.0, rate=1.0, axis=0):
        self.min_value, self.max_value, self.rate, self.axis = min_value, max_value, rate, axis

    def __call__(self, w):
        norms = _norms(w, self.axis)
        within = K.clip(norms, self.min_value, self.max_value)
        desired = self.rate * within + (1 - self.rate) * norms
        return w * (desired / (K.epsilon() + norms))

    def get_config(self):
        return {
            "min_value": self.min_value,
            "max_value": self.max_value,
            "rate": self.rate,
            "axis": self.axis,
        }


class RadialConstraint(Constraint):
    """Kernels [size, size, channels, filters] that are the same at equal distance from the middle:
    as on the diagonal from the middle. ValueError for another rank."""

    def __call__(self, w):
        shape = w.shape
        if shape.ndims != 4:
            raise ValueError(f"The weight tensor must be of rank 4, but is of shape: {shape}")
        size = shape[0].value
        index = [[_ring(i, j, size) for j in range(size)] for i in range(size)]
        diagonal = tf.stack([w[at, at] for at in range(size // 2, size)])
        return tf.gather(diagonal, index)


def _ring(i, j, size):
    """How far from the middle a place is, in whole rings."""
    middle = size // 2
    if size % 2:
        return max(abs(i - middle), abs(j - middle))
    return max(i - middle if i >= middle else middle - 1 - i,
               j - middle if j >= middle else middle - 1 - j)  # fmt: skip


max_norm = maxnorm = MaxNorm
non_neg = nonneg = NonNeg
unit_norm = unitnorm = UnitNorm
min_max_norm = MinMaxNorm
radial_constraint = RadialConstraint


def serialize(constraint):
    """The configuration of a constraint."""
    return serialize_keras_object(constraint)


def deserialize(config, custom_objects=None):
    """The constraint of this name or configuration. ValueError for an unknown one."""
    return deserialize_keras_object(config, globals(), custom_objects, "constraint")


get = getter(deserialize, "constraint", by_class=True)
