"""Special functions: `tf.erf`, `tf.lgamma`, `tf.digamma`, ...

NumPy has none of them: erf and lgamma come from Python's math library, element by element,
digamma from its asymptotic series. Compiled, each is a function of one element:
`backend/special.h`.
"""
import math

import numpy as np

from minitf.core.op import op
from minitf.core.schema import Float
from minitf.ops.math.elementwise import exp, square

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
# B(2) / 2, B(4) / 4, ...: Abramowitz and Stegun 6.3.18
_BERNOULLI = (1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12)


def erfc_of(values):
    """erfc of an array of doubles."""
    return np.asarray(_erfc(values), np.float64)


def lgamma_of(values):
    """lgamma of an array of doubles."""
    return np.asarray(_lgamma(values), np.float64)


def digamma_of(values):
    """digamma of an array of doubles; infinity at its poles, as TF1 has it."""
    # Below 1/2 by reflection: psi(1 - x) - psi(x) = pi / tan(pi x)
    low = values < 0.5
    found = _digamma_above(np.where(low, 1 - values, values))
    # The fraction alone: pi times a large number has lost it.
    turn = np.pi * (values - np.round(values))
    found = np.where(low, found - np.pi / np.tan(turn), found)
    return np.where((values <= 0) & (values == np.floor(values)), np.inf, found)


def _digamma_above(x):
    total, x = np.zeros_like(x), x.copy()
    for _ in range(_SHIFTED):  # psi(x) = psi(x + 1) - 1/x
        low = x < _SHIFTED
        total -= np.where(low, 1 / x, 0)
        x += low
    total += np.log(x) - 0.5 / x
    for k, number in enumerate(_BERNOULLI, 1):
        total -= number / x ** (2 * k)
    return total


@op("Digamma", scalar="digamma(x0)", host=True)
def digamma(xp, x: Float):
    """The derivative of lgamma; infinity at its poles."""
    with np.errstate(all="ignore"):
        found = digamma_of(np.asarray(x, np.float64))
    return xp.asarray(found.astype(x.dtype))
