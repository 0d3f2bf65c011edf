"""`tf.contrib.distributions.bijectors.Inline`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector


class Inline(Bijector):
    """A bijector of functions that are given. NotImplementedError for what is asked and is not."""

    def __init__(
        self,
        forward_fn=None,
        inverse_fn=None,
        inverse_log_det_jacobian_fn=None,
        forward_log_det_jacobian_fn=None,
        forward_event_shape_fn=None,
        forward_event_shape_tensor_fn=None,
        inverse_event_shape_fn=None,
        inverse_event_shape_tensor_fn=None,
        is_constant_jacobian=False,
        validate_args=False,
        forward_min_event_ndims=None,
        inverse_min_event_ndims=None,
        name="inline",
    ):
        super().__init__(forward_min_event_ndims=forward_min_event_ndims,
                         inverse_min_event_ndims=inverse_min_event_ndims,
                         is_constant_jacobian=is_constant_jacobian, validate_args=validate_args,
                         name=name)  # fmt: skip
        self._functions = {
            "forward_fn": forward_fn,
            "inverse_fn": inverse_fn,
            "inverse_log_det_jacobian_fn": inverse_log_det_jacobian_fn,
            "forward_log_det_jacobian_fn": forward_log_det_jacobian_fn,
            "forward_event_shape_fn": forward_event_shape_fn or _same,
            "forward_event_shape_tensor_fn": forward_event_shape_tensor_fn or _same,
            "inverse_event_shape_fn": inverse_event_shape_fn or _same,
            "inverse_event_shape_tensor_fn": inverse_event_shape_tensor_fn or _same,
        }

    def _call(self, name, value, given=()):
        if not callable(self._functions[name]):
            raise NotImplementedError(f"{name} is not a callable function.")
        return self._functions[name](value, **dict(given))

    def _forward_event_shape(self, input_shape):
        return self._call("forward_event_shape_fn", input_shape)

    def _forward_event_shape_tensor(self, input_shape):
        return self._call("forward_event_shape_tensor_fn", input_shape)

    def _inverse_event_shape(self, output_shape):
        return self._call("inverse_event_shape_fn", output_shape)

    def _inverse_event_shape_tensor(self, output_shape):
        return self._call("inverse_event_shape_tensor_fn", output_shape)

    def _forward(self, x, **given):
        return self._call("forward_fn", x, given)

    def _inverse(self, y, **given):
        return self._call("inverse_fn", y, given)

    def _inverse_log_det_jacobian(self, y, **given):
        return self._call("inverse_log_det_jacobian_fn", y, given)

    def _forward_log_det_jacobian(self, x, **given):
        return self._call("forward_log_det_jacobian_fn", x, given)


def _same(shape):
    return shape
