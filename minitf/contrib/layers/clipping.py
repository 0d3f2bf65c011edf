"""`adaptive_clipping_fn`: gradients clipped by how their norm has been."""
from minitf import summary
from minitf.core.dtypes import float32
from minitf.core.indexed_slices import IndexedSlices
from minitf.ops.array.basics import ones_like
from minitf.ops.array.masks import where
from minitf.ops.math.elementwise import cast, exp, log, maximum, minimum, sqrt, square
from minitf.ops.reduction.norms import global_norm
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import get_variable, variable_scope
from minitf.train.moving_averages import assign_moving_average


def adaptive_clipping_fn(
    std_factor=2.0,
    decay=0.95,
    static_max_norm=None,
    global_step=None,
    report_summary=False,
    epsilon=1e-8,
    name=None,
):
    """For `clip_gradients` of `optimize_loss`: gradients whose global norm is far above the mean of
    its logarithm so far are scaled back to that mean.

    Far is `std_factor` standard deviations; moving averages keep mean and variance, with `decay`,
    faster in the first steps where `global_step` is given. `static_max_norm` is a limit of its own.
    """

    def gradient_clipping(grads_and_vars):
        grads = [gradient for gradient, _ in grads_and_vars]
        norm = global_norm(grads)
        limit, mean = _limit(norm, std_factor, decay, global_step, epsilon, name)
        if report_summary:
            summary.scalar("global_norm/adaptive_max_gradient_norm", limit)
        factor = where(norm < limit, ones_like(norm), exp(mean) / norm)
        if static_max_norm is not None:
            factor = minimum(static_max_norm / norm, factor)
        return [(_scaled(gradient, factor), var) for gradient, var in grads_and_vars]

    return gradient_clipping


def _scaled(gradient, factor):
    if gradient is None:
        return None
    if isinstance(gradient, IndexedSlices):
        values = gradient.values * factor
        return IndexedSlices(values, gradient.indices, gradient.dense_shape)
    return gradient * factor


def _limit(norm, std_factor, decay, global_step, epsilon, name):
    """(the greatest norm that is not clipped, the mean of the norms' logarithms)."""
    with variable_scope(name, "AdaptiveMaxNorm", [norm]):
        logarithm = log(norm + epsilon)
        if global_step is not None:
            step = cast(global_step, float32)
            decay = minimum(decay, step / (step + 1.0))

        def average(name, value):
            variable = get_variable(name, shape=value.get_shape(), dtype=value.dtype,
                                    initializer=Zeros(), trainable=False)  # fmt: skip
            return assign_moving_average(variable, value, decay, zero_debias=False)

        mean, squares = average("mean", logarithm), average("sq_mean", square(logarithm))
        deviation = sqrt(maximum(epsilon, squares - square(mean)))
        return exp(mean + std_factor * deviation), mean
