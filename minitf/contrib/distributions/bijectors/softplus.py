"""`tf.contrib.distributions.bijectors.Softplus`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.contrib.distributions.util import optional_tensor, softplus_inverse
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.nn.activation import softplus
from minitf.ops.control_flow.check import assert_none_equal
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import cast, expm1, log


class Softplus(Bijector):
    """y = c log(1 + exp(x / c)), for the softness c of the hinge at 0: 1 when it is None."""

    def __init__(self, hinge_softness=None, validate_args=False, name="softplus"):
        with name_scope(name, values=[hinge_softness]):
            softness = optional_tensor(hinge_softness, "hinge_softness")
            if validate_args and softness is not None:
                check = assert_none_equal(convert_to_tensor(0, dtype=softness.dtype), softness,
                                          message="hinge_softness must be non-zero")  # fmt: skip
                softness = with_dependencies([check], softness)
        self._hinge_softness = softness
        super().__init__(forward_min_event_ndims=0, validate_args=validate_args, name=name)

    @property
    def hinge_softness(self):
        """How soft the hinge at 0 is."""
        return self._hinge_softness

    def _forward(self, x):
        return self._scaled(softplus, x)

    def _inverse(self, y):
        return self._scaled(softplus_inverse, y)

    def _scaled(self, function, value):
        if self.hinge_softness is None:
            return function(value)
        softness = cast(self.hinge_softness, value.dtype)
        return softness * function(value / softness)

    def _inverse_log_det_jacobian(self, y):
        return -log(-expm1(-self._unscaled(y)))

    def _forward_log_det_jacobian(self, x):
        return -softplus(-self._unscaled(x))

    def _unscaled(self, value):
        if self.hinge_softness is None:
            return value
        return value / cast(self.hinge_softness, value.dtype)
