"""`tf.layers.separable_conv1d`, `tf.layers.separable_conv2d` and their classes."""
from minitf.layers.convolution import Convolution
from minitf.layers.named import initializer_named, regularizer_named
from minitf.layers.window import for_op, layout
from minitf.nn.bias import bias_add
from minitf.nn.depthwise import separable_conv2d as nn_separable_conv2d
from minitf.nn.windows import put_together
from minitf.ops.axes import expand_dims, squeeze
from minitf.ops.initializers import Zeros


class _Separable(Convolution):
    """A convolution of each channel by itself, then a mixture of the channels in each pixel."""

    def __init__(
        self,
        rank,
        filters,
        kernel_size,
        strides,
        padding,
        data_format,
        dilation_rate,
        depth_multiplier,
        activation,
        use_bias,
        depthwise_initializer,
        pointwise_initializer,
        bias_initializer,
        depthwise_regularizer,
        pointwise_regularizer,
        bias_regularizer,
        activity_regularizer,
        depthwise_constraint,
        pointwise_constraint,
        bias_constraint,
        trainable,
        name,
        **kwargs,
    ):
        super().__init__(
            rank,
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            None,
            bias_initializer,
            None,
            bias_regularizer,
            activity_regularizer,
            None,
            bias_constraint,
            trainable,
            name,
            **kwargs,
        )
        self.depth_multiplier = depth_multiplier
        self.depthwise_kernel_initializer = initializer_named(depthwise_initializer)
        self.pointwise_kernel_initializer = initializer_named(pointwise_initializer)
        self.depthwise_kernel_regularizer = regularizer_named(depthwise_regularizer)
        self.pointwise_kernel_regularizer = regularizer_named(pointwise_regularizer)
        self.depthwise_kernel_constraint = depthwise_constraint
        self.pointwise_kernel_constraint = pointwise_constraint

    def build(self, input_shape):
        """Make the kernels and bias. ValueError when the number of channels is not known."""
        self._make_kernels(self._channels(input_shape))
        self._make_bias()
        self.built = True

    def _make_kernels(self, channels):
        spread, ones = channels * self.depth_multiplier, [1] * self.rank
        self.depthwise_kernel = self._kernel(
            "depthwise_kernel", [*self.kernel_size, channels, self.depth_multiplier]
        )
        self.pointwise_kernel = self._kernel("pointwise_kernel", [*ones, spread, self.filters])

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

    def _activated(self, outputs):
        return outputs if self.activation is None else self.activation(outputs)


class SeparableConv1D(_Separable):
    """A convolution of each channel of sequences by itself, then a mixture of the channels.

    Variables: depthwise_kernel [width, channels, depth_multiplier], pointwise_kernel [1,
    channels * depth_multiplier, filters] and, with `use_bias`, bias [filters].
    """

    may_be_causal = True

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format="channels_last",
        dilation_rate=1,
        depth_multiplier=1,
        activation=None,
        use_bias=True,
        depthwise_initializer=None,
        pointwise_initializer=None,
        bias_initializer=Zeros(),  # noqa: B008  it has no state
        depthwise_regularizer=None,
        pointwise_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        depthwise_constraint=None,
        pointwise_constraint=None,
        bias_constraint=None,
        trainable=True,
        name=None,
        **kwargs,
    ):
        super().__init__(
            1,
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            depth_multiplier,
            activation,
            use_bias,
            depthwise_initializer,
            pointwise_initializer,
            bias_initializer,
            depthwise_regularizer,
            pointwise_regularizer,
            bias_regularizer,
            activity_regularizer,
            depthwise_constraint,
            pointwise_constraint,
            bias_constraint,
            trainable,
            name,
            **kwargs,
        )

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


