"""`tensorflow.python.util.tf_inspect`: Python's `inspect`, which looks through decorators."""
from __future__ import annotations

import functools
import inspect
from inspect import FullArgSpec, currentframe, getmembers, getmro, stack  # noqa: F401  public
from typing import Any, NamedTuple

from minitf.as_tensorflow.modules.decorators import fullargspec, unwrap


class ArgSpec(NamedTuple):
    """What Python had of a function before it knew keyword-only arguments."""

    args: list[str]
    varargs: str | None
    keywords: str | None
    defaults: tuple[Any, ...] | None


def getfullargspec(obj: Any) -> Any:
    """The arguments of a function, a method or the `__call__` of an object."""
    if isinstance(obj, functools.partial) or inspect.isroutine(obj) or isinstance(obj, type):
        return fullargspec(obj)
    return fullargspec(obj if hasattr(obj, "_tf_decorator") else type(obj).__call__)


def getargspec(obj: Any) -> ArgSpec:
    """The same, as Python 2 had it; of a class, those of its constructor."""
    if isinstance(obj, type):
        obj = obj.__init__  # type: ignore[misc]
    return ArgSpec(*getfullargspec(obj)[:4])


def getcallargs(*func_and_positional: Any, **named: Any) -> dict[str, Any]:
    """Each parameter of a function with what it would be given."""
    func, *positional = func_and_positional
    return inspect.getcallargs(unwrap(func)[1], *positional, **named)


def _inside(name: str) -> Any:
    ask = getattr(inspect, name)

    def asked(object: Any) -> Any:
        return ask(unwrap(object)[1])

    asked.__name__ = name
    asked.__doc__ = f"`inspect.{name}` of what is inside the decorators."
    return asked


getfile, getmodule = _inside("getfile"), _inside("getmodule")
getsource, getsourcefile = _inside("getsource"), _inside("getsourcefile")
getsourcelines, isbuiltin = _inside("getsourcelines"), _inside("isbuiltin")
isclass, isfunction, isframe = _inside("isclass"), _inside("isfunction"), _inside("isframe")
isgenerator, ismethod = _inside("isgenerator"), _inside("ismethod")
isgeneratorfunction, ismodule = _inside("isgeneratorfunction"), _inside("ismodule")
isroutine = _inside("isroutine")


def getdoc(object: Any) -> str | None:
    return inspect.getdoc(object)


def isanytargetmethod(fn: Any) -> bool:
    """Whether it, or what it wraps, is a method."""
    return inspect.ismethod(fn) or any(
        inspect.ismethod(each.decorated_target) for each in unwrap(fn)[0]
    )
