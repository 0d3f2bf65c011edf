"""What the data sets of texts share: words are numbers, by how common they are."""
import json

import numpy as np

import minitf as tf
from minitf.keras.datasets.origin import BASE
from minitf.keras.utils.files import get_file


def renamed(num_words, kwargs):
    """`num_words`, also by its old name. TypeError for other keywords."""
    if "nb_words" in kwargs:
        tf.logging.warning(
            "The `nb_words` argument in `load_data` has been renamed `num_words`."
        )
        num_words = kwargs.pop("nb_words")
    if kwargs:
        raise TypeError(f"Unrecognized keyword arguments: {kwargs}")
    return num_words


def shuffled(*values):
    """The arrays in the same random order."""
    order = np.arange(len(values[0]))
    np.random.shuffle(order)
    return [each[order] for each in values]


def begun(texts, start_char, index_from):
    """The texts, numbers `index_from` higher, each after `start_char` unless it is None."""
    start = [] if start_char is None else [start_char]
    return [start + [word + index_from for word in text] for text in texts]


def kept(texts, num_words, skip_top, oov_char):
    """The texts with words from `skip_top` to `num_words` alone; others are `oov_char`, or gone."""
    num_words = num_words or max(max(text) for text in texts)
    if oov_char is None:
        return [[word for word in text if skip_top <= word < num_words] for text in texts]
    return [[word if skip_top <= word < num_words else oov_char for word in text] for text in texts]


def as_array(texts):
    """An array of lists: also when all are as long."""
    found = np.empty(len(texts), object)
    found[:] = texts
    return found


def word_index(path, file_hash):
    """{word: number} of a file, downloaded unless it is there."""
    found = get_file(path, origin=BASE + path, file_hash=file_hash)
    with open(found, encoding="utf-8") as file:
        return json.load(file)
