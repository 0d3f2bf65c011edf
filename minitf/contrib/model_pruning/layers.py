"""`tf.contrib.model_pruning.masked_conv2d` and `masked_fully_connected`."""
from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.contrib.layers.scoped import by_layer, order_of, weighted
from minitf.contrib.model_pruning.core_layers import MaskedConv2D, MaskedFullyConnected
from minitf.core.arguments import takes


@add_arg_scope
@takes(weighted)
def masked_convolution(
    inputs, num_outputs, kernel_size, stride=1, padding="SAME", data_format=None, rate=1, **given
):
    """`tf.contrib.layers.conv2d` with weights that have a mask.

    Variables: mask and weights [height, width, channels, num_outputs], threshold [] and biases
    [num_outputs]. ValueError for what are no images, or another data_format.
    """
    if data_format not in (None, "NWC", "NCW", "NHWC", "NCHW", "NDHWC", "NCDHW"):
        raise ValueError(f"Invalid data_format: {data_format!r}")

    def layer(inputs, **options):
        rank = inputs.shape.ndims
        if rank != 4:
            raise ValueError("Sparse Convolution not supported for input with rank", rank)
        if data_format not in (None, "NHWC", "NCHW"):
            raise ValueError("Unsupported data format", data_format)
        order = order_of(data_format)
        return MaskedConv2D(num_outputs, kernel_size, stride, padding, order, rate, **options)

    return by_layer(layer, inputs, given, "Conv")


masked_conv2d = masked_convolution


@add_arg_scope
@takes(weighted)
def masked_fully_connected(inputs, num_outputs, **given):
    """`tf.contrib.layers.fully_connected` with weights that have a mask.

    Variables: weights and mask [inputs, num_outputs], threshold [] and biases [num_outputs].
    ValueError where num_outputs is no integer, or the last axis unknown.
    """
    if not isinstance(num_outputs, int):
        raise ValueError(f"num_outputs should be int or long, got {num_outputs}.")

    def layer(_, **options):
        return MaskedFullyConnected(num_outputs, **options)

    return by_layer(layer, inputs, given, "fully_connected")
