"""Arrays for models."""
import numpy as np


def to_categorical(y, num_classes=None, dtype="float32"):
    """[..., num_classes] with a one at each class; the largest class + 1 of them unless said."""
    y = np.array(y, dtype="int")
    shape = y.shape
    if shape and shape[-1] == 1 and len(shape) > 1:
        shape = shape[:-1]
    flat = y.ravel()
    num_classes = num_classes or np.max(flat) + 1
    found = np.zeros((flat.size, num_classes), dtype=dtype)
    found[np.arange(flat.size), flat] = 1
    return found.reshape((*shape, num_classes))


def normalize(x, axis=-1, order=2):
    """Divided by the norm along an axis; zeros stay."""
    norm = np.atleast_1d(np.linalg.norm(x, order, axis))
    norm[norm == 0] = 1
    return x / np.expand_dims(norm, axis)
