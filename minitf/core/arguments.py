"""Arguments handed on: TensorFlow's lists of them are long, and each stands in one place.

What takes the arguments of something else says whose, and what is different about them:

    @takes(Convolution, without=["dilation_rate"], strides=(1, 1))
    def __init__(self, **kwargs): ...
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Mapping
from inspect import Parameter, Signature, signature
from typing import Any


def takes(
    declared: Callable[..., Any],
    *,
    without: Collection[str] = (),
    before: Mapping[str, Mapping[str, Any]] | None = None,
    into: str | None = None,
    **defaults: Any,
) -> Callable[[Callable[..., Any]], Any]:
    """Decorates a function whose `**kwargs` are the arguments of `declared`, a function or class.

    Some are left out, `without`, some have other `defaults`, and `before` some stand others:
    {name: {parameter: default}}. They stand between the function's other parameters by position
    and those by keyword alone. Callers may give all by position, the function gets all by keyword:
    or, in the dictionary that is its parameter `into`, all but what the `**kwargs` of `declared`
    take. TypeError for names that `declared` does not have.
    """

    def decorate(function: Callable[..., Any]) -> Any:
        own = [p for p in signature(function).parameters.values() if p.name != into]
        given = _changed(declared, without, before or {}, defaults)
        parameters = _around(own, given)
        bind = _binder(parameters)
        gathered = {p.name for p in given if p.kind is not p.VAR_KEYWORD} - {p.name for p in own}

        @functools.wraps(function)
        def taking(*args: Any, **kwargs: Any) -> Any:
            found = bind(taking, args, kwargs)
            if into:
                found[into] = {name: found.pop(name) for name in list(found) if name in gathered}
            return function(**found)

        taking.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        return taking

    return decorate


def inherited_init(
    through: Callable[[dict[str, Any]], dict[str, Any]] = dict, /, **changes: Any
) -> Callable[[Any], Any]:
    """Decorates a class that is made as its first base is, but for such changes as `takes` makes.

    The arguments, by name, go to the base as the function `through` returns them.
    """

    def decorate(cls: Any) -> Any:
        def __init__(self, **kwargs):  # type: ignore[no-untyped-def]  # seen in signatures
            super(cls, self).__init__(**through(kwargs))

        __init__.__qualname__ = f"{cls.__qualname__}.__init__"
        cls.__init__ = takes(cls.__bases__[0], **changes)(__init__)
        return cls

    return decorate


def _binder(parameters: list[Parameter]) -> Callable[..., dict[str, Any]]:
    """A function that gives the arguments of a call by name.

    TypeError, naming the function, where they do not fit.
    """
    usual = {p.name: p.default for p in parameters if p.kind is not p.VAR_KEYWORD}
    names = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    required = [name for name, default in usual.items() if default is Parameter.empty]
    is_open = len(usual) < len(parameters)

    def bound(function: Any, args: Any, kwargs: Any) -> dict[str, Any]:
        # What inspect.Signature.bind does, which takes ten times as long.
        found = {**usual, **dict(zip(names, args)), **kwargs}
        fits = (
            len(args) <= len(names)
            and kwargs.keys().isdisjoint(names[: len(args)])
            and (is_open or len(found) == len(usual))
            and all(found[name] is not Parameter.empty for name in required)
        )
        if not fits:
            _refuse(function, parameters, args, kwargs)
        return found

    return bound


def _refuse(function: Any, parameters: list[Parameter], args: Any, kwargs: Any) -> None:
    """The TypeError that Python raises when such a function is called like this."""
    named = [p.replace(annotation=p.empty, default=p.default if p.default is p.empty else None)
             for p in parameters]  # fmt: skip
    called = eval(f"lambda {str(Signature(named))[1:-1]}: None")
    called.__qualname__ = function.__qualname__
    called(*args, **kwargs)


def _changed(
    declared: Callable[..., Any],
    without: Collection[str],
    before: Mapping[str, Mapping[str, Any]],
    defaults: Mapping[str, Any],
) -> list[Parameter]:
    """The parameters of `declared`, as the arguments of `takes` say."""
    parameters, found = signature(declared).parameters, []
    unknown = {*without, *before, *defaults} - set(parameters)
    if unknown:
        raise TypeError(f"{declared} has no parameters {sorted(unknown)}")
    for name, parameter in parameters.items():
        for more, default in before.get(name, {}).items():
            found.append(Parameter(more, Parameter.POSITIONAL_OR_KEYWORD, default=default))
        if name not in without:
            found.append(parameter.replace(default=defaults.get(name, parameter.default)))
    return found


def _around(own: Iterable[Parameter], given: list[Parameter]) -> list[Parameter]:
    """All parameters: `own` but for `**kwargs`, around those given."""
    known = {p.name for p in given}
    own = [p for p in own if p.name not in known]
    last = [p.replace(kind=p.POSITIONAL_OR_KEYWORD) for p in own if p.kind is p.KEYWORD_ONLY]
    return [
        *(p for p in own if p.kind is p.POSITIONAL_OR_KEYWORD),
        *(p for p in given if p.kind is not p.VAR_KEYWORD),
        *last,
        *(p for p in given if p.kind is p.VAR_KEYWORD),
    ]
