"""`tf.contrib`: each part is imported when a program asks for it. Most are large, and few programs
need more than one."""

import importlib
import pkgutil
from typing import Any

_ON_DEMAND = sorted(module.name for module in pkgutil.iter_modules(__path__))


def __getattr__(name: str) -> Any:
    if name == "keras":
        return importlib.import_module("minitf.keras")
    if name in _ON_DEMAND:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_ON_DEMAND})
