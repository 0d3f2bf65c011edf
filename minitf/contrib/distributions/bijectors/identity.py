"""`tf.contrib.distributions.bijectors.Identity`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.core.constant import constant


class VolumePreserving(Bijector):
    """A bijector whose Jacobian has the determinant 1 everywhere."""

    def _inverse_log_det_jacobian(self, y):
        return constant(0.0, dtype=y.dtype)

    def _forward_log_det_jacobian(self, x):
        return constant(0.0, dtype=x.dtype)


class Identity(VolumePreserving):
    """y = x."""

    def __init__(self, validate_args=False, name="identity"):
        super().__init__(forward_min_event_ndims=0, is_constant_jacobian=True,
                         validate_args=validate_args, name=name)  # fmt: skip

    def _forward(self, x):
        return x

    def _inverse(self, y):
        return y
