"""`tf.keras.applications.mobilenet_v2`: inverted residuals (Sandler et al. 2018)."""
import warnings

from minitf.keras import backend as K
from minitf.keras.applications import building, imagenet_utils
from minitf.keras.applications.building import layers, takes_modules
from minitf.keras.applications.imagenet_utils import decode_predictions

__all__ = ["MobileNetV2", "decode_predictions", "preprocess_input"]

_ORIGIN = "https://github.com/JonathanCMitchell/mobilenet_v2_keras/releases/download/v1.1/"
_SIZES = (96, 128, 160, 192, 224)
# (filters, stride) of each block.
_BLOCKS = (
    (16, 1), (24, 2), (24, 1), (32, 2), (32, 1), (32, 1), (64, 2), *[(64, 1)] * 3, *[(96, 1)] * 3,
    (160, 2), (160, 1), (160, 1), (320, 1),
)  # fmt: skip


def preprocess_input(x, data_format=None):
    """Images of 0 to 255, brought to [-1, 1]."""
    return imagenet_utils.preprocess_input(x, data_format=data_format, mode="tf")


@takes_modules
def MobileNetV2(
    input_shape=None, alpha=1.0, include_top=True, weights="imagenet", input_tensor=None,
    pooling=None, classes=1000,
):  # fmt: skip
    """The network with `alpha` times as many filters; weights of ImageNet are downloaded.

    Raises ValueError for arguments that do not fit.
    """
    building.check_weights(weights, include_top, classes)
    usual = _usual_size(input_shape, input_tensor)
    shape = building.obtain_input_shape(input_shape, usual, include_top, weights)
    rows = _checked(_pixels(shape), weights, alpha)
    x, inputs = building.image_input(input_tensor, shape)
    x = layers.ZeroPadding2D(padding=building.correct_pad(x, 3), name="Conv1_pad")(x)
    x = layers.Conv2D(
        _filters(32 * alpha), kernel_size=3, strides=(2, 2), padding="valid", use_bias=False,
        name="Conv1",
    )(x)  # fmt: skip
    x = layers.ReLU(6.0, name="Conv1_relu")(_normalized(x, "bn_Conv1"))
    for block, (filters, stride) in enumerate(_BLOCKS):
        x = _block(x, _filters(int(filters * alpha)), stride, block)
    last = _filters(1280 * alpha) if alpha > 1.0 else 1280
    x = layers.Conv2D(last, kernel_size=1, use_bias=False, name="Conv_1")(x)
    x = layers.ReLU(6.0, name="out_relu")(_normalized(x, "Conv_1_bn"))
    if include_top:
        x = layers.GlobalAveragePooling2D()(x)
        x = layers.Dense(classes, activation="softmax", name="Logits")(x)
    else:
        x = building.pooled(x, pooling, None, None)
    top = "" if include_top else "_no_top"
    file = f"mobilenet_v2_weights_tf_dim_ordering_tf_kernels_{alpha}_{rows}{top}.h5"
    name = f"mobilenetv2_{alpha:0.2f}_{rows}"
    return building.finished(inputs, x, name, weights, lambda: (file, _ORIGIN, None))


def _pixels(shape):
    return shape[1:] if building.channel_axis() == 1 else shape[:2]


def _usual_size(input_shape, input_tensor):
    """The size of images where the arguments do not say another one that is known.

    ValueError for an input that is not as wide as the shape, or that no layer made.
    """
    shape = input_shape
    if input_tensor is not None and K.is_keras_tensor(input_tensor):
        shape = K.int_shape(input_tensor)[1:]
        if input_shape is not None and shape[1] != input_shape[1]:
            raise ValueError(f"input_shape: {input_shape} and input_tensor: {input_tensor} do not "
                             "meet the same shape requirements")  # fmt: skip
    elif input_tensor is not None and input_shape is not None:
        raise ValueError(f"input_tensor specified: {input_tensor} is not a keras tensor")
    rows, columns = _pixels(shape) if shape else (None, None)
    return rows if rows == columns and rows in _SIZES else 224


def _checked(pixels, weights, alpha):
    """The number of rows. ValueError where there are no weights of ImageNet."""
    if weights != "imagenet":
        return pixels[0]
    if alpha not in (0.35, 0.50, 0.75, 1.0, 1.3, 1.4):
        raise ValueError("If imagenet weights are being loaded, alpha can be one of `0.35`, "
                         "`0.50`, `0.75`, `1.0`, `1.3` or `1.4` only.")  # fmt: skip
    if pixels[0] == pixels[1] and pixels[0] in _SIZES:
        return pixels[0]
    warnings.warn(
        "`input_shape` is undefined or non-square, or `rows` is not in [96, 128, 160, 192, 224]. "
        "Weights for input shape (224, 224) will be loaded as the default.", stacklevel=3,
    )  # fmt: skip
    return 224


def _filters(wanted):
    """The nearest multiple of 8 that is not below 9/10 of it."""
    found = max(8, int(wanted + 4) // 8 * 8)
    return found + 8 if found < 0.9 * wanted else found


def _normalized(x, name):
    axis = 1 if building.channel_axis() == 1 else -1
    return layers.BatchNormalization(axis=axis, epsilon=1e-3, momentum=0.999, name=name)(x)


def _block(inputs, filters, stride, block):
    channels = K.int_shape(inputs)[building.channel_axis()]
    name, x = f"block_{block}_" if block else "expanded_conv_", inputs
    if block:
        x = layers.Conv2D(
            6 * channels, kernel_size=1, padding="same", use_bias=False, name=f"{name}expand"
        )(x)
        x = layers.ReLU(6.0, name=f"{name}expand_relu")(_normalized(x, f"{name}expand_BN"))
    if stride == 2:
        x = layers.ZeroPadding2D(padding=building.correct_pad(x, 3), name=f"{name}pad")(x)
    x = layers.DepthwiseConv2D(
        kernel_size=3, strides=stride, use_bias=False,
        padding="same" if stride == 1 else "valid", name=f"{name}depthwise",
    )(x)  # fmt: skip
    x = layers.ReLU(6.0, name=f"{name}depthwise_relu")(_normalized(x, f"{name}depthwise_BN"))
    x = layers.Conv2D(
        filters, kernel_size=1, padding="same", use_bias=False, name=f"{name}project"
    )(x)
    x = _normalized(x, f"{name}project_BN")
    if channels == filters and stride == 1:
        return layers.Add(name=f"{name}add")([inputs, x])
    return x
