"""Special functions: `tf.erf`, `tf.lgamma`, `tf.digamma`, ...

NumPy has none of them: erf and lgamma come from Python's math library, element by element, the
polygammas from their asymptotic series.
"""
import math

import numpy as np

from minitf.core.op import op
from minitf.core.schema import Float
from minitf.core.shape_rules import broadcast
from minitf.ops.elementwise import exp, square

_TWO_BY_ROOT_PI = 2 / math.sqrt(math.pi)

_erf, _erfc = np.frompyfunc(math.erf, 1, 1), np.frompyfunc(math.erfc, 1, 1)


def _lgamma_or_infinity(x):
    try:
        return math.lgamma(x)
    except ValueError:  # a pole: 0 or a negative integer
        return math.inf


_lgamma = np.frompyfunc(_lgamma_or_infinity, 1, 1)


def _each(xp, function, x):
    return xp.asarray(function(np.asarray(x, np.float64))).astype(x.dtype)


@op("Erf", scalar="erf(x0)", host=True)
def erf(xp, x: Float):
    """The error function: 2 / sqrt(pi) times the integral of exp(-t * t) from 0 to x."""
    return _each(xp, _erf, x)


erf.gradient(lambda y, dy, x: (dy * _TWO_BY_ROOT_PI * exp(-square(x)),))


@op("Erfc", scalar="erfc(x0)", host=True)
def erfc(xp, x: Float):
    """1 - erf(x), exact where erf(x) is nearly 1."""
    return _each(xp, _erfc, x)


erfc.gradient(lambda y, dy, x: (dy * -_TWO_BY_ROOT_PI * exp(-square(x)),))


@op("Lgamma", scalar="lgamma(x0)", host=True)
def lgamma(xp, x: Float):
    """The logarithm of the absolute value of the gamma function."""
    return _each(xp, _lgamma, x)


lgamma.gradient(lambda y, dy, x: (dy * digamma(x),))

_SHIFTED = 8  # from here on the series of _BERNOULLI is exact to the last digits
# B(2), B(4), ...: Abramowitz and Stegun 6.3.18 and 6.4.11 for the series.
_BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)


def _polygamma(order, x):
    """The derivative of that order of digamma, for x > 0."""
    sign, factorial = (-1) ** (order + 1), math.factorial(order)
    total, x = np.zeros_like(x), x.copy()
    for _ in range(_SHIFTED):  # psi(x) = psi(x + 1) - 1/x, and its derivatives
        low = x < _SHIFTED
        total += np.where(low, sign * factorial / x ** (order + 1), 0)
        x += low
    leading = -np.log(x) if order == 0 else math.factorial(order - 1) / x**order
    total += sign * (leading + factorial / (2 * x ** (order + 1)))
    for k, number in enumerate(_BERNOULLI, 1):
        weight = number * math.factorial(2 * k + order - 1) / math.factorial(2 * k)
        total += sign * weight / x ** (2 * k + order)
    return total


@op("Digamma", scalar="digamma(x0)", host=True)
def digamma(xp, x: Float):
    """The derivative of lgamma; not a number at its poles."""
    values = np.asarray(x, np.float64)
    with np.errstate(all="ignore"):
        # Below 1/2 by reflection: psi(1 - x) - psi(x) = pi / tan(pi x)
        low = values < 0.5
        found = _polygamma(0, np.where(low, 1 - values, values))
        found = np.where(low, found - np.pi / np.tan(np.pi * values), found)
        found = np.where((values <= 0) & (values == np.floor(values)), np.nan, found)
    return xp.asarray(found.astype(x.dtype))


digamma.gradient(lambda y, dy, x: (dy * polygamma(x * 0.0 + 1.0, x),))


@op("Polygamma", shape=broadcast, broadcasts=True, host=True)
def polygamma(xp, a: Float, x: Float):
    """The derivative of order a, a whole number, of digamma; not a number for x <= 0."""
    orders, values = np.broadcast_arrays(np.asarray(a, np.float64), np.asarray(x, np.float64))
    found = np.full(values.shape, np.nan)
    with np.errstate(all="ignore"):
        for order in np.unique(orders[(orders >= 0) & (orders == np.floor(orders))]):
            chosen = (orders == order) & (values > 0)
            found[chosen] = _polygamma(int(order), values[chosen])
    return xp.asarray(found.astype(x.dtype))


polygamma.gradient(lambda y, dy, a, x: (None, dy * polygamma(a + 1.0, x)))
