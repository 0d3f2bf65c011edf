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
    if issubclass(cls, base):
        return cls
    return base if issubclass(base, cls) else type(cls.__name__, (base, cls), {})
