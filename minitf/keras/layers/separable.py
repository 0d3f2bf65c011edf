"""Convolutions of `tf.keras.layers` of each channel by itself."""
import minitf as tf
from minitf.core.arguments import takes
from minitf.keras import backend as K
from minitf.keras.engine.base_layer import InputSpec, Layer
from minitf.keras.layers.described import config_of, configured, resolved

_UNUSED = {
    "kernel_initializer": "glorot_uniform",
    "kernel_regularizer": None,
    "kernel_constraint": None,
}
_AS_IN_LAYERS = {
    "without": ("trainable", "name"),
    "data_format": None,
    "depthwise_initializer": "glorot_uniform",
    "pointwise_initializer": "glorot_uniform",
    "bias_initializer": "zeros",
}
_ORDER = ("kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer",
          "activity_regularizer", "kernel_constraint", "bias_constraint")  # fmt: skip


class _Separable(Layer):
    """What both separable convolutions share; kernels are named as Keras does."""

    def _described(self, arguments):
        """The arguments; those of a `kernel`, which a configuration has, mean nothing here."""
        own = {name: arguments.pop(name, default) for name, default in _UNUSED.items()}
        self._quietly(_unused=resolved(own))
        return resolved(arguments)

    def get_config(self):
        config = super().get_config() | config_of(
            self, "filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate",
            "activation", "use_bias",
        )  # fmt: skip
        config |= self._kernel_and_bias()
        return config | config_of(
            self, "depth_multiplier", "depthwise_initializer", "pointwise_initializer",
            "depthwise_regularizer", "pointwise_regularizer", "depthwise_constraint",
            "pointwise_constraint",
        )  # fmt: skip

    def _kernel_and_bias(self):
        """Those of a `kernel` between those of the bias, in the order that TensorFlow has."""
        of_bias = config_of(self, "bias_initializer", "bias_regularizer", "activity_regularizer",
                            "bias_constraint")  # fmt: skip
        known = configured(self._unused) | of_bias
        return {name: known[name] for name in _ORDER}


class SeparableConv1D(tf.layers.SeparableConv1D, _Separable):
    """A convolution of each channel of sequences by itself, then a mixture of the channels.

    Variables: depthwise_kernel [width, channels, depth_multiplier], pointwise_kernel [1,
    channels * depth_multiplier, filters] and, with `use_bias`, bias [filters].
    """

    @takes(tf.layers.SeparableConv1D, **_AS_IN_LAYERS)
    def __init__(self, **kwargs):
        super().__init__(**self._described(kwargs))


class SeparableConv2D(tf.layers.SeparableConv2D, _Separable):
    """A convolution of each channel of images by itself, then a mixture of the channels.

    Variables: depthwise_kernel [height, width, channels, depth_multiplier], pointwise_kernel [1,
    1, channels * depth_multiplier, filters] and, with `use_bias`, bias [filters].
    """

    @takes(tf.layers.SeparableConv2D, **_AS_IN_LAYERS)
    def __init__(self, **kwargs):
        super().__init__(**self._described(kwargs))


class DepthwiseConv2D(tf.layers.Conv2D, Layer):
    """activation(a convolution of each channel of images by itself + bias).

    Variables: depthwise_kernel [height, width, channels, depth_multiplier] and, with `use_bias`,
    bias [channels * depth_multiplier].
    """

    @takes(
        tf.layers.Conv2D,
        without=[
            "filters", "dilation_rate", "kernel_initializer", "kernel_regularizer",
            "kernel_constraint", "trainable", "name",
        ],
        before={
            "data_format": {"depth_multiplier": 1},
            "bias_initializer": {"depthwise_initializer": "glorot_uniform"},
            "bias_regularizer": {"depthwise_regularizer": None},
            "bias_constraint": {"depthwise_constraint": None},
        },
        data_format=None,
        bias_initializer="zeros",
    )  # fmt: skip
    def __init__(self, **kwargs):
        arguments = resolved(kwargs | {"filters": 0})
        own = {name: arguments.pop(name) for name in list(arguments) if name.startswith("depth")}
        super().__init__(**arguments)
        for name, value in own.items():
            setattr(self, name, value)

    def build(self, input_shape):
        """Make kernel and bias. ValueError when the number of channels is not known."""
        if len(input_shape) < 4:
            raise ValueError("Inputs to `DepthwiseConv2D` should have rank 4. Received input "
                             f"shape: {input_shape}")  # fmt: skip
        axis = 1 if self.data_format == "channels_first" else 3
        channels = tf.TensorShape(input_shape)[axis].value
        if channels is None:
            raise ValueError("The channel dimension of the inputs to `DepthwiseConv2D` should be "
                             "defined. Found `None`.")  # fmt: skip
        self.depthwise_kernel = self._weight_of(
            "depthwise_kernel", (*self.kernel_size, channels, self.depth_multiplier), "depthwise"
        )
        self.filters = channels * self.depth_multiplier
        self._make_bias()
        self.input_spec = InputSpec(ndim=4, axes={axis: channels})
        self.built = True

    def call(self, inputs):
        outputs = K.depthwise_conv2d(
            inputs, self.depthwise_kernel, self.strides, self.padding, self.data_format,
            self.dilation_rate,
        )  # fmt: skip
        if self.use_bias:
            outputs = K.bias_add(outputs, self.bias, self.data_format)
        return self.activation(outputs)

    def compute_output_shape(self, input_shape):
        axis = 1 if self.data_format == "channels_first" else 3
        channels = tf.TensorShape(input_shape)[axis].value
        self.filters = None if channels is None else channels * self.depth_multiplier
        return super().compute_output_shape(input_shape)

    def get_config(self):
        return super().get_config() | config_of(
            self, "kernel_size", "strides", "padding", "data_format", "dilation_rate",
            "activation", "use_bias", "bias_initializer", "bias_regularizer",
            "activity_regularizer", "bias_constraint", "depth_multiplier", "depthwise_initializer",
            "depthwise_regularizer", "depthwise_constraint",
        )  # fmt: skip


SeparableConvolution1D, SeparableConvolution2D = SeparableConv1D, SeparableConv2D
