"""`tf.keras.datasets.mnist`: 70000 digits of 28 x 28 pixels."""
import os

from minitf.examples.tutorials.mnist import files
from minitf.keras.datasets.origin import arrays, idx_images, idx_labels

_HASH = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"


def load_data(path="mnist.npz"):
    """((images, labels) to train with, (images, labels) to test with), as uint8.

    The file `path` in ~/.keras/datasets, or else the four files that
    `examples.tutorials.mnist.input_data` finds, or downloads. FileNotFoundError when they are
    nowhere.
    """
    folder = os.path.join(os.path.expanduser("~"), ".keras", "datasets")
    if os.path.exists(os.path.join(folder, path)):
        train_x, train_y, test_x, test_y = arrays(
            path, "mnist.npz", _HASH, "x_train", "y_train", "x_test", "y_test"
        )
        return (train_x, train_y), (test_x, test_y)
    found = files.locate(os.path.join(folder, "mnist"))
    return tuple(
        (idx_images(found[images]), idx_labels(found[labels]))
        for images, labels in (
            (files.TRAIN_IMAGES, files.TRAIN_LABELS), (files.TEST_IMAGES, files.TEST_LABELS)
        )
    )  # fmt: skip
