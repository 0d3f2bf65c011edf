"""`tf.contrib.distributions.bijectors.MaskedAutoregressiveFlow` and the network for it."""
import numpy as np

from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.core.constant import constant
from minitf.core.graph import name_scope
from minitf.core.tensor_shape import dimension_value
from minitf.layers.core import Dense
from minitf.nn.activation import relu
from minitf.ops.array.basics import reshape, shape, stop_gradient, zeros_like
from minitf.ops.array.joining import concat, unstack
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.math.clip import clip_by_value
from minitf.ops.math.elementwise import exp
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.state.initializers import glorot_normal_initializer
from minitf.ops.state.template import make_template
from minitf.ops.state.variable_scope import get_variable_scope, variable_scope


class MaskedAutoregressiveFlow(Bijector):
    """y_i = x_i exp(log_scale_i) + shift_i, both of which depend on y_0 ... y_(i - 1) alone.

    `shift_and_log_scale_fn(y)` gives the two, either of which may be None. `inverse` takes one call
    of it, `forward` one for each element: a loop in the graph, or with `unroll_loop` a row of ops.
    """

    def __init__(
        self,
        shift_and_log_scale_fn,
        is_constant_jacobian=False,
        validate_args=False,
        unroll_loop=False,
        name=None,
    ):
        self._shift_and_log_scale_fn, self._unroll_loop = shift_and_log_scale_fn, unroll_loop
        super().__init__(forward_min_event_ndims=1, is_constant_jacobian=is_constant_jacobian,
                         validate_args=validate_args,
                         name=name or "masked_autoregressive_flow")  # fmt: skip

    def _forward(self, x):
        count = dimension_value(x.shape.with_rank_at_least(1)[-1])
        y = zeros_like(x, name="y0")
        if not self._unroll_loop:
            return self._looped(x, y, count)
        if count is None:
            raise ValueError("The final dimension of `x` must be known at graph construction time "
                             f"if `unroll_loop=True`. `x.shape: {x.shape!r}`")  # fmt: skip
        for _ in range(count):
            y = self._step(x, y)
        return y

    def _step(self, x, y):
        """y with one element more of it right."""
        return shifted(x, *self._shift_and_log_scale_fn(y))

    def _looped(self, x, y, count):
        self._shift_and_log_scale_fn(y)  # makes the variables, outside the loop

        def body(index, y):
            with variable_scope(get_variable_scope()):
                return index + 1, self._step(x, y)

        size = shape(x)[-1]
        found = while_loop(lambda index, _: index < size, body, (0, y), maximum_iterations=count)
        return found[1]

    def _inverse(self, y):
        return unshifted(y, *self._shift_and_log_scale_fn(y))

    def _inverse_log_det_jacobian(self, y):
        _, log_scale = self._shift_and_log_scale_fn(y)
        if log_scale is None:
            return constant(0.0, dtype=y.dtype, name="ildj")
        return -reduce_sum(log_scale, axis=-1)


def shifted(x, shift, log_scale):
    """x exp(log_scale) + shift, of which either may be None."""
    y = x if log_scale is None else x * exp(log_scale)
    return y if shift is None else y + shift


def unshifted(y, shift, log_scale):
    """(y - shift) exp(-log_scale), of which either may be None."""
    x = y if shift is None else y - shift
    return x if log_scale is None else x * exp(-log_scale)


def masked_dense(
    inputs,
    units,
    num_blocks=None,
    exclusive=False,
    kernel_initializer=None,
    reuse=None,
    name=None,
    *args,
    **kwargs,
):
    """A dense layer in which block i of the units sees blocks 0 ... i of the inputs alone, or
    those before i when it is `exclusive`. Further arguments are those of `tf.layers.Dense`.

    NotImplementedError when the last axis of the inputs is not known.
    """
    mask = _mask(num_blocks, _depth(inputs), units, exclusive)
    kernel_initializer = kernel_initializer or glorot_normal_initializer()

    def masked_initializer(shape, dtype=None, partition_info=None):
        return mask * kernel_initializer(shape, dtype, partition_info)

    with name_scope(name, "masked_dense", [inputs, units, num_blocks]):
        layer = Dense(units, *args, kernel_initializer=masked_initializer,
                      kernel_constraint=lambda kernel: mask * kernel, name=name,
                      dtype=inputs.dtype.base_dtype, _scope=name, _reuse=reuse,
                      **kwargs)  # fmt: skip
        return layer.apply(inputs)


def _depth(inputs):
    depth = dimension_value(inputs.shape.with_rank_at_least(1)[-1])
    if depth is None:
        raise NotImplementedError("Rightmost dimension must be known prior to graph execution.")
    return depth


def _mask(blocks, inputs, units, exclusive):
    """[inputs, units], 1 where a unit sees an input: the first block of units only inclusively."""
    mask = np.zeros([inputs, units], np.float32)
    wide, long = inputs // blocks, units // blocks
    for block in range(blocks):
        mask[block * wide : (block + 1) * wide, (block + bool(exclusive)) * long :] = 1
    return mask


def masked_autoregressive_default_template(
    hidden_layers,
    shift_only=False,
    activation=relu,
    log_scale_min_clip=-5.0,
    log_scale_max_clip=3.0,
    log_scale_clip_gradient=False,
    name=None,
    *args,
    **kwargs,
):
    """A `shift_and_log_scale_fn` for MaskedAutoregressiveFlow: masked dense layers of these many
    units; log_scale is None when it is `shift_only`, else kept within the limits.

    Gradients go through the limits unless `log_scale_clip_gradient`.
    """
    name = name or "masked_autoregressive_default_template"
    clip = clip_by_value if log_scale_clip_gradient else _clip_by_value_preserve_grad

    def shift_and_log_scale(x):
        depth = _depth(x)
        sizes = shape(x)
        for i, units in enumerate(hidden_layers):
            x = masked_dense(x, units, depth, i == 0, *args, activation=activation, **kwargs)
        units = (1 if shift_only else 2) * depth
        x = masked_dense(x, units, depth, *args, activation=None, **kwargs)
        if shift_only:
            return reshape(x, sizes), None
        shift, log_scale = unstack(reshape(x, concat([sizes, [2]], axis=0)), num=2, axis=-1)
        return shift, clip(log_scale, log_scale_min_clip, log_scale_max_clip)

    with name_scope(name, values=[log_scale_min_clip, log_scale_max_clip]):
        return make_template(name, shift_and_log_scale)


def _clip_by_value_preserve_grad(x, clip_value_min, clip_value_max, name=None):
    with name_scope(name, "clip_by_value_preserve_grad", [x, clip_value_min, clip_value_max]):
        return x + stop_gradient(clip_by_value(x, clip_value_min, clip_value_max) - x)
