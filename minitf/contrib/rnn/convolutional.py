"""ConvLSTMCell: an LSTM whose products are convolutions, after Shi et al. 2015."""
from minitf.core.tensor_shape import TensorShape
from minitf.nn.activation import sigmoid
from minitf.nn.conv import conv2d
from minitf.nn.conv1d import conv1d
from minitf.nn.conv3d import conv3d
from minitf.ops.array.joining import concat, split
from minitf.ops.math.elementwise import tanh
from minitf.ops.state.initializers import Constant
from minitf.ops.state.variable_scope import get_variable
from minitf.rnn.cell import RNNCell
from minitf.rnn.lstm import LSTMStateTuple


class ConvLSTMCell(RNNCell):
    """An LSTM over images [batch, *input_shape], channels last, with 1, 2 or 3 axes of space.

    The state is an LSTMStateTuple of [batch, *space, output_channels]. With `skip_connection` the
    inputs are put behind the channels of the output. ValueError for an `input_shape` that has not
    `conv_ndims` axes and channels.
    """

    def __init__(
        self, conv_ndims, input_shape, output_channels, kernel_shape, use_bias=True,
        skip_connection=False, forget_bias=1.0, initializers=None, name="conv_lstm_cell",
    ):  # fmt: skip
        super().__init__(name=name)
        if conv_ndims != len(input_shape) - 1:
            raise ValueError(f"Invalid input_shape {input_shape} for conv_ndims={conv_ndims}.")
        self._conv_ndims, self._kernel_shape = conv_ndims, list(kernel_shape)
        self._output_channels, self._use_bias = output_channels, use_bias
        self._forget_bias, self._skip_connection = forget_bias, skip_connection
        *space, channels = input_shape
        size = TensorShape([*space, output_channels])
        self._state_size = LSTMStateTuple(size, size)
        width = output_channels + channels * skip_connection
        self._output_size = TensorShape([*space, width])

    state_size = property(lambda self: self._state_size)
    output_size = property(lambda self: self._output_size)

    def call(self, inputs, state, scope=None):
        cell, hidden = state
        gates = _convolved([inputs, hidden], self._kernel_shape, 4 * self._output_channels,
                           self._use_bias)  # fmt: skip
        i, j, f, o = split(gates, 4, axis=self._conv_ndims + 1)
        cell = sigmoid(f + self._forget_bias) * cell
        cell += sigmoid(i) * tanh(j)
        output = tanh(cell) * sigmoid(o)
        if self._skip_connection:
            output = concat([output, inputs], axis=-1)
        return output, LSTMStateTuple(cell, output)


class Conv1DLSTMCell(ConvLSTMCell):
    """ConvLSTMCell over [batch, length, channels]."""

    def __init__(self, name="conv_1d_lstm_cell", **kwargs):
        super().__init__(conv_ndims=1, name=name, **kwargs)


class Conv2DLSTMCell(ConvLSTMCell):
    """ConvLSTMCell over [batch, height, width, channels]."""

    def __init__(self, name="conv_2d_lstm_cell", **kwargs):
        super().__init__(conv_ndims=2, name=name, **kwargs)


class Conv3DLSTMCell(ConvLSTMCell):
    """ConvLSTMCell over [batch, depth, height, width, channels]."""

    def __init__(self, name="conv_3d_lstm_cell", **kwargs):
        super().__init__(conv_ndims=3, name=name, **kwargs)


def _convolved(images, kernel_shape, channels, use_bias):
    """A convolution, by the variable "kernel", of images put side by side along the channels."""
    shapes = [image.shape.as_list() for image in images]
    rank = len(shapes[0])
    if any(len(shape) not in (3, 4, 5) for shape in shapes):
        raise ValueError(f"Conv Linear expects 3D, 4D or 5D arguments: {shapes}")
    if any(len(shape) != rank for shape in shapes):
        raise ValueError(f"Conv Linear expects all args to be of same Dimension: {shapes}")
    dtype, depth = images[0].dtype, sum(shape[-1] for shape in shapes)
    kernel = get_variable("kernel", [*kernel_shape, depth, channels], dtype)
    joined = concat(axis=rank - 1, values=images)
    if rank == 3:
        result = conv1d(joined, kernel, 1, padding="SAME")
    else:
        convolve = conv2d if rank == 4 else conv3d
        result = convolve(joined, kernel, [1] * rank, padding="SAME")
    if not use_bias:
        return result
    return result + get_variable("biases", [channels], dtype, Constant(0.0, dtype=dtype))
