"""Pooling: `tf.nn.max_pool`, `tf.nn.avg_pool`, and their gradients.

The arithmetic stands in `pooling`, in C in `direct_pooling`, in CUDA in `cuda_pooling`.
"""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import float32, int32
from minitf.core.graph import name_scope
from minitf.core.op import op
from minitf.core.schema import Float, Real, TypeAttr
from minitf.core.tensor_shape import printed
from minitf.nn.kernels import cuda_pooling, direct_pooling
from minitf.nn.kernels.pooling import (
    all_maxima,
    at_first,
    counts,
    reduced,
    sliding,
    spread,
    to_first,
)
from minitf.nn.windows import (
    LAYOUTS,
    agreed,
    axis,
    buffer,
    check_choice,
    check_count,
    given,
    output_size,
    per_axis,
    ranked,
    taken_apart,
)
from minitf.ops.array.basics import shape, zeros_like

OriginalSizes = TypeAttr("_", (int32,), static=True)

# -- shapes ---------------------------------------------------------------------------------------


def _pooled(input, *, ksize, strides, padding, data_format):
    """The shape of the outputs."""
    input = ranked(input, "input", len(data_format))
    _check_windows(input, ksize, strides, data_format)
    return tuple(
        n if k == s == 1 else output_size(n, k, s, 1, padding)
        for n, k, s in zip(input, ksize, strides)
    )


def _averaged(value, *, data_format, **window):
    """The same for averages: over the pixels, not the channels."""
    *_, over_depth = taken_apart(window["ksize"], data_format)
    *_, step = taken_apart(window["strides"], data_format)
    if (over_depth, step) != (1, 1):
        raise ValueError(
            f"Non-spatial pooling is not yet supported: ksize={window['ksize']} and "
            f"strides={window['strides']} must be 1 for the depth"
        )
    return _pooled(value, data_format=data_format, **window)


def _check_windows(input, ksize, strides, data_format):
    check_count("ksize", ksize, "Sliding window ksize must be > 0", len(data_format))
    check_count("strides", strides, "Stride must be > 0", len(data_format))
    if ksize[0] > 1 or strides[0] > 1:
        raise ValueError(
            f"Pooling is not yet supported on the batch dimension: ksize={list(ksize)} and "
            f"strides={list(strides)} must be 1 there"
        )
    *_, depth = taken_apart(input, data_format)
    *pixels, window = taken_apart(ksize, data_format)
    *_, step = taken_apart(strides, data_format)
    if (window, step) != (1, 1):
        _check_depth(depth, window, step, pixels)


def _check_depth(depth, window, step, pixels):
    if max(pixels) > 1:
        raise ValueError(
            "MaxPooling supports exactly one of pooling across depth or pooling across "
            f"width/height, got a window of {pixels[1:]} pixels by {window} channels"
        )
    if window != step or (depth is not None and depth % window):
        raise ValueError(
            "Depthwise max pooling requires the depth window to equal the depth stride and to "
            f"divide the depth evenly: window {window}, stride {step}, depth {depth}"
        )


def _check_outputs(image, outputs, name, rule=_pooled, **window):
    """ValueError unless pooling such images gives outputs of the shape `outputs`."""
    wanted = rule(image, **window)
    for a, b in zip(ranked(outputs, name, len(wanted)), wanted):
        agreed(
            a, b, f"pooling {printed(image)} with ksize={window['ksize']} gives "
            f"{printed(wanted)}, got {name} {printed(outputs)}",
        )  # fmt: skip


def _max_gradient_shape(orig_input, orig_output, grad, **window):
    _check_outputs(orig_input, orig_output, "orig_output", **window)
    _check_outputs(orig_input, grad, "grad", **window)
    return ranked(orig_input, "orig_input", len(window["data_format"]))


def _max_second_shape(orig_input, orig_output, grad, **window):
    _check_outputs(orig_input, orig_output, "orig_output", **window)
    rank = len(window["data_format"])
    for a, b in zip(ranked(orig_input, "orig_input", rank), ranked(grad, "grad", rank)):
        agreed(
            a, b, f"grad must have the shape of orig_input, {printed(orig_input)}, got "
            f"{printed(grad)}",
        )  # fmt: skip
    return _pooled(orig_input, **window)


def _average_gradient_shape(orig_input_shape, grad, **window):
    found = given(orig_input_shape, "orig_input_shape", len(window["data_format"]))
    _check_outputs(found, grad, "grad", _averaged, **window)
    return found


# -- the ops --------------------------------------------------------------------------------------


def _named(ksize, strides, padding, data_format):
    """The attributes by name."""
    return {"ksize": ksize, "strides": strides, "padding": padding, "data_format": data_format}


