"""Distributions of scalars around `loc`, as wide as `scale`."""
import numpy as np

from minitf.core.graph import control_dependencies, name_scope
from minitf.distributions.distribution import (
    FULLY_REPARAMETERIZED,
    check_same_float_dtype,
    parameter,
)
from minitf.distributions.scalars import Broadcasting
from minitf.ops.array.basics import ones_like
from minitf.ops.control_flow.check import assert_positive
from minitf.ops.random.draws import random_uniform


class LocScale(Broadcasting):
    """What they have in common. `validate_args` lets a `scale` that is not positive raise in the
    run. ValueError when the parameters are not of the same floating point type."""

    PARAMETERS = "loc", "scale"

    def __init__(self, loc, scale, validate_args, allow_nan_stats, name, parameters):
        with name_scope(name, values=[loc, scale]) as name:
            checks = [assert_positive(scale)] if validate_args else []
            with control_dependencies(checks):
                self._loc = parameter(loc, "loc")
                self._scale = parameter(scale, "scale")
                check_same_float_dtype(self._loc, self._scale)
        super().__init__(self._scale.dtype, FULLY_REPARAMETERIZED, validate_args, allow_nan_stats,
                         parameters, [self._loc, self._scale], name)  # fmt: skip

    @property
    def loc(self):
        """The middle."""
        return self._loc

    @property
    def scale(self):
        """The width."""
        return self._scale

    def _uniform(self, n, seed):
        """Numbers between 0 and 1, but neither."""
        least = np.finfo(self.dtype.as_numpy_dtype).tiny
        return random_uniform(self._sizes_of(n), minval=least, maxval=1.0, dtype=self.dtype,
                              seed=seed)  # fmt: skip

    def _z(self, x):
        with name_scope("standardize", values=[x]):
            return (x - self.loc) / self.scale

    def _each_loc(self):
        return self.loc * ones_like(self.scale)

    def _each_scale(self):
        return self.scale * ones_like(self.loc)
