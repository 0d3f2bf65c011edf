"""`tf.contrib.distributions.bijectors.Sigmoid`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.nn.activation import sigmoid, softplus
from minitf.ops.math.elementwise import log, log1p


class Sigmoid(Bijector):
    """y = 1 / (1 + exp(-x))."""

    def __init__(self, validate_args=False, name="sigmoid"):
        super().__init__(forward_min_event_ndims=0, validate_args=validate_args, name=name)

    def _forward(self, x):
        return sigmoid(x)

    def _inverse(self, y):
        return log(y) - log1p(-y)

    def _inverse_log_det_jacobian(self, y):
        return -log(y) - log1p(-y)

    def _forward_log_det_jacobian(self, x):
        return -softplus(-x) - softplus(x)