@op("MaxPool", shape=_pooled)
def max_pool_op(xp, input: Real, out=None, *, ksize, strides, padding, data_format="NHWC"):
    """The largest element of each window; NaN where there is one."""
    window = _named(ksize, strides, padding, data_format)
    out = buffer(xp, out, _pooled(input.shape, **window), input.dtype)
    slid = sliding(input.shape, **window)
    for number, along in slid[:-1]:
        input = reduced(xp, xp.maximum, input, number, along)
    return reduced(xp, xp.maximum, input, *slid[-1], out)


@max_pool_op.gradient
def _(y, dy, input, **window):
    return (max_pool_grad(input, y, dy, **window),)


@op("MaxPoolGrad", shape=_max_gradient_shape)
def max_pool_grad(
    xp, orig_input: Real, orig_output: Real, grad: Real, out=None, *, ksize, strides, padding,
    data_format="NHWC",
):  # fmt: skip
    """The gradient of MaxPool: each goes to the first of the largest elements in its window."""
    window = _named(ksize, strides, padding, data_format)
    sizes = _max_gradient_shape(orig_input.shape, orig_output.shape, grad.shape, **window)
    slid = sliding(sizes, **window)
    *inner, last = all_maxima(xp, orig_input, orig_output, slid)
    for number, along in slid[:-1]:
        grad, last = to_first(xp, grad, inner[-1], last, number, along), inner.pop()
    out = buffer(xp, out, sizes, grad.dtype)
    return to_first(xp, grad, orig_input, last, *slid[-1], out)


@max_pool_grad.gradient
def _(y, dy, orig_input, orig_output, grad, **window):
    return zeros_like(orig_input), None, max_pool_grad_grad(orig_input, orig_output, dy, **window)


@op("MaxPoolGradGrad", shape=_max_second_shape)
def max_pool_grad_grad(
    xp, orig_input: Real, orig_output: Real, grad: Real, out=None, *, ksize, strides, padding,
    data_format="NHWC",
):  # fmt: skip
    """The gradient of MaxPoolGrad: what stands where each window has its largest element."""
    window = _named(ksize, strides, padding, data_format)
    sizes = _max_second_shape(orig_input.shape, orig_output.shape, grad.shape, **window)
    slid = sliding(orig_input.shape, **window)
    maxima = all_maxima(xp, orig_input, orig_output, slid)
    for (number, along), x, largest in zip(slid[:0:-1], maxima, maxima[1:]):
        grad = at_first(xp, grad, x, largest, number, along)
    out = buffer(xp, out, sizes, grad.dtype)
    return at_first(xp, grad, maxima[-2], orig_output, *slid[0], out)


@max_pool_grad_grad.gradient
def _(y, dy, orig_input, orig_output, grad, **window):
    return zeros_like(orig_input), None, max_pool_grad(orig_input, orig_output, dy, **window)


@op("AvgPool", shape=_averaged)
def avg_pool_op(xp, value: Float, out=None, *, ksize, strides, padding, data_format="NHWC"):
    """The mean of each window, without the padding."""
    window = _named(ksize, strides, padding, data_format)
    out = buffer(xp, out, _averaged(value.shape, **window), value.dtype)
    slid = sliding(value.shape, **window)
    # Sums of float16 would overflow where the mean does not.
    total = value.astype(np.float32) if value.dtype == np.float16 else value
    for number, along in slid:
        total = reduced(xp, xp.add, total, number, along)
    held = counts(xp, slid, total.dtype, value.ndim)
    return xp.true_divide(total, held, out=out, casting="same_kind")


@avg_pool_op.gradient
def _(y, dy, value, **window):
    return (avg_pool_grad(shape(value), dy, **window),)


@op("AvgPoolGrad", shape=_average_gradient_shape)
def avg_pool_grad(
    xp, orig_input_shape: OriginalSizes, grad: Float, out=None, *, ksize, strides, padding,
    data_format="NHWC",
):  # fmt: skip
    """The gradient of AvgPool: each goes in equal parts to the elements of its window."""
    window = _named(ksize, strides, padding, data_format)
    sizes = _average_gradient_shape(orig_input_shape, grad.shape, **window)
    out, slid = buffer(xp, out, sizes, grad.dtype), sliding(sizes, **window)
    grad = xp.true_divide(grad, counts(xp, slid, grad.dtype, grad.ndim))
    for number, along in slid[:0:-1]:
        grad = spread(xp, grad, sizes[number], number, along)
    number, along = slid[0]
    return spread(xp, grad, sizes[number], number, along, out)


@avg_pool_grad.gradient
def _(y, dy, orig_input_shape, grad, **window):
    return None, avg_pool_op(dy, **window)


# -- the same in C --------------------------------------------------------------------------------


