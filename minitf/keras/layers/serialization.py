"""Layers as configurations, and back."""
from minitf.keras.utils.serialize import deserialize_keras_object

# Every class that a configuration may name: filled by minitf.keras.layers and models.
KNOWN = {}


def serialize(layer):
    """{"class_name", "config"} of a layer."""
    return {"class_name": type(layer).__name__, "config": layer.get_config()}


def deserialize(config, custom_objects=None):
    """The layer, or model, of this configuration. ValueError for a class that is not known."""
    return deserialize_keras_object(config, KNOWN, custom_objects, "layer")
