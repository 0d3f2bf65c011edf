"""`tf.debugging`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.eager.modes import get_log_device_placement, set_log_device_placement
from minitf.ops.control_flow.check import (
    assert_equal,
    assert_greater,
    assert_greater_equal,
    assert_less,
    assert_less_equal,
    assert_near,
    assert_negative,
    assert_non_negative,
    assert_non_positive,
    assert_none_equal,
    assert_positive,
)
from minitf.ops.control_flow.check_static import (
    assert_integer,
    assert_proper_iterable,
    assert_rank,
    assert_rank_at_least,
    assert_rank_in,
    assert_same_float_dtype,
    assert_scalar,
    assert_shapes,
    assert_type,
    is_numeric_tensor,
)
from minitf.ops.control_flow.control import Assert, check_numerics
from minitf.ops.control_flow.control import verify_tensor_all_finite as assert_all_finite
from minitf.ops.math.elementwise import is_finite, is_inf, is_nan
from minitf.ops.math.polynomials import is_non_decreasing, is_strictly_increasing
