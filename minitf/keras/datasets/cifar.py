"""The files of CIFAR-10 and CIFAR-100."""
import pickle

import numpy as np

from minitf.keras import backend as K


def load_batch(fpath, label_key="labels"):
    """(images [n, 3, 32, 32], list of labels) of one file."""
    with open(fpath, "rb") as file:
        found = pickle.load(file, encoding="bytes")
    found = {key.decode("utf8"): value for key, value in found.items()}
    return found["data"].reshape(-1, 3, 32, 32), found[label_key]


def arranged(images, labels):
    """(images, labels [n, 1]), the channels where Keras has them."""
    if K.image_data_format() == "channels_last":
        images = images.transpose(0, 2, 3, 1)
    return images, np.reshape(labels, (len(labels), 1))
