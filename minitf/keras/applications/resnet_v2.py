"""`tf.keras.applications.resnet_v2`."""
from minitf.core.arguments import takes
from minitf.keras.applications import imagenet_utils
from minitf.keras.applications.building import application, takes_modules
from minitf.keras.applications.imagenet_utils import decode_predictions
from minitf.keras.applications.residual import resnet

__all__ = ["ResNet50V2", "ResNet101V2", "ResNet152V2", "decode_predictions", "preprocess_input"]


def preprocess_input(x, data_format=None):
    """Images of 0 to 255, brought to [-1, 1]."""
    return imagenet_utils.preprocess_input(x, data_format=data_format, mode="tf")


@takes_modules
@takes(application)
def ResNet50V2(**given):
    """The network of 50 layers that have weights; those of ImageNet are downloaded.

    Without the top it gives the last stack's images, or what `pooling` ("avg", "max") makes of
    them. Raises ValueError for arguments that do not fit.
    """
    return resnet("resnet50v2", (3, 4, 6, 3), **given, before=True)


@takes_modules
@takes(application)
def ResNet101V2(**given):
    """The network of 101 layers that have weights; those of ImageNet are downloaded.

    Without the top it gives the last stack's images, or what `pooling` ("avg", "max") makes of
    them. Raises ValueError for arguments that do not fit.
    """
    return resnet("resnet101v2", (3, 4, 23, 3), **given, before=True)


@takes_modules
@takes(application)
def ResNet152V2(**given):
    """The network of 152 layers that have weights; those of ImageNet are downloaded.

    Without the top it gives the last stack's images, or what `pooling` ("avg", "max") makes of
    them. Raises ValueError for arguments that do not fit.
    """
    return resnet("resnet152v2", (3, 8, 36, 3), **given, before=True)
