"""`tf.keras.applications`: well-known networks for images."""
# ruff: noqa: F401  every import here is a public name
from minitf.keras.applications import (
    densenet,
    imagenet_utils,
    inception_resnet_v2,
    inception_v3,
    mobilenet,
    mobilenet_v2,
    nasnet,
    resnet,
    resnet50,
    resnet_v2,
    vgg16,
    vgg19,
    xception,
)
from minitf.keras.applications.densenet import DenseNet121, DenseNet169, DenseNet201
from minitf.keras.applications.inception_resnet_v2 import InceptionResNetV2
from minitf.keras.applications.inception_v3 import InceptionV3
from minitf.keras.applications.mobilenet import MobileNet
from minitf.keras.applications.mobilenet_v2 import MobileNetV2
from minitf.keras.applications.nasnet import NASNetLarge, NASNetMobile
from minitf.keras.applications.resnet import ResNet50, ResNet101, ResNet152
from minitf.keras.applications.resnet_v2 import ResNet50V2, ResNet101V2, ResNet152V2
from minitf.keras.applications.vgg16 import VGG16
from minitf.keras.applications.vgg19 import VGG19
from minitf.keras.applications.xception import Xception
