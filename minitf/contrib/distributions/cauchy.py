"""`tf.contrib.distributions.Cauchy`."""
import math

from minitf.distributions.loc_scale import LocScale
from minitf.distributions.scalars import not_a_number
from minitf.ops.array.basics import ones_like
from minitf.ops.math.elementwise import atan, log, log1p, square, tan
from minitf.ops.random.draws import random_uniform


class Cauchy(LocScale):
    """The Cauchy distributions around `loc`, as wide as `scale`, which broadcast: without a mean.

    `validate_args` lets a `scale` that is not positive raise in the run. ValueError when the
    parameters are not of the same floating point type.
    """

    def __init__(self, loc, scale, validate_args=False, allow_nan_stats=True, name="Cauchy"):
        super().__init__(loc, scale, validate_args, allow_nan_stats, name, dict(locals()))

    def _sample_n(self, n, seed=None):
        drawn = random_uniform(self._sizes_of(n), 0.0, 1.0, dtype=self.dtype, seed=seed)
        return self._quantile(drawn)

    def _log_prob(self, x):
        return -log1p(square(self._z(x))) - (math.log(math.pi) + log(self.scale))

    def _cdf(self, x):
        return atan(self._z(x)) / math.pi + 0.5

    def _log_cdf(self, x):
        return log1p(2 / math.pi * atan(self._z(x))) - math.log(2)

    def _quantile(self, p):
        return self.loc + self.scale * tan(math.pi * (p - 0.5))

    def _entropy(self):
        return (math.log(4 * math.pi) + log(self.scale)) * ones_like(self.loc)

    def _mode(self):
        return self._each_loc()

    def _mean(self):
        return self._undefined("mean")

    def _stddev(self):
        return self._undefined("stddev")

    def _undefined(self, what):
        if not self.allow_nan_stats:
            raise ValueError(f"`{what}` is undefined for Cauchy distribution.")
        return not_a_number(self.batch_shape_tensor(), self.dtype)
