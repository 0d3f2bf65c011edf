"""`tf.contrib.distributions.bijectors.AffineScalar`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector, init_scope
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.ops.array.basics import identity, zeros
from minitf.ops.control_flow.check import assert_none_equal
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import log
from minitf.ops.math.operators import abs as magnitude


class AffineScalar(Bijector):
    """y = scale x + shift, element by element; what is None is left out.

    `validate_args` lets a scale of 0 raise in the run.
    """

    def __init__(self, shift=None, scale=None, validate_args=False, name="affine_scalar"):
        with init_scope(name, [scale, shift]):
            self._shift = None if shift is None else convert_to_tensor(shift, name="shift")
            self._scale = None if scale is None else convert_to_tensor(scale, name="scale")
            if scale is not None and validate_args:
                nothing = zeros([], dtype=self._scale.dtype)
                check = assert_none_equal(self._scale, nothing)
                self._scale = with_dependencies([check], self._scale)
        super().__init__(forward_min_event_ndims=0, is_constant_jacobian=True,
                         validate_args=validate_args, name=name)  # fmt: skip

    @property
    def shift(self):
        """What is added."""
        return self._shift

    @property
    def scale(self):
        """What is multiplied by."""
        return self._scale

    def _forward(self, x):
        y = identity(x) if self.scale is None else identity(x) * self.scale
        return y if self.shift is None else y + self.shift

    def _inverse(self, y):
        x = identity(y) if self.shift is None else identity(y) - self.shift
        return x if self.scale is None else x / self.scale

    def _forward_log_det_jacobian(self, x):
        if self.scale is None:
            return constant(0.0, dtype=x.dtype.base_dtype)
        return log(magnitude(self.scale))
