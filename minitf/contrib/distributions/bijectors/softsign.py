"""`tf.contrib.distributions.bijectors.Softsign`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.ops.control_flow.check import assert_greater, assert_less
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import cast, log1p
from minitf.ops.math.operators import abs as magnitude


class Softsign(Bijector):
    """y = x / (1 + |x|). `validate_args` lets a y outside (-1, 1) raise in the run."""

    def __init__(self, validate_args=False, name="softsign"):
        super().__init__(forward_min_event_ndims=0, validate_args=validate_args, name=name)

    def _forward(self, x):
        return x / (1.0 + magnitude(x))

    def _inverse(self, y):
        y = self._checked(y)
        return y / (1.0 - magnitude(y))

    def _forward_log_det_jacobian(self, x):
        return -2.0 * log1p(magnitude(x))

    def _inverse_log_det_jacobian(self, y):
        return -2.0 * log1p(-magnitude(self._checked(y)))

    def _checked(self, y):
        if not self.validate_args:
            return y
        said = "Inverse transformation input must be {} than {}."
        one = cast(1.0, y.dtype.base_dtype)
        return with_dependencies([assert_greater(y, -one, message=said.format("greater", -1)),
                                  assert_less(y, one, message=said.format("less", 1))],
                                 y)  # fmt: skip
