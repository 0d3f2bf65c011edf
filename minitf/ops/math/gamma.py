"""The incomplete gamma functions and Hurwitz's zeta: `tf.igamma`, `tf.igammac`, `tf.zeta`.

NumPy has none of them: each is summed from the series or the continued fraction that converges
fastest there (Abramowitz and Stegun 6.5.29, 6.5.31 and 23.2), in double precision.
Compiled, each is a function of one element: `backend/special.h`.
"""
import numpy as np

from minitf.core.dtypes import float32, float64
from minitf.core.op import op
from minitf.core.schema import TypeAttr
from minitf.core.shape_rules import broadcast
from minitf.ops.math.elementwise import exp, log
from minitf.ops.math.special import digamma, digamma_of, erfc_of, lgamma, lgamma_of

Precise = TypeAttr("T", (float32, float64))
_STEPS = 2000  # at most, of a series or a fraction: far more than any argument in use needs
_TINY = np.finfo(np.float64).eps / 8
_SETTLED = 4 * np.finfo(np.float64).eps  # a fraction's last bits never come to rest
_LARGE = 2e4  # from here on P and Q are expanded for large a: the sums would need too many steps


def in_double(xp, function, *inputs):
    """`function` of the inputs, broadcast, in double precision; the result in their type."""
    arrays = np.broadcast_arrays(*(np.asarray(x, np.float64) for x in inputs))
    with np.errstate(all="ignore"):
        found = function(*(np.atleast_1d(array) for array in arrays))
    return xp.asarray(found.reshape(arrays[0].shape).astype(inputs[0].dtype))


def filled(where, function, *arrays, otherwise=np.nan):
    """`function` of the elements where the condition holds; `otherwise` elsewhere."""
    found = np.full(where.shape, otherwise, np.float64)
    if where.any():
        found[where] = function(*(array[where] for array in arrays))
    return found


# -- P(a, x) and Q(a, x), and their derivatives by a ----------------------------------------------


def _series(a, x):
    """(P(a, x), its derivative by a) for x < a + 1: sum of x**n / (a + 1) ... (a + n)."""
    term, slope = np.ones_like(a), np.zeros_like(a)  # and the slope of log(term)
    total, total_slope = term.copy(), slope.copy()
    for n in range(1, _STEPS):
        term *= x / (a + n)
        slope -= 1 / (a + n)
        total += term
        total_slope += term * slope
        if (np.abs(term * slope) <= _TINY * np.abs(total_slope)).all():
            break
    value = _term(a, x) * total
    return value, value * (np.log(x) - digamma_of(a + 1) + total_slope / total)


def _fraction(a, x):
    """(Q(a, x), its derivative by a) for x >= a + 1: a continued fraction."""
    y, z = 1 - a, x + 1 - a + 1
    before, now = (np.ones_like(x), x.copy()), (x + 1, z * x)  # numerators and denominators
    d_before = np.zeros_like(x), np.zeros_like(x)
    d_now = np.zeros_like(x), -x
    ratio = now[0] / now[1]
    d_ratio = (d_now[0] - ratio * d_now[1]) / now[1]
    done = np.zeros(x.shape, bool)
    for n in range(1, _STEPS):
        y, z = y + 1, z + 2
        step = y * n
        after = tuple(n1 * z - n0 * step for n0, n1 in zip(before, now))
        d_after = tuple(
            d1 * z - n1 - d0 * step + n0 * n
            for n0, n1, d0, d1 in zip(before, now, d_before, d_now)
        )
        size = np.abs(after[1])
        scale = np.where(size > 2.0**52, 1 / size, 1.0)
        before, now = _scaled(now, scale), _scaled(after, scale)
        d_before, d_now = _scaled(d_now, scale), _scaled(d_after, scale)
        new = now[0] / now[1]
        d_new = (d_now[0] - new * d_now[1]) / now[1]
        done |= (np.abs(new - ratio) <= _SETTLED * np.abs(new)) & (
            np.abs(d_new - d_ratio) <= _SETTLED * (np.abs(d_new) + np.abs(new))
        )
        # What is done stays: further steps would only round it.
        ratio, d_ratio = np.where(done, ratio, new), np.where(done, d_ratio, d_new)
        if (done | np.isnan(new)).all():
            break
    factor = a * _term(a, x)
    return factor * ratio, factor * (ratio * (np.log(x) - digamma_of(a)) + d_ratio)


