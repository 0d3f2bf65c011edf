"""Decorators that say of a function, or of arguments, that they are to go: once, in the log."""
import functools
import inspect

from minitf import logging
from minitf.core.errors import user_line


def _check(date, instructions):
    if not instructions:
        raise ValueError("Don't deprecate things without conversion instructions!")
    if date is not None and not _is_date(date):
        raise ValueError(f"Date must be YYYY-MM-DD, got {date!r}.")


def _is_date(text):
    return [len(part) for part in text.split("-")] == [4, 2, 2] and text.replace("-", "").isdigit()


class _Warnings:
    """What is said of one decorated function."""

    def __init__(self, func, date, instructions, warn_once):
        if not callable(func):
            raise ValueError(f"{func} is not a function. If this is a property, apply the "
                             "deprecation decorator before @property.")  # fmt: skip
        self._func, self._once, self._said = func, warn_once, set()
        when = "in a future version" if date is None else f"after {date}"
        self._end = f"is deprecated and will be removed {when}.\nInstructions for updating:\n"
        self._end += instructions

    def say(self, what=""):
        """Warn of the function, or of calling it with `what`."""
        if self._once and what in self._said:
            return
        self._said.add(what)
        name, line = getattr(self._func, "__qualname__", self._func), user_line()
        subject = f"{name} (from {self._func.__module__})"
        subject = f"calling {subject} with {what}" if what else subject
        logging.warning(f"From {line.filename}:{line.lineno}: {subject} {self._end}")


def deprecated(date, instructions, warn_once=True):
    """Decorator: a call of the function warns that it is to go, and what to do instead.

    `date` is "YYYY-MM-DD" or None. ValueError for another date, or no instructions.
    """
    _check(date, instructions)

    def decorate(func):
        warnings = _Warnings(func, date, instructions, warn_once)

        @functools.wraps(func)
        def new_func(*args, **kwargs):
            warnings.say()
            return func(*args, **kwargs)

        return new_func

    return decorate


def deprecated_args(date, instructions, *deprecated_arg_names_or_tuples, **kwargs):
    """Decorator: a call that gives one of these arguments warns.

    They are names, or (name, value) with a value that may still be given. ValueError for names that
    the function has not.
    """
    _check(date, instructions)
    if not deprecated_arg_names_or_tuples:
        raise ValueError("Specify which argument is deprecated.")
    warn_once = kwargs.pop("warn_once", True)
    if kwargs:
        raise ValueError(f"Illegal argument to deprecated_args: {kwargs}")
    allowed = {
        each[0] if isinstance(each, tuple) else each: each[1:] if isinstance(each, tuple) else ()
        for each in deprecated_arg_names_or_tuples
    }

    def decorate(func):
        warnings = _Warnings(func, date, instructions, warn_once)
        signature = inspect.signature(func)
        missing = [name for name in allowed if name not in signature.parameters]
        if missing:
            raise ValueError(
                "The following deprecated arguments are not present in the function signature: "
                f"{missing}. Found next arguments: {list(signature.parameters)}."
            )

        @functools.wraps(func)
        def new_func(*args, **kwargs):
            given = signature.bind(*args, **kwargs).arguments
            for name, values in allowed.items():
                if name in given and not any(_same(given[name], value) for value in values):
                    warnings.say(name)
            return func(*args, **kwargs)

        return new_func

    return decorate


def deprecated_arg_values(date, instructions, warn_once=True, **deprecated_kwargs):
    """Decorator: a call in which an argument has this value, be it by default, warns."""
    _check(date, instructions)
    if not deprecated_kwargs:
        raise ValueError("Specify which argument values are deprecated.")

    def decorate(func):
        warnings = _Warnings(func, date, instructions, warn_once)
        signature = inspect.signature(func)

        @functools.wraps(func)
        def new_func(*args, **kwargs):
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            for name, value in deprecated_kwargs.items():
                if name in bound.arguments and _same(bound.arguments[name], value):
                    warnings.say(f"{name}={value}")
            return func(*args, **kwargs)

        return new_func

    return decorate


def _same(a, b):
    """Whether two values are one, or equal: of tensors and arrays that is not asked."""
    if a is b:
        return True
    equal = a == b
    return isinstance(equal, bool) and equal


_EXPERIMENTAL = ("Warning: THIS FUNCTION IS EXPERIMENTAL. It may change or be removed at any time, "
                 "and without warning.")  # fmt: skip


def experimental(func):
    """A decorator: the log says at each call, and the docstring says, that a function may change.
    ValueError for what is none."""
    if not callable(func):
        raise ValueError(f"{func} is not a function. If this is a property, make sure @property "
                         "appears before @experimental in your source code.")  # fmt: skip

    @functools.wraps(func)
    def called(*args, **kwargs):
        logging.warning("%s (from %s) is experimental and may change or be removed at any time, "
                        "and without warning.", func.__qualname__, func.__module__)  # fmt: skip
        return func(*args, **kwargs)

    first, *rest = inspect.getdoc(func).split("\n") if func.__doc__ else [""]
    title = f"{first} (experimental)" if first else "EXPERIMENTAL FUNCTION"
    more = "\n".join(rest).strip("\n")
    called.__doc__ = "\n\n".join([title, _EXPERIMENTAL, *([more] if more else [])])
    return called
