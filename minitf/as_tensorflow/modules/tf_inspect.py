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


def getfullargspec(obj: Any) -> FullArgSpec:
    """The arguments of a function, or of the outermost decorator that changes them."""
    return fullargspec(obj)


def getargspec(obj: Any) -> ArgSpec:
    """The same, as Python 2 had it: of a class those of its constructor, of an object those of
    its `__call__`, of a `functools.partial` those that are left.

    ValueError for a partial whose defaults stand before arguments without one.
    """
    if isinstance(obj, functools.partial):
        return _partial_argspec(obj)
    target = unwrap(obj)[1]
    if isinstance(target, type):
        obj = target.__new__ if target.__init__ is object.__init__ else target.__init__
    try:
        return ArgSpec(*fullargspec(obj)[:4])
    except TypeError:
        return ArgSpec(*fullargspec(type(target).__call__)[:4])


def _partial_argspec(obj: functools.partial[Any]) -> ArgSpec:
    args, varargs, keywords, defaults = getargspec(obj.func)
    args = args[len(obj.args) :]
    known = dict(zip(args[::-1], (defaults or ())[::-1]))
    for name, value in obj.keywords.items():
        if name in args:
            known[name] = value
        elif not keywords:
            raise ValueError("Function does not have **kwargs parameter, but contains an unknown "
                             f"partial keyword: {name}")  # fmt: skip
    first = min((args.index(name) for name in known), default=len(args))
    missing = [name for name in args[first:] if name not in known]
    if missing:
        raise ValueError(f"Some arguments {missing} do not have default value, but they are "
                         "positioned after those with default values. This can not be expressed "
                         "with ArgSpec.")  # fmt: skip
    return ArgSpec(args, varargs, keywords, tuple(known[name] for name in args[first:]) or None)


def getcallargs(*func_and_positional: Any, **named: Any) -> dict[str, Any]:
    """Each parameter of a function with what it would be given."""
    func, *positional = func_and_positional
    spec = getfullargspec(func)
    if inspect.ismethod(func):
        positional = [func.__self__, *positional]
    given = dict(zip((name for name in spec.args if name not in named), positional))
    defaults = dict(zip(spec.args[::-1], (spec.defaults or ())[::-1]))
    return {**(spec.kwonlydefaults or {}), **defaults, **given, **named}


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
