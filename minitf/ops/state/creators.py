"""Who makes variables: functions that a program puts before the class itself."""

import functools
import inspect
import threading
from contextlib import contextmanager

from minitf.core.graph import get_default_graph


class _Creators(threading.local):
    """Those in force in one thread, the outermost first."""

    def __init__(self):
        self.items = ()


def _creators():
    return get_default_graph()._scope_store.setdefault("creators", _Creators())


@contextmanager
def variable_creator_scope(variable_creator):
    """Variables of this graph, and of functions traced inside the `with` block, are what
    `variable_creator(next_creator, **kwargs)` returns.

    It is given the arguments of tf.Variable; `next_creator(**kwargs)` makes the variable, by way of
    the creators further out. RuntimeError for blocks that end in another order than they begin.
    """
    creators = _creators()
    outer = creators.items
    creators.items = inner = (*outer, variable_creator)
    try:
        yield
    finally:
        if creators.items is not inner:
            raise RuntimeError("Exiting variable_creator_scope without proper nesting.")
        creators.items = outer


class Created(type):
    """The class of classes of variables: that of which all others are made asks the creators."""

    def __call__(cls, *args, **kwargs):
        ask = cls.__base__ is object
        return cls.by_creators(*args, **kwargs) if ask else cls.itself(*args, **kwargs)

    def itself(cls, *args, **kwargs):
        """A variable of this class, whatever creators there are."""
        return super().__call__(*args, **kwargs)

    def by_creators(cls, *args, **kwargs):
        """What the creators in force make, of this class at the end."""
        creators = _creators().items
        if not creators:
            return cls.itself(*args, **kwargs)
        bound = _signature(cls).bind(None, *args, **kwargs)
        bound.apply_defaults()
        given = dict(list(bound.arguments.items())[1:])  # without `self`
        make = cls.itself
        for creator in creators:
            make = functools.partial(creator, make)
        return make(**given)


@functools.cache
def _signature(cls):
    root = cls.__mro__[-2]
    return inspect.signature(root.__init__)
