"""`tf.math.cumulative_logsumexp`."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.literals import element, integer
from minitf.core.op import op
from minitf.core.schema import IeeeFloat, Static
from minitf.core.shape_rules import axis_index
from minitf.ops.array.basics import zeros_like
from minitf.ops.math.elementwise import exp, greater, less, log, select


def _shape(x, axis, *, exclusive, reverse):
    if x is not None and element(axis) is not None:
        axis_index(element(axis), len(x))
    return x


@op("CumulativeLogsumexp", shape=_shape)
def cumulative_logsumexp_op(xp, x: IeeeFloat, axis: Static, *, exclusive=False, reverse=False):
    """The logarithms of running sums of exp(x) along an axis; of nothing, the least number."""
    lines = xp.moveaxis(x, integer(axis), 0)
    lines = lines[::-1] if reverse else lines
    if exclusive:
        nothing = xp.full_like(lines[:1], np.finfo(x.dtype).min)
        lines = xp.concatenate([nothing, lines[:-1]]) if len(lines) else lines
    step = 1
    while step < len(lines):  # each element has the sum of the `step` elements up to it
        lines = xp.concatenate([lines[:step], xp.logaddexp(lines[step:], lines[:-step])])
        step *= 2
    lines = lines[::-1] if reverse else lines
    return xp.moveaxis(lines, 0, integer(axis)).copy()


@cumulative_logsumexp_op.gradient
def _(y, dy, x, axis, *, exclusive, reverse):
    # The logarithms of the positive and of the negative part of dy, for the sake of stability.
    least = zeros_like(dy) + dy.dtype.min

    def through(logarithm):
        summed = cumulative_logsumexp_op(logarithm - y, axis, exclusive=exclusive,
                                         reverse=not reverse)  # fmt: skip
        return exp(summed + x)

    above = through(select(greater(dy, 0), log(dy), least))
    below = through(select(less(dy, 0), log(-dy), least))
    return above - below, None


def cumulative_logsumexp(x, axis=0, exclusive=False, reverse=False, name=None):
    """log(cumsum(exp(x))) along `axis`, without overflow.

    `exclusive` leaves each element itself out, the first result being the least finite number;
    `reverse` runs from the end.
    """
    with name_scope(name, "CumulativeLogsumexp", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        return cumulative_logsumexp_op(x, axis, exclusive=exclusive, reverse=reverse, name=scope)
