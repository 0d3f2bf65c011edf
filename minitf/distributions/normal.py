"""`tf.distributions.Normal`."""
import math

from minitf.core.constant import constant
from minitf.core.graph import name_scope
from minitf.distributions.kullback_leibler import RegisterKL
from minitf.distributions.loc_scale import LocScale
from minitf.distributions.normal_integral import log_ndtr, ndtr, ndtri
from minitf.ops.math.elementwise import log, square, squared_difference
from minitf.ops.random.draws import random_normal


class Normal(LocScale):
    """The normal distributions of mean `loc` and standard deviation `scale`, which broadcast.

    `validate_args` lets a `scale` that is not positive raise in the run. ValueError when the
    parameters are not of the same floating point type.
    """

    def __init__(self, loc, scale, validate_args=False, allow_nan_stats=True, name="Normal"):
        super().__init__(loc, scale, validate_args, allow_nan_stats, name, dict(locals()))

    def _sample_n(self, n, seed=None):
        drawn = random_normal(self._sizes_of(n), 0.0, 1.0, dtype=self.loc.dtype, seed=seed)
        return drawn * self.scale + self.loc

    def _log_prob(self, x):
        return self._log_unnormalized_prob(x) - self._log_normalization()

    def _log_unnormalized_prob(self, x):
        return -0.5 * square(self._z(x))

    def _log_normalization(self):
        return 0.5 * math.log(2.0 * math.pi) + log(self.scale)

    def _log_cdf(self, x):
        return log_ndtr(self._z(x))

    def _cdf(self, x):
        return ndtr(self._z(x))

    def _log_survival_function(self, x):
        return log_ndtr(-self._z(x))

    def _survival_function(self, x):
        return ndtr(-self._z(x))

    def _quantile(self, p):
        return self._inv_z(ndtri(p))

    def _entropy(self):
        return 0.5 * math.log(2.0 * math.pi * math.e) + log(self._each_scale())

    def _mean(self):
        return self._each_loc()

    def _stddev(self):
        return self._each_scale()

    def _mode(self):
        return self._mean()

    def _inv_z(self, z):
        with name_scope("reconstruct", values=[z]):
            return z * self.scale + self.loc


@RegisterKL(Normal, Normal)
def _(a, b, name=None):
    with name_scope(name, "kl_normal_normal", [a.loc, b.loc]):
        one, two, half = (constant(number, dtype=a.dtype) for number in (1, 2, 0.5))
        of_a, of_b = square(a.scale), square(b.scale)
        ratio = of_a / of_b
        return squared_difference(a.loc, b.loc) / (two * of_b) + half * (ratio - one - log(ratio))
