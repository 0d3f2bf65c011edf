"""Layers as functions: their arguments stand in one place, the layer's `__init__`."""
import functools

from minitf.core.arguments import takes


def calls(layer):
    """Decorates the function that makes a new `layer`, with all its arguments, and calls it.

    Its signature is `inputs`, what the layer is made with, and `reuse`: whether the variables are
    those of the layer of the same `name` that was made before.
    """

    @takes(layer, without=["kwargs"])
    def function(inputs, *, reuse=None, **kwargs):
        return layer(**kwargs, _scope=kwargs["name"], _reuse=reuse)(inputs)

    return functools.partial(functools.update_wrapper, function)


def applies(layer):
    """As `calls`, of a layer without variables."""

    @takes(layer, without=["kwargs"])
    def function(inputs, **kwargs):
        return layer(**kwargs)(inputs)

    return functools.partial(functools.update_wrapper, function)
