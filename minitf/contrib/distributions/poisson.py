"""`tf.contrib.distributions.Poisson`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import control_dependencies, name_scope
from minitf.distributions.distribution import NOT_REPARAMETERIZED, OfScalars
from minitf.distributions.probabilities import whole_counts
from minitf.ops.array.basics import identity, shape
from minitf.ops.control_flow.check import assert_positive
from minitf.ops.math.elementwise import exp, floor, log
from minitf.ops.math.gamma import igammac
from minitf.ops.math.special import lgamma
from minitf.ops.random.sampling import random_poisson


class Poisson(OfScalars):
    """Counts of events that come at a `rate`, or exp(`log_rate`).

    `validate_args` lets rates that are not positive raise in the run, and values that are negative
    or not whole. ValueError unless one of both is given, TypeError unless it is of floats.
    """

    def __init__(
        self, rate=None, log_rate=None, validate_args=False, allow_nan_stats=True, name="Poisson"
    ):
        parameters = dict(locals())
        if (rate is None) == (log_rate is None):
            raise ValueError("Must specify exactly one of `rate` and `log_rate`.")
        with name_scope(name, values=[rate]) as name:
            if log_rate is None:
                rate = _floats(rate, "rate")
                with control_dependencies([assert_positive(rate)] if validate_args else []):
                    self._rate = identity(rate, name="rate")
                    self._log_rate = log(rate, name="log_rate")
            else:
                self._log_rate = _floats(log_rate, "log_rate")
                self._rate = exp(self._log_rate, name="rate")
        super().__init__(self._rate.dtype, NOT_REPARAMETERIZED, validate_args, allow_nan_stats,
                         parameters, [self._rate], name)  # fmt: skip

    @property
    def rate(self):
        """The mean count."""
        return self._rate

    @property
    def log_rate(self):
        """Its logarithm."""
        return self._log_rate

    def _batch_shape_tensor(self):
        return shape(self.rate)

    def _batch_shape(self):
        return self.rate.shape

    def _sample_n(self, n, seed=None):
        return random_poisson(self.rate, [n], dtype=self.dtype, seed=seed)

    def _log_prob(self, x):
        x = whole_counts(x) if self.validate_args else x
        return x * self.log_rate - lgamma(1.0 + x) - self.rate

    def _cdf(self, x):
        x = whole_counts(x) if self.validate_args else x
        return igammac(1.0 + x, self.rate)

    def _mean(self):
        return identity(self.rate)

    def _variance(self):
        return identity(self.rate)

    def _mode(self):
        return floor(self.rate)


def _floats(value, name):
    value = convert_to_tensor(value, name=name)
    if not value.dtype.is_floating:
        raise TypeError(f"{name}.dtype ({value.dtype.name}) is a not a float-type.")
    return value
