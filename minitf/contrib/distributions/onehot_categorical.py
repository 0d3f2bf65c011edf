"""`tf.contrib.distributions.OneHotCategorical`."""
from minitf.core.constant import constant
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.distributions.classes import OfClasses
from minitf.distributions.distribution import NOT_REPARAMETERIZED
from minitf.distributions.kullback_leibler import RegisterKL
from minitf.distributions.probabilities import HasClasses, logits_and_probs, zeros_and_ones
from minitf.nn.activation import log_softmax, softmax
from minitf.nn.loss import softmax_cross_entropy_with_logits
from minitf.ops.array.basics import ones_like, reshape, shape, zeros
from minitf.ops.array.joining import concat
from minitf.ops.array.one_hot import one_hot
from minitf.ops.control_flow.check import assert_equal, assert_near, assert_non_positive
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.random.sampling import multinomial
from minitf.ops.reduction.axes import transpose
from minitf.ops.reduction.extremes import argmax
from minitf.ops.reduction.reduce import reduce_logsumexp, reduce_sum


class OneHotCategorical(HasClasses, OfClasses):
    """Classes of probabilities `probs`, or softmax(`logits`), as vectors with one 1.

    ValueError unless either `logits` or `probs` is given.
    """

    PARAMETER = "logits"

    def __init__(
        self,
        logits=None,
        probs=None,
        dtype=int32,
        validate_args=False,
        allow_nan_stats=True,
        name="OneHotCategorical",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs]) as name:
            self._logits, self._probs = logits_and_probs(logits, probs, True, validate_args, name)
            with name_scope("event_size"):
                self._event_size = shape(self._logits)[-1]
        super().__init__(dtype, NOT_REPARAMETERIZED, validate_args, allow_nan_stats,
                         parameters, [self._logits, self._probs], name)  # fmt: skip

    def _sample_n(self, n, seed=None):
        logits = self.logits
        if logits.shape.ndims != 2:
            logits = reshape(logits, [-1, self.event_size])
        drawn = transpose(multinomial(logits, n, seed=seed))
        sizes = concat([[n], shape(self.logits)], 0)
        return reshape(one_hot(drawn, self.event_size, dtype=self.dtype), sizes)

    def _log_prob(self, x):
        x, logits, sizes = rows_of_classes(_checked(self, x), self.logits)
        found = -softmax_cross_entropy_with_logits(labels=x, logits=logits)
        return reshape(found, sizes)

    def _entropy(self):
        return -reduce_sum(log_softmax(self.logits) * self.probs, axis=-1)

    def _mode(self):
        likeliest = argmax(self.logits, axis=-1)
        found = one_hot(likeliest, self.event_size, dtype=self.dtype)
        found.set_shape(self.logits.shape)
        return found

    def _covariance(self):
        return self._of_pairs(self.probs, self.probs)

    def _variance(self):
        return self.probs * (1.0 - self.probs)


def rows_of_classes(x, logits):
    """x and logits, which broadcast, as matrices of a row for each event; the shape without the
    classes."""
    known = x.shape.is_fully_defined() and logits.shape.is_fully_defined()
    if not (known and x.shape == logits.shape):
        logits = ones_like(x, dtype=logits.dtype) * logits
        x = ones_like(logits, dtype=x.dtype) * x
    sizes = shape(logits)
    return reshape(x, [-1, sizes[-1]]), reshape(logits, [-1, sizes[-1]]), sizes[:-1]


def _checked(distribution, x):
    """The value x; with `validate_args`, once it is known to be one hot."""
    if not distribution.validate_args:
        return x
    x = zeros_and_ones(x)
    one = assert_equal(reduce_sum(x, -1), constant(1, x.dtype), message="One element must be 1.")
    return with_dependencies([one], x)


def log_probabilities(distribution, x):
    """The value x; with `validate_args`, once it is known to be the logarithms of shares of 1."""
    if not distribution.validate_args:
        return x
    total = reduce_logsumexp(x, axis=[-1])
    checks = [assert_non_positive(x), assert_near(zeros([], dtype=distribution.dtype), total)]
    return with_dependencies(checks, x)


@RegisterKL(OneHotCategorical, OneHotCategorical)
def _(a, b, name=None):
    with name_scope(name, "kl_categorical_categorical", [a.logits, b.logits]):
        difference = log_softmax(a.logits) - log_softmax(b.logits)
        return reduce_sum(softmax(a.logits) * difference, axis=-1)
