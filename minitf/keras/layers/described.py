"""Arguments of layers: made into objects from names, and back into a configuration."""
import inspect

from minitf.keras import activations, constraints, initializers, regularizers
from minitf.keras.backend.config import checked_layout
from minitf.layers.arguments import given

_KINDS = {
    "initializer": initializers,
    "regularizer": regularizers,
    "constraint": constraints,
    "activation": activations,
}


def _kind(name):
    return _KINDS.get(name.rpartition("_")[2])


def resolved(names, **others):
    """The arguments of `__init__`, from its `locals()`, as those of tf.layers take them.

    Initializers, regularizers, constraints and activations may be names or configurations.
    """
    arguments = given(names) | others
    for name, value in arguments.items():
        kind = _kind(name)
        if kind is not None:
            arguments[name] = kind.get(value)
        elif name == "data_format":
            arguments[name] = checked_layout(value)
    return arguments


def attributes(layer, names):
    """Set the arguments of `__init__`, resolved, as attributes; those in `kwargs` are not."""
    own = {key: value for key, value in names.items() if key != "kwargs"}
    for name, value in resolved(own | {"kwargs": {}}).items():
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


def in_order(layer, config):
    """A configuration, in the order of the arguments of the layer."""
    names = list(inspect.signature(type(layer)).parameters)
    return dict(sorted(config.items(), key=lambda item: names.index(item[0])))


def with_input_dim(kwargs):
    """The keywords of a layer, `input_dim` as the `input_shape` that it means."""
    if "input_dim" in kwargs and "input_shape" not in kwargs:
        kwargs["input_shape"] = (kwargs.pop("input_dim"),)
    return kwargs
