"""`tf.contrib.distributions.Logistic`."""
import math

from minitf.distributions.loc_scale import LocScale
from minitf.nn.activation import sigmoid, softplus
from minitf.ops.math.elementwise import log, log1p


class Logistic(LocScale):
    """The logistic distributions around `loc`, as wide as `scale`, which broadcast.

    `validate_args` lets a `scale` that is not positive raise in the run. ValueError when the
    parameters are not of the same floating point type.
    """

    def __init__(self, loc, scale, validate_args=False, allow_nan_stats=True, name="Logistic"):
        super().__init__(loc, scale, validate_args, allow_nan_stats, name, dict(locals()))

    def _sample_n(self, n, seed=None):
        drawn = self._uniform(n, seed)
        return (log(drawn) - log1p(-1.0 * drawn)) * self.scale + self.loc

    def _log_prob(self, x):
        z = self._z(x)
        return -z - 2.0 * softplus(-z) - log(self.scale)

    def _log_cdf(self, x):
        return -softplus(-self._z(x))

    def _cdf(self, x):
        return sigmoid(self._z(x))

    def _log_survival_function(self, x):
        return -softplus(self._z(x))

    def _survival_function(self, x):
        return sigmoid(-self._z(x))

    def _entropy(self):
        return 2 + log(self._each_scale())

    def _mean(self):
        return self._each_loc()

    def _stddev(self):
        return self._each_scale() * math.pi / math.sqrt(3)

    def _mode(self):
        return self._each_loc()