class SeparableConv2D(_Separable):
    """A convolution of each channel of images by itself, then a mixture of the channels.

    Variables: depthwise_kernel [height, width, channels, depth_multiplier], pointwise_kernel [1,
    1, channels * depth_multiplier, filters] and, with `use_bias`, bias [filters].
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        data_format="channels_last",
        dilation_rate=(1, 1),
        depth_multiplier=1,
        activation=None,
        use_bias=True,
        depthwise_initializer=None,
        pointwise_initializer=None,
        bias_initializer=Zeros(),  # noqa: B008  it has no state
        depthwise_regularizer=None,
        pointwise_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        depthwise_constraint=None,
        pointwise_constraint=None,
        bias_constraint=None,
        trainable=True,
        name=None,
        **kwargs,
    ):
        super().__init__(
            2,
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            depth_multiplier,
            activation,
            use_bias,
            depthwise_initializer,
            pointwise_initializer,
            bias_initializer,
            depthwise_regularizer,
            pointwise_regularizer,
            bias_regularizer,
            activity_regularizer,
            depthwise_constraint,
            pointwise_constraint,
            bias_constraint,
            trainable,
            name,
            **kwargs,
        )

    def call(self, inputs):
        kernels = self.depthwise_kernel, self.pointwise_kernel
        outputs = self._convolved(inputs, *kernels, self.strides, self.dilation_rate)
        return self._activated(outputs)


def separable_conv1d(
    inputs,
    filters,
    kernel_size,
    strides=1,
    padding="valid",
    data_format="channels_last",
    dilation_rate=1,
    depth_multiplier=1,
    activation=None,
    use_bias=True,
    depthwise_initializer=None,
    pointwise_initializer=None,
    bias_initializer=Zeros(),  # noqa: B008  it has no state
    depthwise_regularizer=None,
    pointwise_regularizer=None,
    bias_regularizer=None,
    activity_regularizer=None,
    depthwise_constraint=None,
    pointwise_constraint=None,
    bias_constraint=None,
    trainable=True,
    name=None,
    reuse=None,
):
    """activation(a convolution of each channel, then a mixture of the channels, + bias) by a new
    `SeparableConv1D` layer; `reuse` takes its variables from the layer of the same `name` built
    before.

    `kernel_size`, `strides` and `dilation_rate` are one number; `padding` is "valid", "same" or
    "causal".
    """
    layer = SeparableConv1D(
        filters,
        kernel_size,
        strides,
        padding,
        data_format,
        dilation_rate,
        depth_multiplier,
        activation,
        use_bias,
        depthwise_initializer,
        pointwise_initializer,
        bias_initializer,
        depthwise_regularizer,
        pointwise_regularizer,
        bias_regularizer,
        activity_regularizer,
        depthwise_constraint,
        pointwise_constraint,
        bias_constraint,
        trainable,
        name,
        _scope=name,
        _reuse=reuse,
    )
    return layer(inputs)


def separable_conv2d(
    inputs,
    filters,
    kernel_size,
    strides=(1, 1),
    padding="valid",
    data_format="channels_last",
    dilation_rate=(1, 1),
    depth_multiplier=1,
    activation=None,
    use_bias=True,
    depthwise_initializer=None,
    pointwise_initializer=None,
    bias_initializer=Zeros(),  # noqa: B008  it has no state
    depthwise_regularizer=None,
    pointwise_regularizer=None,
    bias_regularizer=None,
    activity_regularizer=None,
    depthwise_constraint=None,
    pointwise_constraint=None,
    bias_constraint=None,
    trainable=True,
    name=None,
    reuse=None,
):
    """activation(a convolution of each channel, then a mixture of the channels, + bias) by a new
    `SeparableConv2D` layer; `reuse` takes its variables from the layer of the same `name` built
    before.

    `kernel_size`, `strides` and `dilation_rate` are (height, width) or one number for both;
    `padding` is "valid" or "same".
    """
    layer = SeparableConv2D(
        filters,
        kernel_size,
        strides,
        padding,
        data_format,
        dilation_rate,
        depth_multiplier,
        activation,
        use_bias,
        depthwise_initializer,
        pointwise_initializer,
        bias_initializer,
        depthwise_regularizer,
        pointwise_regularizer,
        bias_regularizer,
        activity_regularizer,
        depthwise_constraint,
        pointwise_constraint,
        bias_constraint,
        trainable,
        name,
        _scope=name,
        _reuse=reuse,
    )
    return layer(inputs)
