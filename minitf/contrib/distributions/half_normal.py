"""`tf.contrib.distributions.HalfNormal`."""
import math

from minitf.core.graph import control_dependencies, name_scope
from minitf.distributions.distribution import FULLY_REPARAMETERIZED, parameter
from minitf.distributions.normal_integral import ndtri
from minitf.distributions.scalars import Broadcasting
from minitf.nn.activation import relu
from minitf.ops.array.basics import zeros
from minitf.ops.control_flow.check import assert_positive
from minitf.ops.math.elementwise import cast, exp, log
from minitf.ops.math.operators import abs as magnitude
from minitf.ops.math.special import erf
from minitf.ops.random.draws import random_normal


class HalfNormal(Broadcasting):
    """The absolute values of normal numbers of mean 0 and standard deviation `scale`.

    `validate_args` lets a `scale` that is not positive raise in the run.
    """

    PARAMETERS = ("scale",)

    def __init__(self, scale, validate_args=False, allow_nan_stats=True, name="HalfNormal"):
        parameters = dict(locals())
        with name_scope(name, values=[scale]) as name:
            checks = [assert_positive(scale)] if validate_args else []
            with control_dependencies(checks):
                self._scale = parameter(scale, "scale")
        super().__init__(self._scale.dtype, FULLY_REPARAMETERIZED, validate_args, allow_nan_stats,
                         parameters, [self._scale], name)  # fmt: skip

    @property
    def scale(self):
        """The standard deviation of the normal numbers."""
        return self._scale

    def _sample_n(self, n, seed=None):
        drawn = random_normal(self._sizes_of(n), 0.0, 1.0, dtype=self.dtype, seed=seed)
        return magnitude(drawn * self.scale)

    def _prob(self, x):
        density = math.sqrt(2) / self.scale / math.sqrt(math.pi) * exp(-0.5 * (x / self.scale) ** 2)
        return density * cast(x >= 0, self.dtype)

    def _cdf(self, x):
        return erf(relu(x) / self.scale / math.sqrt(2.0))

    def _quantile(self, p):
        return self.scale * ndtri((p + 1.0) / 2.0)

    def _entropy(self):
        return 0.5 * log(math.pi * self.scale**2.0 / 2.0) + 0.5

    def _mean(self):
        return self.scale * math.sqrt(2.0) / math.sqrt(math.pi)

    def _mode(self):
        return zeros(self.batch_shape_tensor())

    def _variance(self):
        return self.scale**2.0 * (1.0 - 2.0 / math.pi)
