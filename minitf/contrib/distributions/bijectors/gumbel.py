"""`tf.contrib.distributions.bijectors.Gumbel`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector, init_scope
from minitf.contrib.distributions.bijectors.parameters import positive, within_0_and_1
from minitf.core.convert import convert_to_tensor
from minitf.distributions.distribution import check_same_float_dtype
from minitf.ops.math.elementwise import exp, log


class Gumbel(Bijector):
    """y = exp(-exp((loc - x) / scale)), the distribution function of Gumbel's distribution.

    `validate_args` lets a scale that is not positive raise in the run, and a y outside [0, 1].
    """

    def __init__(self, loc=0.0, scale=1.0, validate_args=False, name="gumbel"):
        with init_scope(name, [loc, scale]):
            self._loc = convert_to_tensor(loc, name="loc")
            self._scale = positive(convert_to_tensor(scale, name="scale"), "scale", validate_args)
            check_same_float_dtype(self._loc, self._scale)
        super().__init__(validate_args=validate_args, forward_min_event_ndims=0, name=name)

    @property
    def loc(self):
        """The mode of the distribution."""
        return self._loc

    @property
    def scale(self):
        """Its width."""
        return self._scale

    def _forward(self, x):
        return exp(-exp(-self._z(x)))

    def _inverse(self, y):
        return self.loc - self.scale * log(-log(within_0_and_1(self, y)))

    def _inverse_log_det_jacobian(self, y):
        y = within_0_and_1(self, y)
        return log(self.scale / (-log(y) * y))

    def _forward_log_det_jacobian(self, x):
        z = self._z(x)
        return -z - exp(-z) - log(self.scale)

    def _z(self, x):
        return (x - self.loc) / self.scale
