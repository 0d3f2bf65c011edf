"""`tf.keras.applications.nasnet`: cells that were found by a search (Zoph et al. 2018)."""
import warnings

from minitf.keras import backend as K
from minitf.keras.applications import building, imagenet_utils
from minitf.keras.applications.building import layers, takes_modules
from minitf.keras.applications.imagenet_utils import decode_predictions
from minitf.keras.utils.files import get_file

__all__ = ["NASNetLarge", "NASNetMobile", "decode_predictions", "preprocess_input"]

_ORIGIN = "https://github.com/titu1994/Keras-NASNet/releases/download/v1.2/NASNet-"
_HASHES = {
    "large": "11577c9a518f0070763c2b964a382f17",
    "large_no_top": "d81d89dc07e6e56530c4e77faddd61b5",
    "mobile": "020fb642bf7360b370c678b08e0adf61",
    "mobile_no_top": "1ed92395b5b598bdda52abe5c0dbfd63",
}


def preprocess_input(x, data_format=None):
    """Images of 0 to 255, brought to [-1, 1]."""
    return imagenet_utils.preprocess_input(x, data_format=data_format, mode="tf")


@takes_modules
def NASNetLarge(
    input_shape=None, include_top=True, weights="imagenet", input_tensor=None, pooling=None,
    classes=1000,
):  # fmt: skip
    """The large network, with 6 cells of each size; weights of ImageNet are downloaded.

    Raises ValueError for arguments that do not fit.
    """
    given = input_shape, include_top, weights, input_tensor, pooling, classes
    return _network("large", 331, 6, 168, 96, True, *given)


@takes_modules
def NASNetMobile(
    input_shape=None, include_top=True, weights="imagenet", input_tensor=None, pooling=None,
    classes=1000,
):  # fmt: skip
    """The small network, with 4 cells of each size; weights of ImageNet are downloaded.

    Raises ValueError for arguments that do not fit.
    """
    given = input_shape, include_top, weights, input_tensor, pooling, classes
    return _network("mobile", 224, 4, 44, 32, False, *given)


def _network(kind, size, cells, filters, stem_filters, skips_reduction, input_shape, include_top,
             weights, input_tensor, pooling, classes):  # fmt: skip
    building.check_weights(weights, include_top, classes)
    if isinstance(input_shape, tuple) and None in input_shape and weights == "imagenet":
        raise ValueError(
            "When specifying the input shape of a NASNet and loading `ImageNet` weights, the "
            f"input_shape argument must be static (no None entries). Got: `{input_shape=}`."
        )
    # As in TensorFlow, where Keras's `require_flatten` does not depend on the top here.
    shape = building.obtain_input_shape(input_shape, size, True, weights)
    data_format = K.image_data_format()
    if data_format != "channels_last":
        warnings.warn(
            "The NASNet family of models is only available for the input data format "
            '"channels_last" (width, height, channels): the model being returned right now will '
            "expect inputs to follow it.", stacklevel=4,
        )  # fmt: skip
    K.set_image_data_format("channels_last")
    try:
        x, inputs = building.image_input(input_tensor, shape)
        x = _cells(x, cells, filters, stem_filters, skips_reduction)
        if include_top:
            x = layers.GlobalAveragePooling2D()(x)
            x = layers.Dense(classes, activation="softmax", name="predictions")(x)
        else:
            x = building.pooled(x, pooling, None, None)
        if weights == "imagenet":
            file = kind if include_top else f"{kind}_no_top"
            weights = get_file(f"nasnet_{file}.h5", f"{_ORIGIN}{file.replace('_', '-')}.h5",
                               cache_subdir="models", file_hash=_HASHES[file])  # fmt: skip
        return building.finished(inputs, x, "NASNet", weights, None)
    finally:
        K.set_image_data_format(data_format)


