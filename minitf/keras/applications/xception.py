"""`tf.keras.applications.xception`: separable convolutions with residuals (Chollet 2016)."""
from minitf.core.arguments import takes
from minitf.keras.applications import building, imagenet_utils
from minitf.keras.applications.building import application, layers, takes_modules
from minitf.keras.applications.imagenet_utils import decode_predictions

__all__ = ["Xception", "decode_predictions", "preprocess_input"]

_ORIGIN = "https://github.com/fchollet/deep-learning-models/releases/download/v0.4/"
_HASHES = "0a58e3b7378bc2990ea3b43d5981f1f6", "b0042744bf5b25fce3cb969f33bebb97"


def preprocess_input(x, data_format=None):
    """Images of 0 to 255, brought to [-1, 1]."""
    return imagenet_utils.preprocess_input(x, data_format=data_format, mode="tf")


@takes_modules
@takes(application)
def Xception(include_top, weights, input_tensor, input_shape, pooling, classes):
    """The network; weights of ImageNet are downloaded.

    Raises ValueError for arguments that do not fit.
    """
    building.check_weights(weights, include_top, classes)
    shape = building.obtain_input_shape(input_shape, 299, include_top, weights, 71)
    x, inputs = building.image_input(input_tensor, shape)
    x = layers.Conv2D(32, 3, strides=2, use_bias=False, name="block1_conv1")(x)
    x = _activated(_normalized(x, "block1_conv1_bn"), "block1_conv1")
    x = layers.Conv2D(64, 3, use_bias=False, name="block1_conv2")(x)
    x = _activated(_normalized(x, "block1_conv2_bn"), "block1_conv2")
    for block, filters in ((2, 128), (3, 256), (4, 728)):
        x = _smaller(x, (filters, filters), f"block{block}", block > 2)
    for block in range(5, 13):
        more = x
        for number in (1, 2, 3):
            more = _separable(more, 728, f"block{block}", number)
        x = layers.add([more, x])
    x = _smaller(x, (728, 1024), "block13", True)
    for number, filters in ((1, 1536), (2, 2048)):
        x = _separable(x, filters, "block14", number, activated=False)
        x = _activated(x, f"block14_sepconv{number}")
    if include_top:
        x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
        x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    else:
        x = building.pooled(x, pooling, None, None)
    top = "" if include_top else "_notop"
    file = f"xception_weights_tf_dim_ordering_tf_kernels{top}.h5"
    origin = file, _ORIGIN, _HASHES[not include_top]
    return building.finished(inputs, x, "xception", weights, lambda: origin)


def _normalized(x, name=None):
    axis = 1 if building.channel_axis() == 1 else -1
    return layers.BatchNormalization(axis=axis, name=name)(x)


def _activated(x, name):
    return layers.Activation("relu", name=f"{name}_act")(x)


def _separable(x, filters, block, number, activated=True):
    name = f"{block}_sepconv{number}"
    x = _activated(x, name) if activated else x
    x = layers.SeparableConv2D(filters, 3, padding="same", use_bias=False, name=name)(x)
    return _normalized(x, f"{name}_bn")


def _smaller(x, filters, block, activated):
    """A block that halves rows and columns."""
    same = {"strides": 2, "padding": "same"}
    residual = _normalized(layers.Conv2D(filters[1], 1, use_bias=False, **same)(x))
    x = _separable(x, filters[0], block, 1, activated)
    x = _separable(x, filters[1], block, 2)
    x = layers.MaxPooling2D(3, name=f"{block}_pool", **same)(x)
    return layers.add([x, residual])
