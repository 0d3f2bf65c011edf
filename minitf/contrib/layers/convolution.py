"""`tf.contrib.layers.conv2d` and its kin."""
from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.contrib.layers.scoped import (
    by_layer,
    finished,
    normalized_or_biased,
    order_of,
    parameter,
    weighted,
)
from minitf.contrib.layers.utils import last_dimension, two_element_tuple
from minitf.core.arguments import takes
from minitf.layers.convolutional import Conv1D, Conv2D, Conv3D
from minitf.nn.depthwise import depthwise_conv2d
from minitf.ops.array.padding import tile
from minitf.ops.state.variable_scope import variable_scope

_LAYERS = {3: Conv1D, 4: Conv2D, 5: Conv3D}


@add_arg_scope
@takes(weighted)
def convolution(
    inputs, num_outputs, kernel_size, stride=1, padding="SAME", data_format=None, rate=1, *,
    conv_dims=None, **given,
):  # fmt: skip
    """activation_fn(convolution of inputs with the weights + biases): of sequences, images or
    volumes, by their rank, of which `conv_dims` says how many axes are pixels.

    `kernel_size`, `stride` and `rate` (whose pixels the kernel sees) have a number for each axis of
    pixels, or are one for all. With a `normalizer_fn`, called with `normalizer_params`, there are
    no biases. Variables: weights [*kernel_size, channels, num_outputs] and biases [num_outputs].
    ValueError for another rank or data_format, or where the number of channels is not known.
    """
    if data_format not in (None, "NWC", "NCW", "NHWC", "NCHW", "NDHWC", "NCDHW"):
        raise ValueError(f"Invalid data_format: {data_format!r}")

    def layer(inputs, **options):
        rank = inputs.shape.ndims
        if conv_dims is not None and conv_dims + 2 != rank:
            raise ValueError(f"Convolution expects input with rank {conv_dims + 2}, got {rank}")
        if rank not in _LAYERS:
            raise ValueError("Convolution not supported for input with rank", rank)
        order = order_of(data_format)
        return _LAYERS[rank](num_outputs, kernel_size, stride, padding, order, rate, **options)

    return by_layer(layer, inputs, given, "Conv")


@add_arg_scope
@takes(convolution, without=["conv_dims"])
def convolution1d(**given):
    """`convolution` of sequences."""
    return convolution(**given, conv_dims=1)


@add_arg_scope
@takes(convolution, without=["conv_dims"])
def convolution2d(**given):
    """`convolution` of images."""
    return convolution(**given, conv_dims=2)


@add_arg_scope
@takes(convolution, without=["conv_dims"])
def convolution3d(**given):
    """`convolution` of volumes."""
    return convolution(**given, conv_dims=3)


@add_arg_scope
@takes(weighted)
def convolution2d_in_plane(inputs, kernel_size, stride=1, padding="SAME", **given):
    """activation_fn(each channel of images convolved with the same weights + biases).

    Variables: weights [height, width, 1, 1] and biases [channels]. ValueError for another rank
    than 4, or where the number of channels is not known.
    """
    with variable_scope(given["scope"], "ConvInPlane", [inputs], reuse=given["reuse"]) as path:
        dtype, (height, width) = inputs.dtype.base_dtype, two_element_tuple(kernel_size)
        step_y, step_x = two_element_tuple(stride)
        channels = last_dimension(inputs.shape, min_rank=4)
        weights = parameter("weights", [height, width, 1, 1], dtype, given["weights_initializer"],
                            given, given["weights_regularizer"])  # fmt: skip
        weights = tile(weights, [1, 1, channels, 1])
        outputs = depthwise_conv2d(inputs, weights, [1, step_y, step_x, 1], padding)
        outputs = normalized_or_biased(outputs, channels, given)
        return finished(outputs, given, path)


conv1d, conv2d, conv3d = convolution1d, convolution2d, convolution3d
conv2d_in_plane = convolution2d_in_plane
