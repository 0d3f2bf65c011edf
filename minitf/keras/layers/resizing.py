"""Layers of `tf.keras.layers` that pad, cut and enlarge."""
import minitf as tf
from minitf.core.arguments import inherited_init
from minitf.keras import backend as K
from minitf.keras.backend.config import checked_layout
from minitf.keras.engine.base_layer import InputSpec, Layer
from minitf.keras.layers.described import config_of
from minitf.layers.window import numbers


class _Resizing(Layer):
    """What changes the sizes of pixels, over `rank` axes."""

    rank: int

    def _set_layout(self, data_format):
        self.data_format = checked_layout(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    @property
    def _first(self):
        return getattr(self, "data_format", "channels_last") == "channels_first"

    def _on_pixels(self, sizes, function):
        """The sizes, function(size, axis) in place of those of the pixels that are known."""
        start = 2 if self._first else 1
        found = tf.TensorShape(sizes).as_list()
        for axis in range(self.rank):
            if found[start + axis] is not None:
                found[start + axis] = function(found[start + axis], axis)
        return tf.TensorShape(found)


def _pairs(value, rank, name):
    """(before, after) for each axis: from such pairs, from one number each, or one for all."""
    if isinstance(value, int):
        return ((value, value),) * rank
    if not hasattr(value, "__len__") or len(value) != rank:
        raise ValueError(f"`{name}` should have {rank} elements. Found: {value}")
    return tuple(
        (each, each) if isinstance(each, int) else numbers(each, 2, f"{name} entry")
        for each in value
    )


class _Padding(_Resizing):
    """Zeros around."""

    def compute_output_shape(self, input_shape):
        pairs = self._pad_pairs()
        return self._on_pixels(input_shape, lambda size, axis: size + sum(pairs[axis]))

    def _pad_pairs(self):
        return self.padding

    def call(self, inputs):
        around = [list(pair) for pair in self._pad_pairs()]
        none = [0, 0]
        return tf.pad(inputs, [none, none, *around] if self._first else [none, *around, none])


class ZeroPadding1D(_Padding):
    """Zeros before and after sequences: one number, or (before, after)."""

    rank = 1

    def __init__(self, padding=1, **kwargs):
        super().__init__(**kwargs)
        self.padding = numbers(padding, 2, "padding")
        self.input_spec = InputSpec(ndim=3)

    def _pad_pairs(self):
        return (self.padding,)

    def get_config(self):
        return super().get_config() | config_of(self, "padding")


class ZeroPadding2D(_Padding):
    """Zeros around images: one number, (height, width), or ((top, bottom), (left, right))."""

    rank = 2

    def __init__(self, padding=(1, 1), data_format=None, **kwargs):
        super().__init__(**kwargs)
        self._set_layout(data_format)
        self.padding = _pairs(padding, self.rank, "padding")

    def get_config(self):
        return super().get_config() | config_of(self, "padding", "data_format")


@inherited_init(padding=(1, 1, 1))
class ZeroPadding3D(ZeroPadding2D):
    """Zeros around volumes: one number, three, or three pairs."""

    rank = 3


class _Cropping(_Resizing):
    """Pixels cut off."""

    def _cuts(self):
        return self.cropping

    def compute_output_shape(self, input_shape):
        cuts = self._cuts()
        return self._on_pixels(input_shape, lambda size, axis: size - sum(cuts[axis]))

    def call(self, inputs):
        cuts = [slice(before, -after if after else None) for before, after in self._cuts()]
        everything = slice(None)
        return inputs[(everything, everything, *cuts) if self._first else (everything, *cuts)]


class Cropping1D(_Cropping):
    """So many times cut off at the beginning and the end of sequences."""

    rank = 1

    def __init__(self, cropping=(1, 1), **kwargs):
        super().__init__(**kwargs)
        self.cropping = numbers(cropping, 2, "cropping")
        self.input_spec = InputSpec(ndim=3)

    def _cuts(self):
        return (self.cropping,)

    def get_config(self):
        return super().get_config() | config_of(self, "cropping")


class Cropping2D(_Cropping):
    """So many pixels cut off: one number, (height, width), or ((top, bottom), (left, right))."""

    rank = 2

    def __init__(self, cropping=((0, 0), (0, 0)), data_format=None, **kwargs):
        super().__init__(**kwargs)
        self._set_layout(data_format)
        self.cropping = _pairs(cropping, self.rank, "cropping")

    def get_config(self):
        return super().get_config() | config_of(self, "cropping", "data_format")


@inherited_init(cropping=((1, 1), (1, 1), (1, 1)))
class Cropping3D(Cropping2D):
    """So many voxels cut off: one number, three, or three pairs."""

    rank = 3


class UpSampling1D(_Resizing):
    """Each time of sequences `size` times."""

    rank = 1

    def __init__(self, size=2, **kwargs):
        super().__init__(**kwargs)
        self.size = int(size)
        self.input_spec = InputSpec(ndim=3)

    def call(self, inputs):
        return K.repeat_elements(inputs, self.size, axis=1)

    def compute_output_shape(self, input_shape):
        return self._on_pixels(input_shape, lambda size, axis: size * self.size)

    def get_config(self):
        return super().get_config() | config_of(self, "size")


class UpSampling2D(_Resizing):
    """Images `size` times as high and wide; `interpolation` is "nearest" or "bilinear"."""

    rank = 2

    def __init__(self, size=(2, 2), data_format=None, interpolation="nearest", **kwargs):
        super().__init__(**kwargs)
        self._set_layout(data_format)
        self.size = numbers(size, 2, "size")
        if interpolation not in {"nearest", "bilinear"}:
            raise ValueError(
                '`interpolation` argument should be one of `"nearest"` or `"bilinear"`.'
            )
        self.interpolation = interpolation

    def call(self, inputs):
        return K.resize_images(inputs, *self.size, self.data_format, self.interpolation)

    def compute_output_shape(self, input_shape):
        return self._on_pixels(input_shape, lambda size, axis: size * self.size[axis])

    def get_config(self):
        return super().get_config() | config_of(self, "size", "data_format", "interpolation")


class UpSampling3D(_Resizing):
    """Volumes `size` times as deep, high and wide."""

    rank = 3

    def __init__(self, size=(2, 2, 2), data_format=None, **kwargs):
        super().__init__(**kwargs)
        self._set_layout(data_format)
        self.size = numbers(size, 3, "size")

    def call(self, inputs):
        return K.resize_volumes(inputs, *self.size, self.data_format)

    def compute_output_shape(self, input_shape):
        return self._on_pixels(input_shape, lambda size, axis: size * self.size[axis])

    def get_config(self):
        return super().get_config() | config_of(self, "size", "data_format")
