"""`arg_scope`: default arguments of functions, for as long as a `with` block lasts."""
import functools
import inspect
from contextlib import contextmanager

_STACK = [{}]  # of {key of a function: its default arguments}
_DECORATED = {}  # the names of arguments that have defaults, by key


def add_arg_scope(func):
    """Decorator: let `arg_scope` set the arguments of `func`."""

    @functools.wraps(func)
    def func_with_args(*args, **kwargs):
        return func(*args, **{**current_arg_scope().get(key, {}), **kwargs})

    key = arg_scope_func_key(func)
    _DECORATED[key] = _names_with_defaults(func)
    func_with_args._key_op = key
    return func_with_args


def _names_with_defaults(func):
    parameters = inspect.signature(func).parameters.values()
    return tuple(each.name for each in parameters if each.default is not each.empty)


def arg_scope_func_key(op):
    """What `arg_scope` knows a function by."""
    return getattr(op, "_key_op", str(op))


def has_arg_scope(func):
    """Whether `func` is decorated with `add_arg_scope`."""
    return arg_scope_func_key(func) in _DECORATED


def arg_scoped_arguments(func):
    """The names of the arguments of `func` that `arg_scope` can set by default values."""
    assert has_arg_scope(func), f"{func!r} is not decorated with @add_arg_scope"
    return _DECORATED[arg_scope_func_key(func)]


def current_arg_scope():
    """The default arguments in force, to be entered again by `arg_scope`."""
    return _STACK[-1]


@contextmanager
def arg_scope(list_ops_or_scope, **kwargs):
    """Give the functions these default arguments; inner scopes add to outer ones.

    Or enter a scope that an earlier `with arg_scope(...) as scope` gave. TypeError for neither a
    list nor such a scope, ValueError for a function without `add_arg_scope`, or keywords beside a
    scope.
    """
    if isinstance(list_ops_or_scope, dict):
        if kwargs:
            raise ValueError(
                "When attempting to re-use a scope by suppling a dictionary, kwargs must be empty."
            )
        scope = dict(list_ops_or_scope)
    else:
        scope = _extended(list_ops_or_scope, kwargs)
    _STACK.append(scope)
    try:
        yield scope
    finally:
        _STACK.pop()


def _extended(functions, kwargs):
    if not isinstance(functions, (list, tuple)):
        raise TypeError(
            "list_ops_or_scope must either be a list/tuple or reused scope (i.e. dict)"
        )
    scope = dict(current_arg_scope())
    for function in functions:
        if not has_arg_scope(function):
            name = (function.__module__, function.__name__)
            raise ValueError(f"{name} is not decorated with @add_arg_scope")
        key = arg_scope_func_key(function)
        scope[key] = {**scope.get(key, {}), **kwargs}
    return scope
