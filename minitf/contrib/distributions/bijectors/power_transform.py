"""`tf.contrib.distributions.bijectors.PowerTransform`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector, init_scope
from minitf.core.convert import convert_to_tensor
from minitf.core.static import constant_value
from minitf.ops.control_flow.check import assert_non_negative, assert_positive
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import exp, expm1, log, log1p


class PowerTransform(Bijector):
    """y = (1 + c x) ** (1 / c) for the constant `power` c; exp(x) for 0.

    `validate_args` lets an x below -1 / c raise in the run, and a y that is not positive.
    ValueError for a power that is negative or not known.
    """

    def __init__(self, power=0.0, validate_args=False, name="power_transform"):
        with init_scope(name, [power]):
            power = constant_value(convert_to_tensor(power, name="power"))
        if power is None or power < 0:
            raise ValueError("`power` must be a non-negative TF constant.")
        self._power = power
        super().__init__(forward_min_event_ndims=0, validate_args=validate_args, name=name)

    @property
    def power(self):
        """The inverse of the exponent."""
        return self._power

    def _forward(self, x):
        x = self._checked_x(x)
        if self.power == 0.0:
            return exp(x)
        return exp(log1p(x * self.power) / self.power)

    def _inverse(self, y):
        y = self._checked_y(y)
        if self.power == 0.0:
            return log(y)
        return expm1(log(y) * self.power) / self.power

    def _inverse_log_det_jacobian(self, y):
        return (self.power - 1.0) * log(self._checked_y(y))

    def _forward_log_det_jacobian(self, x):
        x = self._checked_x(x)
        if self.power == 0.0:
            return x
        return (1.0 / self.power - 1.0) * log1p(x * self.power)

    def _checked_x(self, x):
        if not self.validate_args or self.power == 0.0:
            return x
        said = f"Forward transformation input must be at least {-1.0 / self.power}."
        return with_dependencies([assert_non_negative(1.0 + self.power * x, message=said)], x)

    def _checked_y(self, y):
        if not self.validate_args:
            return y
        said = "Inverse transformation input must be greater than 0."
        return with_dependencies([assert_positive(y, message=said)], y)
