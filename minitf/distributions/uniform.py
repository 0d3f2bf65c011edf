"""`tf.distributions.Uniform`."""
import math

from minitf.core.graph import control_dependencies, name_scope
from minitf.distributions.distribution import (
    FULLY_REPARAMETERIZED,
    check_same_float_dtype,
    parameter,
)
from minitf.distributions.scalars import Broadcasting
from minitf.ops.array.basics import (
    ones,
    ones_like,
    zeros_like,
)
from minitf.ops.array.masks import where
from minitf.ops.control_flow.check import assert_less
from minitf.ops.math.elementwise import is_nan, log, logical_or, square
from minitf.ops.random.draws import random_uniform


class Uniform(Broadcasting):
    """The uniform distributions over [low, high), which broadcast.

    `validate_args` lets limits in the wrong order raise in the run. ValueError when the parameters
    are not of the same floating point type.
    """

    PARAMETERS = "low", "high"

    def __init__(
        self, low=0.0, high=1.0, validate_args=False, allow_nan_stats=True, name="Uniform"
    ):
        parameters = dict(locals())
        with name_scope(name, values=[low, high]) as name:
            said = "uniform not defined when low >= high."
            checks = [assert_less(low, high, message=said)] if validate_args else []
            with control_dependencies(checks):
                self._low = parameter(low, "low")
                self._high = parameter(high, "high")
                check_same_float_dtype(self._low, self._high)
        super().__init__(self._low.dtype, FULLY_REPARAMETERIZED, validate_args, allow_nan_stats,
                         parameters, [self._low, self._high], name)  # fmt: skip

    @property
    def low(self):
        """The lower limit."""
        return self._low

    @property
    def high(self):
        """The upper limit."""
        return self._high

    def range(self, name="range"):
        """high - low."""
        with self._name_scope(name):
            return self.high - self.low

    def _sample_n(self, n, seed=None):
        drawn = random_uniform(self._sizes_of(n), dtype=self.dtype, seed=seed)
        return self.low + self.range() * drawn

    def _prob(self, x):
        x = x * ones(self.batch_shape_tensor(), dtype=x.dtype)
        outside = logical_or(x < self.low, x >= self.high)
        inside = ones_like(x) / self.range()
        return where(is_nan(x), x, where(outside, zeros_like(x), inside))

    def _cdf(self, x):
        x = x * ones(self.batch_shape_tensor(), dtype=x.dtype)
        part = where(x < self.low, zeros_like(x), (x - self.low) / self.range())
        return where(x >= self.high, ones_like(x), part)

    def _entropy(self):
        return log(self.range())

    def _mean(self):
        return (self.low + self.high) / 2.0

    def _variance(self):
        return square(self.range()) / 12.0

    def _stddev(self):
        return self.range() / math.sqrt(12.0)
