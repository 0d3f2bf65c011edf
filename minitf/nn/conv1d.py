"""Convolution of sequences: `tf.nn.conv1d`, `tf.nn.conv1d_transpose`.

A sequence is an image of one row.
"""
from minitf.core.deprecation import renamed
from minitf.core.graph import name_scope
from minitf.core.tensor import is_tensor
from minitf.nn.conv import conv2d_backprop_input_op, conv2d_op, window_of
from minitf.nn.windows import per_axis
from minitf.ops.array.joining import concat
from minitf.ops.reduction.axes import expand_dims, squeeze


def one_row(data_format, accepted=("NWC", "NCW")):
    """(the axis of the row in an image, the layout of the image) for a layout of sequences.

    ValueError for another one.
    """
    layout = accepted[0] if data_format is None else data_format
    if layout not in accepted:
        raise ValueError(f'data_format must be "NWC" or "NCW", got {data_format!r}')
    return (2, "NCHW") if layout.startswith("NC") else (1, "NHWC")


def per_axis_of_row(value, layout, name):
    """`per_axis` for a sequence, the height of its image having 1."""
    numbers = per_axis(value, "NCW" if layout == "NCHW" else "NWC", name)
    return [1, *numbers]


def _window(type, layout, strides, padding, dilations, use_cudnn_on_gpu=True):
    strides = per_axis_of_row(strides, layout, "stride")
    dilations = per_axis_of_row(dilations, layout, "dilations")
    return window_of(type, strides, padding, [], use_cudnn_on_gpu, layout, dilations)


def conv1d(
    value=None, filters=None, stride=None, padding=None, use_cudnn_on_gpu=None, data_format=None,
    name=None, input=None, dilations=None,
):  # fmt: skip
    """The convolution of sequences and a filter [width, in depth, out depth].

    `value` is [batch, width, in depth], for "NCW" with the depth second. `padding` is "SAME" or
    "VALID". `stride` and `dilations` are a number or a list of 1 or 3. `use_cudnn_on_gpu` changes
    nothing. Raises ValueError when the sizes do not fit, TypeError for types.
    """
    value = renamed("value", value, "input", input)
    with name_scope(name, "conv1d", [value, filters]) as scope:
        axis, layout = one_row(data_format, ("NWC", "NCW", "NHWC", "NCHW"))
        on_gpu = True if use_cudnn_on_gpu is None else use_cudnn_on_gpu
        window = _window("Conv2D", layout, stride, padding, dilations, on_gpu)
        value, filters = expand_dims(value, axis), expand_dims(filters, 0)
        return squeeze(conv2d_op(value, filters, name=scope, **window), [axis])


def conv1d_transpose(
    input, filters, output_shape, strides, padding="SAME", data_format="NWC", dilations=None,
    name=None,
):  # fmt: skip
    """What `conv1d` does to gradients, done to `input`: sequences of `output_shape`, of which a
    convolution with the same arguments has outputs of the shape of `input`.

    The filter is [width, out depth, in depth]. Raises ValueError when sizes do not fit.
    """
    with name_scope(name, "conv1d_transpose", [input, filters, output_shape]) as scope:
        axis, layout = one_row(data_format)
        window = _window("Conv2DBackpropInput", layout, strides, padding, dilations)
        input, filters = expand_dims(input, axis), expand_dims(filters, 0)
        sizes = output_shape if is_tensor(output_shape) else list(output_shape)
        sizes = concat([sizes[:axis], [1], sizes[axis:]], 0)
        return squeeze(conv2d_backprop_input_op(sizes, filters, input, name=scope, **window), axis)
