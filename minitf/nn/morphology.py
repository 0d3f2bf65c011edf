"""Grayscale dilation and erosion: `tf.nn.dilation2d`, `tf.nn.erosion2d`.

As a convolution, with the largest of sums in the place of the sum of products. The kernels go
position by position of the filter, over all images at once.
"""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.graph import name_scope
from minitf.core.op import op
from minitf.core.schema import Real
from minitf.core.tensor_shape import printed
from minitf.nn.kernels import direct_morphology
from minitf.nn.windows import (
    agreed,
    axes,
    buffer,
    check_choice,
    check_four,
    check_still,
    four_numbers,
    output_sizes,
    ranked,
)
from minitf.ops.math.elementwise import neg
from minitf.ops.reduction.axes import reverse

# -- shapes ---------------------------------------------------------------------------------------


def _dilated(input, filter, *, strides, rates, padding):
    """The shape of the outputs."""
    input, filter = ranked(input, "input"), ranked(filter, "filter", 3)
    check_four("strides", strides, "Stride must be > 0")
    check_four("rates", rates, "Rate must be > 0")
    check_still("strides", strides, "NHWC")
    check_still("rates", rates, "NHWC")
    depth = agreed(input[3], filter[2], f"the depth of input {printed(input)} and of filter "
                   f"{printed(filter)}, [height, width, depth]")  # fmt: skip
    height, width = output_sizes(input, filter[:2], strides, padding, "NHWC", rates)
    return input[0], height, width, depth


def _check_outputs(input, filter, out_backprop, **window):
    wanted = _dilated(input, filter, **window)
    for a, b in zip(ranked(out_backprop, "out_backprop"), wanted):
        agreed(a, b, f"the outputs are {printed(wanted)}, got out_backprop {printed(out_backprop)}")


def _input_shape(input, filter, out_backprop, **window):
    _check_outputs(input, filter, out_backprop, **window)
    return ranked(input, "input")


def _filter_shape(input, filter, out_backprop, **window):
    _check_outputs(input, filter, out_backprop, **window)
    return ranked(filter, "filter", 3)


# -- position by position -------------------------------------------------------------------------


def _positions(input, filter, *, strides, rates, padding):
    """For each position of the filter: its index, the outputs and the pixels that it connects."""
    rows, columns = axes(input.shape, filter.shape, strides, padding, "NHWC", rates)
    for i in range(rows.window):
        for j in range(columns.window):
            pieces = zip(rows.inside(i), columns.inside(j))
            to, from_ = ((slice(None), *piece) for piece in pieces)
            yield (i, j), to, from_


def _lowest(dtype):
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def _largest(xp, input, filter, shape, window):
    """(the largest sum of each window, the number of the first position that has it)."""
    largest = xp.full(shape, _lowest(input.dtype), input.dtype)
    place = xp.full(shape, -1, np.int32)
    for number, (position, to, from_) in enumerate(_positions(input, filter, **window)):
        sums = input[from_] + filter[position]
        better = sums > largest[to]
        place[to] = xp.where(better, np.int32(number), place[to])
        largest[to] = xp.where(better, sums, largest[to])
    return largest, place


# -- the ops --------------------------------------------------------------------------------------


@op("Dilation2D", shape=_dilated)
def dilation2d_op(xp, input: Real, filter: Real, out=None, *, strides, rates, padding):
    """The largest of the sums of the filter and each window of the images."""
    window = {"strides": strides, "rates": rates, "padding": padding}
    out = buffer(xp, out, _dilated(input.shape, filter.shape, **window), input.dtype)
    out[...] = _lowest(input.dtype)
    for position, to, from_ in _positions(input, filter, **window):
        out[to] = xp.maximum(out[to], input[from_] + filter[position])
    return out


@dilation2d_op.gradient
def _(y, dy, input, filter, **window):
    return (
        dilation2d_backprop_input(input, filter, dy, **window),
        dilation2d_backprop_filter(input, filter, dy, **window),
    )


@op("Dilation2DBackpropInput", shape=_input_shape)
def dilation2d_backprop_input(
    xp, input: Real, filter: Real, out_backprop: Real, *, strides, rates, padding
):
    """The gradient by the images: each goes to the pixel of the largest sum."""
    window = {"strides": strides, "rates": rates, "padding": padding}
    _, place = _largest(xp, input, filter, out_backprop.shape, window)
    found = xp.zeros(input.shape, input.dtype)
    for number, (_, to, from_) in enumerate(_positions(input, filter, **window)):
        found[from_] += out_backprop[to] * (place[to] == number)
    return found


@op("Dilation2DBackpropFilter", shape=_filter_shape)
def dilation2d_backprop_filter(
    xp, input: Real, filter: Real, out_backprop: Real, *, strides, rates, padding
):
    """The gradient by the filter: each goes to the position of the largest sum."""
    window = {"strides": strides, "rates": rates, "padding": padding}
    _, place = _largest(xp, input, filter, out_backprop.shape, window)
    found = xp.zeros(filter.shape, filter.dtype)
    for number, (position, to, _) in enumerate(_positions(input, filter, **window)):
        taken = out_backprop[to] * (place[to] == number)
        found[position] = xp.add.reduce(taken, (0, 1, 2))
    return found


# -- the same in C --------------------------------------------------------------------------------


def _in_c(kernel, inputs, *, strides, rates, padding):
    input, filter, *_ = inputs
    rows, columns = axes(input.shape, filter.shape, strides, padding, "NHWC", rates)
    return kernel(input.shape[0], rows, columns, input.shape[3], input.dtype)


@dilation2d_op.trait
def native(inputs, outputs, **window):
    return _in_c(direct_morphology.dilate, inputs, **window)


@dilation2d_backprop_input.trait
def native(inputs, outputs, **window):  # noqa: F811
    return _in_c(direct_morphology.dilate_input, inputs, **window)


@dilation2d_backprop_filter.trait
def native(inputs, outputs, **window):  # noqa: F811
    return _in_c(direct_morphology.dilate_filter, inputs, **window)


# -- TF1's functions ------------------------------------------------------------------------------


def _window(function, strides, rates, padding):
    strides = four_numbers(strides, "strides", function)
    rates = four_numbers(rates, "rates", function)
    check_choice("Dilation2D", "padding", padding, ("SAME", "VALID"))
    return {"strides": strides, "rates": rates, "padding": padding}


def dilation2d(
    input, filter=None, strides=None, rates=None, padding=None, name=None, filters=None,
    dilations=None,
):  # fmt: skip
    """For each window of images, the largest of pixel + filter.

    `input` is [batch, height, width, depth], `filter` [height, width, depth]; `strides` and `rates`
    (how far apart the pixels of a window are) are lists of 4, 1 for batch and depth. Gradients go
    to the first of the largest. Raises ValueError when sizes do not fit.
    """
    filter = renamed("filter", filter, "filters", filters)
    rates = renamed("rates", rates, "dilations", dilations)
    window = _window("dilation2d", strides, rates, padding)
    return dilation2d_op(input, filter, name=name, **window)


def erosion2d(value, kernel, strides, rates, padding, name=None):
    """For each window of images, the smallest of pixel - kernel, the kernel turned round: what
    `dilation2d` does to `-value`. The arguments are those of `dilation2d`."""
    with name_scope(name, "erosion2d", [value, kernel]) as scope:
        value, kernel = convert_to_tensor(value), convert_to_tensor(kernel)
        window = _window("dilation2d", strides, rates, padding)
        return neg(dilation2d_op(neg(value), reverse(kernel, [0, 1]), name=scope, **window))
