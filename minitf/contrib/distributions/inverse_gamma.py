"""`tf.contrib.distributions.InverseGamma` and its variant."""
from minitf.core.graph import name_scope
from minitf.distributions.distribution import NOT_REPARAMETERIZED
from minitf.distributions.gamma import ShapeAndRate
from minitf.distributions.scalars import checked_sample, where_defined
from minitf.nn.activation import softplus
from minitf.ops.control_flow.check import assert_positive
from minitf.ops.math.elementwise import log, square, squared_difference
from minitf.ops.math.gamma import igammac
from minitf.ops.math.special import digamma, lgamma
from minitf.ops.random.sampling import random_gamma


class InverseGamma(ShapeAndRate):
    """The inverses of gamma distributed numbers of shape `concentration` and inverse scale `rate`,
    which broadcast.

    `validate_args` lets parameters and values that are not positive raise in the run. ValueError
    when the parameters are not of the same floating point type.
    """

    def __init__(
        self, concentration, rate, validate_args=False, allow_nan_stats=True, name="InverseGamma"
    ):
        super().__init__(concentration, rate, NOT_REPARAMETERIZED, validate_args,
                         allow_nan_stats, name, dict(locals()))  # fmt: skip

    def _sample_n(self, n, seed=None):
        return 1.0 / random_gamma([n], self.concentration, self.rate, dtype=self.dtype, seed=seed)

    def _log_prob(self, x):
        x, k = checked_sample(self, x, assert_positive), self.concentration
        return -(1.0 + k) * log(x) - self.rate / x - (lgamma(k) - k * log(self.rate))

    def _cdf(self, x):
        return igammac(self.concentration, self.rate / checked_sample(self, x, assert_positive))

    def _entropy(self):
        k = self.concentration
        return k + log(self.rate) + lgamma(k) - (1.0 + k) * digamma(k)

    def _mean(self):
        return self._where_above(1.0, "mean", self.rate / (self.concentration - 1.0))

    def _variance(self):
        k = self.concentration
        found = square(self.rate) / squared_difference(k, 1.0) / (k - 2.0)
        return self._where_above(2.0, "variance", found)

    def _where_above(self, limit, what, value):
        """NaN, or an error, where the concentration is not above the limit."""
        return where_defined(
            self, value, self.batch_shape_tensor(), self.concentration > limit,
            {f"{what} undefined when any concentration <= {limit:.0f}":
             self.concentration - (limit - 1.0)},
        )  # fmt: skip

    def _mode(self):
        return self.rate / (1.0 + self.concentration)


class InverseGammaWithSoftplusConcentrationRate(InverseGamma):
    """As InverseGamma, of the softplus of both parameters."""

    def __init__(
        self,
        concentration,
        rate,
        validate_args=False,
        allow_nan_stats=True,
        name="InverseGammaWithSoftplusConcentrationRate",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[concentration, rate]) as name:
            super().__init__(softplus(concentration, name="softplus_concentration"),
                             softplus(rate, name="softplus_rate"), validate_args,
                             allow_nan_stats, name)  # fmt: skip
        self._parameters = parameters
