"""`tf.distributions.StudentT`."""
import math

import numpy as np

from minitf.core.graph import control_dependencies, name_scope
from minitf.distributions.distribution import (
    FULLY_REPARAMETERIZED,
    check_same_float_dtype,
    parameter,
)
from minitf.distributions.scalars import Broadcasting, where_defined
from minitf.ops.array.basics import fill, identity, ones_like
from minitf.ops.array.rearrange import where_v2
from minitf.ops.control_flow.check import assert_positive
from minitf.ops.math.beta import betainc
from minitf.ops.math.elementwise import greater, log, log1p, rsqrt, square
from minitf.ops.math.operators import abs as magnitude
from minitf.ops.math.special import digamma, lgamma
from minitf.ops.random.draws import random_normal, salted
from minitf.ops.random.sampling import random_gamma


class StudentT(Broadcasting):
    """Student's t-distributions of `df` degrees of freedom, around `loc`, as wide as `scale`.

    The parameters broadcast. `validate_args` lets a `df` that is not positive raise in the run.
    ValueError when they are not of the same floating point type.
    """

    PARAMETERS = "df", "loc", "scale"

    def __init__(self, df, loc, scale, validate_args=False, allow_nan_stats=True, name="StudentT"):
        parameters = dict(locals())
        with name_scope(name, values=[df, loc, scale]) as name:
            checks = [assert_positive(df)] if validate_args else []
            with control_dependencies(checks):
                self._df = parameter(df, "df")
                self._loc = parameter(loc, "loc")
                self._scale = parameter(scale, "scale")
                check_same_float_dtype(self._df, self._loc)
                check_same_float_dtype(self._df, self._scale)
        super().__init__(self._scale.dtype, FULLY_REPARAMETERIZED, validate_args, allow_nan_stats,
                         parameters, [self._df, self._loc, self._scale], name)  # fmt: skip

    @property
    def df(self):
        """The degrees of freedom."""
        return self._df

    @property
    def loc(self):
        """The middle."""
        return self._loc

    @property
    def scale(self):
        """The width; not the standard deviation."""
        return self._scale

    def _sample_n(self, n, seed=None):
        normal = random_normal(self._sizes_of(n), dtype=self.dtype, seed=seed)
        df = self.df * self._ones()
        spread = random_gamma([n], 0.5 * df, beta=0.5, dtype=self.dtype,
                              seed=salted(seed, "student_t"))  # fmt: skip
        return normal * rsqrt(spread / df) * self.scale + self.loc

    def _log_prob(self, x):
        z = (x - self.loc) / self.scale
        return -0.5 * (self.df + 1.0) * log1p(square(z) / self.df) - self._log_normalization()

    def _log_normalization(self):
        return (log(magnitude(self.scale)) + 0.5 * log(self.df) + 0.5 * math.log(math.pi)
                + lgamma(0.5 * self.df) - lgamma(0.5 * (self.df + 1.0)))  # fmt: skip

    def _cdf(self, x):
        z = (x - self.loc) / magnitude(self.scale)
        below = 0.5 * betainc(0.5 * self.df, 0.5, self.df / (square(z) + self.df))
        return where_v2(z < 0.0, below, 1.0 - below)

    def _entropy(self):
        df = self.df * self._ones()
        half = 0.5 * (df + 1.0)
        log_beta = lgamma(0.5 * df) + 0.5 * math.log(math.pi) - lgamma(half)
        slope = digamma(half) - digamma(0.5 * df)
        return log(magnitude(self.scale)) + 0.5 * log(df) + log_beta + half * slope

    def _mean(self):
        return self._where_defined("mean", self.loc * self._ones())

    def _variance(self):
        some = where_v2(greater(self.df, 2.0), self.df - 2.0, ones_like(self.df))
        found = self._ones() * square(self.scale) * self.df / some
        infinite = np.array(np.inf, dtype=self.dtype.as_numpy_dtype)
        two = 2.0 * self._ones()
        found = where_v2(self.df > two, found, fill(self.batch_shape_tensor(), infinite))
        return self._where_defined("variance", found)

    def _where_defined(self, what, value):
        return where_defined(
            self, value, self.batch_shape_tensor(), greater(self.df, self._ones()), 
            {f"{what} not defined for components of df <= 1": self.df},
        )  # fmt: skip

    def _mode(self):
        return identity(self.loc)
