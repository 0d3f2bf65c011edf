"""`tf.layers.conv2d` and its class."""
from minitf.core.constant import constant
from minitf.core.dtypes import int32
from minitf.core.tensor_shape import TensorShape
from minitf.layers.base import InputSpec, Layer
from minitf.layers.named import activation_named, initializer_named, regularizer_named
from minitf.layers.window import (
    data_format_named,
    for_op,
    layout,
    padding_named,
    pair,
    windowed,
)
from minitf.nn.bias import bias_add
from minitf.nn.conv import convolution
from minitf.ops.initializers import Zeros


class Conv2D(Layer):
    """activation(convolution of images with the kernel + bias), the channels becoming `filters`.

    Variables: kernel [height, width, channels, filters] and, with `use_bias`, bias [filters].
    """

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        data_format="channels_last",
        dilation_rate=(1, 1),
        activation=None,
        use_bias=True,
        kernel_initializer=None,
        bias_initializer=Zeros(),  # noqa: B008  it has no state
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        trainable=True,
        name=None,
        **kwargs,
    ):
        penalty = regularizer_named(activity_regularizer)
        super().__init__(trainable, name, activity_regularizer=penalty, **kwargs)
        self.rank, self.filters, self.use_bias = 2, int(filters), use_bias
        self.kernel_size, self.strides = pair(kernel_size, "kernel_size"), pair(strides, "strides")
        self.padding, self.data_format = padding_named(padding), data_format_named(data_format)
        self.dilation_rate = pair(dilation_rate, "dilation_rate")
        self.activation = activation_named(activation)
        self.kernel_initializer = initializer_named(kernel_initializer)
        self.bias_initializer = initializer_named(bias_initializer)
        self.kernel_regularizer = regularizer_named(kernel_regularizer)
        self.bias_regularizer = regularizer_named(bias_regularizer)
        self.kernel_constraint, self.bias_constraint = kernel_constraint, bias_constraint
        self.input_spec = InputSpec(ndim=4)

    def build(self, input_shape):
        """Make kernel and bias. ValueError when the number of channels is not known."""
        axis = 1 if self.data_format == "channels_first" else -1
        channels = TensorShape(input_shape)[axis].value
        if channels is None:
            raise ValueError(
                "The channel dimension of the inputs should be defined. Found `None`."
            )
        self.input_spec = InputSpec(ndim=4, axes={axis: channels})
        self.kernel = self.add_weight(
            "kernel",
            [*self.kernel_size, channels, self.filters],
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            trainable=True,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                [self.filters],
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                trainable=True,
            )
        self.built = True

    def call(self, inputs):
        order = layout(self.data_format)
        # Nothing reads it, here nor in TensorFlow, but the seeds of later ops count it.
        constant(self.dilation_rate, int32, name="dilation_rate")
        outputs = convolution(
            inputs,
            self.kernel,
            for_op(self.padding),
            self.strides,
            self.dilation_rate,
            name="Conv2D",
            data_format=order,
        )
        if self.use_bias:
            outputs = bias_add(outputs, self.bias, order)
        return outputs if self.activation is None else self.activation(outputs)

    def compute_output_shape(self, input_shape):
        return windowed(
            input_shape, self.kernel_size, self.strides, self, self.dilation_rate, self.filters
        )


def conv2d(
    inputs,
    filters,
    kernel_size,
    strides=(1, 1),
    padding="valid",
    data_format="channels_last",
    dilation_rate=(1, 1),
    activation=None,
    use_bias=True,
    kernel_initializer=None,
    bias_initializer=Zeros(),  # noqa: B008  it has no state
    kernel_regularizer=None,
    bias_regularizer=None,
    activity_regularizer=None,
    kernel_constraint=None,
    bias_constraint=None,
    trainable=True,
    name=None,
    reuse=None,
):
    """activation(convolution of `inputs` with a kernel + bias) by a new `Conv2D` layer; `reuse`
    takes its variables from the layer of the same `name` built before.

    `kernel_size`, `strides` and `dilation_rate` are (height, width) or one number for both;
    `padding` is "valid", "same" or a list of pairs.
    """
    layer = Conv2D(
        filters,
        kernel_size,
        strides,
        padding,
        data_format,
        dilation_rate,
        activation,
        use_bias,
        kernel_initializer,
        bias_initializer,
        kernel_regularizer,
        bias_regularizer,
        activity_regularizer,
        kernel_constraint,
        bias_constraint,
        trainable,
        name,
        _scope=name,
        _reuse=reuse,
    )
    return layer(inputs)
