"""Convolution of whatever has one to three axes of pixels: `tf.nn.convolution`,
`tf.nn.conv_transpose`, `tf.nn.atrous_conv2d`."""
from collections.abc import Sized

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.tensor import is_tensor
from minitf.nn.conv import conv2d_backprop_input_op, conv2d_op, conv2d_transpose, window_of
from minitf.nn.conv1d import conv1d, conv1d_transpose
from minitf.nn.conv3d import conv3d, conv3d_transpose
from minitf.nn.windows import (
    as_sizes,
    count_space_to_batch,
    explicit_padding,
    per_axis,
    taken_apart,
)

LAYOUT_OF_RANK = {3: "NWC", 4: "NHWC", 5: "NDHWC"}


def convolution(
    input, filter, padding, strides=None, dilation_rate=None, name=None, data_format=None,
    filters=None, dilations=None,
):  # fmt: skip
    """`conv1d`, `conv2d` or `conv3d`, with numbers for the axes of pixels alone.

    `input` has one, two or three of them, beside batch and depth; `strides` and `dilation_rate`
    have a number for each (or one for all), and one of the two must be 1. `padding` is "SAME",
    "VALID" or, for images, a list of pairs. Raises ValueError for other ranks, and when sizes do
    not fit.
    """
    filter = renamed("filter", filter, "filters", filters)
    rate = renamed("dilation_rate", dilation_rate, "dilations", dilations)
    with name_scope(name, "convolution", [input, filter]) as scope:
        input = convert_to_tensor(input, name="input")
        filter = convert_to_tensor(filter, name="filter", dtype=input.dtype)
        layout = data_format or LAYOUT_OF_RANK[_rank(input, filter)]
        strides, rate = _numbers(strides, layout, "strides"), _numbers(rate, layout, "dilations")
        _check(strides, rate)
        if max(rate) > 1:
            extra = count_space_to_batch(input, layout) - (padding == "VALID")
            get_default_graph()._surplus -= extra
        return _convolved(input, filter, padding, strides, rate, layout, scope)


def _rank(input, filter):
    ranks = [len(x._shape) for x in (input, filter) if x._shape is not None]
    if not ranks:
        raise ValueError("rank of input or filter must be known")
    if ranks[0] not in LAYOUT_OF_RANK:
        raise ValueError(f"Input tensor must be of rank 3, 4 or 5 but was {ranks[0]}.")
    return ranks[0]


def _numbers(value, layout, name):
    """One number for each axis of pixels, of which there are as many as the layout says."""
    _, *pixels, _ = taken_apart(per_axis(value, layout, name), layout)
    return pixels


def _check(strides, rate):
    if min(rate) < 1:
        raise ValueError(f"all values of dilation_rate must be positive, got {rate}")
    if max(strides) > 1 and max(rate) > 1:
        raise ValueError("strides > 1 not supported in conjunction with dilation_rate > 1: got "
                         f"strides {strides} and dilation_rate {rate}")  # fmt: skip


def _convolved(input, filter, padding, strides, rate, layout, name):
    rank = len(layout)
    if rank == 3:
        return conv1d(input, filter, strides, padding, None, layout, name, dilations=rate)
    if rank == 5:
        strides, rate = (per_axis(each, layout, "") for each in (strides, rate))
        return conv3d(input, filter, strides, padding, layout, rate, name)
    padding, explicit = explicit_padding(padding)
    strides, rate = (per_axis(each, layout, "") for each in (strides, rate))
    window = window_of("Conv2D", strides, padding, explicit, True, layout, rate)
    return conv2d_op(input, filter, name=name, **window)


def atrous_conv2d(value, filters, rate, padding, name=None):
    """`conv2d` of stride 1 with a filter whose elements lie `rate` pixels apart.

    ValueError for a `rate` below 1 and when sizes do not fit.
    """
    return convolution(value, filters, padding, dilation_rate=np.broadcast_to(rate, (2,)),
                       name=name)  # fmt: skip


def atrous_conv2d_transpose(value, filters, output_shape, rate, padding, name=None):
    """What `atrous_conv2d` does to gradients, done to `value`: images of `output_shape`.

    The filter is [height, width, out depth, in depth]. ValueError for a `rate` below 1 and when
    sizes do not fit.
    """
    with name_scope(name, "atrous_conv2d_transpose", [value, filters, output_shape]) as scope:
        value = convert_to_tensor(value, name="value")
        filters = convert_to_tensor(filters, name="filters")
        if rate < 1:
            raise ValueError(f"rate {rate} cannot be less than one")
        if padding not in ("SAME", "VALID"):
            raise ValueError(f"padding must be either VALID or SAME: {padding}")
        window = window_of("Conv2DBackpropInput", [1] * 4, padding, [], True, "NHWC",
                           [1, rate, rate, 1])  # fmt: skip
        sizes = as_sizes(output_shape)
        return conv2d_backprop_input_op(sizes, filters, value, name=scope, **window)


def conv_transpose(
    input, filters, output_shape, strides, padding="SAME", data_format=None, dilations=None,
    name=None,
):  # fmt: skip
    """`conv1d_transpose`, `conv2d_transpose` or `conv3d_transpose`, as many sizes as
    `output_shape` has. ValueError when it has not 3, 4 or 5."""
    with name_scope(name, "conv_transpose", [input, filters, output_shape]) as scope:
        rank = _count(output_shape)
        arguments = {"padding": padding, "data_format": data_format, "dilations": dilations,
                     "name": scope}  # fmt: skip
        function = {3: conv1d_transpose, 4: conv2d_transpose, 5: conv3d_transpose}[rank]
        return function(input, filters, output_shape, strides, **arguments)


def _count(output_shape):
    if is_tensor(output_shape):
        rank = convert_to_tensor(output_shape).shape[0].value
    elif isinstance(output_shape, Sized):
        rank = len(output_shape)
    else:
        raise ValueError("output_shape must be a tensor or sized collection.")
    if rank not in LAYOUT_OF_RANK:
        raise ValueError(f"output_shape must be of length 3, 4 or 5 but was {rank}.")
    return rank
