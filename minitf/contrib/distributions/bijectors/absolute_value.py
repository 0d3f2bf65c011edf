"""`tf.contrib.distributions.bijectors.AbsoluteValue`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.core.constant import constant
from minitf.ops.control_flow.check import assert_non_negative
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.operators import abs as magnitude


class AbsoluteValue(Bijector):
    """y = |x|: of each y there are two x, and `inverse` gives both.

    `validate_args` lets a y below 0 raise in the run.
    """

    def __init__(self, validate_args=False, name="absolute_value"):
        super().__init__(forward_min_event_ndims=0, is_constant_jacobian=True,
                         validate_args=validate_args, name=name)  # fmt: skip

    @property
    def _is_injective(self):
        return False

    def _forward(self, x):
        return magnitude(x)

    def _inverse(self, y):
        y = with_dependencies(self._checks_of(y), y)
        return -y, y

    def _inverse_log_det_jacobian(self, y):
        zeros = with_dependencies(self._checks_of(y), constant(0.0, dtype=y.dtype))
        return zeros, zeros

    def _checks_of(self, y):
        said = "Argument y was negative"
        return [assert_non_negative(y, message=said)] if self.validate_args else []
