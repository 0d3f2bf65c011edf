"""`tf.contrib`: names only."""

import importlib
from typing import Any

# Imported when a program asks for them: most are large, and few programs need more than one.
_ON_DEMAND = (
    "crf", "data", "distributions", "feature_column", "framework", "layers", "learn",
    "legacy_seq2seq", "lookup", "losses", "metrics", "rnn", "seq2seq", "signal", "slim",
    "stateless", "tensorboard", "training", "util",
)  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in _ON_DEMAND:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_ON_DEMAND})
