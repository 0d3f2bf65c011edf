"""`tf.contrib.layers.conv2d_transpose` and `conv3d_transpose`."""
from minitf.contrib.framework.arg_scope import add_arg_scope
from minitf.contrib.layers.scoped import FORMATS_3D, by_layer, check_format, weighted
from minitf.core.arguments import takes
from minitf.layers.transposed import Conv2DTranspose, Conv3DTranspose


@add_arg_scope
@takes(weighted)
def convolution2d_transpose(
    inputs, num_outputs, kernel_size, stride=1, padding="SAME", data_format="NHWC", **given
):
    """activation_fn(transposed convolution of images with the weights + biases): the sizes are
    multiplied by `stride`.

    With a `normalizer_fn`, called with `normalizer_params`, there are no biases. Variables:
    weights [height, width, num_outputs, channels] and biases [num_outputs]. ValueError for another
    data_format, or where the number of channels is not known.
    """

    def layer(_, **options):
        order = check_format(data_format)
        return Conv2DTranspose(num_outputs, kernel_size, stride, padding, order, **options)

    return by_layer(layer, inputs, given, "Conv2d_transpose")


@add_arg_scope
@takes(convolution2d_transpose, data_format="NDHWC")
def convolution3d_transpose(
    inputs, num_outputs, kernel_size, stride, padding, data_format, **given
):
    """As `convolution2d_transpose`, of volumes."""

    def layer(_, **options):
        order = check_format(data_format, FORMATS_3D)
        return Conv3DTranspose(num_outputs, kernel_size, stride, padding, order, **options)

    return by_layer(layer, inputs, given, "Conv3d_transpose")


conv2d_transpose, conv3d_transpose = convolution2d_transpose, convolution3d_transpose
