"""Rows repeated or dropped at random: `tf.contrib.training.resample_at_rate`, ..."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.nn.sorting import searchsorted
from minitf.ops.array.basics import stop_gradient
from minitf.ops.array.indexing import gather
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.elementwise import cast
from minitf.ops.random.sampling import random_poisson
from minitf.ops.reduction.reduce import reduce_mean, reduce_sum
from minitf.ops.reduction.scan import cumsum
from minitf.ops.state.variable_scope import get_local_variable, variable_scope
from minitf.train.moving_averages import assign_moving_average


def _repeated_range(counts):
    """The number of each count, so many times: [0, 2] gives [1, 1]."""
    ends = cumsum(counts)
    total = reduce_sum(counts)
    return cast(searchsorted(ends, range_(total), side="right"), int32)


def resample_at_rate(inputs, rates, scope=None, seed=None, back_prop=False):
    """The rows of tensors, each as often as a Poisson draw of its rate says, in their order.

    `rates` is a vector. A list of tensors with as many rows each as were drawn. Without
    `back_prop` the indices of the rows have no gradient.
    """
    with name_scope(scope, "resample_at_rate", [*inputs, rates]):
        rates = convert_to_tensor(rates, name="rates")
        counts = cast(random_poisson(rates, (), rates.dtype, seed=seed), int32)
        indices = _repeated_range(counts)
        if not back_prop:
            indices = stop_gradient(indices)
        return [gather(tensor, indices) for tensor in inputs]


def weighted_resample(inputs, weights, overall_rate, scope=None, mean_decay=0.999, seed=None):
    """(rows of tensors in proportion to `weights`, the rate of each row).

    On average there are `overall_rate` times as many rows as before. The mean weight is estimated
    over the runs, in a local variable.
    """
    with name_scope(scope, "weighted_resample", inputs) as opscope:
        with variable_scope(scope, "estimate_mean", inputs):
            zero = cast(0, weights.dtype)
            estimated = get_local_variable("estimated_mean", initializer=zero, dtype=weights.dtype)
            mean = assign_moving_average(estimated, reduce_mean(weights), mean_decay)
        rates = weights * overall_rate / mean
        found = resample_at_rate([rates, *inputs], rates, scope=opscope, seed=seed)
        return found[1:], found[0]
