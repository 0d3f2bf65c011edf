"""`tf.contrib.distributions.bijectors.Kumaraswamy`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector, init_scope
from minitf.contrib.distributions.bijectors.parameters import within_0_and_1
from minitf.core.convert import convert_to_tensor
from minitf.distributions.probabilities import positive_concentration
from minitf.ops.math.elementwise import exp, log, log1p


class Kumaraswamy(Bijector):
    """y = (1 - (1 - x) ** (1 / concentration0)) ** (1 / concentration1): the inverse of
    Kumaraswamy's distribution function.

    `validate_args` lets parameters that are not positive raise in the run, and values outside
    [0, 1].
    """

    def __init__(
        self, concentration1=None, concentration0=None, validate_args=False, name="kumaraswamy"
    ):
        with init_scope(name, [concentration1, concentration0]):
            one = convert_to_tensor(concentration1, name="concentration1")
            self._concentration1 = positive_concentration(one, validate_args)
            zero = convert_to_tensor(concentration0, name="concentration0")
            self._concentration0 = positive_concentration(zero, validate_args)
        super().__init__(forward_min_event_ndims=0, validate_args=validate_args, name=name)

    @property
    def concentration1(self):
        """That of ones."""
        return self._concentration1

    @property
    def concentration0(self):
        """That of zeros."""
        return self._concentration0

    def _forward(self, x):
        rest = exp(log1p(-_share(self, x)) / self.concentration0)
        return exp(log1p(-rest) / self.concentration1)

    def _inverse(self, y):
        rest = 1 - _share(self, y) ** self.concentration1
        return exp(log1p(-(rest**self.concentration0)))

    def _inverse_log_det_jacobian(self, y):
        y, a, b = _share(self, y), self.concentration1, self.concentration0
        return log(a) + log(b) + (a - 1) * log(y) + (b - 1) * log1p(-(y**a))


def _share(bijector, value):
    said = "sample must be non-negative", "sample must be no larger than `1`."
    return within_0_and_1(bijector, value, said)
