"""What `tensorflow.python.keras.engine` has; found when it is asked for."""
import importlib

_WHERE = {
    "Input": "input_layer",
    "InputLayer": "input_layer",
    "InputSpec": "base_layer",
    "Layer": "base_layer",
    "Model": "training",
    "Network": "network",
    "Sequential": "sequential",
    "get_source_inputs": "..utils.layer_utils",
}


def __getattr__(name):
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=None)
    place = _WHERE[name]
    place = place if place.startswith(".") else f".{place}"
    return getattr(importlib.import_module(place, __name__), name)
