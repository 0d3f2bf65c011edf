"""`tf.contrib.distributions.bijectors.Ordered`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.contrib.distributions.bijectors.parameters import (
    inverse_vector_shape,
    inverse_vector_shape_tensor,
)
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.check import assert_positive
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import exp, log
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.reduction.scan import cumsum


class Ordered(Bijector):
    """Increasing vectors x as any vectors y: the first element, and the logarithms of the steps.

    `validate_args` lets an x that does not increase raise in the run.
    """

    def __init__(self, validate_args=False, name="ordered"):
        super().__init__(forward_min_event_ndims=1, validate_args=validate_args, name=name)

    def _forward_event_shape(self, input_shape):
        return input_shape.with_rank_at_least(1)[-1:]

    def _forward_event_shape_tensor(self, input_shape):
        return input_shape[-1:]

    def _inverse_event_shape(self, output_shape):
        return inverse_vector_shape(output_shape, 0)

    def _inverse_event_shape_tensor(self, output_shape):
        return inverse_vector_shape_tensor(self, output_shape, 0)

    def _forward(self, x):
        x = self._checked(x)
        return concat([x[..., :1], log(x[..., 1:] - x[..., :-1])], axis=-1)

    def _inverse(self, y):
        return cumsum(concat([y[..., :1], exp(y[..., 1:])], axis=-1), axis=-1)

    def _inverse_log_det_jacobian(self, y):
        return reduce_sum(y[..., 1:], axis=-1)

    def _forward_log_det_jacobian(self, x):
        x = self._checked(x)
        return -reduce_sum(log(x[..., 1:] - x[..., :-1]), axis=-1)

    def _checked(self, x):
        if not self.validate_args:
            return x
        said = "Forward transformation input must be strictly increasing."
        return with_dependencies([assert_positive(x[..., 1:] - x[..., :-1], message=said)], x)
