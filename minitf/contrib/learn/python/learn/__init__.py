"""`tensorflow.contrib.learn.python.learn`: the names of `tf.contrib.learn`."""
# ruff: noqa: F401  every import here is a public name

import importlib
from typing import Any

from minitf.contrib.learn import datasets, io, preprocessing


def __getattr__(name: str) -> Any:
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    return getattr(importlib.import_module("minitf.contrib.learn"), name)
