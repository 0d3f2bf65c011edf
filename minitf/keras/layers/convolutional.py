"""Convolutions of `tf.keras.layers`."""
import minitf as tf
from minitf.core.arguments import takes
from minitf.keras import backend as K
from minitf.keras.engine.base_layer import Layer
from minitf.keras.layers.described import (
    AS_IN_LAYERS,
    config_of,
    described_init,
    resolved,
)
from minitf.layers.window import numbers

_OF_OUTPUT = ("activation", "use_bias")
_OF_KERNEL = (
    "kernel_initializer", "bias_initializer", "kernel_regularizer", "bias_regularizer",
    "activity_regularizer", "kernel_constraint", "bias_constraint",
)  # fmt: skip
_PADDING = {"output_padding": None}
_OF_WINDOWS = ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate")


class _Convolution(Layer):
    """What layers of a convolution share."""

    def get_config(self):
        return super().get_config() | config_of(self, *_OF_WINDOWS, *_OF_OUTPUT, *_OF_KERNEL)


@described_init()
class Conv1D(tf.layers.Conv1D, _Convolution):
    """activation(convolution of sequences with the kernel + bias), the channels becoming `filters`.

    Variables: kernel [width, channels, filters] and, with `use_bias`, bias [filters].
    """


@described_init(data_format=None)
class Conv2D(tf.layers.Conv2D, _Convolution):
    """activation(convolution of images with the kernel + bias), the channels becoming `filters`.

    Variables: kernel [height, width, channels, filters] and, with `use_bias`, bias [filters].
    """


@described_init(data_format=None)
class Conv3D(tf.layers.Conv3D, _Convolution):
    """activation(convolution of volumes with the kernel + bias), the channels becoming `filters`.

    Variables: kernel [depth, height, width, channels, filters] and, with `use_bias`, bias
    [filters].
    """


class _Transposed:
    """A transposed convolution; `output_padding` adds so much to the sizes of the outputs."""

    def __init__(self, output_padding, **kwargs):
        super().__init__(**resolved(kwargs))
        more = output_padding
        self.output_padding = None if more is None else numbers(more, self.rank, "output_padding")
        for stride, more in zip(self.strides, self.output_padding or ()):
            if more >= stride:
                raise ValueError(
                    f"Stride {self.strides} must be greater than output padding "
                    f"{self.output_padding}"
                )

    def _outputs(self, pixels):
        more = self.output_padding or (None,) * self.rank
        return [
            _transposed_size(*each, self.padding)
            for each in zip(pixels, self.kernel_size, self.strides, self.dilation_rate, more)
        ]

    def get_config(self):
        return super().get_config() | {"output_padding": self.output_padding}


def _transposed_size(size, window, stride, dilation, more, padding):
    """The size that a transposed convolution makes of `size`, a number or tensor; None of None."""
    if size is None:
        return None
    window += (window - 1) * (dilation - 1)
    if more is not None:
        cut = window // 2 if padding == "same" else 0
        return (size - 1) * stride + window - 2 * cut + more
    return size * stride + max(window - stride, 0) if padding == "valid" else size * stride


class Conv2DTranspose(_Transposed, tf.layers.Conv2DTranspose, _Convolution):
    """activation(transposed convolution of images with the kernel + bias).

    The channels become `filters`, the sizes are multiplied by `strides`. Variables: kernel
    [height, width, filters, channels] and, with `use_bias`, bias [filters].
    """

    @takes(
        tf.layers.Conv2DTranspose,
        before={"data_format": _PADDING, "activation": {"dilation_rate": (1, 1)}},
        data_format=None,
        **AS_IN_LAYERS,
    )
    def __init__(self, **kwargs):
        super().__init__(**kwargs)

    def call(self, inputs):
        if self.dilation_rate == (1, 1):
            return super().call(inputs)
        sizes = tf.shape(inputs)
        pixels = self._outputs([sizes[axis] for axis in self._axes()])
        outputs = K.conv2d_transpose(
            inputs, self.kernel, tf.stack(self._ordered(sizes[0], pixels)), self.strides,
            self.padding, self.data_format, self.dilation_rate,
        )  # fmt: skip
        outputs.set_shape(self.compute_output_shape(inputs.shape))
        return self._finished(outputs)


class Conv3DTranspose(_Transposed, tf.layers.Conv3DTranspose, _Convolution):
    """activation(transposed convolution of volumes with the kernel + bias).

    The channels become `filters`, the sizes are multiplied by `strides`. Variables: kernel
    [depth, height, width, filters, channels] and, with `use_bias`, bias [filters].
    """

    @takes(
        tf.layers.Conv3DTranspose, before={"data_format": _PADDING}, data_format=None,
        **AS_IN_LAYERS,
    )  # fmt: skip
    def __init__(self, **kwargs):
        super().__init__(**kwargs)

    def get_config(self):
        config = super().get_config()
        config.pop("dilation_rate")
        return config


Convolution1D, Convolution2D, Convolution3D = Conv1D, Conv2D, Conv3D
Convolution2DTranspose, Convolution3DTranspose = Conv2DTranspose, Conv3DTranspose
