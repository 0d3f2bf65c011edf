"""`tf.keras.datasets.cifar10`: 60000 colour images of 32 x 32 pixels, of 10 classes."""
import os

import numpy as np

from minitf.keras.datasets.cifar import arranged, load_batch
from minitf.keras.utils.files import get_file

_HASH = "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"


def load_data():
    """((images, labels) to train with, (images, labels) to test with), as uint8."""
    folder = get_file(
        "cifar-10-batches-py", origin="https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        untar=True, file_hash=_HASH,
    )  # fmt: skip
    parts = [load_batch(os.path.join(folder, f"data_batch_{i}")) for i in range(1, 6)]
    images, labels = zip(*parts)
    test_images, test_labels = load_batch(os.path.join(folder, "test_batch"))
    return (
        arranged(np.concatenate(images), np.concatenate(labels).astype(np.uint8)),
        arranged(test_images, np.array(test_labels, np.uint8)),
    )
