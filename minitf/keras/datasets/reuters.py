"""`tf.keras.datasets.reuters`: 11228 pieces of news, of 46 classes."""
import numpy as np

from minitf.keras.datasets import words
from minitf.keras.datasets.origin import arrays
from minitf.keras.preprocessing.sequence import _remove_long_seq

_HASH = "d6586e694ee56d7a4e65172e12b3e987c03096cb01eab99753921ef915959916"


def load_data(
    path="reuters.npz", num_words=None, skip_top=0, maxlen=None, test_split=0.2, seed=113,
    start_char=1, oov_char=2, index_from=3, **kwargs,
):  # fmt: skip
    """((texts, labels) to train with, (texts, labels) to test with).

    Texts are lists of numbers of words, those from `skip_top` to `num_words` alone.
    """
    num_words = words.renamed(num_words, kwargs)
    texts, labels = arrays(path, "reuters.npz", _HASH, "x", "y")
    np.random.seed(seed)
    texts, labels = words.shuffled(texts, labels)
    texts = words.begun(texts, start_char, index_from)
    if maxlen:
        texts, labels = _remove_long_seq(maxlen, texts, labels)
    texts = words.kept(texts, num_words, skip_top, oov_char)
    count = int(len(texts) * (1 - test_split))
    return (
        (words.as_array(texts[:count]), np.array(labels[:count])),
        (words.as_array(texts[count:]), np.array(labels[count:])),
    )


def get_word_index(path="reuters_word_index.json"):
    """{word: number}, before `index_from` is added."""
    return words.word_index(path, "4d44cc38712099c9e383dc6e5f11a921")
