"""`tf.distributions.Beta`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.distributions.distribution import (
    FULLY_REPARAMETERIZED,
    OfScalars,
    check_same_float_dtype,
)
from minitf.distributions.kullback_leibler import RegisterKL
from minitf.distributions.probabilities import positive_concentration
from minitf.distributions.scalars import checked_sample, where_both_above_1
from minitf.ops.array.basics import ones_like, shape
from minitf.ops.control_flow.check import assert_less, assert_positive
from minitf.ops.math.beta import betainc
from minitf.ops.math.elementwise import log1p
from minitf.ops.math.nan_safe import xlogy
from minitf.ops.math.special import digamma, lgamma
from minitf.ops.random.draws import salted
from minitf.ops.random.sampling import random_gamma


class Beta(OfScalars):
    """The beta distributions of `concentration1`, of ones, and `concentration0`, which broadcast.

    `validate_args` lets parameters that are not positive raise in the run, and values outside
    (0, 1). ValueError when the parameters are not of the same floating point type.
    """

    def __init__(
        self,
        concentration1=None,
        concentration0=None,
        validate_args=False,
        allow_nan_stats=True,
        name="Beta",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[concentration1, concentration0]) as name:
            one = convert_to_tensor(concentration1, name="concentration1")
            zero = convert_to_tensor(concentration0, name="concentration0")
            self._concentration1 = positive_concentration(one, validate_args)
            self._concentration0 = positive_concentration(zero, validate_args)
            check_same_float_dtype(self._concentration1, self._concentration0)
            self._total_concentration = self._concentration1 + self._concentration0
        parents = [self._concentration1, self._concentration0, self._total_concentration]
        super().__init__(parents[0].dtype, FULLY_REPARAMETERIZED, validate_args, allow_nan_stats,
                         parameters, parents, name)  # fmt: skip

    @property
    def concentration1(self):
        """That of ones, known as alpha."""
        return self._concentration1

    @property
    def concentration0(self):
        """That of zeros, known as beta."""
        return self._concentration0

    @property
    def total_concentration(self):
        """Their sum."""
        return self._total_concentration

    @staticmethod
    def _param_shapes(sample_shape):
        sizes = convert_to_tensor(sample_shape, dtype=int32)
        return {"concentration1": sizes, "concentration0": sizes}

    def _batch_shape_tensor(self):
        return shape(self.total_concentration)

    def _batch_shape(self):
        return self.total_concentration.shape

    def _sample_n(self, n, seed=None):
        each = ones_like(self.total_concentration, dtype=self.dtype)
        a = random_gamma([n], each * self.concentration1, dtype=self.dtype, seed=seed)
        b = random_gamma([n], each * self.concentration0, dtype=self.dtype,
                         seed=salted(seed, "beta"))  # fmt: skip
        return a / (a + b)

    def _log_prob(self, x):
        return self._log_unnormalized_prob(x) - self._log_normalization()

    def _cdf(self, x):
        return betainc(self.concentration1, self.concentration0, x)

    def _log_unnormalized_prob(self, x):
        x = checked_sample(
            self, x, lambda x: assert_positive(x, message="sample must be positive"),
            lambda x: assert_less(x, ones_like(x), message="sample must be less than `1`."),
        )  # fmt: skip
        return xlogy(self.concentration1 - 1.0, x) + (self.concentration0 - 1.0) * log1p(-x)

    def _log_normalization(self):
        total = lgamma(self.total_concentration)
        return lgamma(self.concentration1) + lgamma(self.concentration0) - total

    def _entropy(self):
        a, b, total = self.concentration1, self.concentration0, self.total_concentration
        return (self._log_normalization() - (a - 1.0) * digamma(a) - (b - 1.0) * digamma(b)
                + (total - 2.0) * digamma(total))  # fmt: skip

    def _mean(self):
        return self.concentration1 / self.total_concentration

    def _variance(self):
        return self._mean() * (1.0 - self._mean()) / (1.0 + self.total_concentration)

    def _mode(self):
        mode = (self.concentration1 - 1.0) / (self.total_concentration - 2.0)
        return where_both_above_1(self, mode)


@RegisterKL(Beta, Beta)
def _(a, b, name=None):
    names = "concentration1", "concentration0", "total_concentration"
    of_a, of_b = ([getattr(d, n) for n in names] for d in (a, b))
    with name_scope(name, "kl_beta_beta", [*of_a, *of_b]):
        one, zero, total = (digamma(x) * (y - x) for x, y in zip(of_a, of_b))
        return b._log_normalization() - a._log_normalization() - one - zero + total
