"""What the functions that users give take, and what their input functions return."""
import functools
import inspect

from minitf.data.dataset import Dataset, make_initializable_iterator
from minitf.train.session_run_hook import SessionRunHook


def fn_args(function):
    """The names of the arguments of a function, of a method without self, of an object that can be
    called; a `functools.partial` without what it fills in."""
    if isinstance(function, functools.partial):
        args = list(fn_args(function.func))[len(function.args):]
        return tuple(name for name in args if name not in (function.keywords or {}))
    if not (inspect.isfunction(function) or inspect.ismethod(function)) and callable(function):
        function = function.__call__
    function = inspect.unwrap(function)
    args = inspect.getfullargspec(function).args
    bound = inspect.ismethod(function) or (args[:1] == ["self"])
    return tuple(args[1:] if bound else args)


def call_with(function, given, **optional):
    """The function of `given`, and of those of `optional` that it has arguments for."""
    taken = fn_args(function)
    return function(**given, **{name: v for name, v in optional.items() if name in taken})


class DatasetInitializerHook(SessionRunHook):
    """Initializes an iterator when the session is made."""

    def __init__(self, iterator):
        self._iterator = iterator

    def begin(self):
        self._initializer = self._iterator.initializer

    def after_create_session(self, session, coord):
        session.run(self._initializer)


def parse_input_fn_result(result):
    """(features, labels or None, hooks) of a Dataset, a pair or features alone.

    ValueError for a tuple that is no pair.
    """
    hooks = []
    if isinstance(result, Dataset):
        iterator = make_initializable_iterator(result)
        hooks.append(DatasetInitializerHook(iterator))
        result = iterator.get_next()
    if not isinstance(result, (list, tuple)):
        return result, None, hooks
    if len(result) != 2:
        raise ValueError("input_fn should return (features, labels) as a len 2 tuple.")
    return result[0], result[1], hooks
