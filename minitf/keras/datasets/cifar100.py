"""`tf.keras.datasets.cifar100`: 60000 colour images of 32 x 32 pixels, of 100 classes."""
import os

from minitf.keras.datasets.cifar import arranged, load_batch
from minitf.keras.utils.files import get_file

_HASH = "85cd44d02ba6437773c5bbd22e183051d648de2e7d6b014e1ef29b855ba677a7"


def load_data(label_mode="fine"):
    """((images, labels) to train with, (images, labels) to test with).

    Labels of the 100 classes ("fine") or of the 20 that these belong to ("coarse"). ValueError for
    another word.
    """
    if label_mode not in ("fine", "coarse"):
        raise ValueError('`label_mode` must be one of `"fine"`, `"coarse"`.')
    folder = get_file(
        "cifar-100-python", origin="https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",
        untar=True, file_hash=_HASH,
    )  # fmt: skip
    return tuple(
        arranged(*load_batch(os.path.join(folder, name), label_key=f"{label_mode}_labels"))
        for name in ("train", "test")
    )
