"""Convolutions whose kernel differs from place to place."""
import math

import minitf as tf
from minitf.keras import backend as K
from minitf.keras.engine.base_layer import InputSpec, Layer
from minitf.keras.layers.described import attributes, config_of
from minitf.layers.window import numbers, windowed


class _LocallyConnected(Layer):
    """A kernel for each place of the outputs."""

    rank: int

    def _set(self, names):
        attributes(self, names)
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
        self.kernel = self.add_weight(
            shape=(math.prod(self._places), window, self.filters),
            initializer=self.kernel_initializer,
            name="kernel",
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
        )
        self.bias = None
        if self.use_bias:
            self.bias = self.add_weight(
                shape=(*self._places, self.filters),
                initializer=self.bias_initializer,
                name="bias",
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
            )
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

    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        implementation=1,
        **kwargs,
    ):
        arguments = locals()
        super().__init__(**kwargs)
        self._set(arguments)


class LocallyConnected2D(_LocallyConnected):
    """As `Conv2D`, with a kernel for each place.

    Variables: kernel [rows * columns, height * width * channels, filters] and, with `use_bias`,
    bias [rows, columns, filters].
    """

    rank = 2

    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        data_format=None,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        implementation=1,
        **kwargs,
    ):
        arguments = locals()
        super().__init__(**kwargs)
        self._set(arguments)
