"""The variables of layers in HDF5 files, laid out as Keras 2.2.4 does.

The group has the attribute "layer_names" and a group for each layer with the attribute
"weight_names" and a data set for each variable.
"""
import json

import numpy as np

from minitf.keras import backend as K
from minitf.keras.saving.convert import of_older_versions

LIMIT = 64512  # bytes that an attribute may have


def save(group, layers):
    """Write the variables of layers into a group."""
    save_attributes(group, "layer_names", [layer.name.encode() for layer in layers])
    group.attrs["backend"] = K.backend().encode()
    group.attrs["keras_version"] = b"2.2.4-tf"
    for layer in layers:
        own = group.require_group(layer.name)  # names may lie below others: "a/b" and "a"
        weights = _weights_of(layer)
        save_attributes(own, "weight_names", [weight.name.encode() for weight in weights])
        for weight, value in zip(weights, K.batch_get_value(weights)):
            data = own.create_dataset(weight.name, value.shape, dtype=value.dtype)
            data[() if not value.shape else slice(None)] = value


def _weights_of(layer):
    """The variables, trainable ones first, as TensorFlow 1.15 has them in files."""
    return layer.trainable_weights + layer.non_trainable_weights


def load(group, layers):
    """Read variables in the order of layers. ValueError when they do not fit."""
    version, backend = _origin(group)
    layers = [layer for layer in layers if _weights_of(layer)]
    names = [n for n in load_attributes(group, "layer_names") if _names(group[n])]
    if len(names) != len(layers):
        raise ValueError(
            f"You are trying to load a weight file containing {len(names)} layers into a model "
            f"with {len(layers)} layers."
        )
    pairs = []
    for k, (name, layer) in enumerate(zip(names, layers)):
        weights, values = _weights_of(layer), _values(group[name])
        values = of_older_versions(layer, values, version, backend)
        if len(weights) != len(values):
            raise ValueError(
                f'Layer #{k} (named "{layer.name}" in the current model) was found to correspond '
                f"to layer {name} in the save file. However the new layer {layer.name} expects "
                f"{len(weights)} weights, but the saved weights have {len(values)} elements."
            )
        pairs += zip(weights, values)
    K.batch_set_value(pairs)


def load_by_name(group, layers):
    """Read variables of those layers whose names are in the file. ValueError for other shapes."""
    version, backend = _origin(group)
    by_name = {}
    for layer in layers:
        by_name.setdefault(layer.name, []).append(layer)
    pairs = []
    for k, name in enumerate(load_attributes(group, "layer_names")):
        for layer in by_name.get(name, []):
            weights = _weights_of(layer)
            values = of_older_versions(layer, _values(group[name]), version, backend)
            if len(weights) != len(values):
                raise ValueError(
                    f'Layer #{k} (named "{layer.name}") expects {len(weights)} weight(s), but the '
                    f"saved weights have {len(values)} element(s)."
                )
            pairs += _fitting(k, layer, weights, values)
    K.batch_set_value(pairs)


def _fitting(k, layer, weights, values):
    for weight, value in zip(weights, values):
        if tuple(weight.shape.as_list()) != value.shape:
            raise ValueError(
                f'Layer #{k} (named "{layer.name}"), weight {weight} has shape '
                f"{tuple(weight.shape.as_list())}, but the saved weight has shape {value.shape}."
            )
    return zip(weights, values)


def _origin(group):
    return (_text(group.attrs.get("keras_version", "1")), _text(group.attrs.get("backend", "")))


def _text(value):
    return value.decode("utf8") if isinstance(value, bytes) else value


def _names(group):
    return load_attributes(group, "weight_names")


def _values(group):
    return [np.asarray(group[name]) for name in _names(group)]


def save_attributes(group, name, data):
    """Store names, in several attributes where they are too many for one.

    RuntimeError for a single name that is too long.
    """
    too_long = [each for each in data if len(each) > LIMIT]
    if too_long:
        raise RuntimeError(
            f"The following attributes cannot be saved to HDF5 file because they are larger than "
            f"{LIMIT} bytes: {too_long}"
        )
    array, parts = np.asarray(data), 1
    while any(part.nbytes > LIMIT for part in np.array_split(array, parts)):
        parts += 1
    if parts == 1:
        group.attrs[name] = array
        return
    for i, part in enumerate(np.array_split(array, parts)):
        group.attrs[f"{name}{i}"] = part


def load_attributes(group, name):
    """The names that were stored."""
    if name in group.attrs:
        return [_text(n) for n in group.attrs[name]]
    found, i = [], 0
    while f"{name}{i}" in group.attrs:
        found += [_text(n) for n in group.attrs[f"{name}{i}"]]
        i += 1
    return found


def as_json(attribute):
    """A configuration stored as an attribute."""
    return json.loads(_text(attribute))
