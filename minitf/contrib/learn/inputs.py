"""`tf.contrib.learn.InputFnOps`: what an input function gives."""
from collections import namedtuple


class InputFnOps(namedtuple("InputFnOps", ["features", "labels", "default_inputs"])):
    """Features, labels, and the placeholders that a served model is fed, by name."""

    __slots__ = ()
