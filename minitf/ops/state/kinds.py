"""The kinds of variables: classes that a program does not name, and gets instead of tf.Variable."""

import functools

_kinds = {}


def kind(name):
    """Decorates the class of the variables of that kind."""

    def keep(cls):
        _kinds[name] = cls
        return cls

    return keep


@functools.cache
def kind_of_class(cls, name):
    """A class of variables as it is where they are of that kind."""
    base = _kinds[name]
    if base in cls.__mro__:
        return cls
    # A class may say that it has subclasses which are none, as that of tf.compat.v2 does.
    return base if cls in base.__mro__ else type(cls.__name__, (base, cls), {})
