"""`tf.contrib.distributions.bijectors.weibull.Weibull`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector, init_scope
from minitf.contrib.distributions.bijectors.parameters import positive, within_0_and_1
from minitf.core.convert import convert_to_tensor
from minitf.distributions.distribution import check_same_float_dtype
from minitf.ops.control_flow.check import assert_non_negative
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import expm1, log, log1p


class Weibull(Bijector):
    """y = 1 - exp(-(x / scale) ** concentration), Weibull's distribution function.

    `validate_args` lets parameters that are not positive raise in the run, an x below 0, and a y
    outside [0, 1].
    """

    def __init__(self, scale=1.0, concentration=1.0, validate_args=False, name="weibull"):
        with init_scope(name, [scale, concentration]):
            self._scale = positive(convert_to_tensor(scale, name="scale"), "scale", validate_args)
            self._concentration = positive(
                convert_to_tensor(concentration, name="concentration"), "concentration",
                validate_args,
            )  # fmt: skip
            check_same_float_dtype(self._scale, self._concentration)
        super().__init__(forward_min_event_ndims=0, validate_args=validate_args, name=name)

    @property
    def scale(self):
        """The width of the distribution."""
        return self._scale

    @property
    def concentration(self):
        """The exponent."""
        return self._concentration

    def _forward(self, x):
        return -expm1(-((self._checked(x) / self.scale) ** self.concentration))

    def _inverse(self, y):
        y = within_0_and_1(self, y)
        return self.scale * (-log1p(-y)) ** (1 / self.concentration)

    def _inverse_log_det_jacobian(self, y):
        rest = log1p(-within_0_and_1(self, y))
        return (-rest + (1 / self.concentration - 1) * log(-rest)
                + log(self.scale / self.concentration))  # fmt: skip

    def _forward_log_det_jacobian(self, x):
        x, k = self._checked(x), self.concentration
        return -((x / self.scale) ** k) + (k - 1) * log(x) + log(k) - k * log(self.scale)

    def _checked(self, x):
        if not self.validate_args:
            return x
        said = "Forward transformation input must be at least 0."
        return with_dependencies([assert_non_negative(x, message=said)], x)
