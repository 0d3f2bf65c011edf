"""`tf.layers.max_pooling1d`, `average_pooling2d`, ..., and their classes."""
from minitf.layers.arguments import applies
from minitf.layers.base import InputSpec, Layer
from minitf.layers.window import (
    data_format_named,
    for_op,
    layout,
    numbers,
    padding_named,
    windowed,
)
from minitf.nn.pool import avg_pool, max_pool
from minitf.nn.pool3d import avg_pool3d, max_pool3d
from minitf.ops.reduction.axes import expand_dims, squeeze


class _Pooling(Layer):
    """What `pool` makes of each window of `pool_size`, moved by `strides`."""

    def __init__(
        self, pool_size, strides, padding="valid", data_format="channels_last", name=None, **kwargs
    ):
        if strides is None:
            raise ValueError("Argument `strides` must not be None.")
        super().__init__(name=name, **kwargs)
        self.pool_size = numbers(pool_size, self.count, "pool_size")
        self.strides = numbers(strides, self.count, "strides")
        self.padding, self.data_format = padding_named(padding), data_format_named(data_format)
        self.input_spec = InputSpec(ndim=self.count + 2)

    def call(self, inputs):
        order = layout(self.data_format, self.count + 2)
        return self.pool(inputs, self.pool_size, self.strides, for_op(self.padding), order)

    def compute_output_shape(self, input_shape):
        return windowed(input_shape, self.pool_size, self.strides, self)


class _Pooling1D(_Pooling):
    count = 1

    def call(self, inputs):
        last = self.data_format == "channels_last"
        axis = 2 if last else 3
        window, strides = [*self.pool_size, 1], [*self.strides, 1]
        outputs = self.pool(
            expand_dims(inputs, axis), window, strides, for_op(self.padding),
            layout(self.data_format),
        )  # fmt: skip
        return squeeze(outputs, [axis])


class MaxPooling1D(_Pooling1D):
    """The largest of each window of `pool_size`, moved by `strides`, of each channel of sequences.

    Both are one number; `padding` is "valid" or "same".
    """

    pool = staticmethod(max_pool)


class AveragePooling1D(_Pooling1D):
    """As `MaxPooling1D`, the mean of each window."""

    pool = staticmethod(avg_pool)


class MaxPooling2D(_Pooling):
    """The largest of each window of `pool_size`, moved by `strides`, of each channel of images.

    Both are (height, width) or one number for both; `padding` is "valid" or "same".
    """

    count, pool = 2, staticmethod(max_pool)


class AveragePooling2D(_Pooling):
    """As `MaxPooling2D`, the mean of each window."""

    count, pool = 2, staticmethod(avg_pool)


class MaxPooling3D(_Pooling):
    """The largest of each window of `pool_size`, moved by `strides`, of each channel of volumes.

    Both are (depth, height, width) or one number for all; `padding` is "valid" or "same".
    """

    count, pool = 3, staticmethod(max_pool3d)


class AveragePooling3D(_Pooling):
    """As `MaxPooling3D`, the mean of each window."""

    count, pool = 3, staticmethod(avg_pool3d)


@applies(MaxPooling1D)
def max_pooling1d(inputs, *args, **kwargs):
    """The largest of each window of `inputs`, by a new `MaxPooling1D` layer."""


@applies(AveragePooling1D)
def average_pooling1d(inputs, *args, **kwargs):
    """The mean of each window of `inputs`, by a new `AveragePooling1D` layer."""


@applies(MaxPooling2D)
def max_pooling2d(inputs, *args, **kwargs):
    """The largest of each window of `inputs`, by a new `MaxPooling2D` layer."""


@applies(AveragePooling2D)
def average_pooling2d(inputs, *args, **kwargs):
    """The mean of each window of `inputs`, by a new `AveragePooling2D` layer."""


@applies(MaxPooling3D)
def max_pooling3d(inputs, *args, **kwargs):
    """The largest of each window of `inputs`, by a new `MaxPooling3D` layer."""


@applies(AveragePooling3D)
def average_pooling3d(inputs, *args, **kwargs):
    """The mean of each window of `inputs`, by a new `AveragePooling3D` layer."""
