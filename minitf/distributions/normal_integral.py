"""The integral of the standard normal density, its logarithm and its inverse."""
import math

import numpy as np

from minitf.core.constant import constant
from minitf.core.dtypes import float32, float64
from minitf.ops.array.basics import fill, ones_like, shape, zeros_like
from minitf.ops.array.masks import where
from minitf.ops.math.elementwise import abs_op as absolute
from minitf.ops.math.elementwise import greater, less, log, maximum, minimum, sqrt, square
from minitf.ops.math.special import erf, erfc

# Below the first the logarithm is a series, above the second that of 1 + x is x.
BOUNDS = {float32: (-10.0, 5.0), float64: (-20.0, 8.0)}
ORDER = 3  # of the series


def ndtr(x):
    """The probability that a standard normal number is at most x."""
    half_root = constant(0.5 * np.sqrt(2.0), dtype=x.dtype, name="half_sqrt_2")
    w = x * half_root
    z = absolute(w)
    return 0.5 * where(less(z, half_root), 1.0 + erf(w),
                       where(greater(w, 0.0), 2.0 - erfc(z), erfc(z)))  # fmt: skip


def log_ndtr(x):
    """The logarithm of `ndtr(x)`, exact far below 0 too. TypeError but for float32 and float64."""
    if x.dtype not in BOUNDS:
        raise TypeError(f"x.dtype={x.dtype!r} is not supported.")
    low, high = BOUNDS[x.dtype]
    # The limits keep what is not chosen finite, and with it its gradient.
    return where(greater(x, high), -ndtr(-x),
                 where(greater(x, low), log(ndtr(maximum(x, low))),
                       _series(minimum(x, low))))  # fmt: skip


def _series(x):
    """The logarithm of ndtr(x) for x far below 0, by its asymptotic expansion."""
    squared = power = square(x)
    total, odds = ones_like(x), 1
    for n in range(1, ORDER + 1):
        odds *= 2 * n - 1
        total += (-1) ** n * odds / power
        power *= squared
    return -0.5 * squared - log(-x) - 0.5 * math.log(2.0 * math.pi) + log(total)


# Rational approximations of Moshier's Cephes library: numerators and denominators, from the
# constant term on.
MIDDLE = (
    [-1.23916583867381258016e0, 1.39312609387279679503e1, -5.66762857469070293439e1,
     9.80010754185999661536e1, -5.99633501014107895267e1],
    [-1.18331621121330003142e0, 1.59056225126211695515e1, -8.20372256168333339912e1,
     2.00260212380060660359e2, -2.25462687854119370527e2, 8.63602421390890590575e1,
     4.67627912898881538453e0, 1.95448858338141759834e0, 1.0],
)  # fmt: skip
TAIL = (
    [-8.57456785154685413611e-4, -3.50424626827848203418e-2, -1.40256079171354495875e-1,
     2.18663306850790267539e0, 1.46849561928858024014e1, 4.40805073893200834700e1,
     5.71628192246421288162e1, 3.15251094599893866154e1, 4.05544892305962419923e0],
    [-9.33259480895457427372e-4, -3.80806407691578277194e-2, -1.42182922854787788574e-1,
     2.50464946208309415979e0, 1.50425385692907503408e1, 4.13172038254672030440e1,
     4.53907635128879210584e1, 1.57799883256466749731e1, 1.0],
)  # fmt: skip
FAR_TAIL = (
    [6.23974539184983293730e-9, 2.65806974686737550832e-6, 3.01581553508235416007e-4,
     1.23716634817820021358e-2, 2.01485389549179081538e-1, 1.33303460815807542389e0,
     3.93881025292474443415e0, 6.91522889068984211695e0, 3.23774891776946035970e0],
    [6.79019408009981274425e-9, 2.89247864745380683936e-6, 3.28014464682127739104e-4,
     1.34204006088543189037e-2, 2.16236993594496635890e-1, 1.37702099489081330271e0,
     3.67983563856160859403e0, 6.02427039364742014255e0, 1.0],
)  # fmt: skip


def ndtri(p):
    """The x with ndtr(x) = p. TypeError but for float32 and float64."""
    if p.dtype not in BOUNDS:
        raise TypeError(f"p.dtype={p.dtype!r} is not handled, it must be float32 or float64.")
    folded = where(greater(p, -math.expm1(-2.0)), 1.0 - p, p)
    inner = where(folded <= 0.0, fill(shape(p), constant(0.5, p.dtype)), folded)
    w = inner - 0.5
    middle = (w + w * square(w) * _ratio(MIDDLE, square(w))) * -math.sqrt(2.0 * math.pi)
    z = sqrt(-2.0 * log(inner))
    near, far = (_ratio(terms, 1.0 / z) / z for terms in (TAIL, FAR_TAIL))
    outer = z - log(z) / z - where(z >= 8.0, far, near)
    x = where(greater(inner, math.exp(-2.0)), middle, outer)
    x = where(greater(p, 1.0 - math.exp(-2.0)), x, -x)
    infinity = zeros_like(p) + math.inf
    return where(p <= 0.0, -infinity, where(p >= 1.0, infinity, x))


def _ratio(terms, x):
    above, below = (_polynomial(part, x) for part in terms)
    return above / below


def _polynomial(terms, x):
    total = terms[-1]
    for term in reversed(terms[:-1]):
        total = total * x + term
    return total
