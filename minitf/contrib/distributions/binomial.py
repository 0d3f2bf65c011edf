"""`tf.contrib.distributions.Binomial`."""
from minitf.core.graph import name_scope
from minitf.distributions.distribution import NOT_REPARAMETERIZED
from minitf.distributions.probabilities import (
    HasDraws,
    HasOdds,
    logits_and_probs,
    number_of_draws,
    whole_counts,
)
from minitf.distributions.scalars import Broadcasting
from minitf.ops.array.basics import ones_like, zeros_like
from minitf.ops.array.rearrange import where_v2
from minitf.ops.control_flow.check import assert_less_equal
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.beta import betainc
from minitf.ops.math.elementwise import equal, floor, log, log1p
from minitf.ops.math.special import lgamma


class Binomial(HasDraws, HasOdds, Broadcasting):
    """How often an event of the probability `probs`, or the odds `logits`, comes in `total_count`
    draws; they broadcast. It has no samples.

    `validate_args` lets counts raise in the run that are negative, not whole or too many.
    ValueError unless either `logits` or `probs` is given.
    """

    PARAMETERS = "total_count", "probs"

    def __init__(
        self,
        total_count,
        logits=None,
        probs=None,
        validate_args=False,
        allow_nan_stats=True,
        name="Binomial",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[total_count, logits, probs]) as name:
            self._total_count = number_of_draws(total_count, validate_args)
            self._logits, self._probs = logits_and_probs(logits, probs, False, validate_args, name)
        super().__init__(self._probs.dtype, NOT_REPARAMETERIZED, validate_args, allow_nan_stats,
                         parameters, [self._total_count, self._logits, self._probs],
                         name)  # fmt: skip

    def _log_prob(self, counts):
        counts, n = self._checked(counts), self.total_count
        likelihood = counts * log(self.probs) + (n - counts) * log1p(-self.probs)
        orders = lgamma(1.0 + n - counts) + lgamma(1.0 + counts) - lgamma(1.0 + n)
        return likelihood - orders

    def _cdf(self, counts):
        counts = self._checked(counts)
        probs, counts = self.probs + zeros_like(counts), counts + zeros_like(self.probs)
        all_of_them = equal(counts, self.total_count)
        others = self.total_count - counts
        others = where_v2(all_of_them, ones_like(others), others)
        found = betainc(others, counts + 1, 1 - probs)
        return where_v2(all_of_them, ones_like(found), found)

    def _mean(self):
        return self.total_count * self.probs

    def _variance(self):
        return self._mean() * (1.0 - self.probs)

    def _mode(self):
        return floor((1.0 + self.total_count) * self.probs)

    def _checked(self, counts):
        if not self.validate_args:
            return counts
        counts = whole_counts(counts)
        said = "counts are not less than or equal to n."
        return with_dependencies(
            [assert_less_equal(counts, self.total_count, message=said)], counts
        )
