"""tf.autograph: Python's control flow as nodes of a graph."""
from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

from minitf.autograph.builtins import overload
from minitf.autograph.convert import convert_function, converted, source_of
from minitf.autograph.options import ConversionOptions
from minitf.autograph.source import Unconvertible
from minitf.autograph.tracing import conversion


class AutoGraphError(Exception):
    """What goes wrong in a conversion."""


class ConversionError(AutoGraphError):
    """A function that cannot be converted."""


def for_tracing(function: Callable[..., Any], features: Any) -> Callable[..., Any]:
    """A function as `tf.function` and `Dataset.map` trace it."""
    options = ConversionOptions(True, False, True, features)
    return converted(function, options)


def to_graph(
    entity: Any,
    recursive: bool = True,
    arg_values: Any = None,
    arg_types: Any = None,
    experimental_optional_features: Any = None,
) -> Any:
    """A function, or a class with methods, in which `if`, `while` and `for` are decided by tensors:
    then they become tf.cond and tf.while_loop. Anything else they decide as Python does.

    With `recursive` the functions that it calls are converted, too. `arg_values` and `arg_types`
    are ignored, as in 1.15. Of a method comes a function whose first argument is `self`. Raises
    ConversionError (tf.contrib.autograph.AutoGraphError) for what has no source.
    """
    options = ConversionOptions(recursive, True, True, experimental_optional_features)
    try:
        return _converted(entity, options)
    except Unconvertible as error:
        raise ConversionError(f"converting {entity}: {error}") from None


def _converted(entity: Any, options: ConversionOptions) -> Any:
    if isinstance(entity, type):
        return _class(entity, options)
    function = getattr(entity, "__func__", entity)
    function = inspect.unwrap(function) if callable(function) else function
    if not isinstance(function, FunctionType):
        raise NotImplementedError(f'cannot convert entity "{entity}": only functions, methods and '
                                  "classes are converted.")  # fmt: skip
    return convert_function(function, options)


def _class(entity: type, options: ConversionOptions) -> type:
    own = {name: value for name, value in vars(entity).items() if isinstance(value, FunctionType)}
    if not own:
        raise Unconvertible("it has no methods")
    made = {name: convert_function(each, options) for name, each in own.items()}
    return type(f"Tf{entity.__name__}", (entity,), made)


def to_code(
    entity: Any,
    recursive: bool = True,
    arg_values: Any = None,
    arg_types: Any = None,
    indentation: str = "  ",
    experimental_optional_features: Any = None,
) -> str:
    """The source of what `to_graph` makes of a function. `arg_values`, `arg_types` and
    `indentation` are ignored, as in 1.15."""
    made = to_graph(entity, recursive, None, None, experimental_optional_features)
    if not isinstance(made, type):
        return source_of(made)
    methods = (each for each in vars(made).values() if isinstance(each, FunctionType))
    return "\n".join(map(source_of, methods))


def convert(
    recursive: bool = False, optional_features: Any = None, user_requested: bool = True
) -> Callable[[Any], Any]:
    """Decorator: a function that is converted when it is called."""

    def decorator(f: Any) -> Any:
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            options = ConversionOptions(recursive, user_requested, True, optional_features)
            return converted_call(f, options, args, kwargs)

        if inspect.isfunction(f) or inspect.ismethod(f):
            functools.update_wrapper(wrapper, f)
        wrapper._is_left_by_autograph = True  # type: ignore[attr-defined]
        return wrapper

    return decorator


def converted_call(
    f: Any, options: ConversionOptions, args: Any, kwargs: Any, caller_fn_scope: Any = None
) -> Any:
    """What `f`, converted, returns for arguments. `caller_fn_scope` is TensorFlow's own."""
    made = overload(f)
    if options.internal_convert_user_code:
        made = converted(made, options)
    with conversion(True):
        return made(*args, **(kwargs or {}))
