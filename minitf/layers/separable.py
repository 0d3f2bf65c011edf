"""`tf.layers.separable_conv1d`, `tf.layers.separable_conv2d` and their classes."""
from minitf.core.arguments import inherited_init, takes
from minitf.layers.arguments import calls
from minitf.layers.convolution import Convolution
from minitf.layers.named import initializer_named, regularizer_named
from minitf.layers.window import for_op, layout
from minitf.nn.bias import bias_add
from minitf.nn.depthwise import separable_conv2d as nn_separable_conv2d
from minitf.nn.windows import put_together
from minitf.ops.reduction.axes import expand_dims, squeeze


class _Separable(Convolution):
    """A convolution of each channel by itself, then a mixture of the channels in each pixel."""

    @takes(
        Convolution,
        without=["kernel_initializer", "kernel_regularizer", "kernel_constraint"],
        before={
            "activation": {"depth_multiplier": 1},
            "bias_initializer": {"depthwise_initializer": None, "pointwise_initializer": None},
            "bias_regularizer": {"depthwise_regularizer": None, "pointwise_regularizer": None},
            "bias_constraint": {"depthwise_constraint": None, "pointwise_constraint": None},
        },
    )
    def __init__(
        self, depth_multiplier, depthwise_initializer, pointwise_initializer,
        depthwise_regularizer, pointwise_regularizer, depthwise_constraint, pointwise_constraint,
        **kwargs,
    ):  # fmt: skip
        super().__init__(**kwargs)
        self.depth_multiplier = depth_multiplier
        self.depthwise_initializer = initializer_named(depthwise_initializer)
        self.pointwise_initializer = initializer_named(pointwise_initializer)
        self.depthwise_regularizer = regularizer_named(depthwise_regularizer)
        self.pointwise_regularizer = regularizer_named(pointwise_regularizer)
        self.depthwise_constraint = depthwise_constraint
        self.pointwise_constraint = pointwise_constraint

    def build(self, input_shape):
        """Make the kernels and bias. ValueError when the number of channels is not known."""
        self._make_kernels(self._channels(input_shape))
        self._make_bias()
        self.built = True

    def _make_kernels(self, channels):
        spread, ones = channels * self.depth_multiplier, [1] * self.rank
        self.depthwise_kernel = self._weight_of(
            "depthwise_kernel", [*self.kernel_size, channels, self.depth_multiplier], "depthwise"
        )
        self.pointwise_kernel = self._weight_of(
            "pointwise_kernel", [*ones, spread, self.filters], "pointwise"
        )

    def _convolved(self, inputs, depthwise, pointwise, strides, rate):
        """The convolution of images, with the bias."""
        order = layout(self.data_format)
        outputs = nn_separable_conv2d(
            inputs,
            depthwise,
            pointwise,
            list(put_together(1, strides, 1, order)),
            for_op(self.padding),
            rate,
            data_format=order,
        )
        return bias_add(outputs, self.bias, order) if self.use_bias else outputs


class SeparableConv1D(_Separable):
    """A convolution of each channel of sequences by itself, then a mixture of the channels.

    Variables: depthwise_kernel [width, channels, depth_multiplier], pointwise_kernel [1,
    channels * depth_multiplier, filters] and, with `use_bias`, bias [filters].
    """

    rank, may_be_causal = 1, True

    def call(self, inputs):
        inputs, axis = self._padded(inputs), 1 if self.data_format == "channels_last" else 2
        outputs = self._convolved(
            expand_dims(inputs, axis),
            expand_dims(self.depthwise_kernel, 0),
            expand_dims(self.pointwise_kernel, 0),
            self.strides * 2,
            (1, *self.dilation_rate),
        )
        return self._activated(squeeze(outputs, [axis]))


@inherited_init(strides=(1, 1), dilation_rate=(1, 1))
class SeparableConv2D(_Separable):
    """A convolution of each channel of images by itself, then a mixture of the channels.

    Variables: depthwise_kernel [height, width, channels, depth_multiplier], pointwise_kernel [1,
    1, channels * depth_multiplier, filters] and, with `use_bias`, bias [filters].
    """

    rank = 2

    def call(self, inputs):
        kernels = self.depthwise_kernel, self.pointwise_kernel
        outputs = self._convolved(inputs, *kernels, self.strides, self.dilation_rate)
        return self._activated(outputs)


@calls(SeparableConv1D)
def separable_conv1d(inputs, *args, **kwargs):
    """activation(a convolution of each channel, then a mixture of the channels, + bias) by a new
    `SeparableConv1D` layer; `reuse` takes its variables from the layer of the same `name` built
    before.

    `kernel_size`, `strides` and `dilation_rate` are one number; `padding` is "valid", "same" or
    "causal".
    """


@calls(SeparableConv2D)
def separable_conv2d(inputs, *args, **kwargs):
    """activation(a convolution of each channel, then a mixture of the channels, + bias) by a new
    `SeparableConv2D` layer; `reuse` takes its variables from the layer of the same `name` built
    before.

    `kernel_size`, `strides` and `dilation_rate` are (height, width) or one number for both;
    `padding` is "valid" or "same".
    """
