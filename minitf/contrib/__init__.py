"""`tf.contrib`: names only."""
# ruff: noqa: F401  every import here is a public name

import importlib
from typing import Any

from minitf.contrib import (
    distributions,
    framework,
    layers,
    lookup,
    losses,
    metrics,
    signal,
    slim,
    stateless,
    util,
)

# Loaded when they are asked for: learn brings the network's modules with it.
_ON_DEMAND = ("learn", "legacy_seq2seq", "rnn", "seq2seq")


def __getattr__(name: str) -> Any:
    if name in _ON_DEMAND:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
