"""`tf.contrib.distributions.NegativeBinomial`."""
from minitf.core.graph import control_dependencies, name_scope
from minitf.distributions.distribution import NOT_REPARAMETERIZED
from minitf.distributions.probabilities import HasOdds, logits_and_probs, whole_counts
from minitf.distributions.scalars import Broadcasting
from minitf.nn.activation import log_sigmoid, sigmoid
from minitf.ops.array.basics import identity, zeros_like
from minitf.ops.array.rearrange import where_v2
from minitf.ops.control_flow.check import assert_positive
from minitf.ops.math.beta import betainc
from minitf.ops.math.elementwise import exp, floor
from minitf.ops.math.special import lgamma
from minitf.ops.random.draws import salted
from minitf.ops.random.sampling import random_gamma, random_poisson


class NegativeBinomial(HasOdds, Broadcasting):
    """How often an event of the probability `probs`, or the odds `logits`, comes before it has
    failed to come `total_count` times; they broadcast.

    `validate_args` lets a count that is not positive raise in the run, and values that are negative
    or not whole. ValueError unless either `logits` or `probs` is given.
    """

    PARAMETERS = "total_count", "probs"

    def __init__(
        self,
        total_count,
        logits=None,
        probs=None,
        validate_args=False,
        allow_nan_stats=True,
        name="NegativeBinomial",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[total_count, logits, probs]) as name:
            self._logits, self._probs = logits_and_probs(logits, probs, False, validate_args, name)
            with control_dependencies([assert_positive(total_count)] if validate_args else []):
                self._total_count = identity(total_count)
        super().__init__(self._probs.dtype, NOT_REPARAMETERIZED, validate_args, allow_nan_stats,
                         parameters, [self._total_count, self._probs, self._logits],
                         name)  # fmt: skip

    @property
    def total_count(self):
        """How often it fails to come."""
        return self._total_count

    def _sample_n(self, n, seed=None):
        rate = random_gamma([n], self.total_count, beta=exp(-self.logits), dtype=self.dtype,
                            seed=seed)  # fmt: skip
        return random_poisson(rate, [], dtype=self.dtype, seed=salted(seed, "negative_binom"))

    def _counts(self, x):
        return whole_counts(x) if self.validate_args else x

    def _cdf(self, x):
        return betainc(self.total_count, 1.0 + self._counts(x), sigmoid(-self.logits))

    def _log_prob(self, x):
        x, n = self._counts(x), self.total_count
        likelihood = n * log_sigmoid(-self.logits) + x * log_sigmoid(self.logits)
        return likelihood - (-lgamma(n + x) + lgamma(1.0 + x) + lgamma(n))

    def _mean(self):
        return self.total_count * exp(self.logits)

    def _variance(self):
        return self._mean() / sigmoid(-self.logits)

    def _mode(self):
        n = self.total_count
        return floor(where_v2(n > 1.0, n - 1.0, zeros_like(n)) * exp(self.logits))
