"""Adding a bias: `tf.nn.bias_add`, `tf.nn.xw_plus_b`, `tf.nn.relu_layer`."""
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.op import op
from minitf.core.schema import Numeric
from minitf.core.source import call, shape_of
from minitf.core.tensor_shape import merge, printed
from minitf.nn.activation import relu
from minitf.nn.kernels import cuda_bias
from minitf.ops.array.basics import broadcast_to, ones_like, reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.linalg.products import matmul


def _channel_axis(rank, data_format):
    return 1 if data_format == "NCHW" else rank - 1


def _biased(value, bias, *, data_format):
    if bias is not None and len(bias) != 1:
        raise ValueError(f"bias must be a vector, got {printed(bias)}")
    if value is None:
        return None
    least = 3 if data_format == "NCHW" else 2
    if len(value) < least:
        raise ValueError(f"value must have at least {least} axes, got {printed(value)} (Shape must "
                         f"be at least rank {least} but is rank {len(value)})")  # fmt: skip
    axis = _channel_axis(len(value), data_format)
    size = merge(value[axis : axis + 1], bias)
    if size is False:
        raise ValueError(
            f"bias {printed(bias)} must have an element for each channel of {printed(value)}: "
            f"Dimensions must be equal, but are {value[axis]} (axis {axis}) and {bias[0]}"
        )
    return (*value[:axis], *size, *value[axis + 1 :])


def _source(out, value, bias, *, data_format):
    return None if data_format == "NCHW" else call("add", value, bias, out=out)


def _scalar(count, *, data_format):
    return None if data_format == "NCHW" else "x0 + x1"


@op("BiasAdd", shape=_biased, inplace=True, source=_source, scalar=_scalar)
def bias_add_op(xp, value: Numeric, bias: Numeric, out=None, *, data_format="NHWC"):
    """value with bias added to each channel."""
    if data_format == "NCHW":
        bias = bias.reshape(-1, *(1,) * (value.ndim - 2))
    return xp.add(value, bias, out=out)


@bias_add_op.trait
def cuda(inputs, outputs, *, data_format):
    """For channels that come first; what comes last is a loop like others."""
    value, _ = inputs
    return cuda_bias.bias_add(value.shape, value.dtype) if data_format == "NCHW" else None


@bias_add_op.gradient
def _(y, dy, value, bias, *, data_format):
    return dy, bias_add_grad(dy, data_format=data_format)


def _bias_shape(out_backprop, *, data_format):
    if out_backprop is None:
        return (None,)
    return (out_backprop[_channel_axis(len(out_backprop), data_format)],)


def _grad_source(out, dy, *, data_format):
    if out is None or shape_of(dy) is None:
        return None
    gone = _summed_axes(len(shape_of(dy)), data_format)
    return call("add.reduce", dy, axis=gone[0] if len(gone) == 1 else gone, out=out)


def _summed_axes(rank, data_format):
    return tuple(i for i in range(rank) if i != _channel_axis(rank, data_format))


@op("BiasAddGrad", shape=_bias_shape, source=_grad_source,
    reduction=lambda x, *, data_format: ("sum", _summed_axes(len(x), data_format)))  # fmt: skip
def bias_add_grad(xp, out_backprop: Numeric, out=None, *, data_format="NHWC"):
    """The sum over everything but the channels."""
    axes = _summed_axes(out_backprop.ndim, data_format)
    return xp.add.reduce(out_backprop, axes, out_backprop.dtype, out)


@bias_add_grad.trait
def cuda(inputs, outputs, *, data_format):  # noqa: F811
    (dy,) = inputs
    return cuda_bias.bias_add_gradient(dy.shape, dy.dtype) if data_format == "NCHW" else None


@bias_add_grad.gradient
def _(y, dy, out_backprop, *, data_format):
    if data_format == "NHWC":
        return (broadcast_to(dy, shape(out_backprop)),)
    after = ones_like(shape(out_backprop)[2:])
    return (broadcast_to(reshape(dy, concat([[-1], after], 0)), shape(out_backprop)),)


def bias_add(value, bias, data_format=None, name=None):
    """`value` with the vector `bias` added to each channel: the last axis, or axis 1 for NCHW.

    ValueError when `bias` is no vector of that size, or for another `data_format`.
    """
    with name_scope(name, "BiasAdd", [value, bias]) as scope:
        layout = _layout(data_format or "NHWC")
        value = convert_to_tensor(value, name="input")
        bias = convert_to_tensor(bias, dtype=value.dtype, name="bias")
        return bias_add_op(value, bias, data_format=layout, name=scope)


def _layout(data_format):
    if data_format.startswith("NC"):
        return "NCHW"
    if data_format.startswith("N") and data_format.endswith("C"):
        return "NHWC"
    raise ValueError(f"data_format must be of the form `N...C` or `NC...`, got {data_format!r}")


def xw_plus_b(x, weights, biases, name=None):
    """matmul(x, weights) + biases."""
    with name_scope(name, "xw_plus_b", [x, weights, biases]) as scope:
        x = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(weights, name="weights")
        biases = convert_to_tensor(biases, name="biases")
        return bias_add(matmul(x, weights), biases, name=scope)


def relu_layer(x, weights, biases, name=None):
    """relu(matmul(x, weights) + biases)."""
    with name_scope(name, "relu_layer", [x, weights, biases]) as scope:
        x = convert_to_tensor(x, name="x")
        weights = convert_to_tensor(weights, name="weights")
        biases = convert_to_tensor(biases, name="biases")
        return relu(bias_add(matmul(x, weights), biases), name=scope)
