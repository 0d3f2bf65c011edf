"""Convolution of each channel by itself: `tf.nn.depthwise_conv2d`, `tf.nn.separable_conv2d`.

The filter is [height, width, in, multiplier]: channel c of the images makes the channels
c * multiplier, ..., (c + 1) * multiplier - 1 of the outputs. The kernels take the outputs' channels
in `multiplier` groups, one for each channel of the images, and go position by position of the
filter, over all images at once.
"""
import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import int32
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.op import op
from minitf.core.schema import Float
from minitf.core.tensor_shape import printed
from minitf.nn.conv import Sizes, conv2d
from minitf.nn.family import compiled, differentiate, gradient_shapes
from minitf.nn.kernels import cuda_depthwise, direct_depthwise
from minitf.nn.windows import (
    LAYOUTS,
    ONES,
    agreed,
    as_sizes,
    axes,
    buffer,
    channels_last,
    check_choice,
    check_window,
    count_space_to_batch,
    four_numbers,
    image,
    output_sizes,
    ranked,
    taken_apart,
)
from minitf.ops.array.basics import shape

# -- shapes ---------------------------------------------------------------------------------------


def _convolved(input, filter, **window):
    """The shape of the outputs."""
    input, filter = ranked(input, "input"), ranked(filter, "filter")
    check_window(**window)
    batch, _, _, depth = taken_apart(input, window["data_format"])
    depth = agreed(
        depth, filter[2], f"the depth of input {printed(input)} and that of filter "
        f"{printed(filter)}, [height, width, depth, multiplier]",
    )  # fmt: skip
    outputs = None if None in (depth, filter[3]) else depth * filter[3]
    height, width = output_sizes(input, filter[:2], **window)
    return image(batch, height, width, outputs, window["data_format"])


_input_shape, _filter_shape = gradient_shapes(_convolved, "depthwise convolution")


# -- position by position -------------------------------------------------------------------------


def _named(strides, padding, data_format, dilations):
    """The attributes by name."""
    return {
        "strides": strides,
        "padding": padding,
        "data_format": data_format,
        "dilations": dilations,
    }


def _positions(shape, filter, **window):
    """For each position of the filter: its index, the outputs and the pixels that it connects, as
    indices of NHWC."""
    rows, columns = axes(shape, filter, **window)
    inside = [[axis.inside(i) for i in range(axis.window)] for axis in (rows, columns)]
    for i, (row_to, row_from) in enumerate(inside[0]):
        for j, (column_to, column_from) in enumerate(inside[1]):
            to, from_ = (slice(None), row_to, column_to), (slice(None), row_from, column_from)
            yield (i, j), to, from_


def _groups(array, filter, data_format):
    """Outputs as [multiplier, batch, height, width, in]: a view."""
    array = channels_last(array, data_format)
    return array.reshape(*array.shape[:3], *filter[2:]).transpose(4, 0, 1, 2, 3)


def _wide(array):
    """float16 as float32: sums of it would neither be exact nor, perhaps, finite."""
    return array.astype(np.float32) if array.dtype == np.float16 else array


# -- the ops --------------------------------------------------------------------------------------


@op("DepthwiseConv2dNative", shape=_convolved)
def depthwise_conv2d_op(
    xp, input: Float, filter: Float, out=None, *, strides, padding, data_format="NHWC",
    dilations=ONES,
):  # fmt: skip
    """The products of a filter of each channel and every window of that channel."""
    window = _named(strides, padding, data_format, dilations)
    out = buffer(xp, out, _convolved(input.shape, filter.shape, **window), input.dtype)
    x, weights = _wide(channels_last(input, data_format)), _wide(filter)
    for k, y in enumerate(_groups(out, filter.shape, data_format)):
        sums = xp.zeros(y.shape, x.dtype)
        for position, to, from_ in _positions(input.shape, filter.shape, **window):
            sums[to] += x[from_] * weights[position][:, k]
        y[...] = sums
    return out