def in_c(kernel, image, dtype, *, ksize, strides, padding, data_format):
    """The kernel for windows of pixels; None for windows of channels and where these come first."""
    if data_format.startswith("NC") or (ksize[-1], strides[-1]) != (1, 1):
        return None
    slid = [axis(*n, 1, padding) for n in zip(image[1:-1], ksize[1:-1], strides[1:-1])]
    return kernel(image[0], slid, image[-1], dtype)


@max_pool_op.trait
def native(inputs, outputs, **window):
    return in_c(direct_pooling.max_pool, inputs[0].shape, inputs[0].dtype, **window)


@max_pool_grad.trait
def native(inputs, outputs, **window):  # noqa: F811
    kernel = direct_pooling.max_pool_gradient
    return in_c(kernel, outputs[0].shape, outputs[0].dtype, **window)


@avg_pool_op.trait
def native(inputs, outputs, **window):  # noqa: F811
    return in_c(direct_pooling.average_pool, inputs[0].shape, inputs[0].dtype, **window)


@avg_pool_grad.trait
def native(inputs, outputs, **window):  # noqa: F811
    kernel = direct_pooling.average_pool_gradient
    return in_c(kernel, outputs[0].shape, outputs[0].dtype, **window)


# -- and in CUDA ----------------------------------------------------------------------------------


def on_gpu(launch, image, dtype, *, ksize, strides, padding, data_format):
    """The launch for windows along all axes but the batch's, whichever the channels are."""
    slid = [axis(*n, 1, padding) for n in zip(image[1:], ksize[1:], strides[1:])]
    return launch(image[0], slid, dtype)


@max_pool_op.trait
def cuda(inputs, outputs, **window):
    return on_gpu(cuda_pooling.max_pool, inputs[0].shape, inputs[0].dtype, **window)


@max_pool_grad.trait
def cuda(inputs, outputs, **window):  # noqa: F811
    return on_gpu(cuda_pooling.max_pool_gradient, inputs[0].shape, inputs[0].dtype, **window)


@max_pool_grad_grad.trait
def cuda(inputs, outputs, **window):  # noqa: F811
    return on_gpu(cuda_pooling.max_pool_second, inputs[0].shape, inputs[0].dtype, **window)


@avg_pool_op.trait
def cuda(inputs, outputs, **window):  # noqa: F811
    return on_gpu(cuda_pooling.average_pool, inputs[0].shape, inputs[0].dtype, **window)


@avg_pool_grad.trait
def cuda(inputs, outputs, **window):  # noqa: F811
    kernel = cuda_pooling.average_pool_gradient
    return on_gpu(kernel, outputs[0].shape, outputs[0].dtype, **window)


# -- TF1's functions ------------------------------------------------------------------------------


def _window(type, ksize, strides, padding, data_format):
    """The attributes of an op, checked. TypeError, ValueError for what they cannot be."""
    layout = "NHWC" if data_format is None else data_format
    ksize, strides = per_axis(ksize, layout, "ksize"), per_axis(strides, layout, "strides")
    if type == "MaxPool" and 0 in ksize:
        raise ValueError("ksize cannot be zero.")
    check_choice(type, "padding", padding, ("SAME", "VALID"))
    check_choice(type, "data_format", layout, LAYOUTS)
    return _named(ksize, strides, padding, layout)


def max_pool(value, ksize, strides, padding, data_format="NHWC", name=None, input=None):
    """The largest element of each window of `ksize` that slides over `value` by `strides`.

    `value` is [batch, height, width, depth], for "NCHW" with the depth second. `ksize` and
    `strides` are a number or a list of 1, 2 or 4. `padding` is "SAME" (windows may reach over the
    edge) or "VALID". Gradients go to the first of the largest elements.

    Raises ValueError when the sizes do not fit, TypeError for types.
    """
    value = renamed("value", value, "input", input)
    with name_scope(name, "MaxPool", [value]) as scope:
        window = _window("MaxPool", ksize, strides, padding, data_format)
        return max_pool_op(_as_image(value), name=scope, **window)


def _as_image(value):
    # An array of integers becomes float32, as in TensorFlow: only tensors keep their type.
    return convert_to_tensor(value, name="input", dtype_hint=float32)


def max_pool2d(input, ksize, strides, padding, data_format="NHWC", name=None):
    """As `max_pool`."""
    with name_scope(name, "MaxPool2d", [input]) as scope:
        window = _window("MaxPool", ksize, strides, padding, data_format)
        return max_pool_op(_as_image(input), name=scope, **window)


def avg_pool(value, ksize, strides, padding, data_format="NHWC", name=None, input=None):
    """The mean of each window of `ksize` that slides over `value` by `strides`.

    As `max_pool`, with the mean of the pixels in the window: those of the padding do not count.
    """
    with name_scope(name, "AvgPool", [value]) as scope:
        value = renamed("value", value, "input", input)
        window = _window("AvgPool", ksize, strides, padding, data_format)
        return avg_pool_op(value, name=scope, **window)


avg_pool2d = avg_pool
