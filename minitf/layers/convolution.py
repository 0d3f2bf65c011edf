"""What the layers of convolutions share."""
from minitf.core.arguments import takes
from minitf.core.constant import constant
from minitf.core.dtypes import int32
from minitf.core.tensor_shape import TensorShape
from minitf.layers.base import InputSpec
from minitf.layers.weighted import Weighted
from minitf.layers.window import (
    data_format_named,
    for_op,
    layout,
    numbers,
    padding_named,
    windowed,
)
from minitf.nn.bias import bias_add
from minitf.nn.convolution import convolution
from minitf.ops.array.basics import reshape
from minitf.ops.array.padding import pad

_OP_OF_RANK = {1: "conv1d", 2: "Conv2D", 3: "Conv3D"}


class Convolution(Weighted):
    """What layers of a convolution over `rank` axes of pixels share."""

    rank: int
    may_be_causal = False

    @takes(Weighted)
    def __init__(
        self, filters, kernel_size, strides=1, padding="valid", data_format="channels_last",
        dilation_rate=1, **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.filters, rank = int(filters), self.rank
        self.kernel_size = numbers(kernel_size, rank, "kernel_size")
        self.strides = numbers(strides, rank, "strides")
        self.padding, self.data_format = padding_named(padding), data_format_named(data_format)
        if self.padding == "causal" and not self.may_be_causal:
            raise ValueError(
                "Causal padding is only supported for `Conv1D` and `SeparableConv1D`."
            )
        self.dilation_rate = numbers(dilation_rate, rank, "dilation_rate")
        self.input_spec = InputSpec(ndim=rank + 2)

    def build(self, input_shape):
        """Make kernel and bias. ValueError when the number of channels is not known."""
        self._make_kernels(self._channels(input_shape))
        self._make_bias()
        if max(self.dilation_rate) == 1:
            # Nothing reads it, here nor in TensorFlow, but the seeds of later ops count it.
            constant(self.dilation_rate, int32, name="dilation_rate")
        self.built = True

    def _channels(self, input_shape):
        axis = 1 if self.data_format == "channels_first" else -1
        channels = TensorShape(input_shape)[axis].value
        if channels is None:
            raise ValueError(
                "The channel dimension of the inputs should be defined. Found `None`."
            )
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={axis: channels})
        return channels

    def _make_kernels(self, channels):
        self.kernel = self._weight_of("kernel", [*self.kernel_size, channels, self.filters])

    def _make_bias(self):
        self.bias = self._weight_of("bias", [self.filters]) if self.use_bias else None

    def call(self, inputs):
        outputs = convolution(
            self._padded(inputs),
            self.kernel,
            for_op(self.padding),
            self.strides,
            self.dilation_rate,
            name=_OP_OF_RANK[self.rank],
            data_format=layout(self.data_format, self.rank + 2),
        )
        return self._finished(outputs)

    def _padded(self, inputs):
        """For causal sequences, `inputs` with so many zeros before them that no output sees what
        comes after it."""
        if self.padding != "causal":
            return inputs
        zeros = [(self.kernel_size[0] - 1) * self.dilation_rate[0], 0]
        axis = 2 if self.data_format == "channels_first" else 1
        return pad(inputs, [zeros if i == axis else [0, 0] for i in range(3)])

    def _finished(self, outputs):
        """With the bias and the activation."""
        return self._activated(self._biased(outputs) if self.use_bias else outputs)

    def _biased(self, outputs):
        if self.rank == 1 and self.data_format == "channels_first":
            return outputs + reshape(self.bias, (1, self.filters, 1))
        return bias_add(outputs, self.bias, layout(self.data_format))

    def compute_output_shape(self, input_shape):
        return windowed(
            input_shape, self.kernel_size, self.strides, self, self.dilation_rate, self.filters
        )
