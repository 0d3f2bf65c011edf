"""`tf.keras.applications.mobilenet`: convolutions of each channel, then mixtures (Howard 2017)."""
import warnings

from minitf.keras import backend as K
from minitf.keras.applications import building, imagenet_utils
from minitf.keras.applications.building import layers, takes_modules
from minitf.keras.applications.imagenet_utils import decode_predictions

__all__ = ["MobileNet", "decode_predictions", "preprocess_input"]

_ORIGIN = "https://github.com/fchollet/deep-learning-models/releases/download/v0.6/"
_SIZES = (128, 160, 192, 224)
_PARTS = {1.0: "1_0", 0.75: "7_5", 0.5: "5_0", 0.25: "2_5"}
# (filters, stride) of each block.
_BLOCKS = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), *[(512, 1)] * 5, (1024, 2),
           (1024, 1))  # fmt: skip


def preprocess_input(x, data_format=None):
    """Images of 0 to 255, brought to [-1, 1]."""
    return imagenet_utils.preprocess_input(x, data_format=data_format, mode="tf")


@takes_modules
def MobileNet(
    input_shape=None, alpha=1.0, depth_multiplier=1, dropout=1e-3, include_top=True,
    weights="imagenet", input_tensor=None, pooling=None, classes=1000,
):  # fmt: skip
    """The network with `alpha` times as many filters; weights of ImageNet are downloaded.

    Raises ValueError for arguments that do not fit.
    """
    building.check_weights(weights, include_top, classes)
    first = K.image_data_format() == "channels_first"
    given = (input_shape[1:] if first else input_shape[:2]) if input_shape else (None, None)
    size = given[0] if given[0] == given[1] and given[0] in _SIZES else 224
    shape = building.obtain_input_shape(input_shape, size, include_top, weights)
    rows = _checked(shape[1:] if first else shape[:2], weights, alpha, depth_multiplier)
    x, inputs = building.image_input(input_tensor, shape)
    x = layers.ZeroPadding2D(padding=((0, 1), (0, 1)), name="conv1_pad")(x)
    x = layers.Conv2D(
        int(32 * alpha), (3, 3), padding="valid", use_bias=False, strides=(2, 2), name="conv1"
    )(x)
    x = _activated(x, "conv1")
    for block, (filters, stride) in enumerate(_BLOCKS, 1):
        x = _block(x, int(filters * alpha), depth_multiplier, stride, block)
    x = _top(x, classes, dropout, int(1024 * alpha), first) if include_top else (
        building.pooled(x, pooling, None, None)
    )  # fmt: skip
    file = f"mobilenet_{_PARTS.get(alpha)}_{rows}_tf{'' if include_top else '_no_top'}.h5"
    name = f"mobilenet_{alpha:0.2f}_{rows}"
    return building.finished(inputs, x, name, weights, lambda: (file, _ORIGIN, None))


def _checked(pixels, weights, alpha, depth_multiplier):
    """The number of rows. ValueError where there are no weights of ImageNet."""
    if weights != "imagenet":
        return pixels[0]
    if depth_multiplier != 1:
        raise ValueError("If imagenet weights are being loaded, depth multiplier must be 1")
    if alpha not in _PARTS:
        raise ValueError("If imagenet weights are being loaded, alpha can be one of `0.25`, "
                         "`0.50`, `0.75` or `1.0` only.")  # fmt: skip
    if pixels[0] == pixels[1] and pixels[0] in _SIZES:
        return pixels[0]
    warnings.warn(
        "`input_shape` is undefined or non-square, or `rows` is not in [128, 160, 192, 224]. "
        "Weights for input shape (224, 224) will be loaded as the default.", stacklevel=3,
    )  # fmt: skip
    return 224


def _activated(x, name):
    x = layers.BatchNormalization(axis=building.channel_axis(), name=f"{name}_bn")(x)
    return layers.ReLU(6.0, name=f"{name}_relu")(x)


def _block(x, filters, depth_multiplier, stride, block):
    if stride != 1:
        x = layers.ZeroPadding2D(((0, 1), (0, 1)), name=f"conv_pad_{block}")(x)
    x = layers.DepthwiseConv2D(
        (3, 3), padding="same" if stride == 1 else "valid", depth_multiplier=depth_multiplier,
        strides=(stride, stride), use_bias=False, name=f"conv_dw_{block}",
    )(x)  # fmt: skip
    x = _activated(x, f"conv_dw_{block}")
    x = layers.Conv2D(
        filters, (1, 1), padding="same", use_bias=False, strides=(1, 1), name=f"conv_pw_{block}"
    )(x)
    return _activated(x, f"conv_pw_{block}")


def _top(x, classes, dropout, channels, first):
    x = layers.GlobalAveragePooling2D()(x)
    shape = (channels, 1, 1) if first else (1, 1, channels)
    x = layers.Reshape(shape, name="reshape_1")(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    x = layers.Conv2D(classes, (1, 1), padding="same", name="conv_preds")(x)
    x = layers.Reshape((classes,), name="reshape_2")(x)
    return layers.Activation("softmax", name="act_softmax")(x)
