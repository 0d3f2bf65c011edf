"""`tf.distributions.Dirichlet`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.distributions.classes import OfConcentrations
from minitf.distributions.distribution import FULLY_REPARAMETERIZED
from minitf.distributions.kullback_leibler import RegisterKL
from minitf.distributions.probabilities import positive_concentration
from minitf.distributions.scalars import checked_sample, where_defined
from minitf.ops.array.basics import ones, shape
from minitf.ops.control_flow.check import assert_less, assert_near, assert_positive
from minitf.ops.control_flow.check_static import assert_rank_at_least
from minitf.ops.math.beta import lbeta
from minitf.ops.math.elementwise import cast, rsqrt
from minitf.ops.math.nan_safe import xlogy
from minitf.ops.math.special import digamma
from minitf.ops.random.sampling import random_gamma
from minitf.ops.reduction.reduce import reduce_all, reduce_sum


class Dirichlet(OfConcentrations):
    """Shares of classes, which sum to 1; `concentration` has a number for each class.

    `validate_args` lets parameters that are not positive, or of fewer than two classes, raise in
    the run, and values that are not positive or do not sum to 1.
    """

    def __init__(
        self, concentration, validate_args=False, allow_nan_stats=True, name="Dirichlet"
    ):
        parameters = dict(locals())
        with name_scope(name, values=[concentration]) as name:
            given = convert_to_tensor(concentration, name="concentration")
            checks = _checks(given) if validate_args else []
            self._concentration = positive_concentration(given, validate_args, *checks)
            self._total_concentration = reduce_sum(self._concentration, -1)
        super().__init__(self._concentration.dtype, FULLY_REPARAMETERIZED, validate_args,
                         allow_nan_stats, parameters,
                         [self._concentration, self._total_concentration], name)  # fmt: skip

    def _sample_n(self, n, seed=None):
        drawn = random_gamma([n], self.concentration, dtype=self.dtype, seed=seed)
        return drawn / reduce_sum(drawn, -1, keepdims=True)

    def _log_prob(self, x):
        x = checked_sample(self, x, _assert_positive, self._assert_whole)
        return reduce_sum(xlogy(self.concentration - 1.0, x), -1) - lbeta(self.concentration)

    def _assert_whole(self, x):
        return assert_near(ones([], dtype=self.dtype), reduce_sum(x, -1),
                           message="sample last-dimension must sum to `1`")  # fmt: skip

    def _entropy(self):
        k, total = self._count(), self.total_concentration
        own = reduce_sum((self.concentration - 1.0) * digamma(self.concentration), axis=-1)
        return lbeta(self.concentration) + (total - k) * digamma(total) - own

    def _count(self):
        """How many classes there are."""
        return cast(self.event_shape_tensor()[0], self.dtype)

    def _mean(self):
        return self.concentration / self.total_concentration[..., None]

    def _covariance(self):
        x = self._spread() * self._mean()
        return self._of_pairs(x, x)

    def _variance(self):
        x = self._spread() * self._mean()
        return x * (self._spread() - x)

    def _spread(self):
        return rsqrt(1.0 + self.total_concentration[..., None])

    def _mode(self):
        mode = (self.concentration - 1.0) / (self.total_concentration[..., None] - self._count())
        defined = reduce_all(self.concentration > 1.0, axis=-1, keepdims=True)
        larger = {"Mode undefined when any concentration <= 1": self.concentration}
        return where_defined(self, mode, shape(mode), defined, larger)


def _assert_positive(x):
    return assert_positive(x, message="samples must be positive")


def _checks(concentration):
    return [
        assert_rank_at_least(
            concentration, 1, message="Concentration parameter must have >=1 dimensions."
        ),
        assert_less(
            1, shape(concentration)[-1],
            message="Concentration parameter must have event_size >= 2.",
        ),
    ]  # fmt: skip


@RegisterKL(Dirichlet, Dirichlet)
def _(a, b, name=None):
    with name_scope(name, "kl_dirichlet_dirichlet", [a.concentration, b.concentration]):
        total = digamma(reduce_sum(a.concentration, axis=-1, keepdims=True))
        slope = digamma(a.concentration) - total
        mean = reduce_sum((a.concentration - b.concentration) * slope, axis=-1)
        return mean - lbeta(a.concentration) + lbeta(b.concentration)
