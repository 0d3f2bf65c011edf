"""`tf.keras.applications.densenet`: layers given all outputs before them (Huang et al. 2016)."""
from minitf.core.arguments import takes
from minitf.keras import backend as K
from minitf.keras.applications import building, imagenet_utils
from minitf.keras.applications.building import application, layers, takes_modules
from minitf.keras.applications.imagenet_utils import decode_predictions

__all__ = ["DenseNet121", "DenseNet169", "DenseNet201", "decode_predictions", "preprocess_input"]

_ORIGIN = "https://github.com/keras-team/keras-applications/releases/download/densenet/"
_HASHES = {
    "densenet121": ("9d60b8095a5708f2dcce2bca79d332c7", "30ee3e1110167f948a6b9946edeeb738"),
    "densenet169": ("d699b8f76981ab1b30698df4c175e90b", "b8c4d4c20dd625c148057b9ff1c1176b"),
    "densenet201": ("1ceb130c1ea1b78c3bf6114dbdfd8807", "c13680b51ded0fb44dff2d8f86ac8bb1"),
}


def preprocess_input(x, data_format=None):
    """Images of 0 to 255, brought to [0, 1], each channel normalized."""
    return imagenet_utils.preprocess_input(x, data_format=data_format, mode="torch")


@takes_modules
@takes(application)
def DenseNet121(**given):
    """The network of 121 layers that have weights; those of ImageNet are downloaded.

    Raises ValueError for arguments that do not fit.
    """
    return _densenet("densenet121", (6, 12, 24, 16), **given)


@takes_modules
@takes(application)
def DenseNet169(**given):
    """The network of 169 layers that have weights; those of ImageNet are downloaded.

    Raises ValueError for arguments that do not fit.
    """
    return _densenet("densenet169", (6, 12, 32, 32), **given)


@takes_modules
@takes(application)
def DenseNet201(**given):
    """The network of 201 layers that have weights; those of ImageNet are downloaded.

    Raises ValueError for arguments that do not fit.
    """
    return _densenet("densenet201", (6, 12, 48, 32), **given)


def _densenet(
    name, counts, include_top, weights, input_tensor, input_shape, pooling, classes
):
    building.check_weights(weights, include_top, classes)
    shape = building.obtain_input_shape(input_shape, 224, include_top, weights)
    x, inputs = building.image_input(input_tensor, shape)
    x = layers.ZeroPadding2D(padding=((3, 3), (3, 3)))(x)
    x = layers.Conv2D(64, 7, strides=2, use_bias=False, name="conv1/conv")(x)
    x = _activated(x, "conv1/")
    x = layers.ZeroPadding2D(padding=((1, 1), (1, 1)))(x)
    x = layers.MaxPooling2D(3, strides=2, name="pool1")(x)
    for stack, count in enumerate(counts, 2):
        for block in range(1, count + 1):
            x = _block(x, f"conv{stack}_block{block}")
        x = _halved(x, f"pool{stack}_") if stack < 5 else _activated(x, "")
    if include_top:
        x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
        x = layers.Dense(classes, activation="softmax", name="fc1000")(x)
    else:
        x = building.pooled(x, pooling)
    top = "" if include_top else "_notop"
    file = f"{name}_weights_tf_dim_ordering_tf_kernels{top}.h5"
    origin = file, _ORIGIN, _HASHES[name][not include_top]
    return building.finished(inputs, x, name, weights, lambda: origin)


def _activated(x, name):
    axis = building.channel_axis()
    x = layers.BatchNormalization(axis=axis, epsilon=1.001e-5, name=f"{name}bn")(x)
    return layers.Activation("relu", name=f"{name}relu")(x)


def _block(x, name):
    more = _activated(x, f"{name}_0_")
    more = layers.Conv2D(128, 1, use_bias=False, name=f"{name}_1_conv")(more)
    more = _activated(more, f"{name}_1_")
    more = layers.Conv2D(32, 3, padding="same", use_bias=False, name=f"{name}_2_conv")(more)
    return layers.Concatenate(axis=building.channel_axis(), name=f"{name}_concat")([x, more])


def _halved(x, name):
    x = _activated(x, name)
    filters = K.int_shape(x)[building.channel_axis()] // 2
    x = layers.Conv2D(filters, 1, use_bias=False, name=f"{name}conv")(x)
    return layers.AveragePooling2D(2, strides=2, name=f"{name}pool")(x)
