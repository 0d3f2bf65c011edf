"""Convolution of images: `tf.nn.conv2d`, its gradients, `tf.nn.conv2d_transpose`."""
from minitf.core.deprecation import renamed
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.core.op import op
from minitf.core.schema import Float, TypeAttr
from minitf.core.tensor_shape import printed
from minitf.nn.family import compiled, differentiate, gradient_shapes
from minitf.nn.kernels import cuda_convolution, direct_convolution, direct_filter, scattered
from minitf.nn.kernels.convolve import convolve, convolve_filter, convolve_input
from minitf.nn.windows import (
    LAYOUTS,
    ONES,
    as_sizes,
    axes,
    buffer,
    channels_last,
    check_choice,
    check_window,
    explicit_padding,
    four_numbers,
    image,
    output_sizes,
    per_axis,
    ranked,
    taken_apart,
    window_attributes,
)

Sizes = TypeAttr("_", (int32,), static=True)

# -- shapes ---------------------------------------------------------------------------------------


def _convolved(input, filter, **window):
    """The shape of a convolution's outputs."""
    input, filter = ranked(input, "input"), ranked(filter, "filter")
    check_window(**window)
    layout = window["data_format"]
    batch, _, _, depth = taken_apart(input, layout)
    check_depth(depth, filter, "[height, width, input depth, output depth]")
    window.pop("use_cudnn_on_gpu", None)
    height, width = output_sizes(input, filter[:2], **window)
    return image(batch, height, width, filter[3], layout)


def check_depth(depth, filter, meaning):
    """ValueError unless the filter, of which `meaning` says the axes, is for images so deep."""
    wanted = filter[-2]
    if depth is None or wanted is None or depth == wanted:
        return
    filter = f"filter {printed(filter)} is {meaning}"
    if wanted and depth % wanted == 0:
        raise ValueError(
            f"Depth of input ({depth}) differs from the input depth of filter ({wanted}): "
            f"convolution in groups is not supported; {filter}"
        )
    raise ValueError(
        f"Depth of input ({depth}) is not a multiple of input depth of filter ({wanted}); {filter}"
    )


_input_shape, _filter_shape = gradient_shapes(_convolved, "convolution")


# -- the ops --------------------------------------------------------------------------------------


@op("Conv2D", shape=_convolved)
def conv2d_op(
    xp, input: Float, filter: Float, out=None, *, strides, padding, use_cudnn_on_gpu=True,
    explicit_paddings=(), data_format="NHWC", dilations=ONES,
):  # fmt: skip
    """The products of the filter [height, width, in, out] and every window of the images."""
    window = window_attributes(strides, padding, explicit_paddings, data_format, dilations)
    out = buffer(xp, out, _convolved(input.shape, filter.shape, **window), input.dtype)
    x, y = channels_last(input, data_format), channels_last(out, data_format)
    convolve(xp, x, filter, *axes(input.shape, filter.shape, **window), y)
    return out


@op("Conv2DBackpropInput", shape=_input_shape)
def conv2d_backprop_input_op(
    xp, input_sizes: Sizes, filter: Float, out_backprop: Float, out=None, *, strides, padding,
    use_cudnn_on_gpu=True, explicit_paddings=(), data_format="NHWC", dilations=ONES,
):  # fmt: skip
    """The gradient of a convolution by its images, whose sizes are given."""
    window = window_attributes(strides, padding, explicit_paddings, data_format, dilations)
    sizes = _input_shape(input_sizes, filter.shape, out_backprop.shape, **window)
    out = buffer(xp, out, sizes, filter.dtype)
    dy, dx = channels_last(out_backprop, data_format), channels_last(out, data_format)
    convolve_input(xp, filter, dy, *axes(sizes, filter.shape, **window), dx)
    return out


@op("Conv2DBackpropFilter", shape=_filter_shape)
def conv2d_backprop_filter_op(
    xp, input: Float, filter_sizes: Sizes, out_backprop: Float, out=None, *, strides, padding,
    use_cudnn_on_gpu=True, explicit_paddings=(), data_format="NHWC", dilations=ONES,
):  # fmt: skip
    """The gradient of a convolution by its filter, whose sizes are given."""
    window = window_attributes(strides, padding, explicit_paddings, data_format, dilations)
    sizes = _filter_shape(input.shape, filter_sizes, out_backprop.shape, **window)
    out = buffer(xp, out, sizes, input.dtype)
    x, dy = channels_last(input, data_format), channels_last(out_backprop, data_format)
    return convolve_filter(xp, x, dy, *axes(input.shape, sizes, **window), out)


_OPS = conv2d_op, conv2d_backprop_input_op, conv2d_backprop_filter_op
differentiate(*_OPS)

# -- the same in C --------------------------------------------------------------------------------


def in_c(kernel, image, filter, dtype, *, data_format, use_cudnn_on_gpu=True, **window):
    """The kernel for these sizes; None for channels that come first."""
    if data_format.startswith("NC"):
        return None
    along = axes(image, filter[:-2], data_format=data_format, **window)
    return kernel(image[0], along, image[-1], filter[-1], dtype)


def _of_input(batch, along, *channels_and_type):
    if scattered.pays(along):  # a product, and sums in NumPy
        return None
    return direct_convolution.convolve_input(batch, along, *channels_and_type)


compiled("native", in_c, _OPS, (
    direct_convolution.convolve, _of_input, direct_filter.convolve_filter,
))  # fmt: skip


# -- and in CUDA ----------------------------------------------------------------------------------


