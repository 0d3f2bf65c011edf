"""`tf.keras.applications.vgg19`."""
from minitf.core.arguments import takes
from minitf.keras.applications.building import application, takes_modules
from minitf.keras.applications.imagenet_utils import decode_predictions, preprocess_input
from minitf.keras.applications.vgg import vgg

__all__ = ["VGG19", "decode_predictions", "preprocess_input"]

_HASHES = ("cbe5617147190e668d6c5d5026f83318", "253f8cb515780f3b799900260a226db6")


@takes_modules
@takes(application)
def VGG19(**given):
    """The network of 19 layers that have weights; those of ImageNet are downloaded.

    Without the top it gives the last block's images, or what `pooling` ("avg", "max") makes of
    them. Raises ValueError for arguments that do not fit.
    """
    return vgg("vgg19", (2, 2, 4, 4, 4), _HASHES, **given)
