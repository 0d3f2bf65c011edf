"""The beta functions: `tf.betainc`, `tf.lbeta`."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.op import op
from minitf.core.tensor_shape import merge, printed
from minitf.ops.math.elementwise import exp, log
from minitf.ops.math.gamma import Precise, in_double
from minitf.ops.math.special import lgamma, lgamma_of
from minitf.ops.reduction.reduce import reduce_sum

_STEPS = 2000
_TINY = 1e-300  # in place of 0 in a denominator of the fraction


def _shape(a, b, x):
    """All of one shape; scalars go with any."""
    result = ()
    for shape in (a, b, x):
        if shape == ():
            continue
        merged = shape if result == () else merge(result, shape)
        if merged is False:
            raise ValueError(
                f"a, b and x must have one shape, or be scalars: {printed(a)}, {printed(b)}, "
                f"{printed(x)}"
            )
        result = merged
    return result


def _betainc_of(a, b, x):
    inside = (a > 0) & (b > 0) & (x > 0) & (x < 1)
    found = np.where((x == 0) | (x == 1), x, np.nan)
    found = np.where((a > 0) & (b > 0), found, np.nan)
    if inside.any():
        found[inside] = _inside(a[inside], b[inside], x[inside])
    return found


def _inside(a, b, x):
    """The fraction converges fast below the mean of the distribution; above it, the other tail."""
    above = x > (a + 1) / (a + b + 2)
    a, b, y, x = (*(np.where(above, *pair) for pair in ((b, a), (a, b))),
                  np.where(above, x, 1 - x), np.where(above, 1 - x, x))  # fmt: skip
    front = a * np.log(x) + b * np.where(x < 0.5, np.log1p(-x), np.log(y))
    # Of a + 1 and b + 1, for both may be next to nothing.
    front = np.exp(front + lgamma_of(a + b + 1) - lgamma_of(a + 1) - lgamma_of(b + 1))
    tail = np.minimum(front / (a + b) * b * _fraction(a, b, x), 1.0)
    return np.where(above, 1 - tail, tail)


def _fraction(a, b, x):
    """The continued fraction of Abramowitz and Stegun 26.5.8, by Lentz's method."""
    c, d = np.ones_like(x), 1 / _nonzero(1 - (a + b) * x / (a + 1))
    value = d.copy()
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        before = value.copy()
        for term in (even, odd):
            d = 1 / _nonzero(1 + term * d)
            c = _nonzero(1 + term / c)
            value = value * c * d
        if (np.abs(value - before) <= 1e-15 * np.abs(value)).all():
            break
    return value


def _nonzero(x):
    return np.where(x == 0, _TINY, x)


@op("Betainc", shape=_shape, broadcasts=True, scalar="betainc(x0, x1, x2)", host=True)
def betainc(xp, a: Precise, b: Precise, x: Precise):
    """The regularised incomplete beta integral I_x(a, b); not a number outside 0 <= x <= 1."""
    _shape(a.shape, b.shape, x.shape)
    return in_double(xp, _betainc_of, a, b, x)


@betainc.gradient
def _(z, dz, a, b, x):
    log_beta = lgamma(a) + lgamma(b) - lgamma(a + b)
    slope = exp((b - 1) * log(1 - x) + (a - 1) * log(x) - log_beta)
    return None, None, dz * slope


def lbeta(x, name=None):
    """The logarithm of |Beta(x)|, over the last axis of `x`."""
    with name_scope(name, "lbeta", [x]):
        x = convert_to_tensor(x, name="x")
        product = reduce_sum(lgamma(x), axis=[-1])
        return product - lgamma(reduce_sum(x, axis=[-1]))
