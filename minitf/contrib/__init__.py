"""`tf.contrib`: names only."""
# ruff: noqa: F401  every import here is a public name

import importlib
from typing import Any

from minitf.contrib import distributions, lookup, metrics, signal, stateless, util

# Imported when a program asks for them: they are large, or bring the network's modules with them.
_ON_DEMAND = ("framework", "layers", "learn", "losses", "slim", "training")


def __getattr__(name: str) -> Any:
    if name in _ON_DEMAND:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_ON_DEMAND})
