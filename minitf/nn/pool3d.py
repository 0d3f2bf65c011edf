"""Pooling of volumes: `tf.nn.max_pool3d`, `tf.nn.avg_pool3d`, and their gradients.

They are those of images with one more axis. TensorFlow has no float64 for the largest.
"""
from minitf.core.dtypes import FLOATS
from minitf.core.graph import name_scope
from minitf.core.op import op
from minitf.core.schema import Float, Real, TypeAttr
from minitf.nn.kernels import cuda_pooling, direct_pooling
from minitf.nn.kernels.pooling import all_maxima, sliding, to_all
from minitf.nn.pool import (
    OriginalSizes,
    avg_pool_grad,
    avg_pool_op,
    in_c,
    max_pool_grad,
    max_pool_grad_grad,
    max_pool_op,
    on_gpu,
)
from minitf.nn.windows import LAYOUTS_3D, buffer, check_choice, per_axis
from minitf.ops.array.basics import shape, zeros_like

Floats = TypeAttr("T", FLOATS)
Inputs = TypeAttr("TInput", FLOATS)


def _named(ksize, strides, padding, data_format):
    """The attributes by name."""
    return {"ksize": ksize, "strides": strides, "padding": padding, "data_format": data_format}


@op("MaxPool3D", shape=max_pool_op.shape)
def max_pool3d_op(xp, input: Floats, out=None, *, ksize, strides, padding, data_format="NDHWC"):
    """The largest element of each window; NaN where there is one."""
    return max_pool_op.kernel(xp, input, out, **_named(ksize, strides, padding, data_format))


@max_pool3d_op.gradient
def _(y, dy, input, **window):
    return (max_pool3d_grad(input, y, dy, **window),)


@op("MaxPool3DGrad", shape=max_pool_grad.shape)
def max_pool3d_grad(
    xp, orig_input: Inputs, orig_output: Inputs, grad: Floats, out=None, *, ksize, strides,
    padding, data_format="NDHWC",
):  # fmt: skip
    """The gradient of MaxPool3D: as in TensorFlow on a CPU, each goes to all of the largest
    elements in its window."""
    window = _named(ksize, strides, padding, data_format)
    sizes = max_pool_grad.shape(orig_input.shape, orig_output.shape, grad.shape, **window)
    slid = sliding(sizes, **window)
    *inner, last = all_maxima(xp, orig_input, orig_output, slid)
    for number, along in slid[:-1]:
        grad, last = to_all(xp, grad, inner[-1], last, number, along), inner.pop()
    out = buffer(xp, out, sizes, grad.dtype)
    return to_all(xp, grad, orig_input, last, *slid[-1], out)


@max_pool3d_grad.gradient
def _(y, dy, orig_input, orig_output, grad, **window):
    second = max_pool3d_grad_grad(orig_input, orig_output, dy, **window)
    return zeros_like(orig_input), zeros_like(orig_output), second


@op("MaxPool3DGradGrad", shape=max_pool_grad_grad.shape)
def max_pool3d_grad_grad(
    xp, orig_input: Real, orig_output: Real, grad: Real, out=None, *, ksize, strides, padding,
    data_format="NDHWC",
):  # fmt: skip
    """What stands where each window has the first of its largest elements."""
    window = _named(ksize, strides, padding, data_format)
    return max_pool_grad_grad.kernel(xp, orig_input, orig_output, grad, out, **window)


@max_pool3d_grad_grad.gradient
def _(y, dy, orig_input, orig_output, grad, **window):
    first = max_pool3d_grad(orig_input, orig_output, dy, **window)
    return zeros_like(orig_input), zeros_like(orig_output), first


@op("AvgPool3D", shape=avg_pool_op.shape)
def avg_pool3d_op(xp, input: Float, out=None, *, ksize, strides, padding, data_format="NDHWC"):
    """The mean of each window, without the padding."""
    return avg_pool_op.kernel(xp, input, out, **_named(ksize, strides, padding, data_format))


@avg_pool3d_op.gradient
def _(y, dy, input, **window):
    return (avg_pool3d_grad(shape(input), dy, **window),)


