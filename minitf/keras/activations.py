"""`tf.keras.activations`: functions that layers may be given by name."""
import minitf as tf
from minitf.keras import backend as K
from minitf.keras.utils.serialize import deserialize_keras_object, serialize_keras_object


def softmax(x, axis=-1):
    """exp(x), divided by its sum along `axis`. ValueError for a vector."""
    rank = K.ndim(x)
    if rank == 2:
        return tf.nn.softmax(x)
    if rank is not None and rank < 2:
        raise ValueError("Cannot apply softmax to a tensor that is 1D")
    e = tf.exp(x - tf.reduce_max(x, axis=axis, keepdims=True))
    return e / tf.reduce_sum(e, axis=axis, keepdims=True)


def elu(x, alpha=1.0):
    """`x` where it is positive, else alpha * (exp(x) - 1)."""
    return K.elu(x, alpha)


def selu(x):
    """elu, scaled so that layers keep mean 0 and variance 1 (Klambauer et al. 2017)."""
    alpha = 1.6732632423543772848170429916717
    return 1.0507009873554804934193349852946 * K.elu(x, alpha)


def softplus(x):
    """log(exp(x) + 1)."""
    return tf.nn.softplus(x)


def softsign(x):
    """x / (abs(x) + 1)."""
    return tf.nn.softsign(x)


def relu(x, alpha=0.0, max_value=None, threshold=0):
    """`x` above `threshold`, at most `max_value`; alpha * (x - threshold) below."""
    return K.relu(x, alpha=alpha, max_value=max_value, threshold=threshold)


def tanh(x):
    """The hyperbolic tangent."""
    return tf.nn.tanh(x)


def sigmoid(x):
    """1 / (1 + exp(-x))."""
    return tf.nn.sigmoid(x)


def exponential(x):
    """exp(x)."""
    return tf.exp(x)


def hard_sigmoid(x):
    """0.2 * x + 0.5, cut to [0, 1]."""
    return K.hard_sigmoid(x)


def linear(x):
    """`x` itself."""
    return x


def serialize(activation):
    """The name of an activation."""
    if getattr(activation, "__name__", None) == "softmax_v2":
        return "softmax"
    return serialize_keras_object(activation)


def deserialize(name, custom_objects=None):
    """The activation of this name. ValueError for an unknown one."""
    return deserialize_keras_object(name, globals(), custom_objects, "activation function")


def get(identifier):
    """An activation: itself, or of this name; `linear` for None. TypeError for anything else."""
    if identifier is None:
        return linear
    if isinstance(identifier, (str, dict)):
        return deserialize(identifier)
    if callable(identifier):
        return identifier
    raise TypeError(f"Could not interpret activation function identifier: {identifier!r}")
