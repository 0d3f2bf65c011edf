"""`tf.distributions.Multinomial`."""
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.distributions.classes import OfClasses
from minitf.distributions.distribution import NOT_REPARAMETERIZED
from minitf.distributions.probabilities import (
    HasDraws,
    HasLogits,
    checked_counts,
    log_combinations,
    logits_and_probs,
    number_of_draws,
)
from minitf.nn.activation import log_softmax
from minitf.ops.array.basics import identity, ones_like, reshape
from minitf.ops.array.joining import concat
from minitf.ops.array.one_hot import one_hot
from minitf.ops.control_flow.functional import map_fn
from minitf.ops.math.elementwise import cast
from minitf.ops.random.sampling import multinomial
from minitf.ops.reduction.axes import transpose
from minitf.ops.reduction.reduce import reduce_sum


class Multinomial(HasDraws, HasLogits, OfClasses):
    """How often each class comes in `total_count` draws of probabilities `probs` or `logits`.

    `validate_args` lets counts raise in the run that are negative, not whole, or of another sum.
    ValueError unless either `logits` or `probs` is given.
    """

    PARAMETER = "_mean_val"

    def __init__(
        self,
        total_count,
        logits=None,
        probs=None,
        validate_args=False,
        allow_nan_stats=True,
        name="Multinomial",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[total_count, logits, probs]) as name:
            self._total_count = number_of_draws(total_count, validate_args)
            self._logits, self._probs = logits_and_probs(logits, probs, True, validate_args, name)
            self._mean_val = self._total_count[..., None] * self._probs
        super().__init__(self._probs.dtype, NOT_REPARAMETERIZED, validate_args, allow_nan_stats,
                         parameters, [self._total_count, self._logits, self._probs],
                         name)  # fmt: skip

    def _sample_n(self, n, seed=None):
        k = self.event_shape_tensor()[0]
        counts = ones_like(self.logits[..., 0], dtype=int32) * cast(self.total_count, int32)
        logits = ones_like(counts[..., None], dtype=self.logits.dtype) * self.logits

        def drawn(of_one):
            logits, count = of_one
            classes = reshape(multinomial(logits[None], count, seed), [n, -1])
            return reduce_sum(one_hot(classes, depth=k, dtype=self.dtype), axis=-2)

        flat = [reshape(logits, [-1, k]), n * reshape(counts, [-1])]
        found = transpose(map_fn(drawn, flat, dtype=self.dtype), perm=[1, 0, 2])
        return reshape(found, concat([[n], self.batch_shape_tensor(), [k]], 0))

    def _log_prob(self, counts):
        counts = checked_counts(self, counts, "counts must sum to `self.total_count`")
        likelihood = reduce_sum(counts * log_softmax(self.logits), -1)
        return likelihood + log_combinations(self.total_count, counts)

    def _mean(self):
        return identity(self._mean_val)

    def _covariance(self):
        return self._of_pairs(self._mean_val, self._each_probs())

    def _variance(self):
        return self._mean_val - self._mean_val * self._each_probs()

    def _each_probs(self):
        """The probabilities, for each of the counts."""
        return self.probs * ones_like(self.total_count)[..., None]
