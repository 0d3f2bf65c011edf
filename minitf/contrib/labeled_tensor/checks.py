"""What labeled tensors look at: whether arguments are of the kinds that the annotations of a
function's parameters name.

A kind is a type, a tuple of kinds, of which one has to fit, or a function of a value.
"""
import functools
import inspect
from collections.abc import Callable, Collection, Mapping


class Error(TypeError):
    """An argument is not of the kind that it should be."""


def fits(value, kind):
    """Whether a value is of a kind."""
    if isinstance(kind, tuple):
        return any(fits(value, one) for one in kind)
    return isinstance(value, kind) if isinstance(kind, type) else kind(value)


def optional(kind):
    """The kind, or None."""
    return kind, type(None)


def each(kind, within=Collection):
    """A collection, all of whose elements are of the kind."""
    return lambda value: isinstance(value, within) and all(fits(one, kind) for one in value)


def pair(first, second):
    """A tuple of two."""
    def found(value):
        return (isinstance(value, tuple) and len(value) == 2
                and fits(value[0], first) and fits(value[1], second))  # fmt: skip

    return found


def mapping(keys, values):
    """A mapping, all of whose keys and values are of these kinds."""
    def found(value):
        return isinstance(value, Mapping) and each(keys)(value) and each(values)(value.values())

    return found


def checked(function: Callable):
    """Error where an argument is not of its kind. As in TensorFlow, only arguments that are
    given by position are looked at."""
    parameters = list(inspect.signature(function).parameters.values())

    @functools.wraps(function)
    def found(*args, **kwargs):
        for value, parameter in zip(args, parameters):
            kind = parameter.annotation
            if kind is not parameter.empty and not fits(value, kind):
                raise Error(f"{value!r} of type {type(value)} is not what {function.__name__} "
                            f"takes for {parameter.name}")  # fmt: skip
        return function(*args, **kwargs)

    return found
