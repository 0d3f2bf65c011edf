"""Arguments of layers: made into objects from names, and back into a configuration."""
import functools

from minitf.core.arguments import inherited_init
from minitf.keras import activations, constraints, initializers, regularizers
from minitf.keras.backend.config import checked_layout

_KINDS = {
    "initializer": initializers,
    "regularizer": regularizers,
    "constraint": constraints,
    "activation": activations,
}


def _kind(name):
    return _KINDS.get(name.rpartition("_")[2])


def resolved(arguments):
    """The arguments of a layer by name, as those of tf.layers take them.

    Initializers, regularizers, constraints and activations may be names or configurations.
    """
    return {name: _resolved(name, value) for name, value in arguments.items()}


def _resolved(name, value):
    kind = _kind(name)
    if kind is not None:
        return kind.get(value)
    return checked_layout(value) if name == "data_format" else value


# As a layer of tf.layers, which has the same arguments: `takes(tf.layers.Dense, **AS_IN_LAYERS)`.
AS_IN_LAYERS = {
    "without": ("trainable", "name"),
    "kernel_initializer": "glorot_uniform",
    "bias_initializer": "zeros",
}
described_init = functools.partial(inherited_init, resolved, **AS_IN_LAYERS)


def attributes(layer, arguments):
    """Set arguments, resolved, as attributes."""
    for name, value in resolved(arguments).items():
        setattr(layer, name, value)


def config_of(layer, *names):
    """{name: value} of attributes, as a configuration has them."""
    return configured({name: getattr(layer, name) for name in names})


def configured(values):
    """{name: value} of resolved arguments, as a configuration has them."""
    return {name: _described(name, value) for name, value in values.items()}


def _described(name, value):
    kind = _kind(name)
    return value if kind is None else kind.serialize(value)



def with_input_dim(kwargs):
    """The keywords of a layer, `input_dim` as the `input_shape` that it means."""
    if "input_dim" in kwargs and "input_shape" not in kwargs:
        kwargs["input_shape"] = (kwargs.pop("input_dim"),)
    return kwargs
