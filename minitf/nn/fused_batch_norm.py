"""Batch normalization as one op: `tf.nn.fused_batch_norm`, its gradient, and that one's.

All of it is per channel: x_hat = (x - mean) / sqrt(variance + epsilon), y = scale * x_hat + offset.
In training, mean and variance are those of the batch.
"""
import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import FLOATS, float32, float64
from minitf.core.op import op
from minitf.core.schema import TypeAttr
from minitf.core.tensor_shape import printed
from minitf.nn.kernels import cuda_batch_norm, direct_batch_norm
from minitf.nn.normal import batch_normalization
from minitf.nn.windows import LAYOUTS, agreed, check_choice, put_together, ranked, taken_apart
from minitf.ops.array.basics import reshape
from minitf.ops.math.elementwise import cast, rsqrt, square
from minitf.ops.reduction.reduce import reduce_mean, reduce_sum

# TensorFlow has no float64 here.
X = TypeAttr("T", FLOATS)
U = TypeAttr("U", (float32, float64))

# Rows that are added up first: sums of sums round less.
PART = 256

# -- shapes ---------------------------------------------------------------------------------------


def _channels(x, vectors, data_format):
    """(shape of x, number of channels), which all the vectors have."""
    x = ranked(x, "x")
    batch, height, width, count = taken_apart(x, data_format)
    for name, vector in vectors.items():
        if vector is None:
            continue
        if len(vector) != 1:
            raise ValueError(f"{name} must be a vector, got {printed(vector)}")
        count = agreed(count, vector[0], f"the channels of x {printed(x)} and {name} "
                       f"{printed(vector)} with data_format={data_format!r}")  # fmt: skip
    return put_together(batch, [height, width], count, data_format), count


def _shapes(x, scale, offset, mean, variance, *, epsilon, data_format, is_training):
    vectors = {"scale": scale, "offset": offset}
    if not is_training:
        vectors |= {"mean": mean, "variance": variance}
    shape, count = _channels(x, vectors, data_format)
    return [shape, (count,), (count,), (count,), (count,), ()]


def _gradient_shapes(y_backprop, x, scale, mean, variance, reserved, *, epsilon, data_format,
                     is_training):  # fmt: skip
    vectors = {"scale": scale, "reserve_space_1": mean, "reserve_space_2": variance}
    shape, count = _channels(x, vectors, data_format)
    return [shape, (count,), (count,), (0,), (0,)]


# -- the ops --------------------------------------------------------------------------------------


def _rows(array, data_format):
    """[batch, channels, pixels] or [pixels, channels], in float32 at least."""
    if array.dtype == np.float16:
        array = array.astype(np.float32)
    if data_format == "NCHW":
        return array.reshape(*array.shape[:2], array.shape[2] * array.shape[3])
    return array.reshape(-1, array.shape[3])


def _per_channel(vector, data_format):
    """A vector as it broadcasts against rows."""
    return vector[:, None] if data_format == "NCHW" else vector


def _sum(xp, rows):
    """The sum for each channel."""
    if rows.ndim == 3:
        return xp.add.reduce(xp.add.reduce(rows, 2), 0)
    whole = len(rows) // PART * PART
    if whole < 2 * PART:
        return xp.add.reduce(rows, 0)
    parts = xp.add.reduce(rows[:whole].reshape(-1, PART, rows.shape[1]), 1)
    return xp.add.reduce(parts, 0) + xp.add.reduce(rows[whole:], 0)


