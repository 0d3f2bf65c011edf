"""`tf.contrib.distributions.bijectors.RealNVP` and the network for it."""
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.contrib.distributions.bijectors.masked_autoregressive import shifted, unshifted
from minitf.core.constant import constant
from minitf.core.graph import name_scope
from minitf.core.tensor_shape import dimension_value
from minitf.layers.core import dense
from minitf.nn.activation import relu
from minitf.ops.array.joining import concat, split
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.state.template import make_template


class RealNVP(Bijector):
    """The first `num_masked` elements stay; the others become x exp(log_scale) + shift, both of
    which depend on the first ones: `shift_and_log_scale_fn(first, number of others)` gives them.

    ValueError unless some elements are masked and some are not.
    """

    def __init__(
        self,
        num_masked,
        shift_and_log_scale_fn,
        is_constant_jacobian=False,
        validate_args=False,
        name=None,
    ):
        if num_masked <= 0:
            raise ValueError("num_masked must be a positive integer.")
        self._num_masked, self._shift_and_log_scale_fn = num_masked, shift_and_log_scale_fn
        self._input_depth = None
        super().__init__(forward_min_event_ndims=1, is_constant_jacobian=is_constant_jacobian,
                         validate_args=validate_args, name=name or "real_nvp")  # fmt: skip

    def _shift_and_log_scale(self, value):
        if self._input_depth is None:
            self._input_depth = self._depth(value)
        return self._shift_and_log_scale_fn(value[:, : self._num_masked],
                                            self._input_depth - self._num_masked)  # fmt: skip

    def _depth(self, value):
        depth = dimension_value(value.shape.with_rank_at_least(1)[-1])
        if depth is None:
            raise NotImplementedError("Rightmost dimension must be known prior to graph execution.")
        if self._num_masked >= depth:
            raise ValueError("Number of masked units must be smaller than the event size.")
        return depth

    def _forward(self, x):
        moved = shifted(x[:, self._num_masked :], *self._shift_and_log_scale(x))
        return concat([x[:, : self._num_masked], moved], axis=-1)

    def _inverse(self, y):
        moved = unshifted(y[:, self._num_masked :], *self._shift_and_log_scale(y))
        return concat([y[:, : self._num_masked], moved], axis=-1)

    def _inverse_log_det_jacobian(self, y):
        _, log_scale = self._shift_and_log_scale(y)
        if log_scale is None:
            return constant(0.0, dtype=y.dtype, name="ildj")
        return -reduce_sum(log_scale, axis=-1)

    def _forward_log_det_jacobian(self, x):
        return -self._inverse_log_det_jacobian(x)


def real_nvp_default_template(
    hidden_layers, shift_only=False, activation=relu, name=None, *args, **kwargs
):
    """A `shift_and_log_scale_fn` for RealNVP: dense layers of these many units, the further
    arguments being those of `tf.layers.dense`; log_scale is None when it is `shift_only`."""

    def shift_and_log_scale(x, output_units):
        for units in hidden_layers:
            x = dense(x, units, activation, *args, **kwargs)
        x = dense(x, (1 if shift_only else 2) * output_units, None, *args, **kwargs)
        return (x, None) if shift_only else tuple(split(x, 2, axis=-1))

    with name_scope(name, "real_nvp_default_template"):
        return make_template("real_nvp_default_template", shift_and_log_scale)
