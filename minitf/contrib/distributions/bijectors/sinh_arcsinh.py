"""`tf.contrib.distributions.bijectors.SinhArcsinh`."""
import math

import numpy as np

from minitf.contrib.distributions.bijectors.bijector import Bijector, init_scope
from minitf.contrib.distributions.bijectors.parameters import positive
from minitf.core.convert import convert_to_tensor
from minitf.distributions.distribution import check_same_float_dtype
from minitf.ops.array.rearrange import where_v2
from minitf.ops.math.elementwise import cosh, log, sinh, sqrt
from minitf.ops.math.hyperbolic import asinh
from minitf.ops.math.operators import abs as magnitude


class SinhArcsinh(Bijector):
    """y = sinh((arcsinh(x) + skewness) tailweight), to bend a distribution.

    `validate_args` lets a tailweight that is not positive raise in the run.
    """

    def __init__(
        self, skewness=None, tailweight=None, validate_args=False, name="SinhArcsinh"
    ):
        with init_scope(name, [skewness, tailweight]):
            skewness = 0.0 if skewness is None else skewness
            tailweight = 1.0 if tailweight is None else tailweight
            self._skewness = convert_to_tensor(skewness, name="skewness")
            self._tailweight = positive(
                convert_to_tensor(tailweight, name="tailweight", dtype=self._skewness.dtype),
                "tailweight", validate_args,
            )  # fmt: skip
            check_same_float_dtype(self._skewness, self._tailweight)
        super().__init__(forward_min_event_ndims=0, validate_args=validate_args, name=name)

    @property
    def skewness(self):
        """What is added in between."""
        return self._skewness

    @property
    def tailweight(self):
        """What is multiplied by in between."""
        return self._tailweight

    def _forward(self, x):
        return sinh((asinh(x) + self.skewness) * self.tailweight)

    def _inverse(self, y):
        return sinh(asinh(y) / self.tailweight - self.skewness)

    def _inverse_log_det_jacobian(self, y):
        slope = cosh(asinh(y) / self.tailweight - self.skewness) / _hypotenuse(y)
        return log(slope) - log(self.tailweight)

    def _forward_log_det_jacobian(self, x):
        slope = cosh((asinh(x) + self.skewness) * self.tailweight) / _hypotenuse(x)
        return log(slope) + log(self.tailweight)


def _hypotenuse(x):
    """sqrt(x^2 + 1), where x^2 may be infinite."""
    small = math.sqrt(np.finfo(x.dtype.as_numpy_dtype).eps)
    return where_v2(magnitude(x) * small <= 1.0, sqrt(x**2.0 + 1.0), magnitude(x))
