"""Which functions are converted before they are traced. What converts them is imported when a
function is."""
from __future__ import annotations

import functools
import importlib
import inspect
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType, MethodType
from typing import Any

# Functions of these are called as they are.
_LIBRARIES = {*sys.stdlib_module_names, "minitf", "tensorflow", "numpy", "mock", "ipdb",
              "tensorflow_probability"}  # fmt: skip


class _Here(threading.local):
    """Whether functions that are traced in this thread are converted, now."""

    converting = True


_HERE = _Here()


@contextmanager
def conversion(on: bool) -> Iterator[None]:
    """Whether functions that are traced inside the `with` block are converted."""
    outer, _HERE.converting = _HERE.converting, on
    try:
        yield
    finally:
        _HERE.converting = outer


def converted(function: Callable[..., Any], features: Any = None) -> Callable[..., Any]:
    """A function as it is traced: with control flow that tensors decide, unless that is off here or
    for the function."""
    if not _HERE.converting or is_left(function) or not is_own(function):
        return function
    api = importlib.import_module("minitf.autograph.api")
    made: Callable[..., Any] = api.for_tracing(function, features)
    return made


def is_own(function: Any) -> bool:
    """Whether a callable is a program's own: one with a source, of no library. A proxy of one, as
    `wrapt.decorator` makes them, is not: what it does around the function has no source."""
    if isinstance(function, functools.partial):
        return is_own(function.func)
    if type(function) not in (FunctionType, MethodType):
        function = call_of(function)
    found = getattr(function, "__func__", function)
    return type(found) is FunctionType and _module(found) not in _LIBRARIES


def call_of(instance: Any) -> Any:
    """The function that is called when an object is."""
    return inspect.getattr_static(type(instance), "__call__", None)


def _module(function: FunctionType) -> str:
    name: str = function.__globals__.get("__name__", "")
    return name.split(".")[0]


def is_left(function: Any) -> bool:
    """Whether a function has been said to be left as it is."""
    return hasattr(function, "_is_left_by_autograph")


def do_not_convert(func: Any = None) -> Any:
    """Decorator: a function that is called as it is written, and so is what it traces."""
    if func is None:
        return do_not_convert

    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with conversion(False):
            return func(*args, **kwargs)

    if inspect.isfunction(func) or inspect.ismethod(func):
        wrapper = functools.update_wrapper(wrapper, func)
    wrapper._is_left_by_autograph = True  # type: ignore[attr-defined]
    return wrapper
