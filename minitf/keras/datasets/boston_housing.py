"""`tf.keras.datasets.boston_housing`: 506 districts of Boston, and what houses cost there."""
import numpy as np

from minitf.keras.datasets.origin import arrays
from minitf.keras.datasets.words import shuffled

_HASH = "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5"


def load_data(path="boston_housing.npz", test_split=0.2, seed=113):
    """((districts [n, 13], prices) to train with, (districts, prices) to test with)."""
    if not 0 <= test_split < 1:
        raise AssertionError(f"test_split must be from 0 to below 1, and is {test_split}")
    x, y = arrays(path, "boston_housing.npz", _HASH, "x", "y")
    np.random.seed(seed)
    x, y = shuffled(x, y)
    count = int(len(x) * (1 - test_split))
    return (x[:count], y[:count]), (x[count:], y[count:])
