"""`tf.contrib.distributions.Geometric`."""
import numpy as np

from minitf.core.constant import constant
from minitf.core.graph import control_dependencies, name_scope
from minitf.distributions.distribution import NOT_REPARAMETERIZED, OfScalars
from minitf.distributions.probabilities import HasOdds, logits_and_probs, whole_counts
from minitf.nn.activation import softplus
from minitf.ops.array.basics import identity, ones_like, shape, zeros, zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.array.rearrange import where_v2
from minitf.ops.control_flow.check import assert_less, assert_positive
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import equal, exp, expm1, floor, log, log1p
from minitf.ops.random.draws import random_uniform


class Geometric(HasOdds, OfScalars):
    """How many times an event of the probability `probs`, or the odds `logits`, fails to come
    before it does.

    `validate_args` lets probabilities outside (0, 1] raise in the run, and values that are negative
    or not whole. ValueError unless either `logits` or `probs` is given.
    """

    def __init__(
        self, logits=None, probs=None, validate_args=False, allow_nan_stats=True, name="Geometric"
    ):
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs]) as name:
            self._logits, probs = logits_and_probs(logits, probs, False, validate_args, name)
            with control_dependencies([assert_positive(probs)] if validate_args else []):
                self._probs = identity(probs, name="probs")
        super().__init__(self._probs.dtype, NOT_REPARAMETERIZED, validate_args, allow_nan_stats,
                         parameters, [self._probs, self._logits], name)  # fmt: skip

    def _batch_shape_tensor(self):
        return shape(self._probs)

    def _batch_shape(self):
        return self.probs.shape

    def _sample_n(self, n, seed=None):
        least = np.finfo(self.dtype.as_numpy_dtype).tiny  # log(0) is infinite
        sizes = concat([[n], shape(self._probs)], 0)
        drawn = random_uniform(sizes, minval=least, maxval=1.0, seed=seed, dtype=self.dtype)
        return floor(log(drawn) / log1p(-self.probs))

    def _counts(self, x):
        x = whole_counts(x) if self.validate_args else floor(x)
        return x * ones_like(self.probs)

    def _cdf(self, x):
        x = self._counts(x)
        return where_v2(x < 0.0, zeros_like(x), -expm1((1.0 + x) * log1p(-self.probs)))

    def _log_prob(self, x):
        x = self._counts(x)
        probs = self.probs * ones_like(x)
        # 0 log(1 - 1) is 0.
        safe = where_v2(equal(x, 0.0), zeros_like(probs), probs)
        return x * log1p(-safe) + log(probs)

    def _entropy(self):
        probs = self.probs
        if self.validate_args:
            said = "Entropy is undefined when logits = inf or probs = 1."
            check = assert_less(probs, constant(1.0, probs.dtype), message=said)
            probs = with_dependencies([check], probs)
        return softplus(self.logits) / probs - self.logits

    def _mean(self):
        return exp(-self.logits)

    def _variance(self):
        return self._mean() / self.probs

    def _mode(self):
        return zeros(self.batch_shape_tensor(), dtype=self.dtype)
