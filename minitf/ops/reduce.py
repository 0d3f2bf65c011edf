"""Reductions: `tf.reduce_sum`, `tf.reduce_mean`, `tf.argmax`, ..."""
import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import bool_, int32, int64
from minitf.core.graph import name_scope
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Numeric, Real, Static
from minitf.core.shape_rules import axis_index
from minitf.core.source import call
from minitf.ops.array import broadcast_to, rank, reshape, shape, where_equal
from minitf.ops.elementwise import cast, equal, exp, floor_div, is_finite, log, maximum, select


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
