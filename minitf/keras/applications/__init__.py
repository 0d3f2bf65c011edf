"""`tf.keras.applications`: well-known networks for images."""
# ruff: noqa: F401  every import here is a public name
from minitf.keras.applications import (
    imagenet_utils,
    mobilenet,
    resnet,
    resnet50,
    resnet_v2,
    vgg16,
    vgg19,
)
from minitf.keras.applications.mobilenet import MobileNet
from minitf.keras.applications.resnet import ResNet50, ResNet101, ResNet152
from minitf.keras.applications.resnet_v2 import ResNet50V2, ResNet101V2, ResNet152V2
from minitf.keras.applications.vgg16 import VGG16
from minitf.keras.applications.vgg19 import VGG19

_OTHERS = (
    "DenseNet121", "DenseNet169", "DenseNet201", "InceptionResNetV2", "InceptionV3",
    "MobileNetV2", "NASNetLarge", "NASNetMobile", "Xception", "densenet", "inception_resnet_v2",
    "inception_v3", "mobilenet_v2", "nasnet", "xception",
)  # fmt: skip


def __getattr__(name):
    message = f"module {__name__!r} has no attribute {name!r}"
    if name in _OTHERS:
        message += ". Of tf.keras.applications minitf has MobileNet, ResNet (V2) and VGG"
    raise AttributeError(message, name=name, obj=None)
