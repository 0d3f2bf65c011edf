"""`tensorflow.python.util.tf_decorator`: functions that wrap others and say so."""
from __future__ import annotations

import sys
from collections.abc import Callable
from inspect import FullArgSpec, getfullargspec, ismethod
from typing import Any


class TFDecorator:
    """What a wrapper is made of: the function it wraps and the decorator's name."""

    def __init__(self, decorator_name: str, target: Any, decorator_doc: str = "",
                 decorator_argspec: Any = None) -> None:  # fmt: skip
        self._decorated_target, self._decorator_name = target, decorator_name
        self._decorator_doc, self._decorator_argspec = decorator_doc, decorator_argspec
        self.__name__ = getattr(target, "__name__", decorator_name)
        self.__qualname__ = getattr(target, "__qualname__", self.__name__)
        self.__doc__ = decorator_doc or getattr(target, "__doc__", None) or ""

    def __get__(self, instance: Any, owner: Any) -> Any:
        return self._decorated_target.__get__(instance, owner)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._decorated_target(*args, **kwargs)

    @property
    def decorated_target(self) -> Any:
        return self._decorated_target

    @decorated_target.setter
    def decorated_target(self, target: Any) -> None:
        self._decorated_target = target

    @property
    def decorator_name(self) -> str:
        return self._decorator_name

    @property
    def decorator_doc(self) -> str:
        return self._decorator_doc

    @property
    def decorator_argspec(self) -> Any:
        return self._decorator_argspec


def make_decorator(
    target: Any,
    decorator_func: Callable[..., Any],
    decorator_name: str | None = None,
    decorator_doc: str = "",
    decorator_argspec: Any = None,
) -> Callable[..., Any]:
    """`decorator_func` with the name and text of `target`, which `unwrap` finds in it again."""
    name = decorator_name or sys._getframe(1).f_code.co_name  # who makes it is the decorator
    wrapper: Any = decorator_func
    wrapper._tf_decorator = TFDecorator(name, target, decorator_doc, decorator_argspec)
    for attribute in ("__name__", "__qualname__", "__module__"):
        if hasattr(target, attribute):
            setattr(wrapper, attribute, getattr(target, attribute))
    wrapper.__dict__.update(
        (key, value) for key, value in getattr(target, "__dict__", {}).items()
        if key not in wrapper.__dict__
    )  # fmt: skip
    wrapper.__doc__ = wrapper._tf_decorator.__doc__
    wrapper.__wrapped__ = target
    return wrapper


def tf_decorator(decorator: Any, target: Any) -> Any:
    """`decorator` applied to `target`."""
    return make_decorator(target, decorator(target), getattr(decorator, "__name__", "decorator"))


def unwrap(maybe_tf_decorator: Any) -> tuple[list[TFDecorator], Any]:
    """The decorators around a function, outermost first, and the function."""
    found, current = [], maybe_tf_decorator
    while not isinstance(current, type):
        made = current if isinstance(current, TFDecorator) else _decorator_of(current)
        if made is None:
            break
        found.append(made)
        current = made.decorated_target
    return found, current


def _decorator_of(function: Any) -> TFDecorator | None:
    if hasattr(function, "_tf_decorator"):
        return function._tf_decorator
    target = getattr(function, "__wrapped__", None) if _is_own(function) else None
    return None if target is None else TFDecorator("wraps", target)


def _is_own(function: Any) -> bool:
    """Whether minitf has wrapped it: TensorFlow sees through its own decorators alone, and not
    through `functools.wraps`."""
    home = getattr(function, "__globals__", {}).get("__name__") or type(function).__module__
    return home.partition(".")[0] == "minitf"


def rewrap(decorator_func: Any, previous_target: Any, new_target: Any) -> Any:
    """The same wrappers around `new_target` in place of `previous_target`, or of the innermost
    function, changed in place."""
    decorators, _ = unwrap(decorator_func)
    if decorator_func is previous_target or not decorators:
        return new_target
    outer = decorator_func
    for decorator in decorators:
        if decorator.decorated_target is previous_target or decorator is decorators[-1]:
            decorator.decorated_target = new_target
            holder = outer.__func__ if ismethod(outer) else outer
            holder.__wrapped__ = new_target
            break
        outer = decorator.decorated_target
    return decorator_func


def fullargspec(function: Any) -> Any:
    """What `inspect.getfullargspec` says of the function inside, or a decorator in its place."""
    decorators, target = unwrap(function)
    said = next((each.decorator_argspec for each in decorators if each.decorator_argspec), None)
    if said is None or isinstance(said, FullArgSpec):
        return said or getfullargspec(target)
    return FullArgSpec(*said, kwonlyargs=[], kwonlydefaults=None, annotations={})
