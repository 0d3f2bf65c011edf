"""Where the data sets are, and how their files are read."""
import gzip

import numpy as np

from minitf.keras.utils.files import get_file

BASE = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"


def arrays(path, name, file_hash, *keys):
    """The arrays of a file of NumPy, downloaded to `path` unless it is there."""
    found = get_file(path, origin=BASE + name, file_hash=file_hash)
    with np.load(found, allow_pickle=True) as file:
        return [file[key] for key in keys]


def idx_images(path):
    """uint8 [images, rows, columns] of a gzipped IDX file."""
    data = _unpacked(path)
    count, rows, columns = (int(n) for n in np.frombuffer(data, ">u4", 3, offset=4))
    return np.frombuffer(data, np.uint8, offset=16).reshape(count, rows, columns)


def idx_labels(path):
    """uint8 [labels] of a gzipped IDX file."""
    return np.frombuffer(_unpacked(path), np.uint8, offset=8)


def _unpacked(path):
    with gzip.open(path, "rb") as file:
        return file.read()