def _count(rows):
    """How many numbers each channel has."""
    return rows.dtype.type(rows.size // max(rows.shape[1], 1))


@op("FusedBatchNormV3", shape=_shapes)
def fused_batch_norm_op(
    xp, x: X, scale: U, offset: U, mean: U, variance: U, *, epsilon=0.0001, data_format="NHWC",
    is_training=True,
) -> [X, U, U, U, U, U]:  # fmt: skip
    """(y, mean, unbiased variance, mean, variance, nothing) of the batch; where it is not
    training, of the mean and variance that are given."""
    rows, spread = _rows(x, data_format), lambda vector: _per_channel(vector, data_format)
    if not is_training:
        factor = scale / xp.sqrt(variance + epsilon)
        y = (rows - spread(mean)) * spread(factor) + spread(offset)
        y = y.astype(x.dtype).reshape(x.shape)
        given = [vector.copy() for vector in (mean, variance, mean, variance)]
        return [y, *given, xp.zeros((), scale.dtype)]
    count = _count(rows)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = _sum(xp, rows) / count
        y = rows - spread(mean)
        variance = _sum(xp, y * y) / count
        unbiased = variance * (count / max(count - 1, 1))
    y *= spread(scale / xp.sqrt(variance + epsilon))
    y += spread(offset)
    y = y.astype(x.dtype, copy=False).reshape(x.shape)
    nothing = xp.zeros((), scale.dtype)
    return [y, mean, unbiased, mean.copy(), variance, nothing]


@fused_batch_norm_op.gradient
def _(ys, dys, x, scale, offset, mean, variance, **attributes):
    if attributes["is_training"]:
        mean, variance = ys[3], ys[4]
    given = dys[0], x, scale, mean, variance, ys[5]
    return (*fused_batch_norm_grad(*given, **attributes)[:3], None, None)


@op("FusedBatchNormGradV3", shape=_gradient_shapes)
def fused_batch_norm_grad(
    xp, y_backprop: X, x: X, scale: U, reserve_space_1: U, reserve_space_2: U, reserve_space_3: U,
    *, epsilon=0.0001, data_format="NHWC", is_training=True,
) -> [X, U, U, U, U]:  # fmt: skip
    """The gradients by x, scale and offset, and nothing twice; given mean and variance."""
    dy, rows = _rows(y_backprop, data_format), _rows(x, data_format)
    inverse = 1 / xp.sqrt(reserve_space_2 + epsilon)
    x_hat = rows - _per_channel(reserve_space_1, data_format)
    x_hat *= _per_channel(inverse, data_format)
    doffset, dscale = _sum(xp, dy), _sum(xp, dy * x_hat)
    dx = dy
    if is_training:
        count = _count(rows)
        x_hat *= _per_channel(dscale / count, data_format)
        dx = dy - _per_channel(doffset / count, data_format)
        dx -= x_hat
    dx = dx * _per_channel(scale * inverse, data_format)
    nothing = xp.zeros(0, scale.dtype)
    return [dx.astype(x.dtype, copy=False).reshape(x.shape), dscale, doffset, nothing, nothing]


@fused_batch_norm_grad.gradient
def _(ys, dys, dy, x, scale, mean, variance, reserved, *, epsilon, data_format, is_training):
    """Written out, since the mean and the variance of the batch depend on x too."""
    channel = put_together(1, [1, 1], -1, data_format)
    axes = [0, 2, 3] if data_format == "NCHW" else [0, 1, 2]

    def mean_of(values):
        return reduce_mean(values, axes, keepdims=True)

    ddx, dy_, x_ = (cast(each, scale.dtype) for each in (dys[0], dy, x))
    ddscale, ddoffset, gamma, center, inverse = (
        reshape(each, channel)
        for each in (dys[1], dys[2], scale, mean, rsqrt(variance + epsilon))
    )
    x_hat, slope = (x_ - center) * inverse, gamma * inverse
    if not is_training:
        by_dy = ddx * slope + ddscale * x_hat + ddoffset
        by_x, by_scale = ddscale * dy_ * inverse, ddx * dy_ * inverse
    else:
        a, g = mean_of(ddx), mean_of(dy_)
        ax, gx = mean_of(ddx * x_hat), mean_of(dy_ * x_hat)
        by_dy = slope * (ddx - a - x_hat * ax) + ddscale * x_hat + ddoffset
        by_scale = ddx * inverse * (dy_ - g - x_hat * gx)
        inner = mean_of(ddx * dy_) - a * g - ax * gx
        by_x = gamma * square(inverse) * (
            a * gx + g * ax + 2.0 * ax * gx * x_hat - ddx * gx - dy_ * ax - inner * x_hat
        ) + ddscale * inverse * (dy_ - g - x_hat * gx)
    by_scale = reduce_sum(by_scale, axes)
    return cast(by_dy, dy.dtype), cast(by_x, x.dtype), by_scale, None, None, None


# -- the same in C --------------------------------------------------------------------------------


def _direct(kernel, x, scale, *, epsilon, data_format, is_training):
    if data_format != "NHWC" or x.dtype != scale.dtype:
        return None
    batch, height, width, depth = x.shape
    return kernel(batch * height * width, depth, x.dtype, float(epsilon))


@fused_batch_norm_op.trait
def native(inputs, outputs, **attributes):
    by_batch = attributes["is_training"]
    kernel = direct_batch_norm.normalize if by_batch else direct_batch_norm.normalize_by
    return _direct(kernel, inputs[0], inputs[1], **attributes)


@fused_batch_norm_grad.trait
def native(inputs, outputs, **attributes):  # noqa: F811
    if not attributes["is_training"]:
        return None
    kernel = direct_batch_norm.normalize_gradient
    return _direct(kernel, inputs[1], inputs[2], **attributes)


# -- the same in CUDA -----------------------------------------------------------------------------


def _launches(kernel, x, scale, *, epsilon, data_format, is_training):
    if data_format != "NHWC" or x.dtype != scale.dtype:
        return None
    return kernel(x.shape, x.dtype, float(epsilon))


@fused_batch_norm_op.trait
def cuda(inputs, outputs, **attributes):
    by_batch = attributes["is_training"]
    kernel = cuda_batch_norm.normalize if by_batch else cuda_batch_norm.normalize_by
    return _launches(kernel, inputs[0], inputs[1], **attributes)


@fused_batch_norm_grad.trait
def cuda(inputs, outputs, **attributes):  # noqa: F811
    if not attributes["is_training"]:
        return None
    return _launches(cuda_batch_norm.normalize_gradient, inputs[1], inputs[2], **attributes)


# -- TF1's function -------------------------------------------------------------------------------

LEAST_EPSILON = 1.001e-5  # cuDNN's, and so TensorFlow's


def fused_batch_norm(
    x, scale, offset, mean=None, variance=None, epsilon=0.001, data_format="NHWC", is_training=True,
    name=None,
):  # fmt: skip
    """(y, mean, variance): images normalized per channel, by the mean and variance of the batch.

    The variance that comes back is the unbiased one. Without `is_training`, `mean` and `variance`
    are those to normalize by; with it they must be None: ValueError. `x` is [batch, height, width,
    channels], for "NCHW" with the channels second.
    """
    x = convert_to_tensor(x, name="input")
    scale = convert_to_tensor(scale, name="scale")
    offset = convert_to_tensor(offset, name="offset")
    if is_training and not (mean is None and variance is None):
        raise ValueError("Both 'mean' and 'variance' must be None if is_training is True.")
    check_choice("FusedBatchNormV3", "data_format", data_format, LAYOUTS)
    mean = constant([], scale.dtype) if mean is None else mean
    variance = constant([], scale.dtype) if variance is None else variance
    found = fused_batch_norm_op(
        x, scale, offset, mean, variance, epsilon=float(max(epsilon, LEAST_EPSILON)),
        data_format=data_format, is_training=bool(is_training), name=name,
    )  # fmt: skip
    return tuple(found[:3])


def batch_norm_with_global_normalization(
    t=None, m=None, v=None, beta=None, gamma=None, variance_epsilon=None,
    scale_after_normalization=None, name=None, input=None, mean=None, variance=None,
):  # fmt: skip
    """`batch_normalization` under its oldest name: gamma counts if `scale_after_normalization`."""
    t, m = renamed("t", t, "input", input), renamed("m", m, "mean", mean)
    v = renamed("v", v, "variance", variance)
    gamma = gamma if scale_after_normalization else None
    return batch_normalization(t, m, v, beta, gamma, variance_epsilon, name)
