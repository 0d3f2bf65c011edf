"""`tf.contrib.layers.conv2d` and its kin."""
from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.contrib.layers.initializers import xavier_initializer
from minitf.contrib.layers.scoped import by_layer, finished, order_of, parameter
from minitf.contrib.layers.utils import last_dimension, two_element_tuple
from minitf.layers.convolutional import Conv1D, Conv2D, Conv3D
from minitf.nn.activation import relu
from minitf.nn.bias import bias_add
from minitf.nn.depthwise import depthwise_conv2d
from minitf.ops.array.padding import tile
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variable_scope import variable_scope

_LAYERS = {3: Conv1D, 4: Conv2D, 5: Conv3D}


@add_arg_scope
def convolution(
    inputs,
    num_outputs,
    kernel_size,
    stride=1,
    padding="SAME",
    data_format=None,
    rate=1,
    activation_fn=relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    weights_regularizer=None,
    biases_initializer=Zeros(),
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
    conv_dims=None,
):
    """activation_fn(convolution of inputs with the weights + biases): of sequences, images or
    volumes, by their rank, of which `conv_dims` says how many axes are pixels.

    `kernel_size`, `stride` and `rate` (whose pixels the kernel sees) have a number for each axis of
    pixels, or are one for all. With a `normalizer_fn`, called with `normalizer_params`, there are
    no biases. Variables: weights [*kernel_size, channels, num_outputs] and biases [num_outputs].
    ValueError for another rank or data_format, or where the number of channels is not known.
    """
    return _convolved(locals())


def _convolved(given, conv_dims=None):
    data_format, conv_dims = given["data_format"], given.get("conv_dims") or conv_dims
    if data_format not in (None, "NWC", "NCW", "NHWC", "NCHW", "NDHWC", "NCDHW"):
        raise ValueError(f"Invalid data_format: {data_format!r}")

    def layer(inputs, **options):
        rank = inputs.shape.ndims
        if conv_dims is not None and conv_dims + 2 != rank:
            raise ValueError(f"Convolution expects input with rank {conv_dims + 2}, got {rank}")
        if rank not in _LAYERS:
            raise ValueError("Convolution not supported for input with rank", rank)
        return _LAYERS[rank](
            given["num_outputs"],
            given["kernel_size"],
            given["stride"],
            given["padding"],
            order_of(data_format),
            given["rate"],
            **options,
        )

    return by_layer(layer, given, "Conv")


@add_arg_scope
def convolution1d(
    inputs,
    num_outputs,
    kernel_size,
    stride=1,
    padding="SAME",
    data_format=None,
    rate=1,
    activation_fn=relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    weights_regularizer=None,
    biases_initializer=Zeros(),
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """`convolution` of sequences."""
    return _convolved(locals(), 1)


@add_arg_scope
def convolution2d(
    inputs,
    num_outputs,
    kernel_size,
    stride=1,
    padding="SAME",
    data_format=None,
    rate=1,
    activation_fn=relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    weights_regularizer=None,
    biases_initializer=Zeros(),
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """`convolution` of images."""
    return _convolved(locals(), 2)


@add_arg_scope
def convolution3d(
    inputs,
    num_outputs,
    kernel_size,
    stride=1,
    padding="SAME",
    data_format=None,
    rate=1,
    activation_fn=relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    weights_regularizer=None,
    biases_initializer=Zeros(),
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """`convolution` of volumes."""
    return _convolved(locals(), 3)


@add_arg_scope
def convolution2d_in_plane(
    inputs,
    kernel_size,
    stride=1,
    padding="SAME",
    activation_fn=relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=xavier_initializer(),
    weights_regularizer=None,
    biases_initializer=Zeros(),
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """activation_fn(each channel of images convolved with the same weights + biases).

    Variables: weights [height, width, 1, 1] and biases [channels]. ValueError for another rank
    than 4, or where the number of channels is not known.
    """
    given = locals()
    with variable_scope(scope, "ConvInPlane", [inputs], reuse=reuse) as path:
        dtype, (height, width) = inputs.dtype.base_dtype, two_element_tuple(kernel_size)
        step_y, step_x = two_element_tuple(stride)
        channels = last_dimension(inputs.shape, min_rank=4)
        weights = parameter("weights", [height, width, 1, 1], dtype, weights_initializer, given,
                            weights_regularizer)  # fmt: skip
        weights = tile(weights, [1, 1, channels, 1])
        outputs = depthwise_conv2d(inputs, weights, [1, step_y, step_x, 1], padding)
        if normalizer_fn is not None:
            outputs = normalizer_fn(outputs, **normalizer_params or {})
        elif biases_initializer is not None:
            biases = parameter("biases", [channels], dtype, biases_initializer, given,
                               biases_regularizer)  # fmt: skip
            outputs = bias_add(outputs, biases)
        return finished(outputs, given, path)


conv1d, conv2d, conv3d = convolution1d, convolution2d, convolution3d
conv2d_in_plane = convolution2d_in_plane
