"""Pooling layers of `tf.keras.layers`."""
import functools

import minitf as tf
from minitf.core.arguments import inherited_init
from minitf.keras import backend as K
from minitf.keras.backend.config import checked_layout
from minitf.keras.engine.base_layer import InputSpec, Layer
from minitf.keras.layers.described import config_of, resolved


class _Pooling(Layer):
    """Windows moved by `strides`, as far as they are large if that is None."""

    def get_config(self):
        order = ("pool_size", "padding", "strides")
        if len(self.pool_size) == 1:
            order = ("strides", "pool_size", "padding")
        return super().get_config() | config_of(self, *order, "data_format")


def _arguments(given):
    strides = given["pool_size"] if given["strides"] is None else given["strides"]
    return resolved(given | {"strides": strides})


_init = functools.partial(inherited_init, _arguments, without=["name"], strides=None)


@_init(pool_size=2)
class MaxPooling1D(tf.layers.MaxPooling1D, _Pooling):
    """The largest of each window of `pool_size`, of each channel of sequences."""


@_init(pool_size=2)
class AveragePooling1D(tf.layers.AveragePooling1D, _Pooling):
    """The mean of each window of `pool_size`, of each channel of sequences."""


@_init(pool_size=(2, 2), data_format=None)
class MaxPooling2D(tf.layers.MaxPooling2D, _Pooling):
    """The largest of each window of `pool_size`, of each channel of images."""


@_init(pool_size=(2, 2), data_format=None)
class AveragePooling2D(tf.layers.AveragePooling2D, _Pooling):
    """The mean of each window of `pool_size`, of each channel of images."""


@_init(pool_size=(2, 2, 2), data_format=None)
class MaxPooling3D(tf.layers.MaxPooling3D, _Pooling):
    """The largest of each window of `pool_size`, of each channel of volumes."""


@_init(pool_size=(2, 2, 2), data_format=None)
class AveragePooling3D(tf.layers.AveragePooling3D, _Pooling):
    """The mean of each window of `pool_size`, of each channel of volumes."""


class _GlobalPooling(Layer):
    """All pixels of each channel as one number."""

    rank: int

    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = checked_layout(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    @property
    def _pixels(self):
        start = 2 if self.data_format == "channels_first" else 1
        return list(range(start, start + self.rank))

    def compute_output_shape(self, input_shape):
        sizes = tf.TensorShape(input_shape).as_list()
        channels = sizes[1 if self.data_format == "channels_first" else -1]
        return tf.TensorShape([sizes[0], channels])

    def get_config(self):
        return super().get_config() | config_of(self, "data_format")


class GlobalAveragePooling1D(_GlobalPooling):
    """The mean over time of each channel of sequences; a mask leaves out times."""

    rank = 1

    def __init__(self, data_format="channels_last", **kwargs):
        super().__init__(data_format=data_format, **kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        axis = self._pixels[0]
        if mask is None:
            return K.mean(inputs, axis=axis)
        mask = tf.cast(mask, inputs.dtype.base_dtype)
        mask = tf.expand_dims(mask, 2 if self.data_format == "channels_last" else 1)
        return tf.reduce_sum(inputs * mask, axis=axis) / tf.reduce_sum(mask, axis=axis)

    def compute_mask(self, inputs, mask=None):
        return None


class GlobalMaxPooling1D(_GlobalPooling):
    """The largest over time of each channel of sequences."""

    rank = 1

    def __init__(self, data_format="channels_last", **kwargs):
        super().__init__(data_format=data_format, **kwargs)

    def call(self, inputs):
        return tf.reduce_max(inputs, axis=self._pixels[0])


class GlobalAveragePooling2D(_GlobalPooling):
    """The mean of each channel of images."""

    rank = 2

    def call(self, inputs):
        return K.mean(inputs, axis=self._pixels)


class GlobalMaxPooling2D(_GlobalPooling):
    """The largest of each channel of images."""

    rank = 2

    def call(self, inputs):
        return K.max(inputs, axis=self._pixels)


class GlobalAveragePooling3D(GlobalAveragePooling2D):
    """The mean of each channel of volumes."""

    rank = 3


class GlobalMaxPooling3D(GlobalMaxPooling2D):
    """The largest of each channel of volumes."""

    rank = 3


MaxPool1D, MaxPool2D, MaxPool3D = MaxPooling1D, MaxPooling2D, MaxPooling3D
AvgPool1D, AvgPool2D, AvgPool3D = AveragePooling1D, AveragePooling2D, AveragePooling3D
GlobalMaxPool1D, GlobalMaxPool2D = GlobalMaxPooling1D, GlobalMaxPooling2D
GlobalMaxPool3D = GlobalMaxPooling3D
GlobalAvgPool1D, GlobalAvgPool2D = GlobalAveragePooling1D, GlobalAveragePooling2D
GlobalAvgPool3D = GlobalAveragePooling3D
