"""`tf.contrib`: names only."""
# ruff: noqa: F401  every import here is a public name

import importlib
from typing import Any

from minitf.contrib import distributions, framework, layers, signal, stateless, util

# Few programs need these: they are read when they are asked for.
_ON_DEMAND = ("crf", "factorization", "feature_column", "image", "learn", "lookup",
              "metrics", "opt", "tensorboard", "training")  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _ON_DEMAND:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
