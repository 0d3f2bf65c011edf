"""Functions of TensorFlow 2 by way of those that TensorFlow 1 has under the same names."""
from __future__ import annotations

import functools
import importlib
import inspect
import os
import pkgutil
import sys
import types
from collections.abc import Callable
from typing import Any

_HERE = "minitf.compat.v2"


def public(path: str) -> Any:
    """What TensorFlow 1 has at that path: `math.argmax`, say."""
    found: Any = sys.modules["minitf"]
    for name in path.split("."):
        found = getattr(found, name)
    return found


def later(
    function: Callable[..., Any] | None = None, /, *, path: str = "", **constants: Any
) -> Any:
    """A decorator: the function of TensorFlow 1 at the same path, or at `path`, does it.

    It takes what it is given by the same names, and `constants` beside. What is None, as it is by
    default, is left to it.
    """
    if function is None:
        return functools.partial(later, path=path, **constants)
    place = f"{function.__module__}.{function.__name__}".removeprefix(f"{_HERE}.")
    signature = inspect.signature(function)

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        left = {name for name, value in bound.arguments.items()
                if value is None and signature.parameters[name].default is None}  # fmt: skip
        given = {name: value for name, value in bound.arguments.items() if name not in left}
        return public(path or place)(**given, **constants)

    run.__doc__ = f"`tf.{path or place}`, with the parameters that it has in TensorFlow 2."
    return run


def rest(module: str) -> Callable[[str], Any]:
    """The `__getattr__` of a module of this package: what is not said there is TensorFlow 1's."""
    beside = module.removeprefix(_HERE).lstrip(".")

    def __getattr__(name: str) -> Any:
        if not name.startswith("_"):
            try:
                found = public(f"{beside}.{name}" if beside else name)
            except AttributeError:
                pass
            else:
                return _of_v2(f"{module}.{name}", found)
        raise AttributeError(f"module {module!r} has no attribute {name!r}", name=name)

    return __getattr__


def _of_v2(name: str, found: Any) -> Any:
    """The module of this package in place of one that it has, too."""
    if isinstance(found, types.ModuleType) and name.rpartition(".")[2] in _modules():
        return importlib.import_module(name)
    return found


@functools.cache
def _modules() -> set[str]:
    return {module.name for module in pkgutil.iter_modules([os.path.dirname(__file__)])}
