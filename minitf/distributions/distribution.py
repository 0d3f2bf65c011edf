"""The base class of distributions: what they have in common, and what follows from what."""
from contextlib import contextmanager

import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.core.tensor_shape import TensorShape, as_shape
from minitf.distributions import kullback_leibler
from minitf.ops.array.basics import identity, reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.math.elementwise import equal, exp, log, log1p, sqrt, square
from minitf.ops.reduction.reduce import reduce_prod


class ReparameterizationType:
    """Whether gradients flow from samples back to the parameters. Compared by identity."""

    def __init__(self, rep_type):
        self._rep_type = rep_type

    def __repr__(self):
        return f"<Reparameteriation Type: {self._rep_type}>"


FULLY_REPARAMETERIZED = ReparameterizationType("FULLY_REPARAMETERIZED")
NOT_REPARAMETERIZED = ReparameterizationType("NOT_REPARAMETERIZED")


# What follows from which other, and how; the first that a class defines is taken.
FOLLOWS = {
    "log_prob": [("prob", log)],
    "prob": [("log_prob", exp)],
    "log_cdf": [("cdf", log)],
    "cdf": [("log_cdf", exp)],
    "log_survival_function": [("cdf", lambda y: log1p(-y)), ("log_cdf", lambda y: log1p(-exp(y)))],
    "survival_function": [("cdf", lambda y: 1.0 - y), ("log_cdf", lambda y: 1.0 - exp(y))],
    "variance": [("stddev", square)],
    "stddev": [("variance", sqrt)],
}