def on_gpu(launches, image, filter, dtype, *, data_format, use_cudnn_on_gpu=True, **window):
    """The launches for these sizes, for channels that come first or last."""
    along = axes(image, filter[:-2], data_format=data_format, **window)
    batch, *_, depth = taken_apart(image, data_format)
    first = data_format.startswith("NC")
    return launches(batch, along, depth, filter[-1], dtype, first)


compiled("cuda", on_gpu, _OPS, (
    cuda_convolution.convolve, cuda_convolution.convolve_input, cuda_convolution.convolve_filter,
))  # fmt: skip


# -- TF1's functions ------------------------------------------------------------------------------

PADDINGS = ("SAME", "VALID", "EXPLICIT")


def window_of(type, strides, padding, explicit, use_cudnn_on_gpu, data_format, dilations):
    """The attributes of an op, checked. TypeError, ValueError for what they cannot be."""
    check_choice(type, "padding", padding, PADDINGS)
    check_choice(type, "data_format", data_format, LAYOUTS)
    if not isinstance(use_cudnn_on_gpu, bool):
        raise TypeError(
            f"Expected bool for argument 'use_cudnn_on_gpu' not {use_cudnn_on_gpu!r}."
        )
    window = window_attributes(strides, padding, explicit, data_format, dilations)
    return {"use_cudnn_on_gpu": use_cudnn_on_gpu, **window}


def conv2d(
    input, filter=None, strides=None, padding=None, use_cudnn_on_gpu=True, data_format="NHWC",
    dilations=(1, 1, 1, 1), name=None, filters=None,
):  # fmt: skip
    """The convolution of images and a filter [height, width, in depth, out depth].

    `input` is [batch, height, width, in depth], for "NCHW" with the depth second. `padding` is
    "SAME" (zeros around, so that a stride of 1 keeps the size), "VALID", or a list of a pair
    (zeros before, after) for each axis. `strides` and `dilations` are a number or a list of 1, 2
    or 4; they must be 1 for batch and depth. `use_cudnn_on_gpu` changes nothing.

    Raises ValueError when the sizes do not fit, TypeError for types.
    """
    filter = renamed("filter", filter, "filters", filters)
    padding, explicit = explicit_padding(padding)
    layout = "NHWC" if data_format is None else data_format
    strides = per_axis(strides, layout, "strides")
    dilations = per_axis(dilations, layout, "dilations")
    window = window_of("Conv2D", strides, padding, explicit, use_cudnn_on_gpu, layout, dilations)
    return conv2d_op(input, filter, name=name, **window)


def conv2d_backprop_filter(
    input, filter_sizes, out_backprop, strides, padding, use_cudnn_on_gpu=True, data_format="NHWC",
    dilations=(1, 1, 1, 1), name=None,
):  # fmt: skip
    """The gradient of `conv2d(input, filter)` by the filter, which is of `filter_sizes`, given
    `out_backprop`, the gradient by the outputs. Strides and dilations are lists of 4."""
    padding, explicit = explicit_padding(padding)
    strides = four_numbers(strides, "strides", "conv2d_backprop_filter")
    dilations = four_numbers(dilations, "dilations", "conv2d_backprop_filter")
    window = window_of("Conv2DBackpropFilter", strides, padding, explicit, use_cudnn_on_gpu,
                       data_format or "NHWC", dilations)  # fmt: skip
    return conv2d_backprop_filter_op(
        input, as_sizes(filter_sizes), out_backprop, name=name, **window
    )


def conv2d_backprop_input(
    input_sizes, filter=None, out_backprop=None, strides=None, padding=None, use_cudnn_on_gpu=True,
    data_format="NHWC", dilations=(1, 1, 1, 1), name=None, filters=None,
):  # fmt: skip
    """The gradient of `conv2d(input, filter)` by its input, which is of `input_sizes`, given
    `out_backprop`, the gradient by the outputs. Strides and dilations are lists of 4."""
    filter = renamed("filter", filter, "filters", filters)
    padding, explicit = explicit_padding(padding)
    strides = four_numbers(strides, "strides", "conv2d_backprop_input")
    dilations = four_numbers(dilations, "dilations", "conv2d_backprop_input")
    window = window_of("Conv2DBackpropInput", strides, padding, explicit, use_cudnn_on_gpu,
                       data_format or "NHWC", dilations)  # fmt: skip
    sizes = as_sizes(input_sizes)
    return conv2d_backprop_input_op(sizes, filter, out_backprop, name=name, **window)


def conv2d_transpose(
    value=None, filter=None, output_shape=None, strides=None, padding="SAME", data_format="NHWC",
    name=None, input=None, filters=None, dilations=None,
):  # fmt: skip
    """What `conv2d` does to gradients, done to `value`: images of `output_shape`, of which a
    convolution with the same arguments has outputs of the shape of `value`.

    The filter is [height, width, out depth, in depth]. Raises ValueError when sizes do not fit.
    """
    value = renamed("value", value, "input", input)
    filter = renamed("filter", filter, "filters", filters)
    with name_scope(name, "conv2d_transpose", [value, filter, output_shape]) as scope:
        layout = data_format or "NHWC"
        strides = per_axis(strides, layout, "strides")
        dilations = per_axis(dilations, layout, "dilations")
        window = window_of("Conv2DBackpropInput", strides, padding, [], True, layout, dilations)
        return conv2d_backprop_input_op(as_sizes(output_shape), filter, value, name=scope, **window)
