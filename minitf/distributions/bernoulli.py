"""`tf.distributions.Bernoulli`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.distributions.distribution import NOT_REPARAMETERIZED, OfScalars
from minitf.distributions.kullback_leibler import RegisterKL
from minitf.distributions.probabilities import HasOdds, logits_and_probs, zeros_and_ones
from minitf.nn.activation import log_sigmoid, sigmoid, softplus
from minitf.nn.loss import sigmoid_cross_entropy_with_logits
from minitf.ops.array.basics import identity, ones_like, shape
from minitf.ops.array.joining import concat
from minitf.ops.math.elementwise import cast, less
from minitf.ops.math.operators import abs as magnitude
from minitf.ops.random.draws import random_uniform


class Bernoulli(HasOdds, OfScalars):
    """Events that are 1 with probability `probs`, or sigmoid(`logits`), and 0 otherwise.

    `validate_args` lets probabilities outside [0, 1] raise in the run, and values outside it.
    ValueError unless either `logits` or `probs` is given.
    """

    def __init__(
        self,
        logits=None,
        probs=None,
        dtype=int32,
        validate_args=False,
        allow_nan_stats=True,
        name="Bernoulli",
    ):
        parameters = dict(locals())
        with name_scope(name) as name:
            self._logits, self._probs = logits_and_probs(logits, probs, False, validate_args, name)
        super().__init__(dtype, NOT_REPARAMETERIZED, validate_args, allow_nan_stats,
                         parameters, [self._logits, self._probs], name)  # fmt: skip

    @staticmethod
    def _param_shapes(sample_shape):
        return {"logits": convert_to_tensor(sample_shape, dtype=int32)}

    def _batch_shape_tensor(self):
        return shape(self._logits)

    def _batch_shape(self):
        return self._logits.shape

    def _sample_n(self, n, seed=None):
        sizes = concat([[n], self.batch_shape_tensor()], 0)
        drawn = random_uniform(sizes, seed=seed, dtype=self.probs.dtype)
        return cast(less(drawn, self.probs), self.dtype)

    def _log_prob(self, event):
        event = zeros_and_ones(event) if self.validate_args else event
        event, logits = cast(event, self.logits.dtype), self.logits
        known = event.shape.is_fully_defined() and logits.shape.is_fully_defined()
        if not (known and event.shape == logits.shape):
            logits, event = ones_like(event) * logits, ones_like(logits) * event
        return -sigmoid_cross_entropy_with_logits(labels=event, logits=logits)

    def _entropy(self):
        odds = magnitude(self.logits)  # of the likelier event: nothing cancels
        return odds * sigmoid(-odds) - log_sigmoid(odds)

    def _mean(self):
        return identity(self.probs)

    def _variance(self):
        return self._mean() * (1.0 - self.probs)

    def _mode(self):
        return cast(self.probs > 0.5, self.dtype)


@RegisterKL(Bernoulli, Bernoulli)
def _(a, b, name=None):
    with name_scope(name, "kl_bernoulli_bernoulli", [a.logits, b.logits]):
        of_0 = softplus(-b.logits) - softplus(-a.logits)
        of_1 = softplus(b.logits) - softplus(a.logits)
        return sigmoid(a.logits) * of_0 + sigmoid(-a.logits) * of_1
