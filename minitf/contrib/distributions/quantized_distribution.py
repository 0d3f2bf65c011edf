"""`tf.contrib.distributions.QuantizedDistribution`."""
import math

from minitf.contrib.distributions.util import optional_tensor
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import control_dependencies, name_scope
from minitf.distributions.distribution import NOT_REPARAMETERIZED, Distribution
from minitf.ops.array.basics import ones_like, zeros_like
from minitf.ops.array.rearrange import where_v2
from minitf.ops.control_flow.check import assert_equal, assert_less
from minitf.ops.control_flow.check_static import assert_same_float_dtype
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import ceil, exp, floor, log


class QuantizedDistribution(Distribution):
    """The samples of another distribution rounded up to whole numbers, and those outside
    [low, high] taken to the limits.

    `validate_args` lets limits and values raise in the run that are not whole, and limits in the
    wrong order. ValueError when the limits are not of the distribution's type.
    """

    def __init__(
        self,
        distribution,
        low=None,
        high=None,
        validate_args=False,
        name="QuantizedDistribution",
    ):
        parameters = dict(locals())
        self._dist, self._validate_args = distribution, validate_args
        with name_scope(name, values=[*distribution.parameters.values(), low, high]) as name:
            low, high = optional_tensor(low, "low"), optional_tensor(high, "high")
            assert_same_float_dtype([distribution, low, high])
            checks = []
            if validate_args and low is not None and high is not None:
                said = "low must be strictly less than high."
                checks += [assert_less(low, high, message=said)]
            with control_dependencies(checks):
                self._low = None if low is None else self._whole(low)
                self._high = None if high is None else self._whole(high)
        limits = [limit for limit in (self._low, self._high) if limit is not None]
        super().__init__(distribution.dtype, NOT_REPARAMETERIZED, validate_args,
                         distribution.allow_nan_stats, parameters,
                         [*distribution._graph_parents, *limits], name)  # fmt: skip

    @property
    def distribution(self):
        """The other."""
        return self._dist

    @property
    def low(self):
        """The lower limit, or None."""
        return self._low

    @property
    def high(self):
        """The upper limit, or None."""
        return self._high

    def _whole(self, value):
        """The value; with `validate_args`, once it is known to be whole."""
        with name_scope("check_integer", values=[value]):
            value = convert_to_tensor(value, name="value")
            if not self._validate_args:
                return value
            said = "value has non-integer components."
            return with_dependencies([assert_equal(value, floor(value), message=said)], value)

    def _batch_shape_tensor(self):
        return self.distribution.batch_shape_tensor()

    def _batch_shape(self):
        return self.distribution.batch_shape

    def _event_shape_tensor(self):
        return self.distribution.event_shape_tensor()

    def _event_shape(self):
        return self.distribution.event_shape

    def _sample_n(self, n, seed=None):
        with name_scope("transform"):
            x = ceil(self.distribution.sample(n, seed=seed))
            x = x if self.low is None else where_v2(x < self.low, self.low * ones_like(x), x)
            return x if self.high is None else where_v2(x > self.high, self.high * ones_like(x), x)

    def _prob(self, y):
        y = self._whole(y)
        below, below_before = self.cdf(y), self.cdf(y - 1)
        above, above_before = self.survival_function(y), self.survival_function(y - 1)
        # The smaller ones are the more exact.
        return where_v2(above < below, above_before - above, below - below_before)

    def _log_prob(self, y):
        y = self._whole(y)
        below, below_before = self.log_cdf(y), self.log_cdf(y - 1)
        above, above_before = self.log_survival_function(y), self.log_survival_function(y - 1)
        larger = where_v2(above < below, above_before, below)
        smaller = where_v2(above < below, above, below_before)
        return log(1.0 - exp(smaller - larger)) + larger

    def _cdf(self, y):
        return self._within("cdf", floor(y), 0.0, 1.0)

    def _log_cdf(self, y):
        return self._within("log_cdf", floor(y), -math.inf, 0.0)

    def _survival_function(self, y):
        return self._within("survival_function", ceil(y), 1.0, 0.0)

    def _log_survival_function(self, y):
        return self._within("log_survival_function", ceil(y), 0.0, -math.inf)

    def _within(self, what, y, under, over):
        """The distribution's between the limits, else what it is under and over them."""
        found = getattr(self.distribution, what)(y)
        y += zeros_like(found)
        if self.low is not None:
            found = where_v2(y < self.low, zeros_like(found) + under, found)
        if self.high is not None:
            found = where_v2(y >= self.high, zeros_like(found) + over, found)
        return found
