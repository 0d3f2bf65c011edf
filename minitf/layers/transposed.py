"""`tf.layers.conv2d_transpose`, `tf.layers.conv3d_transpose` and their classes."""
from minitf.core.arguments import inherited_init
from minitf.core.tensor_shape import TensorShape
from minitf.layers.arguments import calls
from minitf.layers.convolution import Convolution
from minitf.layers.window import for_op, layout
from minitf.nn.conv import conv2d_transpose as nn_conv2d_transpose
from minitf.nn.conv3d import conv3d_transpose as nn_conv3d_transpose
from minitf.ops.array.basics import shape
from minitf.ops.array.joining import stack


@inherited_init(without=["dilation_rate"])
class _Transposed(Convolution):
    """What a convolution does to gradients, done to the inputs: strides make them larger."""

    def build(self, input_shape):
        """Make kernel and bias. ValueError when the number of channels is not known."""
        self._make_kernels(self._channels(input_shape))
        self._make_bias()
        self.built = True

    def _make_kernels(self, channels):
        self.kernel = self._weight_of("kernel", [*self.kernel_size, self.filters, channels])

    def call(self, inputs):
        sizes = shape(inputs)
        batch = sizes[0]
        pixels = self._outputs([sizes[axis] for axis in self._axes()])
        function = nn_conv2d_transpose if self.rank == 2 else nn_conv3d_transpose
        sizes = stack(self._ordered(batch, pixels))
        if self.rank == 2:
            sizes[0]  # Nothing reads it, here nor in TensorFlow, but seeds of later ops count it.
        outputs = function(
            inputs,
            self.kernel,
            sizes,
            self.strides,
            for_op(self.padding),
            layout(self.data_format, self.rank + 2),
        )
        outputs.set_shape(self.compute_output_shape(inputs.shape))
        return self._finished(outputs)

    def _axes(self):
        """Those of the pixels."""
        start = 2 if self.data_format == "channels_first" else 1
        return range(start, start + self.rank)

    def _ordered(self, batch, pixels):
        if self.data_format == "channels_first":
            return [batch, self.filters, *pixels]
        return [batch, *pixels, self.filters]

    def _outputs(self, pixels):
        """The sizes of the outputs for those of the inputs, numbers (None if unknown) or tensors.
        """
        return [
            self._output(*each) for each in zip(pixels, self.kernel_size, self.strides)
        ]

    def _output(self, size, window, stride):
        if size is None:
            return None
        return size * stride + max(window - stride, 0) if self.padding == "valid" else size * stride

    def compute_output_shape(self, input_shape):
        sizes = TensorShape(input_shape).with_rank(self.rank + 2).as_list()
        return TensorShape(self._ordered(sizes[0], self._outputs([sizes[i] for i in self._axes()])))


@inherited_init(strides=(1, 1))
class Conv2DTranspose(_Transposed):
    """activation(transposed convolution of images with the kernel + bias).

    The channels become `filters`, the sizes are multiplied by `strides`. Variables: kernel
    [height, width, filters, channels] and, with `use_bias`, bias [filters].
    """

    rank = 2


@inherited_init(strides=(1, 1, 1))
class Conv3DTranspose(_Transposed):
    """activation(transposed convolution of volumes with the kernel + bias).

    The channels become `filters`, the sizes are multiplied by `strides`. Variables: kernel
    [depth, height, width, filters, channels] and, with `use_bias`, bias [filters].
    """

    rank = 3


@calls(Conv2DTranspose)
def conv2d_transpose(inputs, *args, **kwargs):
    """activation(transposed convolution of `inputs` with a kernel + bias) by a new
    `Conv2DTranspose` layer; `reuse` takes its variables from the layer of the same `name` built
    before.

    `kernel_size` and `strides` are (height, width) or one number for both;
    `padding` is "valid" or "same".
    """


@calls(Conv3DTranspose)
def conv3d_transpose(inputs, *args, **kwargs):
    """activation(transposed convolution of `inputs` with a kernel + bias) by a new
    `Conv3DTranspose` layer; `reuse` takes its variables from the layer of the same `name` built
    before.

    `kernel_size` and `strides` are (depth, height, width) or one number for all;
    `padding` is "valid" or "same".
    """
