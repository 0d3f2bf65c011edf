"""`tf.keras.applications.resnet`."""
from minitf.core.arguments import takes
from minitf.keras.applications.building import application, takes_modules
from minitf.keras.applications.imagenet_utils import decode_predictions, preprocess_input
from minitf.keras.applications.residual import resnet

__all__ = ["ResNet50", "ResNet101", "ResNet152", "decode_predictions", "preprocess_input"]


@takes_modules
@takes(application)
def ResNet50(**given):
    """The network of 50 layers that have weights; those of ImageNet are downloaded.

    Without the top it gives the last stack's images, or what `pooling` ("avg", "max") makes of
    them. Raises ValueError for arguments that do not fit.
    """
    return resnet("resnet50", (3, 4, 6, 3), **given)


@takes_modules
@takes(application)
def ResNet101(**given):
    """The network of 101 layers that have weights; those of ImageNet are downloaded.

    Without the top it gives the last stack's images, or what `pooling` ("avg", "max") makes of
    them. Raises ValueError for arguments that do not fit.
    """
    return resnet("resnet101", (3, 4, 23, 3), **given)


@takes_modules
@takes(application)
def ResNet152(**given):
    """The network of 152 layers that have weights; those of ImageNet are downloaded.

    Without the top it gives the last stack's images, or what `pooling` ("avg", "max") makes of
    them. Raises ValueError for arguments that do not fit.
    """
    return resnet("resnet152", (3, 8, 36, 3), **given)