def _scaled(pair, scale):
    return tuple(value * scale for value in pair)


def _term(a, x):
    """x**a * exp(-x) / gamma(a + 1): of a + 1, for a may be next to nothing."""
    return np.exp(a * np.log(x) - x - lgamma_of(a + 1))


def _uniform(a, x, upper):
    """Q(a, x), or P: Temme's expansion in 1 / a, DLMF 8.12.3, for a >= _LARGE and any x."""
    m = x / a - 1
    eta = np.copysign(np.sqrt(2 * (m - np.log1p(m))), m)
    first = np.where(
        np.abs(m) < 0.05,
        -1 / 3 + eta * (1 / 12 - eta * (2 / 135 - eta * (1 / 864 + eta / 2835))), 1 / m - 1 / eta,
    )  # fmt: skip
    second = np.where(
        np.abs(m) < 0.05, -1 / 540 - eta * (1 / 288 - eta / 378),
        1 / eta**3 - 1 / m**3 - 1 / m**2 - 1 / (12 * m),
    )  # fmt: skip
    rest = np.exp(-a * eta**2 / 2) / np.sqrt(2 * np.pi * a) * (first + second / a)
    sign = 1 if upper else -1
    return erfc_of(sign * eta * np.sqrt(a / 2)) / 2 + sign * rest


def _incomplete(upper, slope):
    """P(a, x), or Q where `upper`, or the slope of P by a: what is asked of (a, x)."""

    def compute(a, x):
        defined = (a > 0) & (x >= 0) & (np.isfinite(a) | np.isfinite(x))
        found = np.where(defined, float(upper and not slope), np.nan)  # of x = 0
        if not upper:
            found = np.where(x == 0, 0.0, found)  # for every a
        ends = float(not upper and not slope)
        found = np.where(defined & np.isinf(x), ends, found)
        inside = defined & (x > 0) & np.isfinite(x)
        if not slope:
            large = inside & (a >= _LARGE)
            found[large] = _uniform(a[large], x[large], upper)
            inside &= ~large
        limit = np.maximum(a, 1)
        below = x < limit if upper else x <= limit  # each by the rule that is exact for it
        for where, rule, of_p in (
            (inside & below, _series, True), (inside & ~below, _fraction, False),
        ):  # fmt: skip
            if where.any():
                value, slope_of = rule(a[where], x[where])
                if slope:
                    found[where] = slope_of if of_p else -slope_of
                else:
                    value = np.minimum(value, 1.0)
                    found[where] = value if of_p is not upper else 1 - value
        return found

    return compute


@op("Igamma", shape=broadcast, broadcasts=True, scalar="igamma(x0, x1)", host=True)
def igamma(xp, a: Precise, x: Precise):
    """P(a, x): the share of gamma(a)'s integral that lies below x; not a number for a <= 0."""
    return in_double(xp, _incomplete(upper=False, slope=False), a, x)


@op("Igammac", shape=broadcast, broadcasts=True, scalar="igammac(x0, x1)", host=True)
def igammac(xp, a: Precise, x: Precise):
    """Q(a, x) = 1 - P(a, x), exact where it is small."""
    return in_double(xp, _incomplete(upper=True, slope=False), a, x)


@op("IgammaGradA", shape=broadcast, broadcasts=True, scalar="igamma_grad_a(x0, x1)", host=True)
def igamma_grad_a(xp, a: Precise, x: Precise):
    """The derivative of P(a, x) by a. It has no gradient of its own, as in TF1."""
    return in_double(xp, _incomplete(upper=False, slope=True), a, x)


