"""`tf.contrib.distributions.Kumaraswamy`."""
from minitf.contrib.distributions.bijectors.kumaraswamy import Kumaraswamy as Bijector
from minitf.contrib.distributions.transformed_distribution import TransformedDistribution
from minitf.contrib.distributions.util import broadcast_shape_of
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.distributions.distribution import FULLY_REPARAMETERIZED
from minitf.distributions.scalars import where_both_above_1
from minitf.distributions.uniform import Uniform
from minitf.ops.array.basics import ones, ones_like, zeros
from minitf.ops.array.joining import stack
from minitf.ops.math.beta import lbeta
from minitf.ops.math.elementwise import exp, log, square
from minitf.ops.math.special import digamma


class Kumaraswamy(TransformedDistribution):
    """Kumaraswamy's distributions over [0, 1], much like beta distributions, of `concentration1`,
    of ones, and `concentration0`, which broadcast."""

    def __init__(
        self,
        concentration1=None,
        concentration0=None,
        validate_args=False,
        allow_nan_stats=True,
        name="Kumaraswamy",
    ):
        with name_scope(name, values=[concentration1, concentration0]) as name:
            one = convert_to_tensor(concentration1, name="concentration1")
            zero = convert_to_tensor(concentration0, name="concentration0")
        super().__init__(
            Uniform(zeros([], dtype=one.dtype), ones([], dtype=one.dtype),
                    allow_nan_stats=allow_nan_stats),
            Bijector(one, zero, validate_args=validate_args),
            batch_shape=broadcast_shape_of(one, zero), name=name,
        )  # fmt: skip
        self._reparameterization_type = FULLY_REPARAMETERIZED

    @property
    def concentration1(self):
        """That of ones."""
        return self.bijector.concentration1

    @property
    def concentration0(self):
        """That of zeros."""
        return self.bijector.concentration0

    def _entropy(self):
        a, b = self.concentration1, self.concentration0
        harmonic = digamma(b + 1.0) - digamma(ones([], dtype=b.dtype))
        return 1 - 1.0 / a + (1 - 1.0 / b) * harmonic + log(a) + log(b)

    def _moment(self, n):
        total = self.concentration1 + self.concentration0
        a, b = ones_like(total) * self.concentration1, ones_like(total) * self.concentration0
        return exp(log(b) + lbeta(stack([1 + n / a, b], -1)))

    def _mean(self):
        return self._moment(1)

    def _variance(self):
        return self._moment(2) - square(self._moment(1))

    def _mode(self):
        a, b = self.concentration1, self.concentration0
        mode = ((a - 1) / (a * b - 1)) ** (1.0 / a)
        return where_both_above_1(self, mode)
