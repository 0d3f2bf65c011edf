"""Convolutions whose kernel differs from place to place."""
import math

import minitf as tf
from minitf.core.arguments import inherited_init, takes
from minitf.keras import backend as K
from minitf.keras.engine.base_layer import InputSpec, Layer
from minitf.keras.layers.convolutional import Conv1D
from minitf.keras.layers.described import attributes, config_of
from minitf.layers.window import numbers, windowed


class _LocallyConnected(Layer):
    """A kernel for each place of the outputs."""

    rank: int

    @takes(
        Conv1D, without=["dilation_rate"], before={"kwargs": {"implementation": 1}},
        into="arguments", data_format=None,
    )  # fmt: skip
    def __init__(self, arguments, **kwargs):
        super().__init__(**kwargs)
        attributes(self, arguments)
        for name in ("kernel_size", "strides"):
            setattr(self, name, numbers(getattr(self, name), self.rank, name))
        if self.padding.lower() != "valid" and self.implementation == 1:
            raise ValueError(
                f"Invalid border mode for LocallyConnected{self.rank}D (only \"valid\" is "
                f"supported if implementation is 1): {self.padding}"
            )
        if self.implementation != 1:
            raise NotImplementedError(
                f"LocallyConnected{self.rank}D(implementation={self.implementation}): minitf has "
                "implementation 1, which computes the same."
            )
        self.padding = self.padding.lower()
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def build(self, input_shape):
        """Make kernel and bias. ValueError when a size is not known."""
        shape = tf.TensorShape(input_shape)
        axis = 1 if self.data_format == "channels_first" else self.rank + 1
        channels = shape[axis].value
        outputs = self.compute_output_shape(shape).as_list()
        start = 2 if self.data_format == "channels_first" else 1
        self._quietly(_places=tuple(outputs[start : start + self.rank]))
        if channels is None or None in self._places:
            raise ValueError(
                f"The shape of the input to LocallyConnected{self.rank}D should be fully-defined, "
                f"but layer received the inputs shape {shape}"
            )
        window = math.prod(self.kernel_size) * channels
        self.kernel = self._weight_of("kernel", (math.prod(self._places), window, self.filters))
        bias = (*self._places, self.filters)
        self.bias = self._weight_of("bias", bias) if self.use_bias else None
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={axis: channels})
        self.built = True

    def compute_output_shape(self, input_shape):
        return windowed(
            input_shape, self.kernel_size, self.strides, self, channels=self.filters
        )

    def call(self, inputs):
        output = K.local_conv(
            inputs, self.kernel, self.kernel_size, self.strides, self._places, self.data_format
        )
        if self.use_bias:
            output = K.bias_add(output, self.bias, self.data_format)
        return self.activation(output)

    def get_config(self):
        return super().get_config() | config_of(
            self, "filters", "kernel_size", "strides", "padding", "data_format", "activation",
            "use_bias", "kernel_initializer", "bias_initializer", "kernel_regularizer",
            "bias_regularizer", "activity_regularizer", "kernel_constraint", "bias_constraint",
            "implementation",
        )  # fmt: skip


class LocallyConnected1D(_LocallyConnected):
    """As `Conv1D`, with a kernel for each place.

    Variables: kernel [places, width * channels, filters] and, with `use_bias`, bias [places,
    filters].
    """

    rank = 1


@inherited_init(strides=(1, 1))
class LocallyConnected2D(_LocallyConnected):
    """As `Conv2D`, with a kernel for each place.

    Variables: kernel [rows * columns, height * width * channels, filters] and, with `use_bias`,
    bias [rows, columns, filters].
    """

    rank = 2
