"""`tf.contrib.distributions.bijectors.SoftmaxCentered`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.contrib.distributions.bijectors.parameters import (
    inverse_vector_shape,
    inverse_vector_shape_tensor,
)
from minitf.core.tensor_shape import TensorShape
from minitf.nn.activation import softmax, softplus
from minitf.ops.array.basics import zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.math.elementwise import log
from minitf.ops.reduction.axes import squeeze
from minitf.ops.reduction.reduce import reduce_logsumexp, reduce_sum


class SoftmaxCentered(Bijector):
    """y = softmax([x, 0]): a vector of one element more, which sums to 1."""

    def __init__(self, validate_args=False, name="softmax_centered"):
        super().__init__(forward_min_event_ndims=1, validate_args=validate_args, name=name)

    def _forward_event_shape(self, input_shape):
        return TensorShape([input_shape.with_rank_at_least(1)[-1] + 1])

    def _forward_event_shape_tensor(self, input_shape):
        return input_shape[-1:] + 1

    def _inverse_event_shape(self, output_shape):
        return inverse_vector_shape(output_shape, 1)

    def _inverse_event_shape_tensor(self, output_shape):
        return inverse_vector_shape_tensor(self, output_shape, 1)

    def _forward(self, x):
        return softmax(concat([x, zeros_like(x[..., :1])], axis=-1))

    def _inverse(self, y):
        x = log(y)
        return x[..., :-1] - x[..., -1:]

    def _inverse_log_det_jacobian(self, y):
        return -reduce_sum(log(y), axis=-1)

    def _forward_log_det_jacobian(self, x):
        log_total = softplus(reduce_logsumexp(x, axis=-1, keepdims=True))
        found = -log_total + reduce_sum(x - log_total, axis=-1, keepdims=True)
        return squeeze(found, axis=-1)
