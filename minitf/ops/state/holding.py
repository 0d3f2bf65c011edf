"""Which class of variables there is where operations run at once: one that holds its value."""

import functools

_holder = {}


def holds_value(cls):
    """Decorates that class."""
    _holder["class"] = cls
    return cls


@functools.cache
def eager_class(cls):
    """A class of variables as it is where operations run at once."""
    holder = _holder["class"]
    if issubclass(cls, holder):
        return cls
    return holder if issubclass(holder, cls) else type(cls.__name__, (holder, cls), {})