@op("AvgPool3DGrad", shape=avg_pool_grad.shape)
def avg_pool3d_grad(
    xp, orig_input_shape: OriginalSizes, grad: Float, out=None, *, ksize, strides, padding,
    data_format="NDHWC",
):  # fmt: skip
    """The gradient of AvgPool3D: each goes in equal parts to the elements of its window."""
    window = _named(ksize, strides, padding, data_format)
    return avg_pool_grad.kernel(xp, orig_input_shape, grad, out, **window)


@avg_pool3d_grad.gradient
def _(y, dy, orig_input_shape, grad, **window):
    return None, avg_pool3d_op(dy, **window)


# -- the same in C --------------------------------------------------------------------------------


@max_pool3d_op.trait
def native(inputs, outputs, **window):
    return in_c(direct_pooling.max_pool, inputs[0].shape, inputs[0].dtype, **window)


@max_pool3d_grad.trait
def native(inputs, outputs, **window):  # noqa: F811
    kernel = direct_pooling.max_pool_gradient_to_all
    return in_c(kernel, outputs[0].shape, outputs[0].dtype, **window)


@avg_pool3d_op.trait
def native(inputs, outputs, **window):  # noqa: F811
    return in_c(direct_pooling.average_pool, inputs[0].shape, inputs[0].dtype, **window)


@avg_pool3d_grad.trait
def native(inputs, outputs, **window):  # noqa: F811
    kernel = direct_pooling.average_pool_gradient
    return in_c(kernel, outputs[0].shape, outputs[0].dtype, **window)


# -- and in CUDA ----------------------------------------------------------------------------------


@max_pool3d_op.trait
def cuda(inputs, outputs, **window):
    return on_gpu(cuda_pooling.max_pool, inputs[0].shape, inputs[0].dtype, **window)


@max_pool3d_grad.trait
def cuda(inputs, outputs, **window):  # noqa: F811
    kernel = cuda_pooling.max_pool_gradient_to_all
    return on_gpu(kernel, inputs[0].shape, inputs[0].dtype, **window)


@max_pool3d_grad_grad.trait
def cuda(inputs, outputs, **window):  # noqa: F811
    return on_gpu(cuda_pooling.max_pool_second, inputs[0].shape, inputs[0].dtype, **window)


@avg_pool3d_op.trait
def cuda(inputs, outputs, **window):  # noqa: F811
    return on_gpu(cuda_pooling.average_pool, inputs[0].shape, inputs[0].dtype, **window)


@avg_pool3d_grad.trait
def cuda(inputs, outputs, **window):  # noqa: F811
    kernel = cuda_pooling.average_pool_gradient
    return on_gpu(kernel, outputs[0].shape, outputs[0].dtype, **window)


# -- TF1's functions ------------------------------------------------------------------------------


def window_3d(type, ksize, strides, padding, data_format):
    """The attributes of an op, checked. TypeError, ValueError for what they cannot be."""
    layout = "NDHWC" if data_format is None else data_format
    ksize, strides = per_axis(ksize, layout, "ksize"), per_axis(strides, layout, "strides")
    check_choice(type, "padding", padding, ("SAME", "VALID"))
    check_choice(type, "data_format", layout, LAYOUTS_3D)
    return _named(ksize, strides, padding, layout)


def max_pool3d(input, ksize, strides, padding, data_format="NDHWC", name=None):
    """The largest element of each window of `ksize` that slides over `input` by `strides`.

    `input` is [batch, depth, height, width, channels], for "NCDHW" with the channels second.
    `ksize` and `strides` are a number or a list of 1, 3 or 5. `padding` is "SAME" (windows may
    reach over the edge) or "VALID". Gradients go to all of the largest elements.

    Raises ValueError when the sizes do not fit, TypeError for types.
    """
    with name_scope(name, "MaxPool3D", [input]) as scope:
        window = window_3d("MaxPool3D", ksize, strides, padding, data_format)
        return max_pool3d_op(input, name=scope, **window)


def avg_pool3d(input, ksize, strides, padding, data_format="NDHWC", name=None):
    """The mean of each window of `ksize` that slides over `input` by `strides`.

    As `max_pool3d`, with the mean of the pixels in the window: those of the padding do not count.
    """
    with name_scope(name, "AvgPool3D", [input]) as scope:
        window = window_3d("AvgPool3D", ksize, strides, padding, data_format)
        return avg_pool3d_op(input, name=scope, **window)
