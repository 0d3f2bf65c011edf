"""`tf.layers.max_pooling2d`, `tf.layers.average_pooling2d`, and their classes."""
from minitf.layers.base import InputSpec, Layer
from minitf.layers.window import (
    data_format_named,
    for_op,
    layout,
    padding_named,
    pair,
    windowed,
)
from minitf.nn.pool import avg_pool, max_pool


class _Pooling2D(Layer):
    """What `pool` makes of each window of `pool_size`, moved by `strides`."""

    def __init__(
        self, pool_size, strides, padding="valid", data_format="channels_last", name=None, **kwargs
    ):
        if strides is None:
            raise ValueError("Argument `strides` must not be None.")
        super().__init__(name=name, **kwargs)
        self.pool_size, self.strides = pair(pool_size, "pool_size"), pair(strides, "strides")
        self.padding, self.data_format = padding_named(padding), data_format_named(data_format)
        self.input_spec = InputSpec(ndim=4)

    def call(self, inputs):
        order = layout(self.data_format)
        return self.pool(inputs, self.pool_size, self.strides, for_op(self.padding), order)

    def compute_output_shape(self, input_shape):
        return windowed(input_shape, self.pool_size, self.strides, self)


class MaxPooling2D(_Pooling2D):
    """The largest of each window of `pool_size`, moved by `strides`, of each channel.

    Both are (height, width) or one number for both; `padding` is "valid" or "same".
    """

    pool = staticmethod(max_pool)


class AveragePooling2D(_Pooling2D):
    """As `MaxPooling2D`, the mean of each window."""

    pool = staticmethod(avg_pool)


def max_pooling2d(
    inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None
):
    """The largest of each window of `inputs`, by a new `MaxPooling2D` layer."""
    return MaxPooling2D(pool_size, strides, padding, data_format, name)(inputs)


def average_pooling2d(
    inputs, pool_size, strides, padding="valid", data_format="channels_last", name=None
):
    """The mean of each window of `inputs`, by a new `AveragePooling2D` layer."""
    return AveragePooling2D(pool_size, strides, padding, data_format, name)(inputs)
