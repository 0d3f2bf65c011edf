"""Normalisation: `tf.nn.moments`, `tf.nn.batch_normalization`, `tf.nn.l2_normalize`, ..."""
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import float16, float32, int64
from minitf.core.graph import get_default_graph, name_scope
from minitf.ops.array.basics import identity, shape, size, stop_gradient, zeros, zeros_like
from minitf.ops.array.indexing import gather
from minitf.ops.math.elementwise import (
    add_op,
    cast,
    maximum,
    mul,
    not_equal,
    reciprocal,
    rsqrt,
    square,
    squared_difference,
    sub,
)
from minitf.ops.reduction.axes import squeeze
from minitf.ops.reduction.reduce import reduce_mean, reduce_prod, reduce_sum


def moments(x, axes, shift=None, name=None, keep_dims=None, keepdims=None):
    """(mean, variance) of `x` over `axes`; `shift` is accepted and not needed.

    The variance is the mean squared distance from the mean. float16 is computed as float32.
    """
    keep = bool(renamed("keep_dims", keep_dims, "keepdims", keepdims))
    with name_scope(name, "moments", [x, axes]):
        x = convert_to_tensor(x, name="x")
        y = cast(x, float32) if x.dtype == float16 else x
        mean = reduce_mean(y, axes, keepdims=True, name="mean")
        distance = squared_difference(y, stop_gradient(mean))
        variance = reduce_mean(distance, axes, keepdims=True, name="variance")
        if not keep:
            mean, variance = squeeze(mean, axes), squeeze(variance, axes)
        return cast(mean, x.dtype), cast(variance, x.dtype)


def weighted_moments(x, axes, frequency_weights, name=None, keep_dims=None, keepdims=None):
    """(mean, variance) of `x` over `axes`, each element counted `frequency_weights` times."""
    keep = bool(renamed("keep_dims", keep_dims, "keepdims", keepdims))
    with name_scope(name, "weighted_moments", [x, frequency_weights, axes]):
        x = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(frequency_weights, name="frequency_weights")
        dtype = x.dtype
        x = cast(x, float32) if dtype == float16 else x
        weights = cast(weights, x.dtype)
        total = reduce_sum(weights * x, axes, name="weighted_input_sum", keepdims=True)
        spread = weights + zeros_like(x)
        count = reduce_sum(spread, axes, name="sum_of_weights", keepdims=True)
        divisor = reciprocal(count, name="inv_weight_sum")
        mean = mul(total, divisor)
        distance = weights * squared_difference(x, mean)
        distances = reduce_sum(distance, axes, name="weighted_distsq", keepdims=True)
        variance = mul(distances, divisor)
        if not keep:
            mean, variance = squeeze(mean, axis=axes), squeeze(variance, axis=axes)
        return cast(mean, dtype), cast(variance, dtype)


def sufficient_statistics(x, axes, shift=None, keep_dims=None, name=None, keepdims=None):
    """(count, sum, sum of squares, shift) of `x` less `shift` over `axes`."""
    axes = list(set(axes))
    keep = bool(renamed("keep_dims", keep_dims, "keepdims", keepdims))
    with name_scope(name, "sufficient_statistics", [x, shift]):
        x = convert_to_tensor(x, name="x")
        count = _count(x, axes)
        values, squares = x, None
        if shift is not None:
            shift = convert_to_tensor(shift, name="shift")
            values, squares = sub(x, shift), squared_difference(x, shift)
        squares = square(x) if squares is None else squares
        total = reduce_sum(values, axes, keepdims=keep, name="mean_ss")
        return count, total, reduce_sum(squares, axes, keepdims=keep, name="var_ss"), shift


def _count(x, axes):
    if x._shape is not None and all(x._shape[axis] is not None for axis in axes):
        count = 1
        for axis in axes:
            count *= x._shape[axis]
        return constant(count, dtype=x.dtype)
    return reduce_prod(gather(cast(shape(x), x.dtype), axes), name="count")


def normalize_moments(counts, mean_ss, variance_ss, shift, name=None):
    """(mean, variance) from what `sufficient_statistics` returns."""
    with name_scope(name, "normalize", [counts, mean_ss, variance_ss, shift]):
        divisor = reciprocal(counts, name="divisor")
        if shift is None:
            mean = shifted = mul(mean_ss, divisor, name="mean")
        else:
            shifted = mul(mean_ss, divisor, name="shifted_mean")
            mean = add_op(shifted, shift, name="mean")
        variance = sub(mul(variance_ss, divisor), square(shifted), name="variance")
        return mean, variance


def batch_normalization(x, mean, variance, offset, scale, variance_epsilon, name=None):
    """scale * (x - mean) / sqrt(variance + variance_epsilon) + offset.

    `scale` and `offset` may be None. All broadcast against `x`.
    """
    with name_scope(name, "batchnorm", [x, mean, variance, scale, offset]):
        inverse = rsqrt(variance + variance_epsilon)
        if scale is not None:
            inverse *= scale
        scaled = x * cast(inverse, x.dtype)
        shift = -mean * inverse if offset is None else offset - mean * inverse
        return scaled + cast(shift, x.dtype)


def l2_normalize(x, axis=None, epsilon=1e-12, name=None, dim=None):
    """`x` divided by its length along `axis` (over everything when None).

    A squared length below `epsilon` counts as `epsilon`.
    """
    axis = renamed("dim", dim, "axis", axis)
    with name_scope(name, "l2_normalize", [x]) as scope:
        x = convert_to_tensor(x, name="x")
        squares = reduce_sum(square(x), axis, keepdims=True)
        return mul(x, rsqrt(maximum(squares, epsilon)), name=scope)


def zero_fraction(value, name=None):
    """The fraction of zeros in `value`."""
    with name_scope(name, "zero_fraction", [value]):
        value = convert_to_tensor(value, name="value")
        get_default_graph()._surplus -= 15  # TensorFlow counts in a tf.cond, of int32 or int64
        count = size(value, out_type=int64)
        with name_scope("count_nonzero"):
            nonzero = cast(not_equal(value, zeros([], dtype=value.dtype)), int64)
            nonzero = reduce_sum(nonzero, name="nonzero_count")
        with name_scope("counts_to_fraction"):
            fraction = cast(count - nonzero, float32) / cast(count, float32)
        return identity(fraction, "fraction")
