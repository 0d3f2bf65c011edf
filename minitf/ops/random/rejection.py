"""Numbers that take a varying number of draws, each from blocks of its own: gamma and Poisson."""
import numpy as np

from minitf.ops.math.special import lgamma
from minitf.ops.random import philox


class _Doubles:
    """A stream of doubles for each of many numbers: made in pairs, the second one is taken first.

    Streams that share `counters` take turns with their blocks.
    """

    def __init__(self, make, counters, state):
        self.make, self.counters, self.state = make, counters, state
        self.pairs = np.empty((len(counters), 2))
        self.left = np.zeros(len(counters), np.intp)

    def __call__(self, which):
        """The next double of the streams of these indices."""
        empty = which[self.left[which] == 0]
        if empty.size:
            self.pairs[empty] = self.make(philox.blocks(self.counters[empty], self.state))
            self.counters[empty] += np.uint64(1)
            self.left[empty] = 2
        self.left[which] -= 1
        return self.pairs[which, self.left[which]]


def _counters(state, count):
    first = philox.reserve(state, philox.RESERVED * count)
    return first[0] + np.arange(count, dtype=np.uint64) * np.uint64(philox.RESERVED), first


# -- gamma ----------------------------------------------------------------------------------------


def gamma(alpha, state):
    """A number from the gamma distribution for each of a vector of shapes (Marsaglia, Tsang 2000).

    A normal number is transformed, and kept with a probability that makes it right. Below 1, a
    number for alpha + 1 is scaled.
    """
    counters, first = _counters(state, alpha.size)
    uniform = _Doubles(philox.uniform_double, counters, first)
    normal = _Doubles(philox.normal_double, counters, first)
    result = np.empty(alpha.size)
    simple = np.flatnonzero(alpha == 1)
    result[simple] = -np.log(1 - uniform(simple))
    d = alpha + np.where(alpha < 1, 2 / 3, -1 / 3)
    c = 1 / 3 / np.sqrt(d)
    waiting = np.flatnonzero(alpha != 1)
    while waiting.size:
        x = normal(waiting)
        v = 1 + c[waiting] * x
        usable = ~(v <= 0)
        tried, x, v = waiting[usable], x[usable], v[usable]
        v = v * v * v
        kept = _fits_gamma(uniform(tried), x, v, d[tried])
        done = tried[kept]
        result[done] = d[done] * v[kept]
        small = done[alpha[done] < 1]
        result[small] *= uniform(small) ** (1 / alpha[small])
        waiting = np.setdiff1d(waiting, done, assume_unique=True)
    return result


def _fits_gamma(u, x, v, d):
    quick = u < 1 - 0.0331 * (x * x) * (x * x)
    return quick | (np.log(u) < 0.5 * x * x + d * (1 - v + np.log(v)))


# -- Poisson --------------------------------------------------------------------------------------


def check_rates(rate):
    """ValueError for a rate that is infinite or not a number."""
    if not np.isfinite(rate).all():
        raise ValueError("the rates of a Poisson distribution must be finite numbers")


def poisson(rate, state, highest):
    """A count from the Poisson distribution for each of a vector of rates, as float64.

    None is above `highest`, the largest number of the type that it becomes. ValueError for a rate
    that is infinite or not a number.
    """
    check_rates(rate)
    counters, first = _counters(state, rate.size)
    uniform = _Doubles(philox.uniform_double, counters, first)
    result = np.empty(rate.size)
    _count(result, np.flatnonzero(rate < 10), rate, uniform)
    _transform(result, np.flatnonzero(rate >= 10), rate, uniform, highest)
    return result


def _count(result, waiting, rate, uniform):
    """Small rates: how many uniform numbers can be multiplied before exp(-rate) (Knuth)."""
    limit, product = np.exp(-rate), np.ones(rate.size)
    result[waiting] = 0
    while waiting.size:
        product[waiting] *= uniform(waiting)
        waiting = waiting[product[waiting] > limit[waiting]]
        result[waiting] += 1


def _transform(result, waiting, rate, uniform, highest):
    """Large rates: a uniform number is transformed, and kept or not (Hoermann 1993)."""
    b = 0.931 + 2.53 * np.sqrt(rate)
    a = -0.059 + 0.02483 * b
    while waiting.size:
        u, v = uniform(waiting) - 0.5, uniform(waiting)
        r, e, f = rate[waiting], a[waiting], b[waiting]
        shifted = 0.5 - np.abs(u)
        k = np.floor((2 * e / shifted + f) * u + r + 0.43)
        kept = (k <= highest) & _fits_poisson(k, v, shifted, r, e, f)
        result[waiting[kept]] = k[kept]
        waiting = waiting[~kept]


def _fits_poisson(k, v, shifted, rate, a, b):
    quick = (shifted >= 0.07) & (v <= 0.9277 - 3.6224 / (b - 2))
    never = (k < 0) | ((shifted < 0.013) & (v > shifted))
    s = np.log(v * (1.1239 + 1.1328 / (b - 3.4)) / (a / (shifted * shifted) + b))
    t = -rate + k * np.log(rate) - lgamma.kernel(np, np.maximum(k, 0) + 1)
    return quick | (~never & (s <= t))
