"""Convolution of volumes: `tf.nn.conv3d`, its gradients, `tf.nn.conv3d_transpose`."""
from minitf.core.deprecation import renamed
from minitf.core.dtypes import int32, int64
from minitf.core.graph import name_scope
from minitf.core.op import op
from minitf.core.schema import Float, TypeAttr
from minitf.nn.conv import Sizes, check_depth, in_c, on_gpu
from minitf.nn.family import compiled, differentiate, gradient_shapes
from minitf.nn.kernels import cuda_convolution, direct_convolution, direct_filter
from minitf.nn.kernels.convolve3d import convolve3d, convolve_filter3d, convolve_input3d
from minitf.nn.windows import (
    LAYOUTS_3D,
    as_sizes,
    axes,
    buffer,
    channels_last,
    check_choice,
    check_window,
    four_numbers,
    output_sizes,
    per_axis,
    put_together,
    ranked,
    taken_apart,
)

VolumeSizes = TypeAttr("Tshape", (int32, int64), static=True)
ONES_3D = (1, 1, 1, 1, 1)

# -- shapes ---------------------------------------------------------------------------------------


def _convolved(input, filter, **window):
    """The shape of the outputs."""
    input, filter = ranked(input, "input", 5), ranked(filter, "filter", 5)
    check_window(**window)
    batch, *_, depth = taken_apart(input, window["data_format"])
    check_depth(depth, filter, "[depth, height, width, input channels, output channels]")
    pixels = output_sizes(input, filter[:3], **window)
    return put_together(batch, pixels, filter[4], window["data_format"])


_input_shape, _filter_shape = gradient_shapes(_convolved, "convolution", 5)


# -- the ops --------------------------------------------------------------------------------------


def _named(strides, padding, data_format, dilations):
    """The attributes by name."""
    return {
        "strides": strides,
        "padding": padding,
        "data_format": data_format,
        "dilations": dilations,
    }


@op("Conv3D", shape=_convolved)
def conv3d_op(
    xp, input: Float, filter: Float, out=None, *, strides, padding, data_format="NDHWC",
    dilations=ONES_3D,
):  # fmt: skip
    """The products of the filter [depth, height, width, in, out] and every window of the volumes.
    """
    window = _named(strides, padding, data_format, dilations)
    out = buffer(xp, out, _convolved(input.shape, filter.shape, **window), input.dtype)
    x, y = channels_last(input, data_format), channels_last(out, data_format)
    convolve3d(xp, x, filter, *axes(input.shape, filter.shape, **window), y)
    return out


@op("Conv3DBackpropInputV2", shape=_input_shape)
def conv3d_backprop_input_op(
    xp, input_sizes: VolumeSizes, filter: Float, out_backprop: Float, out=None, *, strides,
    padding, data_format="NDHWC", dilations=ONES_3D,
):  # fmt: skip
    """The gradient of a convolution by its volumes, whose sizes are given."""
    window = _named(strides, padding, data_format, dilations)
    sizes = _input_shape(input_sizes, filter.shape, out_backprop.shape, **window)
    out = buffer(xp, out, sizes, filter.dtype)
    dy, dx = channels_last(out_backprop, data_format), channels_last(out, data_format)
    convolve_input3d(xp, filter, dy, *axes(sizes, filter.shape, **window), dx)
    return out


@op("Conv3DBackpropFilterV2", shape=_filter_shape)
def conv3d_backprop_filter_op(
    xp, input: Float, filter_sizes: Sizes, out_backprop: Float, out=None, *, strides, padding,
    data_format="NDHWC", dilations=ONES_3D,
):  # fmt: skip
    """The gradient of a convolution by its filter, whose sizes are given."""
    window = _named(strides, padding, data_format, dilations)
    sizes = _filter_shape(input.shape, filter_sizes, out_backprop.shape, **window)
    out = buffer(xp, out, sizes, input.dtype)
    x, dy = channels_last(input, data_format), channels_last(out_backprop, data_format)
    return convolve_filter3d(xp, x, dy, *axes(input.shape, sizes, **window), out)


