"""What functions do with ragged tensors: most have a handler, which `minitf.ragged` registers.

Nothing is registered, and nothing looked for, before a program has a ragged tensor.
"""
from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

HANDLERS: dict[Any, Callable[..., Any]] = {}  # of functions and ops: what takes their arguments


class Ragged:
    """A RaggedTensor, or a RaggedTensorValue: rows of different lengths."""

    __slots__ = ()


def is_ragged(value: Any) -> bool:
    """Whether it is a RaggedTensor or a RaggedTensorValue."""
    return isinstance(value, Ragged)


def takes_ragged(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: where an argument, or one in a list, is ragged, the function's handler is called.

    Without a handler the function itself is: that a ragged tensor is no tensor is its error.
    """

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if HANDLERS and any_ragged(args, kwargs):
            return HANDLERS.get(call, function)(*args, **kwargs)
        return function(*args, **kwargs)

    return call


def any_ragged(args: Iterable[Any], kwargs: dict[str, Any]) -> bool:
    """Whether an argument is ragged, or one in a list or tuple."""
    return any(map(_has_ragged, args)) or any(map(_has_ragged, kwargs.values()))


def _has_ragged(value: Any) -> bool:
    if type(value) in (list, tuple):
        return any(isinstance(each, Ragged) for each in value)
    return isinstance(value, Ragged)