@op("DepthwiseConv2dNativeBackpropInput", shape=_input_shape)
def depthwise_backprop_input_op(
    xp, input_sizes: Sizes, filter: Float, out_backprop: Float, out=None, *, strides, padding,
    data_format="NHWC", dilations=ONES,
):  # fmt: skip
    """The gradient of a depthwise convolution by its images, whose sizes are given."""
    window = _named(strides, padding, data_format, dilations)
    sizes = _input_shape(input_sizes, filter.shape, out_backprop.shape, **window)
    out, weights = buffer(xp, out, sizes, filter.dtype), _wide(filter)
    sums = xp.zeros(taken_apart(sizes, data_format), weights.dtype)
    for k, dy in enumerate(_groups(_wide(out_backprop), filter.shape, data_format)):
        dy = xp.ascontiguousarray(dy)
        for position, to, from_ in _positions(sizes, filter.shape, **window):
            sums[from_] += dy[to] * weights[position][:, k]
    channels_last(out, data_format)[...] = sums
    return out


@op("DepthwiseConv2dNativeBackpropFilter", shape=_filter_shape)
def depthwise_backprop_filter_op(
    xp, input: Float, filter_sizes: Sizes, out_backprop: Float, out=None, *, strides, padding,
    data_format="NHWC", dilations=ONES,
):  # fmt: skip
    """The gradient of a depthwise convolution by its filter, whose sizes are given."""
    window = _named(strides, padding, data_format, dilations)
    sizes = _filter_shape(input.shape, filter_sizes, out_backprop.shape, **window)
    out, x = buffer(xp, out, sizes, input.dtype), _wide(channels_last(input, data_format))
    for k, dy in enumerate(_groups(_wide(out_backprop), sizes, data_format)):
        dy = xp.ascontiguousarray(dy)
        for position, to, from_ in _positions(input.shape, sizes, **window):
            out[position][:, k] = xp.einsum("nhwc,nhwc->c", x[from_], dy[to])
    return out


_OPS = depthwise_conv2d_op, depthwise_backprop_input_op, depthwise_backprop_filter_op
differentiate(*_OPS)

# -- the same in C --------------------------------------------------------------------------------


def _in_c(kernel, image, filter, dtype, **window):
    """The kernel for these sizes; None for channels that come first."""
    if window["data_format"] != "NHWC":
        return None
    rows, columns = axes(image, filter[:2], **window)
    return kernel(image[0], rows, columns, image[3], filter[3], dtype)


compiled("native", _in_c, _OPS, (
    direct_depthwise.convolve, direct_depthwise.convolve_input, direct_depthwise.convolve_filter,
))  # fmt: skip


# -- and in CUDA ----------------------------------------------------------------------------------


def _on_gpu(launches, image, filter, dtype, **window):
    rows, columns = axes(image, filter[:2], **window)
    batch, _, _, depth = taken_apart(image, window["data_format"])
    first = window["data_format"] == "NCHW"
    return launches(batch, rows, columns, depth, filter[3], dtype, first)


compiled("cuda", _on_gpu, _OPS, (
    cuda_depthwise.convolve, cuda_depthwise.convolve_input, cuda_depthwise.convolve_filter,
))  # fmt: skip


# -- TF1's functions ------------------------------------------------------------------------------


def _window(type, function, strides, padding, data_format, dilations):
    """The attributes of an op, checked. TypeError, ValueError for what they cannot be."""
    strides = four_numbers(strides, "strides", function)
    dilations = four_numbers(dilations, "dilations", function)
    layout = "NHWC" if data_format is None else data_format
    check_choice(type, "padding", padding, ("SAME", "VALID"))
    check_choice(type, "data_format", layout, LAYOUTS)
    return _named(strides, padding, layout, dilations)


def depthwise_conv2d_native(
    input, filter, strides, padding, data_format="NHWC", dilations=(1, 1, 1, 1), name=None
):
    """The convolution of each channel with a filter of its own.

    `filter` is [height, width, depth, multiplier], the outputs have depth * multiplier channels.
    `strides` and `dilations` are lists of 4, 1 for batch and depth. `padding` is "SAME" or "VALID".
    The dilations count here, which TensorFlow 1.15 left out on the CPU.

    Raises ValueError when the sizes do not fit, TypeError for types.
    """
    window = _window("DepthwiseConv2dNative", "depthwise_conv2d_native", strides, padding,
                     data_format, dilations)  # fmt: skip
    return depthwise_conv2d_op(input, filter, name=name, **window)


def depthwise_conv2d_native_backprop_input(
    input_sizes, filter, out_backprop, strides, padding, data_format="NHWC", dilations=(1, 1, 1, 1),
    name=None,
):  # fmt: skip
    """The gradient of `depthwise_conv2d_native(input, filter)` by its input of `input_sizes`,
    given `out_backprop`, the gradient by the outputs."""
    window = _window("DepthwiseConv2dNativeBackpropInput", "depthwise_conv2d_native_backprop_input",
                     strides, padding, data_format, dilations)  # fmt: skip
    sizes = as_sizes(input_sizes)
    return depthwise_backprop_input_op(sizes, filter, out_backprop, name=name, **window)


