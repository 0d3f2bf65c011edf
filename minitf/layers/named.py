"""Activations, initializers and regularizers that layers may be given by name."""
import inspect

from minitf.nn import activation
from minitf.ops.math.elementwise import exp, tanh
from minitf.ops.state import initializers

_ACTIVATIONS = {
    "elu": activation.elu,
    "exponential": exp,
    "linear": lambda x: x,
    "relu": activation.relu,
    "selu": activation.selu,
    "sigmoid": activation.sigmoid,
    "softmax": activation.softmax,
    "softplus": activation.softplus,
    "softsign": activation.softsign,
    "tanh": tanh,
}

_INITIALIZERS = {
    "constant": initializers.Constant,
    "glorot_normal": initializers.GlorotNormal,
    "glorot_uniform": initializers.GlorotUniform,
    "he_normal": initializers.he_normal,
    "he_uniform": initializers.he_uniform,
    "identity": initializers.Identity,
    "lecun_normal": initializers.lecun_normal,
    "lecun_uniform": initializers.lecun_uniform,
    "one": initializers.Ones,
    "ones": initializers.Ones,
    "orthogonal": initializers.Orthogonal,
    "variance_scaling": initializers.VarianceScaling,
    "zero": initializers.Zeros,
    "zeros": initializers.Zeros,
}


def activation_named(identifier):
    """A function of a tensor, or the one of this name. ValueError for an unknown name."""
    if identifier is None or callable(identifier):
        return identifier
    return _named(identifier, _ACTIVATIONS, "activation function")


def initializer_named(identifier):
    """An initializer, or the one of this name or class. ValueError for an unknown name."""
    if isinstance(identifier, str):
        return _named(identifier, _INITIALIZERS, "initializer")()
    return identifier() if inspect.isclass(identifier) else identifier


def regularizer_named(identifier):
    """A function of a variable. ValueError for anything else."""
    if identifier is None or callable(identifier):
        return identifier
    raise ValueError(
        f"Could not interpret regularizer identifier: {identifier!r}; "
        "tf.contrib.layers.l2_regularizer(scale) makes one"
    )


def _named(name, known, what):
    if name not in known:
        raise ValueError(f"Unknown {what}:{name}; known: {', '.join(known)}")
    return known[name]
