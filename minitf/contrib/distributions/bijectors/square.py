"""`tf.contrib.distributions.bijectors.Square`."""
import math

from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.ops.control_flow.check import assert_non_negative
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import log, sqrt, square


class Square(Bijector):
    """y = x^2, of numbers that are not negative; `validate_args` lets others raise in the run."""

    def __init__(self, validate_args=False, name="square"):
        super().__init__(forward_min_event_ndims=0, validate_args=validate_args, name=name)

    def _forward(self, x):
        return square(self._checked(x))

    def _inverse(self, y):
        return sqrt(self._checked(y))

    def _forward_log_det_jacobian(self, x):
        return math.log(2.0) + log(self._checked(x))

    def _checked(self, value):
        if not self.validate_args:
            return value
        said = "All elements must be non-negative."
        return with_dependencies([assert_non_negative(value, message=said)], value)
