"""`tf.distributions.Gamma`."""
from minitf.core.graph import control_dependencies, name_scope
from minitf.distributions.distribution import (
    FULLY_REPARAMETERIZED,
    check_same_float_dtype,
    parameter,
)
from minitf.distributions.kullback_leibler import RegisterKL
from minitf.distributions.scalars import Broadcasting, checked_sample, where_defined
from minitf.ops.control_flow.check import assert_positive
from minitf.ops.math.elementwise import log, sqrt, square
from minitf.ops.math.gamma import igamma
from minitf.ops.math.nan_safe import xlogy
from minitf.ops.math.special import digamma, lgamma
from minitf.ops.random.sampling import random_gamma


class ShapeAndRate(Broadcasting):
    """Distributions of a shape `concentration` and an inverse scale `rate`. `validate_args` lets
    those that are not positive raise in the run. ValueError when they are not of the same floating
    point type."""

    PARAMETERS = "concentration", "rate"

    def __init__(self, concentration, rate, reparameterization_type, validate_args,
                 allow_nan_stats, name, parameters):
        with name_scope(name, values=[concentration, rate]) as name:
            given = (concentration, rate) if validate_args else ()
            with control_dependencies([assert_positive(each) for each in given]):
                self._concentration = parameter(concentration, "concentration")
                self._rate = parameter(rate, "rate")
                check_same_float_dtype(self._concentration, self._rate)
        super().__init__(self._concentration.dtype, reparameterization_type, validate_args,
                         allow_nan_stats, parameters, [self._concentration, self._rate],
                         name)  # fmt: skip

    @property
    def concentration(self):
        """The shape parameter."""
        return self._concentration

    @property
    def rate(self):
        """The inverse scale, that of the inverses for an inverse gamma distribution."""
        return self._rate


class Gamma(ShapeAndRate):
    """The gamma distributions of shape `concentration` and inverse scale `rate`, which broadcast.

    `validate_args` lets parameters and values that are not positive raise in the run. ValueError
    when the parameters are not of the same floating point type. Gradients of samples flow to
    both.
    """

    def __init__(
        self, concentration, rate, validate_args=False, allow_nan_stats=True, name="Gamma"
    ):
        super().__init__(concentration, rate, FULLY_REPARAMETERIZED, validate_args,
                         allow_nan_stats, name, dict(locals()))  # fmt: skip

    def _sample_n(self, n, seed=None):
        return random_gamma([n], self.concentration, self.rate, dtype=self.dtype, seed=seed)

    def _log_prob(self, x):
        return self._log_unnormalized_prob(x) - self._log_normalization()

    def _log_unnormalized_prob(self, x):
        x = checked_sample(self, x, assert_positive)
        return xlogy(self.concentration - 1.0, x) - self.rate * x

    def _log_normalization(self):
        return lgamma(self.concentration) - self.concentration * log(self.rate)

    def _cdf(self, x):
        return igamma(self.concentration, self.rate * checked_sample(self, x, assert_positive))

    def _entropy(self):
        k = self.concentration
        return k - log(self.rate) + lgamma(k) + (1.0 - k) * digamma(k)

    def _mean(self):
        return self.concentration / self.rate

    def _variance(self):
        return self.concentration / square(self.rate)

    def _stddev(self):
        return sqrt(self.concentration) / self.rate

    def _mode(self):
        return where_defined(
            self, (self.concentration - 1.0) / self.rate, self.batch_shape_tensor(),
            self.concentration > 1.0,
            {"mode not defined when any concentration <= 1": self.concentration},
        )  # fmt: skip


@RegisterKL(Gamma, Gamma)
def _(a, b, name=None):
    k, l = a.concentration, b.concentration  # noqa: E741
    with name_scope(name, "kl_gamma_gamma", [k, a.rate, l, b.rate]):
        return ((k - l) * digamma(k) + lgamma(l) - lgamma(k) + l * log(a.rate) - l * log(b.rate)
                + k * (b.rate / a.rate - 1.0))  # fmt: skip