_OPS = conv3d_op, conv3d_backprop_input_op, conv3d_backprop_filter_op
differentiate(*_OPS)

# -- the same in C --------------------------------------------------------------------------------


compiled("native", in_c, _OPS, (
    direct_convolution.convolve, direct_convolution.convolve_input, direct_filter.convolve_filter,
))  # fmt: skip


# -- and in CUDA ----------------------------------------------------------------------------------


compiled("cuda", on_gpu, _OPS, (
    cuda_convolution.convolve, cuda_convolution.convolve_input, cuda_convolution.convolve_filter,
))  # fmt: skip


# -- TF1's functions ------------------------------------------------------------------------------


def _window(type, strides, padding, data_format, dilations):
    """The attributes of an op, checked. TypeError, ValueError for what they cannot be."""
    layout = "NDHWC" if data_format is None else data_format
    check_choice(type, "padding", padding, ("SAME", "VALID"))
    check_choice(type, "data_format", layout, LAYOUTS_3D)
    return _named(strides, padding, layout, dilations)


def conv3d(
    input, filter=None, strides=None, padding=None, data_format="NDHWC", dilations=(1, 1, 1, 1, 1),
    name=None, filters=None,
):  # fmt: skip
    """The convolution of volumes and a filter [depth, height, width, in channels, out channels].

    `input` is [batch, depth, height, width, in channels], for "NCDHW" with the channels second.
    `strides` and `dilations` are lists of 5, 1 for batch and channels. `padding` is "SAME" or
    "VALID". TensorFlow on a CPU has no dilations and no "NCDHW"; minitf has.

    Raises ValueError when the sizes do not fit, TypeError for types.
    """
    filter = renamed("filter", filter, "filters", filters)
    strides = four_numbers(strides, "strides", "conv3d")
    dilations = four_numbers(dilations, "dilations", "conv3d")
    window = _window("Conv3D", strides, padding, data_format, dilations)
    return conv3d_op(input, filter, name=name, **window)


def conv3d_backprop_filter(
    input, filter_sizes, out_backprop, strides, padding, data_format="NDHWC",
    dilations=(1, 1, 1, 1, 1), name=None,
):  # fmt: skip
    """The gradient of `conv3d(input, filter)` by the filter, which is of `filter_sizes`, given
    `out_backprop`, the gradient by the outputs. Strides and dilations are lists of 5."""
    strides = four_numbers(strides, "strides", "conv3d_backprop_filter_v2")
    dilations = four_numbers(dilations, "dilations", "conv3d_backprop_filter_v2")
    window = _window("Conv3DBackpropFilterV2", strides, padding, data_format, dilations)
    sizes = as_sizes(filter_sizes)
    return conv3d_backprop_filter_op(input, sizes, out_backprop, name=name, **window)


conv3d_backprop_filter_v2 = conv3d_backprop_filter


def conv3d_transpose(
    value, filter=None, output_shape=None, strides=None, padding="SAME", data_format="NDHWC",
    name=None, input=None, filters=None, dilations=None,
):  # fmt: skip
    """What `conv3d` does to gradients, done to `value`: volumes of `output_shape`, of which a
    convolution with the same arguments has outputs of the shape of `value`.

    The filter is [depth, height, width, out channels, in channels]. Raises ValueError when sizes
    do not fit.
    """
    filter = renamed("filter", filter, "filters", filters)
    value = renamed("value", value, "input", input)
    with name_scope(name, "conv3d_transpose", [value, filter, output_shape]) as scope:
        layout = data_format or "NDHWC"
        strides = per_axis(strides, layout, "strides")
        dilations = per_axis(dilations, layout, "dilations")
        window = _window("Conv3DBackpropInputV2", strides, padding, layout, dilations)
        return conv3d_backprop_input_op(output_shape, filter, value, name=scope, **window)