class Distribution:
    """A batch of probability distributions: `batch_shape` of them, each of events of `event_shape`.

    A class defines `_sample_n`, `_log_prob` or `_prob`, and so on, and gets the public functions
    for them. What follows from another, as `prob` from `log_prob`, needs no definition.
    """

    def __init__(
        self,
        dtype,
        reparameterization_type,
        validate_args,
        allow_nan_stats,
        parameters=None,
        graph_parents=None,
        name=None,
    ):
        if not name or name[-1] != "/":
            with name_scope(name or type(self).__name__) as name:
                pass
        self._parameters = dict(parameters or {})
        self._graph_parents = list(graph_parents or [])
        self._dtype, self._name = dtype, name
        self._reparameterization_type = reparameterization_type
        self._validate_args, self._allow_nan_stats = validate_args, allow_nan_stats

    # -- what it is --------------------------------------------------------------------------

    @property
    def name(self):
        """The scope of its ops."""
        return self._name

    @property
    def dtype(self):
        """The type of samples."""
        return self._dtype

    @property
    def parameters(self):
        """The arguments that it was made with."""
        return {k: v for k, v in self._parameters.items() if k != "self" and k[:2] != "__"}

    @property
    def reparameterization_type(self):
        """Whether gradients flow from samples back to the parameters."""
        return self._reparameterization_type

    @property
    def allow_nan_stats(self):
        """Whether statistics that are not defined are NaN, or raise."""
        return self._allow_nan_stats

    @property
    def validate_args(self):
        """Whether parameters and values are checked in the run."""
        return self._validate_args

    def copy(self, **override_parameters_kwargs):
        """One of the same class with some parameters changed."""
        return type(self)(**(self.parameters | override_parameters_kwargs))

    def __str__(self):
        shapes = {"batch_shape": self.batch_shape, "event_shape": self.event_shape}
        known = "".join(f", {k}={v}" for k, v in shapes.items() if v.ndims is not None)
        return (f'tfp.distributions.{type(self).__name__}("{self.name}"{known}, '
                f"dtype={self.dtype.name})")  # fmt: skip

    def __repr__(self):
        return (f"<tfp.distributions.{type(self).__name__} '{self.name}' "
                f"batch_shape={self.batch_shape} event_shape={self.event_shape} "
                f"dtype={self.dtype.name}>")  # fmt: skip

    # -- shapes ------------------------------------------------------------------------------

    @classmethod
    def param_shapes(cls, sample_shape, name="DistributionParamShapes"):
        """{parameter: its shape} for samples of `sample_shape`. NotImplementedError for the most
        classes."""
        with name_scope(name, values=[sample_shape]):
            return cls._param_shapes(sample_shape)

    @classmethod
    def _param_shapes(cls, sample_shape):
        raise NotImplementedError(f"param_shapes is not implemented: {cls.__name__}")

    @classmethod
    def param_static_shapes(cls, sample_shape):
        """As `param_shapes`, with TensorShapes. ValueError when `sample_shape` is not known."""
        if isinstance(sample_shape, TensorShape):
            sample_shape.assert_is_fully_defined()
            sample_shape = sample_shape.as_list()
        found = {k: constant_value(v) for k, v in cls.param_shapes(sample_shape).items()}
        if any(value is None for value in found.values()):
            raise ValueError("sample_shape must be a fully-defined TensorShape or list/tuple")
        return {name: TensorShape(value.tolist()) for name, value in found.items()}

    @property
    def batch_shape(self):
        """The shape of the batch, as far as it is known."""
        return TensorShape(as_shape(self._batch_shape()))

    @property
    def event_shape(self):
        """The shape of one event, as far as it is known."""
        return TensorShape(as_shape(self._event_shape()))

    def batch_shape_tensor(self, name="batch_shape_tensor"):
        """The shape of the batch, a vector."""
        return self._shape_tensor(name, "batch_shape")

    def event_shape_tensor(self, name="event_shape_tensor"):
        """The shape of one event, a vector."""
        return self._shape_tensor(name, "event_shape")

    def _shape_tensor(self, name, kind):
        static = getattr(self, kind)
        with self._name_scope(name):
            if static.is_fully_defined():
                return convert_to_tensor(static.as_list(), dtype=int32, name=kind)
            return self._defined(f"{kind}_tensor")()

    def is_scalar_event(self, name="is_scalar_event"):
        """Whether events are scalars."""
        return self._is_scalar(name, self.event_shape, self.event_shape_tensor)

    def is_scalar_batch(self, name="is_scalar_batch"):
        """Whether the batch is one distribution."""
        return self._is_scalar(name, self.batch_shape, self.batch_shape_tensor)

    def _is_scalar(self, name, static, compute):
        with self._name_scope(name):
            if static.ndims is not None:
                return convert_to_tensor(static.ndims == 0, name=name)
            return equal(shape(compute())[0], 0)

    def _batch_shape(self):
        return None

    def _event_shape(self):
        return None

    # -- samples -----------------------------------------------------------------------------

    def sample(self, sample_shape=(), seed=None, name="sample"):
        """Samples: [*sample_shape, *batch_shape, *event_shape]."""
        return self._drawn(sample_shape, seed, name)

    def _drawn(self, sample_shape, seed, name, **given):
        with self._name_scope(name, [sample_shape]):
            sample_shape = convert_to_tensor(sample_shape, dtype=int32, name="sample_shape")
            sample_shape, n = _as_vector(sample_shape)
            samples = self._defined("sample_n")(n, seed, **given)
            rest = shape(samples)[1:]
            samples = reshape(samples, concat([sample_shape, rest], 0))
            samples = self._sampled(samples, **given)
            known = constant_value(sample_shape)
            if known is not None:
                lead = TensorShape(known.tolist())
                samples.set_shape(lead.concatenate(self.batch_shape).concatenate(self.event_shape))
            return samples

    def _sampled(self, samples, **given):
        """What becomes of `_sample_n`'s samples once they have their shape."""
        return samples

    # -- probabilities and statistics --------------------------------------------------------

    def log_prob(self, value, name="log_prob"):
        """The logarithm of the probability, or of its density, at `value`."""
        return self._at(value, name, "log_prob")

    def prob(self, value, name="prob"):
        """The probability, or its density, at `value`."""
        return self._at(value, name, "prob")

    def log_cdf(self, value, name="log_cdf"):
        """The logarithm of the probability of what is at most `value`."""
        return self._at(value, name, "log_cdf")

    def cdf(self, value, name="cdf"):
        """The probability of what is at most `value`."""
        return self._at(value, name, "cdf")

    def log_survival_function(self, value, name="log_survival_function"):
        """The logarithm of the probability of what is above `value`."""
        return self._at(value, name, "log_survival_function")

    def survival_function(self, value, name="survival_function"):
        """The probability of what is above `value`."""
        return self._at(value, name, "survival_function")

    def quantile(self, value, name="quantile"):
        """The number that samples are at most with probability `value`."""
        return self._at(value, name, "quantile")

    def entropy(self, name="entropy"):
        """The mean of -log_prob, in nats."""
        return self._statistic(name, "entropy")

    def mean(self, name="mean"):
        """The mean."""
        return self._statistic(name, "mean")

    def variance(self, name="variance"):
        """The variance."""
        return self._statistic(name, "variance")

    def stddev(self, name="stddev"):
        """The standard deviation."""
        return self._statistic(name, "stddev")

    def covariance(self, name="covariance"):
        """The covariance of the parts of an event."""
        return self._statistic(name, "covariance")

    def mode(self, name="mode"):
        """The likeliest value."""
        return self._statistic(name, "mode")

    def cross_entropy(self, other, name="cross_entropy"):
        """The mean of -log other(x) for x drawn from this one."""
        with self._name_scope(name):
            return kullback_leibler.cross_entropy(self, other, self.allow_nan_stats)

    def kl_divergence(self, other, name="kl_divergence"):
        """KL(this one || other), see `tf.distributions.kl_divergence`."""
        with self._name_scope(name):
            return kullback_leibler.kl_divergence(self, other, self.allow_nan_stats)

    def _at(self, value, name, what, **given):
        with self._name_scope(name, [value]):
            value = convert_to_tensor(value, name="value", dtype_hint=self.dtype)
            return self._found(what, value, **given)

    def _statistic(self, name, what):
        with self._name_scope(name):
            return self._found(what)

    def _found(self, what, *arguments, **given):
        """By the class's own definition, else from another that it defines."""
        if hasattr(self, f"_{what}"):
            return getattr(self, f"_{what}")(*arguments, **given)
        for other, transform in FOLLOWS.get(what, ()):
            if hasattr(self, f"_{other}"):
                return transform(getattr(self, f"_{other}")(*arguments, **given))
        return self._defined(what)

    def _defined(self, method):
        found = getattr(self, f"_{method}", None)
        if found is None:
            raise NotImplementedError(f"{method} is not implemented: {type(self).__name__}")
        return found

    @contextmanager
    def _name_scope(self, name, values=()):
        with name_scope(self.name), name_scope(name, values=[*values, *self._graph_parents]) as at:
            yield at


class OfScalars(Distribution):
    """Distributions whose events are scalars."""

    def _event_shape_tensor(self):
        return constant([], dtype=int32)

    def _event_shape(self):
        return []


def _as_vector(sample_shape):
    """The shape as a vector, and how many samples it says."""
    known = constant_value(sample_shape)
    n = reduce_prod(sample_shape) if known is None else np.prod(known, dtype=np.int32)
    if sample_shape.shape.ndims is None:
        return reshape(sample_shape, [-1]), n
    if len(sample_shape.shape) > 1:
        raise ValueError("Input is neither scalar nor vector.")
    if len(sample_shape.shape) == 0:
        if known is None:
            return reshape(sample_shape, [1]), n
        return convert_to_tensor(np.array([known], np.int32), name="sample_shape"), n
    return sample_shape, n


def parameter(value, name):
    """A parameter as a tensor of the distribution's own."""
    return identity(value, name=name)


def check_same_float_dtype(first, second):
    """ValueError unless both are floats of the same type."""
    if first.dtype != second.dtype or not first.dtype.is_floating:
        raise ValueError(f"Tensors {first.name} and {second.name} must be of the same floating "
                         f"point type, got {first.dtype.name} and {second.dtype.name}")  # fmt: skip
