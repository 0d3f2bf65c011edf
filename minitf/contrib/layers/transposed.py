"""`tf.contrib.layers.conv2d_transpose` and `conv3d_transpose`."""
from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.contrib.layers.initializers import xavier_initializer
from minitf.contrib.layers.scoped import FORMATS, FORMATS_3D, by_layer, check_format
from minitf.layers.transposed import Conv2DTranspose, Conv3DTranspose
from minitf.nn.activation import relu
from minitf.ops.state.initializers import Zeros


@add_arg_scope
def convolution2d_transpose(
    inputs,
    num_outputs,
    kernel_size,
    stride=1,
    padding="SAME",
    data_format="NHWC",
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
    """activation_fn(transposed convolution of images with the weights + biases): the sizes are
    multiplied by `stride`.

    With a `normalizer_fn`, called with `normalizer_params`, there are no biases. Variables:
    weights [height, width, num_outputs, channels] and biases [num_outputs]. ValueError for another
    data_format, or where the number of channels is not known.
    """
    return _transposed(Conv2DTranspose, FORMATS, locals(), "Conv2d_transpose")


@add_arg_scope
def convolution3d_transpose(
    inputs,
    num_outputs,
    kernel_size,
    stride=1,
    padding="SAME",
    data_format="NDHWC",
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
    """As `convolution2d_transpose`, of volumes."""
    return _transposed(Conv3DTranspose, FORMATS_3D, locals(), "Conv3d_transpose")


def _transposed(kind, formats, given, default_name):
    def layer(_, **options):
        order = check_format(given["data_format"], formats)
        window = given["kernel_size"], given["stride"], given["padding"]
        return kind(given["num_outputs"], *window, order, **options)

    return by_layer(layer, given, default_name)


conv2d_transpose, conv3d_transpose = convolution2d_transpose, convolution3d_transpose
