"""`tf.keras.applications.inception_resnet_v2`: branches that are residuals (Szegedy 2016)."""
from minitf.core.arguments import takes
from minitf.keras import backend as K
from minitf.keras.applications import building, imagenet_utils
from minitf.keras.applications.building import application, layers, takes_modules
from minitf.keras.applications.imagenet_utils import decode_predictions

__all__ = ["InceptionResNetV2", "decode_predictions", "preprocess_input"]

_ORIGIN = "https://github.com/fchollet/deep-learning-models/releases/download/v0.7/"
_HASHES = "e693bd0210a403b3192acc6073ad2e96", "d19885ff4a710c122648d3b5c3b684e4"
# The branches of each kind of block: convolutions (filters, size) one after the other.
_BRANCHES = {
    "block35": (((32, 1),), ((32, 1), (32, 3)), ((32, 1), (48, 3), (64, 3))),
    "block17": (((192, 1),), ((128, 1), (160, (1, 7)), (192, (7, 1)))),
    "block8": (((192, 1),), ((192, 1), (224, (1, 3)), (256, (3, 1)))),
}
_HALF = {"strides": 2, "padding": "valid"}


def preprocess_input(x, data_format=None):
    """Images of 0 to 255, brought to [-1, 1]."""
    return imagenet_utils.preprocess_input(x, data_format=data_format, mode="tf")


@takes_modules
@takes(application)
def InceptionResNetV2(include_top, weights, input_tensor, input_shape, pooling, classes):
    """The network; weights of ImageNet are downloaded.

    Raises ValueError for arguments that do not fit.
    """
    building.check_weights(weights, include_top, classes)
    shape = building.obtain_input_shape(input_shape, 299, include_top, weights, 75)
    x, inputs = building.image_input(input_tensor, shape)
    x = _blocks(_stem(x), "block35", 0.17, 10)
    first = _convolved(x, 384, 3, **_HALF)
    second = _convolved(_chain(x, (256, 1), (256, 3)), 384, 3, **_HALF)
    x = _mixed([first, second, layers.MaxPooling2D(3, strides=2)(x)], "mixed_6a")
    x = _blocks(x, "block17", 0.1, 20)
    first = _convolved(_convolved(x, 256, 1), 384, 3, **_HALF)
    second = _convolved(_convolved(x, 256, 1), 288, 3, **_HALF)
    third = _convolved(_chain(x, (256, 1), (288, 3)), 320, 3, **_HALF)
    x = _mixed([first, second, third, layers.MaxPooling2D(3, strides=2)(x)], "mixed_7a")
    x = _blocks(x, "block8", 0.2, 9)
    x = _block(x, "block8", 10, 1.0, activation=None)
    x = _convolved(x, 1536, 1, name="conv_7b")
    if include_top:
        x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
        x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    else:
        x = building.pooled(x, pooling, None, None)
    top = "" if include_top else "_notop"
    file = f"inception_resnet_v2_weights_tf_dim_ordering_tf_kernels{top}.h5"
    origin = file, _ORIGIN, _HASHES[not include_top]
    return building.finished(inputs, x, "inception_resnet_v2", weights, lambda: origin)


def _convolved(x, filters, size, strides=1, padding="same", name=None):
    x = layers.Conv2D(filters, size, strides=strides, padding=padding, use_bias=False, name=name)(x)
    axis = building.channel_axis()
    x = layers.BatchNormalization(axis=axis, scale=False, name=name and f"{name}_bn")(x)
    return layers.Activation("relu", name=name and f"{name}_ac")(x)


def _chain(x, *convolutions):
    for filters, size in convolutions:
        x = _convolved(x, filters, size)
    return x


def _mixed(branches, name):
    return layers.Concatenate(axis=building.channel_axis(), name=name)(branches)


def _stem(x):
    x = _convolved(x, 32, 3, **_HALF)
    x = _convolved(x, 32, 3, padding="valid")
    x = layers.MaxPooling2D(3, strides=2)(_convolved(x, 64, 3))
    x = _convolved(x, 80, 1, padding="valid")
    x = layers.MaxPooling2D(3, strides=2)(_convolved(x, 192, 3, padding="valid"))
    branches = [
        _convolved(x, 96, 1), _chain(x, (48, 1), (64, 5)), _chain(x, (64, 1), (96, 3), (96, 3)),
    ]  # fmt: skip
    average = layers.AveragePooling2D(3, strides=1, padding="same")(x)
    return _mixed([*branches, _convolved(average, 64, 1)], "mixed_5b")


def _blocks(x, kind, scale, count):
    for number in range(1, count + 1):
        x = _block(x, kind, number, scale)
    return x


def _block(x, kind, number, scale, activation="relu"):
    """`x` and `scale` times what branches make of it."""
    name, shape = f"{kind}_{number}", K.int_shape(x)
    mixed = _mixed([_chain(x, *branch) for branch in _BRANCHES[kind]], f"{name}_mixed")
    filters = shape[building.channel_axis()]
    more = layers.Conv2D(filters, 1, padding="same", name=f"{name}_conv")(mixed)
    x = layers.Lambda(
        lambda inputs, scale: inputs[0] + inputs[1] * scale, output_shape=shape[1:],
        arguments={"scale": scale}, name=name,
    )([x, more])  # fmt: skip
    return x if activation is None else layers.Activation(activation, name=f"{name}_ac")(x)
