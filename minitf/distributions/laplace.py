"""`tf.distributions.Laplace`."""
import math

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.distributions.loc_scale import LocScale
from minitf.ops.array.basics import zeros_like
from minitf.ops.array.rearrange import where_v2
from minitf.ops.math.elementwise import exp, log, log1p, sign
from minitf.ops.math.operators import abs as magnitude
from minitf.ops.random.draws import random_uniform


class Laplace(LocScale):
    """The Laplace distributions around `loc`, of mean distance `scale`, which broadcast.

    `validate_args` lets a `scale` that is not positive raise in the run. ValueError when the
    parameters are not of the same floating point type.
    """

    def __init__(self, loc, scale, validate_args=False, allow_nan_stats=True, name="Laplace"):
        super().__init__(loc, scale, validate_args, allow_nan_stats, name, dict(locals()))

    def _sample_n(self, n, seed=None):
        kind = self.dtype.as_numpy_dtype
        least = np.nextafter(kind(-1.0), kind(0.0))  # log1p(-1) is infinite
        drawn = random_uniform(self._sizes_of(n), minval=least, maxval=1.0, dtype=self.dtype,
                               seed=seed)  # fmt: skip
        return self.loc - self.scale * sign(drawn) * log1p(-magnitude(drawn))

    def _log_prob(self, x):
        return -magnitude(self._z(x)) - math.log(2.0) - log(self.scale)

    def _log_cdf(self, x):
        return _log_cdf(self._z(x))

    def _log_survival_function(self, x):
        return _log_cdf(-self._z(x))

    def _cdf(self, x):
        z = self._z(x)
        return 0.5 + 0.5 * sign(z) * (1.0 - exp(-magnitude(z)))

    def _entropy(self):
        return math.log(2.0) + 1.0 + log(self.scale + zeros_like(self.loc))

    def _mean(self):
        return self.loc + zeros_like(self.scale)

    def _stddev(self):
        return math.sqrt(2.0) * self.scale + zeros_like(self.loc)

    def _mode(self):
        return self._mean()


def _log_cdf(z):
    """That of the standard distribution, exact on both sides."""
    z = convert_to_tensor(z, name="x")
    return where_v2(z < 0.0, z - math.log(2.0), log1p(-0.5 * exp(-magnitude(z))))
