"""`tf.contrib`: names only."""
# ruff: noqa: F401  every import here is a public name

import importlib
from typing import Any

from minitf.contrib import distributions, framework, layers, signal, stateless, util

_ON_DEMAND = ("learn",)  # it brings the network's modules with it


def __getattr__(name: str) -> Any:
    if name == "keras":
        return importlib.import_module("minitf.keras")
    if name in _ON_DEMAND:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
