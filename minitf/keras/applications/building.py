"""What the networks share: their inputs, their tops, and where their weights are."""
import contextvars
import functools
import os
import warnings

from minitf.keras import backend as K
from minitf.keras import layers as keras_layers
from minitf.keras.models import Model
from minitf.keras.utils.files import get_file
from minitf.keras.utils.layer_utils import get_source_inputs

_given = contextvars.ContextVar("given", default=keras_layers)


class _Layers:
    """What networks are built of: the layers of Keras, or those of what was given as `layers`."""

    def __getattr__(self, name):
        return getattr(_given.get(), name)


layers = _Layers()


def takes_modules(make):
    """`make`, that takes `layers` too: what has the layers that the network is to be built of.

    The other modules which the networks of Keras know by name are taken and not used, as there.
    """

    @functools.wraps(make)
    def made(*args, layers=keras_layers, backend=None, models=None, utils=None, **kwargs):
        token = _given.set(layers)
        try:
            return make(*args, **kwargs)
        finally:
            _given.reset(token)

    return made


def application(
    include_top=True, weights="imagenet", input_tensor=None, input_shape=None, pooling=None,
    classes=1000,
):  # fmt: skip
    """What the functions that make networks take."""


def check_weights(weights, include_top, classes):
    """ValueError for weights that are neither None, "imagenet" nor a file, or do not fit."""
    if weights not in ("imagenet", None) and not os.path.exists(weights):
        raise ValueError(
            "The `weights` argument should be either `None` (random initialization), `imagenet` "
            "(pre-training on ImageNet), or the path to the weights file to be loaded."
        )
    if weights == "imagenet" and include_top and classes != 1000:
        raise ValueError('If using `weights` as `"imagenet"` with `include_top` as true, `classes` '
                         "should be 1000")  # fmt: skip


def image_input(input_tensor, shape):
    """(the tensor to begin with, the input of the model)."""
    if input_tensor is None:
        made = layers.Input(shape=shape)
        return made, made
    if K.is_keras_tensor(input_tensor):
        return input_tensor, get_source_inputs(input_tensor)
    made = layers.Input(tensor=input_tensor, shape=shape)
    return made, made


def channel_axis():
    """The axis of the channels of [images, ...]."""
    return 3 if K.image_data_format() == "channels_last" else 1


def correct_pad(x, kernel):
    """What is padded so that windows of `kernel`, moved by two, cover all rows and columns."""
    sizes = K.int_shape(x)[2:] if K.image_data_format() == "channels_first" else (
        K.int_shape(x)[1:3]
    )  # fmt: skip
    half = kernel // 2
    return tuple((half - 1 + (0 if size is None else size % 2), half) for size in sizes)


def pooled(x, pooling, average="avg_pool", largest="max_pool"):
    """Each channel's mean ("avg") or largest value ("max"); `x` itself for None."""
    if pooling == "avg":
        return layers.GlobalAveragePooling2D(name=average)(x)
    if pooling == "max":
        return layers.GlobalMaxPooling2D(name=largest)(x)
    return x


def finished(inputs, outputs, name, weights, origin):
    """The model, with its weights; `origin()` is (file, address of its folder, hash)."""
    model = Model(inputs, outputs, name=name)
    if weights == "imagenet":
        file, folder, file_hash = origin()
        weights = get_file(file, folder + file, cache_subdir="models", file_hash=file_hash)
    if weights is not None:
        model.load_weights(weights)
    return model


def obtain_input_shape(input_shape, size, include_top, weights, min_size=32):
    """The shape of images: `input_shape`, or what is usual. ValueError if it does not fit."""
    first = K.image_data_format() == "channels_first"

    def shape(rows, columns, channels):
        return (channels, rows, columns) if first else (rows, columns, channels)

    axis = 0 if first else -1
    if weights != "imagenet" and input_shape and len(input_shape) == 3:
        if input_shape[axis] not in (1, 3):
            warnings.warn(
                "This model usually expects 1 or 3 input channels. However, it was passed an "
                f"input_shape with {input_shape[axis]} input channels.", stacklevel=3,
            )  # fmt: skip
        usual = shape(size, size, input_shape[axis])
    else:
        usual = shape(size, size, 3)
    if weights == "imagenet" and include_top:
        if input_shape is not None and tuple(input_shape) != usual:
            raise ValueError("When setting `include_top=True` and loading `imagenet` weights, "
                             f"`input_shape` should be {usual}.")  # fmt: skip
        return usual
    if not input_shape:
        return usual if include_top else shape(None, None, 3)
    _check_shape(input_shape, axis, weights, min_size)
    if include_top and None in input_shape:
        raise ValueError("If `include_top` is True, you should specify a static `input_shape`. Got "
                         f"`input_shape={input_shape}`")  # fmt: skip
    return input_shape


def _check_shape(input_shape, axis, weights, min_size):
    if len(input_shape) != 3:
        raise ValueError("`input_shape` must be a tuple of three integers.")
    if input_shape[axis] != 3 and weights == "imagenet":
        raise ValueError(f"The input must have 3 channels; got `input_shape={input_shape}`")
    sizes = input_shape[1:] if axis == 0 else input_shape[:2]
    if any(size is not None and size < min_size for size in sizes):
        raise ValueError(f"Input size must be at least {min_size}x{min_size}; got "
                         f"`input_shape={input_shape}`")  # fmt: skip
