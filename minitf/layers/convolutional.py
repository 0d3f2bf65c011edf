"""`tf.layers.conv1d`, `tf.layers.conv2d`, `tf.layers.conv3d` and their classes."""
from minitf.core.arguments import inherited_init
from minitf.layers.arguments import calls
from minitf.layers.convolution import Convolution


class Conv1D(Convolution):
    """activation(convolution of sequences with the kernel + bias), the channels becoming `filters`.

    Variables: kernel [width, channels, filters] and, with `use_bias`, bias [filters].
    """

    rank, may_be_causal = 1, True


@inherited_init(strides=(1, 1), dilation_rate=(1, 1))
class Conv2D(Convolution):
    """activation(convolution of images with the kernel + bias), the channels becoming `filters`.

    Variables: kernel [height, width, channels, filters] and, with `use_bias`, bias [filters].
    """

    rank = 2


@inherited_init(strides=(1, 1, 1), dilation_rate=(1, 1, 1))
class Conv3D(Convolution):
    """activation(convolution of volumes with the kernel + bias), the channels becoming `filters`.

    Variables: kernel [depth, height, width, channels, filters] and, with `use_bias`, bias
    [filters].
    """

    rank = 3


@calls(Conv1D)
def conv1d(inputs, *args, **kwargs):
    """activation(convolution of `inputs` with a kernel + bias) by a new `Conv1D` layer; `reuse`
    takes its variables from the layer of the same `name` built before.

    `kernel_size`, `strides` and `dilation_rate` are one number;
    `padding` is "valid", "same" or "causal" (zeros before the sequence alone).
    """


@calls(Conv2D)
def conv2d(inputs, *args, **kwargs):
    """activation(convolution of `inputs` with a kernel + bias) by a new `Conv2D` layer; `reuse`
    takes its variables from the layer of the same `name` built before.

    `kernel_size`, `strides` and `dilation_rate` are (height, width) or one number for both;
    `padding` is "valid", "same" or a list of pairs.
    """


@calls(Conv3D)
def conv3d(inputs, *args, **kwargs):
    """activation(convolution of `inputs` with a kernel + bias) by a new `Conv3D` layer; `reuse`
    takes its variables from the layer of the same `name` built before.

    `kernel_size`, `strides` and `dilation_rate` are (depth, height, width) or one number for
    all; `padding` is "valid" or "same".
    """
