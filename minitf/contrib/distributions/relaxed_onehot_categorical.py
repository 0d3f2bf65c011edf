"""`tf.contrib.distributions.RelaxedOneHotCategorical` and the logarithm of it."""
import numpy as np

from minitf.contrib.distributions.bijectors.exp import Exp
from minitf.contrib.distributions.onehot_categorical import log_probabilities, rows_of_classes
from minitf.contrib.distributions.transformed_distribution import TransformedDistribution
from minitf.core.graph import control_dependencies, name_scope
from minitf.distributions.classes import OfClasses
from minitf.distributions.distribution import FULLY_REPARAMETERIZED
from minitf.distributions.probabilities import HasClasses, logits_and_probs
from minitf.nn.activation import log_softmax
from minitf.ops.array.basics import identity, ones, reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.check import assert_positive
from minitf.ops.math.elementwise import cast, log
from minitf.ops.math.special import lgamma
from minitf.ops.random.draws import random_uniform
from minitf.ops.reduction.reduce import reduce_sum


class ExpRelaxedOneHotCategorical(HasClasses, OfClasses):
    """The logarithms of RelaxedOneHotCategorical's vectors, which are more exact.

    `validate_args` lets a temperature that is not positive raise in the run, and values that are
    not logarithms of shares of 1. ValueError unless either `logits` or `probs` is given.
    """

    PARAMETER = "logits"

    def __init__(
        self,
        temperature,
        logits=None,
        probs=None,
        dtype=None,
        validate_args=False,
        allow_nan_stats=True,
        name="ExpRelaxedOneHotCategorical",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs, temperature]) as name:
            self._logits, self._probs = logits_and_probs(logits, probs, True, validate_args, name)
            if dtype is None and not validate_args:
                temperature = cast(temperature, self._logits.dtype)
            with control_dependencies([assert_positive(temperature)] if validate_args else []):
                self._temperature = identity(temperature, name="temperature")
                self._temperature_2d = reshape(temperature, [-1, 1], name="temperature_2d")
            with name_scope("event_size"):
                self._event_size = shape(self._logits)[-1]
        super().__init__(dtype or self._logits.dtype, FULLY_REPARAMETERIZED, validate_args,
                         allow_nan_stats, parameters,
                         [self._logits, self._probs, self._temperature], name)  # fmt: skip

    @property
    def temperature(self):
        """How far the vectors are from those with one 1."""
        return self._temperature

    def _sample_n(self, n, seed=None):
        sizes = concat([[n], shape(self.logits)], 0)
        logits = reshape(self.logits * ones(sizes, dtype=self.dtype), [-1, self.event_size])
        least = np.finfo(self.dtype.as_numpy_dtype).tiny  # log(0) is infinite
        drawn = random_uniform(shape(logits), minval=least, maxval=1.0, dtype=self.dtype,
                               seed=seed)  # fmt: skip
        noisy = (-log(-log(drawn)) + logits) / self._temperature_2d
        return reshape(log_softmax(noisy), sizes)

    def _log_prob(self, x):
        x, logits, sizes = rows_of_classes(log_probabilities(self, x), self.logits)
        k = cast(self.event_size, x.dtype)
        constant_part = lgamma(k) + (k - 1.0) * log(self.temperature)
        found = reduce_sum(log_softmax(logits - x * self._temperature_2d), [-1])
        return reshape(constant_part + found, sizes)


class RelaxedOneHotCategorical(TransformedDistribution):
    """Vectors that sum to 1, near to those with one 1 where the `temperature` is near 0, and
    differentiable: those of Gumbel's softmax, of `logits` or `probs`."""

    def __init__(
        self,
        temperature,
        logits=None,
        probs=None,
        dtype=None,
        validate_args=False,
        allow_nan_stats=True,
        name="RelaxedOneHotCategorical",
    ):
        logarithm = ExpRelaxedOneHotCategorical(
            temperature, logits=logits, probs=probs, dtype=dtype, validate_args=validate_args,
            allow_nan_stats=allow_nan_stats,
        )  # fmt: skip
        super().__init__(logarithm, Exp(), name=name)