def depthwise_conv2d_native_backprop_filter(
    input, filter_sizes, out_backprop, strides, padding, data_format="NHWC", dilations=(1, 1, 1, 1),
    name=None,
):  # fmt: skip
    """The gradient of `depthwise_conv2d_native(input, filter)` by its filter of `filter_sizes`,
    given `out_backprop`, the gradient by the outputs."""
    window = _window("DepthwiseConv2dNativeBackpropFilter",
                     "depthwise_conv2d_native_backprop_filter", strides, padding, data_format,
                     dilations)  # fmt: skip
    sizes = as_sizes(filter_sizes)
    return depthwise_backprop_filter_op(input, sizes, out_backprop, name=name, **window)


depthwise_conv2d_backprop_input = depthwise_conv2d_native_backprop_input
depthwise_conv2d_backprop_filter = depthwise_conv2d_native_backprop_filter


def _dilations(rate, strides, data_format):
    """The dilations that `rate` says for height and width. ValueError beside strides."""
    rate = (1, 1) if rate is None else rate
    if np.ndim(rate) != 1 or len(rate) != 2:
        raise ValueError(f"rate must be rank 1, a number for height and for width, got {rate!r}")
    if min(rate) < 1 or (max(rate) > 1 and max(strides) > 1):
        raise ValueError(
            f"rate must be positive, and 1 unless all strides are: rate={list(rate)}, "
            f"strides={list(strides)}"
        )
    return [int(n) for n in image(1, *rate, 1, data_format or "NHWC")]


def _count_in_seeds(input, filter, rate, data_format):
    """Nodes that nothing reads, here nor in TensorFlow, but the seeds of later ops count them."""
    shape(filter)
    rate = [1, 1] if rate is None else list(rate)
    constant(rate, int32, name="dilation_rate")
    if max(rate) > 1:
        extra = count_space_to_batch(input, data_format or "NHWC") - 2  # those two are among them
        get_default_graph()._surplus -= extra


def depthwise_conv2d(
    input, filter, strides, padding, rate=None, name=None, data_format=None, dilations=None
):
    """`depthwise_conv2d_native` with a filter whose elements lie `rate`, two numbers, pixels apart.

    Where `rate` is not 1, all strides must be: ValueError.
    """
    rate = renamed("rate", rate, "dilations", dilations)
    with name_scope(name, "depthwise", [input, filter]) as scope:
        input = convert_to_tensor(input, name="tensor_in")
        filter = convert_to_tensor(filter, name="filter_in")
        apart = _dilations(rate, strides, data_format)
        _count_in_seeds(input, filter, rate, data_format)
        return depthwise_conv2d_native(
            input, filter, strides, padding, data_format, apart, name=scope
        )


def separable_conv2d(
    input, depthwise_filter, pointwise_filter, strides, padding, rate=None, name=None,
    data_format=None, dilations=None,
):  # fmt: skip
    """`depthwise_conv2d`, and then a `conv2d` with `pointwise_filter` [1, 1, in, out] that mixes
    its channels. ValueError when the sizes do not fit."""
    rate = renamed("rate", rate, "dilations", dilations)
    with name_scope(name, "separable_conv2d", [input, depthwise_filter, pointwise_filter]) as scope:
        input = convert_to_tensor(input, name="tensor_in")
        depthwise_filter = convert_to_tensor(depthwise_filter, name="depthwise_filter")
        pointwise_filter = convert_to_tensor(pointwise_filter, name="pointwise_filter")
        window = ranked(pointwise_filter._shape, "pointwise_filter")[:2]
        if any(size not in (1, None) for size in window):
            raise ValueError(
                f"pointwise_filter must be [1, 1, in, out], got {pointwise_filter.shape}"
            )
        apart = _dilations(rate, strides, data_format)
        _count_in_seeds(input, depthwise_filter, rate, data_format)
        channels = depthwise_conv2d_native(
            input, depthwise_filter, strides, padding, data_format, apart, name="depthwise"
        )
        return conv2d(channels, pointwise_filter, [1, 1, 1, 1], "VALID",
                      data_format=data_format, name=scope)  # fmt: skip
