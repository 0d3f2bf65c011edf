"""`tf.keras`: models made of layers, as TensorFlow 1.15 has them in its graph mode.

All of it is written in terms of `tf` itself. Its modules are imported when they are asked for.
"""
import importlib

from minitf.keras import layers, models
from minitf.keras.engine.input_layer import Input
from minitf.keras.models import Model, Sequential

__version__ = "2.2.4-tf"
__all__ = ["Input", "Model", "Sequential", "layers", "models"]

_MODULES = (
    "activations", "applications", "backend", "callbacks", "constraints", "datasets",
    "estimator", "experimental", "initializers", "losses", "metrics", "mixed_precision",
    "optimizers", "preprocessing", "regularizers", "utils", "wrappers",
)  # fmt: skip


def __getattr__(name):
    if name in _MODULES:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=None)


def __dir__():
    return sorted({*_MODULES, *__all__})