def _cells(x, count, filters, stem_filters, skips_reduction):
    """The stem, and then thrice `count` cells, twice as wide each time, made smaller between."""
    x = layers.Conv2D(stem_filters, (3, 3), strides=(2, 2), padding="valid", use_bias=False,
                      name="stem_conv1", kernel_initializer="he_normal")(x)  # fmt: skip
    x = _normalized(x, "stem_bn1")
    x, p = _reduction_cell(x, None, filters // 4, "stem_1")
    x, p = _reduction_cell(x, p, filters // 2, "stem_2")
    for part in range(3):
        if part:
            x, before = _reduction_cell(x, p, filters * 2**part, f"reduce_{part * count}")
            p = p if skips_reduction else before
        for i in range(count):
            x, p = _normal_cell(x, p, filters * 2**part, f"{part * count + i + (part > 0)}")
    return layers.Activation("relu")(x)


def _normalized(x, name):
    return layers.BatchNormalization(axis=-1, momentum=0.9997, epsilon=1e-3, name=name)(x)


def _mixed(x, filters, name):
    """A convolution of each pixel, not normalized."""
    return layers.Conv2D(filters, (1, 1), padding="same", name=name, use_bias=False,
                         kernel_initializer="he_normal")(x)  # fmt: skip


def _separable(x, filters, size, name, stride=1):
    """Twice a separable convolution, normalized."""
    with K.name_scope(f"separable_conv_block_{name}"):
        for number in (1, 2):
            x = layers.Activation("relu")(x)
            padded = number == 1 and stride == 2
            if padded:
                x = layers.ZeroPadding2D(padding=building.correct_pad(x, size),
                                         name=f"separable_conv_1_pad_{name}")(x)  # fmt: skip
            x = layers.SeparableConv2D(
                filters, (size, size), strides=(stride, stride) if number == 1 else (1, 1),
                name=f"separable_conv_{number}_{name}", padding="valid" if padded else "same",
                use_bias=False, kernel_initializer="he_normal",
            )(x)  # fmt: skip
            x = _normalized(x, f"separable_conv_{number}_bn_{name}")
    return x


def _average(x, name):
    return layers.AveragePooling2D((3, 3), strides=(1, 1), padding="same", name=name)(x)


def _adjusted(p, x, filters, block):
    """What was before the last cell, brought to the size of what it gave."""
    with K.name_scope("adjust_block"):
        if p is None:
            return x
        if K.int_shape(p)[-2] != K.int_shape(x)[-2]:
            with K.name_scope(f"adjust_reduction_block_{block}"):
                return _adjusted_size(p, filters, block)
        if K.int_shape(p)[-1] != filters:
            with K.name_scope(f"adjust_projection_block_{block}"):
                p = _mixed(layers.Activation("relu")(p), filters, f"adjust_conv_projection_{block}")
                return _normalized(p, f"adjust_bn_{block}")
    return p


def _adjusted_size(p, filters, block):
    """Every other pixel, and those beside them, half of the filters each."""
    p = layers.Activation("relu", name=f"adjust_relu_1_{block}")(p)
    halves = []
    for number in (1, 2):
        half = p
        if number == 2:
            half = layers.ZeroPadding2D(padding=((0, 1), (0, 1)))(half)
            half = layers.Cropping2D(cropping=((1, 0), (1, 0)))(half)
        half = layers.AveragePooling2D((1, 1), strides=(2, 2), padding="valid",
                                       name=f"adjust_avg_pool_{number}_{block}")(half)  # fmt: skip
        halves.append(_mixed(half, filters // 2, f"adjust_conv_{number}_{block}"))
    return _normalized(layers.concatenate(halves, axis=-1), f"adjust_bn_{block}")


def _begun(kind, x, p, filters, block):
    """What a cell works on: (its input, mixed, what was before, adjusted)."""
    p = _adjusted(p, x, filters, block)
    h = _mixed(layers.Activation("relu")(x), filters, f"{kind}_conv_1_{block}")
    return _normalized(h, f"{kind}_bn_1_{block}"), p


def _normal_cell(x, p, filters, block):
    """(What a cell makes of x and of what was before it, x)."""
    with K.name_scope(f"normal_A_block_{block}"):
        h, p = _begun("normal", x, p, filters, block)
        with K.name_scope("block_1"):
            x1 = layers.add([_separable(h, filters, 5, f"normal_left1_{block}"),
                             _separable(p, filters, 3, f"normal_right1_{block}")],
                            name=f"normal_add_1_{block}")  # fmt: skip
        with K.name_scope("block_2"):
            x2 = layers.add([_separable(p, filters, 5, f"normal_left2_{block}"),
                             _separable(p, filters, 3, f"normal_right2_{block}")],
                            name=f"normal_add_2_{block}")  # fmt: skip
        with K.name_scope("block_3"):
            x3 = layers.add([_average(h, f"normal_left3_{block}"), p],
                            name=f"normal_add_3_{block}")  # fmt: skip
        with K.name_scope("block_4"):
            x4 = layers.add([_average(p, f"normal_left4_{block}"),
                             _average(p, f"normal_right4_{block}")],
                            name=f"normal_add_4_{block}")  # fmt: skip
        with K.name_scope("block_5"):
            x5 = layers.add([_separable(h, filters, 3, f"normal_left5_{block}"), h],
                            name=f"normal_add_5_{block}")  # fmt: skip
        made = layers.concatenate([p, x1, x2, x3, x4, x5], axis=-1, name=f"normal_concat_{block}")
    return made, x


def _reduction_cell(x, p, filters, block):
    """(What a cell makes of x and of what was before it, half as large, x)."""
    def pool(make, side):
        return make((3, 3), strides=(2, 2), padding="valid", name=f"reduction_{side}_{block}")(h3)

    with K.name_scope(f"reduction_A_block_{block}"):
        h, p = _begun("reduction", x, p, filters, block)
        h3 = layers.ZeroPadding2D(padding=building.correct_pad(h, 3),
                                  name=f"reduction_pad_1_{block}")(h)  # fmt: skip
        with K.name_scope("block_1"):
            x1 = layers.add([_separable(h, filters, 5, f"reduction_left1_{block}", 2),
                             _separable(p, filters, 7, f"reduction_right1_{block}", 2)],
                            name=f"reduction_add_1_{block}")  # fmt: skip
        with K.name_scope("block_2"):
            x2 = layers.add([pool(layers.MaxPooling2D, "left2"),
                             _separable(p, filters, 7, f"reduction_right2_{block}", 2)],
                            name=f"reduction_add_2_{block}")  # fmt: skip
        with K.name_scope("block_3"):
            x3 = layers.add([pool(layers.AveragePooling2D, "left3"),
                             _separable(p, filters, 5, f"reduction_right3_{block}", 2)],
                            name=f"reduction_add3_{block}")  # fmt: skip
        with K.name_scope("block_4"):
            x4 = layers.add([x2, _average(x1, f"reduction_left4_{block}")])
        with K.name_scope("block_5"):
            x5 = layers.add([_separable(x1, filters, 3, f"reduction_left4_{block}"),
                             pool(layers.MaxPooling2D, "right5")],
                            name=f"reduction_add4_{block}")  # fmt: skip
        made = layers.concatenate([x2, x3, x4, x5], axis=-1, name=f"reduction_concat_{block}")
    return made, x
