"""`tf.keras.applications.imagenet_utils`: images as networks take them, and names of classes."""
import functools
import json

import numpy as np

from minitf.keras import backend as K
from minitf.keras.backend.config import checked_layout
from minitf.keras.utils.files import get_file

_CLASSES = "https://storage.googleapis.com/download.tensorflow.org/data/imagenet_class_index.json"
_MEANS = {"caffe": (103.939, 116.779, 123.68), "torch": (0.485, 0.456, 0.406)}
_DEVIATIONS = (0.229, 0.224, 0.225)


def preprocess_input(x, data_format=None, mode="caffe"):
    """Images of 0 to 255 as a network was trained with them; an array of floats is changed.

    `mode` "caffe" turns RGB into BGR and takes the means away, "tf" brings them to [-1, 1],
    "torch" to [0, 1], and normalizes each channel.
    """
    first = checked_layout(data_format) == "channels_first"
    if isinstance(x, np.ndarray) and not np.issubdtype(x.dtype, np.floating):
        x = x.astype(K.floatx())
    if mode == "tf":
        x /= 127.5
        x -= 1.0
        return x
    if mode == "torch":
        x /= 255.0
    else:
        x = x[(..., slice(None, None, -1), slice(None), slice(None)) if first
              else (..., slice(None, None, -1))]  # fmt: skip
    x -= _by_channel(_MEANS.get(mode, _MEANS["caffe"]), x, first)
    if mode == "torch":
        x /= _by_channel(_DEVIATIONS, x, first)
    return x


def _by_channel(values, x, first):
    values = np.array(values)
    values = values[:, np.newaxis, np.newaxis] if first else values
    return values if isinstance(x, np.ndarray) else K.constant(values, dtype=K.dtype(x))


@functools.lru_cache(1)
def _classes():
    path = get_file(
        "imagenet_class_index.json", _CLASSES, cache_subdir="models",
        file_hash="c2c37ea517e94d9795004a39431a14cb",
    )  # fmt: skip
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def decode_predictions(preds, top=5):
    """For each row of [images, 1000] the `top` classes: (id, name, probability), best first.

    ValueError for another shape.
    """
    if len(preds.shape) != 2 or preds.shape[1] != 1000:
        raise ValueError(
            "`decode_predictions` expects a batch of predictions (i.e. a 2D array of shape "
            f"(samples, 1000)). Found array with shape: {preds.shape}"
        )
    classes = _classes()
    return [
        [(*classes[str(i)], row[i]) for i in row.argsort()[::-1][:top]] for row in preds
    ]  # fmt: skip