def _moved(a, x):
    """By the density P'(x): samples move so that P(a, x) stays what it is."""
    moved = -_incomplete(upper=False, slope=True)(a, x) * x / (a * _term(a, x))
    return np.where(x == 0, 0.0, moved)


@op("RandomGammaGrad", shape=broadcast, broadcasts=True, host=True)
def random_gamma_grad(xp, alpha: Precise, sample: Precise):
    """How a sample of the gamma distribution changes with its shape parameter alpha."""
    return in_double(xp, _moved, alpha, sample)


@igamma.gradient
def _(z, dz, a, x):
    return dz * igamma_grad_a(a, x), dz * exp(-x + (a - 1) * log(x) - lgamma(a))


@igammac.gradient
def _(z, dz, a, x):
    return tuple(-slope for slope in igamma.grad(z, dz, a, x))


# -- zeta -----------------------------------------------------------------------------------------

_DIRECT = 10  # terms that are added one by one, and on to the first place beyond that number
# (2 k)! / B(2 k), of the Euler-Maclaurin formula: from k = 1
_MACLAURIN = (
    12.0, -720.0, 30240.0, -1209600.0, 47900160.0, -1.8924375803183791606e9,
    7.47242496e10, -2.950130727918164224e12, 1.1646782814350067249e14,
    -4.5979787224074726105e15, 1.8152105401943546773e17, -7.1661652561756670113e18,
)  # fmt: skip


def _zeta_of(x, q):
    poles = (q <= 0) & (q == np.floor(q))
    whole = x == np.floor(x)
    defined = (x > 1) & ~poles & ((q > 0) | (whole & (q < 0)))
    found = filled(defined, _euler_maclaurin, x, q)
    return np.where((x == 1) | ((x > 1) & poles), np.inf, found)


def _euler_maclaurin(x, q):
    """The sum of (q + n)**-x, its tail as an integral and its corrections."""
    total, place = q**-x, q.copy()
    for n in range(int(max(0.0, -q.min())) + _DIRECT):
        more = (n < _DIRECT - 1) | (place <= _DIRECT - 1)
        place = place + more
        total = total + np.where(more, place**-x, 0)
    tail = place**-x
    total = total + tail * place / (x - 1) - tail / 2
    rising = x.copy()  # x (x + 1) ... (x + 2 k - 2)
    for k, number in enumerate(_MACLAURIN, 1):
        tail = tail / place
        total = total + rising * tail / number
        rising = rising * (x + 2 * k - 1) * (x + 2 * k)
        tail = tail / place
    return total


@op("Zeta", shape=broadcast, broadcasts=True, scalar="zeta(x0, x1)", host=True)
def zeta(xp, x: Precise, q: Precise):
    """Hurwitz's zeta: the sum of (q + n)**-x over n = 0, 1, ...; infinity at x = 1."""
    return in_double(xp, _zeta_of, x, q)


zeta.gradient(lambda z, dz, x, q: (None, dz * (-x * zeta(x + 1, q))))


def _polygamma_of(a, x):
    sign = np.where(a % 2 == 0, -1.0, 1.0)
    orders = sign * np.exp(lgamma_of(a + 1)) * _zeta_of(a + 1, x)
    found = np.where(a == 0, digamma_of(x), orders)
    return np.where((a >= 0) & (a == np.floor(a)), found, np.nan)


@op("Polygamma", shape=broadcast, broadcasts=True, scalar="polygamma(x0, x1)", host=True)
def polygamma(xp, a: Precise, x: Precise):
    """The derivative of order a, a whole number, of digamma."""
    return in_double(xp, _polygamma_of, a, x)


polygamma.gradient(lambda y, dy, a, x: (None, dy * polygamma(a + 1.0, x)))
digamma.gradient(lambda y, dy, x: (dy * polygamma(x * 0.0 + 1.0, x),))
