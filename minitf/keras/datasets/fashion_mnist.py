"""`tf.keras.datasets.fashion_mnist`: 70000 pieces of clothing of 28 x 28 pixels."""
import os

from minitf.keras.datasets.origin import BASE, idx_images, idx_labels
from minitf.keras.utils.files import get_file


def load_data():
    """((images, labels) to train with, (images, labels) to test with), as uint8."""
    return _part("train"), _part("t10k")


def _part(name):
    below = os.path.join("datasets", "fashion-mnist")
    labels, images = (
        get_file(file, origin=BASE + file, cache_subdir=below)
        for file in (f"{name}-labels-idx1-ubyte.gz", f"{name}-images-idx3-ubyte.gz")
    )
    return idx_images(images), idx_labels(labels)
