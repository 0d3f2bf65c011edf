"""Reductions: `tf.reduce_sum`, `tf.reduce_mean`, `tf.argmax`, ..."""
import numpy as np

from minitf.core.shape_rules import axis_index


def axes(axis):
    """A `Static` axis argument, a number or an array, as a tuple of ints."""
    return (axis,) if isinstance(axis, int) else tuple(np.ravel(axis).tolist())


def reduced(x, axis, *, keep_dims):
    """The shape rule of reductions."""
    if axis is None:  # not known before the run
        return x if x is None or not keep_dims else (None,) * len(x)
    if x is None:
        return None
    gone = {axis_index(a, len(x)) for a in axes(axis)}
    return tuple(1 if i in gone else n for i, n in enumerate(x) if keep_dims or i not in gone)
