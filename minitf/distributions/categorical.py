"""`tf.distributions.Categorical`."""
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32, int64
from minitf.core.graph import name_scope
from minitf.core.tensor_shape import TensorShape
from minitf.distributions.distribution import NOT_REPARAMETERIZED, OfScalars
from minitf.distributions.kullback_leibler import RegisterKL
from minitf.distributions.probabilities import HasClasses, logits_and_probs, whole_counts
from minitf.nn.activation import log_softmax, softmax
from minitf.nn.loss import sparse_softmax_cross_entropy_with_logits
from minitf.ops.array.basics import identity, ones, ones_like, rank, reshape, shape, zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.array.masks import sequence_mask, where
from minitf.ops.math.elementwise import cast
from minitf.ops.random.sampling import multinomial
from minitf.ops.reduction.axes import transpose
from minitf.ops.reduction.extremes import argmax
from minitf.ops.reduction.reduce import reduce_sum


class Categorical(HasClasses, OfScalars):
    """Classes 0, 1, ... of probabilities `probs`, or softmax(`logits`), along the last axis.

    `validate_args` lets probabilities raise in the run that are negative or do not sum to 1, and
    classes that are negative or not whole.
    ValueError unless either `logits` or `probs` is given.
    """

    def __init__(
        self,
        logits=None,
        probs=None,
        dtype=int32,
        validate_args=False,
        allow_nan_stats=True,
        name="Categorical",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs]) as name:
            self._logits, self._probs = logits_and_probs(logits, probs, True, validate_args, name)
            self._batch_rank, self._event_size, self._batch_sizes = _sizes(self._logits)
        super().__init__(dtype, NOT_REPARAMETERIZED, validate_args, allow_nan_stats,
                         parameters, [self._logits, self._probs], name)  # fmt: skip

    def _batch_shape_tensor(self):
        return identity(self._batch_sizes)

    def _batch_shape(self):
        return self.logits.shape[:-1]

    def _sample_n(self, n, seed=None):
        logits = self.logits
        if logits.shape.ndims != 2:
            logits = reshape(logits, [-1, self.event_size])
        wide = int64 if self.dtype.size > 4 else int32
        drawn = multinomial(logits, n, seed=seed, output_dtype=wide)
        turned = transpose(drawn)
        turned = reshape(turned, concat([[n], self.batch_shape_tensor()], 0))
        return cast(turned, self.dtype)

    def _log_prob(self, k):
        k, logits = self._broadcast(k, self.logits)
        return -sparse_softmax_cross_entropy_with_logits(labels=k, logits=logits)

    def _cdf(self, k):
        k, probs = self._broadcast(k, self.probs)
        rows = reshape(probs, [-1, self._event_size])
        below = sequence_mask(reshape(k, [-1]), self._event_size)
        sums = reduce_sum(where(below, rows, zeros_like(rows)), axis=-1)
        return reshape(sums, shape(k))

    def _broadcast(self, event, parameters):
        """Classes, and for each of them its parameters."""
        event = whole_counts(event) if self.validate_args else event
        if event.dtype.is_floating:
            event = cast(event, int32)
        batch = parameters.shape[:-1]
        known = batch.is_fully_defined() and event.shape.is_fully_defined()
        if known and batch == event.shape:
            return event, parameters
        parameters = parameters * ones_like(event[..., None], dtype=parameters.dtype)
        event = event * ones(shape(parameters)[:-1], dtype=event.dtype)
        if parameters.shape.ndims is not None:
            event.set_shape(parameters.shape[:-1])
        return event, parameters

    def _entropy(self):
        return -reduce_sum(log_softmax(self.logits) * self.probs, axis=-1)

    def _mode(self):
        found = cast(argmax(self.logits, axis=self._batch_rank), self.dtype)
        found.set_shape(self.batch_shape)
        return found


def _sizes(logits):
    """The rank of the batch, the number of classes and the batch's shape, as tensors."""
    static = logits.shape.with_rank_at_least(1)
    if static.ndims is None:
        with name_scope("batch_rank"):
            batch_rank = rank(logits) - 1
    else:
        batch_rank = convert_to_tensor(static.ndims - 1, dtype=int32, name="batch_rank")
    sizes = shape(logits, name="logits_shape")
    last = static.as_list()[-1] if static.ndims is not None else None
    if last is None:
        with name_scope("event_size"):
            event_size = sizes[batch_rank]
    else:
        event_size = convert_to_tensor(last, dtype=int32, name="event_size")
    batch = TensorShape(None) if static.ndims is None else static[:-1]
    if batch.is_fully_defined():
        return batch_rank, event_size, constant(batch.as_list(), dtype=int32, name="batch_shape")
    with name_scope("batch_shape"):
        return batch_rank, event_size, sizes[:-1]


@RegisterKL(Categorical, Categorical)
def _(a, b, name=None):
    with name_scope(name, "kl_categorical_categorical", [a.logits, b.logits]):
        difference = log_softmax(a.logits) - log_softmax(b.logits)
        return reduce_sum(softmax(a.logits) * difference, axis=-1)
