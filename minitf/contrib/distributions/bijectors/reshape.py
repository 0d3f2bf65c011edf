"""`tf.contrib.distributions.bijectors.Reshape`."""
import numpy as np

from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.static import constant_value
from minitf.ops.array.basics import rank, reshape, shape, size, zeros
from minitf.ops.array.joining import concat
from minitf.ops.array.masks import boolean_mask
from minitf.ops.control_flow.check import assert_equal, assert_greater_equal, assert_less_equal
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import cast, equal
from minitf.ops.reduction.reduce import reduce_sum


class Reshape(Bijector):
    """Events of the shape `event_shape_in` in the shape `event_shape_out`; either may have one -1.

    ValueError for shapes that cannot be, or that an event has not; `validate_args` lets those that
    are not known before raise in the run.
    """

    def __init__(self, event_shape_out, event_shape_in=(-1,), validate_args=False, name=None):
        with name_scope(name, "reshape", values=[event_shape_out, event_shape_in]):
            self._out = convert_to_tensor(event_shape_out, name="event_shape_out",
                                          preferred_dtype=int32)  # fmt: skip
            self._in = convert_to_tensor(event_shape_in, name="event_shape_in",
                                         preferred_dtype=int32)  # fmt: skip
            self._assertions = [*_checks(self._out, validate_args), *_checks(self._in,
                                                                             validate_args)]
            super().__init__(forward_min_event_ndims=0, is_constant_jacobian=True,
                             validate_args=validate_args, name=name or "reshape")  # fmt: skip

    def _forward(self, x):
        return self._reshaped(x, self._in, self._out)

    def _inverse(self, y):
        return self._reshaped(y, self._out, self._in)

    def _reshaped(self, x, old, new):
        with control_dependencies(self._assertions):
            event_ndims, sizes = size(old), shape(x)
            lead = rank(x) - event_ndims
            self._check_event(sizes[lead:], old)
            x = with_dependencies(self._checks_of_event(sizes[lead:], old), x)
            return reshape(x, concat([sizes[:lead], new], axis=0))

    def _check_event(self, sizes, expected):
        found, wanted = constant_value(sizes), constant_value(expected)
        if found is None or wanted is None:
            return
        if len(found) != len(wanted) or (found != wanted)[wanted >= 0].any():
            raise ValueError("Input `event_shape` does not match `event_shape_in` "
                             f"({found} vs {wanted}).")  # fmt: skip

    def _checks_of_event(self, sizes, expected):
        known = constant_value(sizes) is not None and constant_value(expected) is not None
        if known or not self.validate_args:
            return []
        given = reshape(expected >= 0, [-1])
        return [assert_equal(boolean_mask(sizes, given), boolean_mask(expected, given),
                             message="Input `event_shape` does not match "
                             "`event_shape_in`.")]  # fmt: skip

    def _inverse_log_det_jacobian(self, y):
        with control_dependencies(self._assertions):
            return constant(0.0, dtype=y.dtype)

    def _forward_log_det_jacobian(self, x):
        with control_dependencies(self._assertions):
            return constant(0.0, dtype=x.dtype)

    def _forward_event_shape(self, input_shape):
        return self._forward(zeros(input_shape)).shape

    def _inverse_event_shape(self, output_shape):
        return self._inverse(zeros(output_shape)).shape

    def _forward_event_shape_tensor(self, input_shape):
        return shape(self._forward(zeros(input_shape)))

    def _inverse_event_shape_tensor(self, output_shape):
        return shape(self._inverse(zeros(output_shape)))


def _checks(sizes, validate_args):
    """Of a shape: what cannot be told now. TypeError, ValueError for what can."""
    if not sizes.dtype.is_integer:
        raise TypeError(f"{sizes} dtype ({sizes.dtype.name}) should be `int`-like.")
    if sizes.shape.ndims is not None and sizes.shape.ndims > 1:
        raise ValueError(f"`{sizes}` rank ({sizes.shape.ndims}) should be <= 1.")
    known = constant_value(sizes)
    if known is None:
        return _later(sizes) if validate_args else []
    if np.count_nonzero(known == -1) > 1:
        raise ValueError(f"`{sizes}` elements must have at most one `-1`. (given {known})")
    if (known < -1).any():
        raise ValueError(f"`{sizes}` elements must be either positive integers or `-1`"
                         f"(given {known}).")  # fmt: skip
    return []


def _later(sizes):
    unknown = reduce_sum(cast(equal(sizes, -1), int32))
    return [
        assert_less_equal(rank(sizes), 1, message=f"`{sizes}` rank should be <= 1."),
        assert_less_equal(unknown, 1, message=f"`{sizes}` elements must have at most one `-1`."),
        assert_greater_equal(
            sizes, -1, message=f"`{sizes}` elements must be either positive integers or `-1`."
        ),
    ]
