"""Distributions of scalars whose parameters broadcast, and what may be undefined of one."""
import functools

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.distributions.distribution import OfScalars, check_same_float_dtype
from minitf.ops.array.basics import (
    broadcast_dynamic_shape,
    broadcast_static_shape,
    fill,
    ones,
    shape,
)
from minitf.ops.array.joining import concat
from minitf.ops.array.rearrange import where_v2
from minitf.ops.control_flow.check import assert_less
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import logical_and


class Broadcasting(OfScalars):
    """A class names its parameters in `PARAMETERS`: of these attributes the batch is made."""

    PARAMETERS = ()

    @classmethod
    def _param_shapes(cls, sample_shape):
        sizes = convert_to_tensor(sample_shape, dtype=int32)
        return dict.fromkeys(cls.PARAMETERS, sizes)

    def _given(self):
        return [getattr(self, name) for name in self.PARAMETERS]

    def _batch_shape_tensor(self):
        return functools.reduce(broadcast_dynamic_shape, map(shape, self._given()))

    def _batch_shape(self):
        return functools.reduce(broadcast_static_shape, (p.shape for p in self._given()))

    def _sizes_of(self, n):
        """The shape of n samples."""
        return concat([[n], self.batch_shape_tensor()], 0)

    def _ones(self):
        """A one for each distribution."""
        return ones(self.batch_shape_tensor(), dtype=self.dtype)


def checked_sample(distribution, x, *checks):
    """The value x; with `validate_args`, after the checks, which are functions of x."""
    check_same_float_dtype(x, distribution)
    if not distribution.validate_args:
        return x
    return with_dependencies([check(x) for check in checks], x)


def where_defined(distribution, value, sizes, condition, larger):
    """The value where the condition holds, and NaN elsewhere.

    Where NaN is not allowed, InvalidArgumentError unless each of `larger`, {what is said: value},
    is above 1.
    """
    if distribution.allow_nan_stats:
        return where_v2(condition, value, not_a_number(sizes, distribution.dtype))
    one = ones([], dtype=distribution.dtype)
    checks = [assert_less(one, each, message=said) for said, each in larger.items()]
    return with_dependencies(checks, value)


def where_both_above_1(distribution, mode):
    """The mode, which is defined where both concentrations of the distribution are above 1."""
    a, b = distribution.concentration1, distribution.concentration0
    said = "Mode undefined for {} <= 1."
    return where_defined(
        distribution, mode, distribution.batch_shape_tensor(), logical_and(a > 1.0, b > 1.0),
        {said.format("concentration1"): a, said.format("concentration0"): b},
    )  # fmt: skip


def not_a_number(sizes, dtype):
    return fill(sizes, np.array(np.nan, dtype=dtype.as_numpy_dtype), name="nan")
