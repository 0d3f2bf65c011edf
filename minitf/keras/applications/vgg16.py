"""`tf.keras.applications.vgg16`."""
from minitf.core.arguments import takes
from minitf.keras.applications.building import application, takes_modules
from minitf.keras.applications.imagenet_utils import decode_predictions, preprocess_input
from minitf.keras.applications.vgg import vgg

__all__ = ["VGG16", "decode_predictions", "preprocess_input"]

_HASHES = ("64373286793e3c8b2b4e3219cbf3544b", "6d6bbae143d832006294945121d1f1fc")


@takes_modules
@takes(application)
def VGG16(**given):
    """The network of 16 layers that have weights; those of ImageNet are downloaded.

    Without the top it gives the last block's images, or what `pooling` ("avg", "max") makes of
    them. Raises ValueError for arguments that do not fit.
    """
    return vgg("vgg16", (2, 2, 3, 3, 3), _HASHES, **given)
