"""`tf.keras.applications.inception_v3`: branches of convolutions, put together (Szegedy 2015)."""
from minitf.core.arguments import takes
from minitf.keras.applications import building, imagenet_utils
from minitf.keras.applications.building import application, layers, takes_modules
from minitf.keras.applications.imagenet_utils import decode_predictions

__all__ = ["InceptionV3", "decode_predictions", "preprocess_input"]

_ORIGIN = "https://github.com/fchollet/deep-learning-models/releases/download/v0.5/"
_HASHES = "9a0d58056eeedaa3f26cb7ebd46da564", "bcbd6486424b2319ff4ef7d526e38f63"


def preprocess_input(x, data_format=None):
    """Images of 0 to 255, brought to [-1, 1]."""
    return imagenet_utils.preprocess_input(x, data_format=data_format, mode="tf")


@takes_modules
@takes(application)
def InceptionV3(include_top, weights, input_tensor, input_shape, pooling, classes):
    """The network; weights of ImageNet are downloaded.

    Raises ValueError for arguments that do not fit.
    """
    building.check_weights(weights, include_top, classes)
    shape = building.obtain_input_shape(input_shape, 299, include_top, weights, 75)
    x, inputs = building.image_input(input_tensor, shape)
    x = _stem(x)
    for number, filters in enumerate((32, 64, 64)):
        x = _small(x, filters, f"mixed{number}")
    x = _mixed([
        _convolved(x, 384, 3, 3, **_HALF),
        _convolved(_chain(x, (64, 1, 1), (96, 3, 3)), 96, 3, 3, **_HALF),
        layers.MaxPooling2D(3, strides=2)(x),
    ], "mixed3")  # fmt: skip
    for number, filters in enumerate((128, 160, 160, 192), 4):
        x = _long(x, filters, f"mixed{number}")
    x = _mixed([
        _convolved(_convolved(x, 192, 1, 1), 320, 3, 3, **_HALF),
        _convolved(_chain(x, (192, 1, 1), (192, 1, 7), (192, 7, 1)), 192, 3, 3, **_HALF),
        layers.MaxPooling2D(3, strides=2)(x),
    ], "mixed8")  # fmt: skip
    for number in range(2):
        x = _wide(x, number)
    if include_top:
        x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
        x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    else:
        x = building.pooled(x, pooling, None, None)
    top = "" if include_top else "_notop"
    file = f"inception_v3_weights_tf_dim_ordering_tf_kernels{top}.h5"
    origin = file, _ORIGIN, _HASHES[not include_top]
    return building.finished(inputs, x, "inception_v3", weights, lambda: origin)


_HALF = {"strides": 2, "padding": "valid"}


def _convolved(x, filters, rows, columns, padding="same", strides=1):
    x = layers.Conv2D(
        filters, (rows, columns), strides=strides, padding=padding, use_bias=False
    )(x)
    x = layers.BatchNormalization(axis=building.channel_axis(), scale=False)(x)
    return layers.Activation("relu")(x)


def _chain(x, *convolutions):
    """Convolutions one after the other, each (filters, rows, columns)."""
    for each in convolutions:
        x = _convolved(x, *each)
    return x


def _mixed(branches, name=None):
    return layers.concatenate(branches, axis=building.channel_axis(), name=name)


def _averaged(x, filters):
    x = layers.AveragePooling2D(3, strides=1, padding="same")(x)
    return _convolved(x, filters, 1, 1)


def _stem(x):
    x = _convolved(x, 32, 3, 3, **_HALF)
    x = _convolved(x, 32, 3, 3, padding="valid")
    x = layers.MaxPooling2D(3, strides=2)(_convolved(x, 64, 3, 3))
    x = _convolved(x, 80, 1, 1, padding="valid")
    x = _convolved(x, 192, 3, 3, padding="valid")
    return layers.MaxPooling2D(3, strides=2)(x)


def _small(x, filters, name):
    """A block for 35 x 35 pixels."""
    return _mixed([
        _convolved(x, 64, 1, 1), _chain(x, (48, 1, 1), (64, 5, 5)),
        _chain(x, (64, 1, 1), (96, 3, 3), (96, 3, 3)), _averaged(x, filters),
    ], name)  # fmt: skip


def _long(x, filters, name):
    """A block for 17 x 17 pixels: rows and columns are convolved in turn."""
    n = filters
    return _mixed([
        _convolved(x, 192, 1, 1), _chain(x, (n, 1, 1), (n, 1, 7), (192, 7, 1)),
        _chain(x, (n, 1, 1), (n, 7, 1), (n, 1, 7), (n, 7, 1), (192, 1, 7)), _averaged(x, 192),
    ], name)  # fmt: skip


def _wide(x, number):
    """A block for 8 x 8 pixels: rows and columns are convolved side by side."""
    first = _convolved(x, 320, 1, 1)
    second = _sides(_convolved(x, 384, 1, 1), f"mixed9_{number}")
    third = _sides(_chain(x, (448, 1, 1), (384, 3, 3)))
    return _mixed([first, second, third, _averaged(x, 192)], f"mixed{9 + number}")


def _sides(x, name=None):
    return _mixed([_convolved(x, 384, 1, 3), _convolved(x, 384, 3, 1)], name)
