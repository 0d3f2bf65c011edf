"""`tf.keras.datasets.imdb`: 50000 reviews of films, good (1) or bad (0)."""
import numpy as np

from minitf.keras.datasets import words
from minitf.keras.datasets.origin import arrays
from minitf.keras.preprocessing.sequence import _remove_long_seq

_HASH = "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f"


def load_data(
    path="imdb.npz", num_words=None, skip_top=0, maxlen=None, seed=113, start_char=1, oov_char=2,
    index_from=3, **kwargs,
):  # fmt: skip
    """((reviews, labels) to train with, (reviews, labels) to test with).

    Reviews are lists of numbers of words, those from `skip_top` to `num_words` alone. ValueError
    when none is shorter than `maxlen`.
    """
    num_words = words.renamed(num_words, kwargs)
    train_x, train_y, test_x, test_y = arrays(
        path, "imdb.npz", _HASH, "x_train", "y_train", "x_test", "y_test"
    )
    np.random.seed(seed)
    train_x, train_y = words.shuffled(train_x, train_y)
    test_x, test_y = words.shuffled(test_x, test_y)
    texts = words.begun([*train_x, *test_x], start_char, index_from)
    labels = [*train_y, *test_y]
    if maxlen:
        texts, labels = _remove_long_seq(maxlen, texts, labels)
        if not texts:
            raise ValueError(
                f"After filtering for sequences shorter than maxlen={maxlen}, no sequence was "
                "kept. Increase maxlen."
            )
    texts, count = words.kept(texts, num_words, skip_top, oov_char), len(train_x)
    return (
        (words.as_array(texts[:count]), np.array(labels[:count])),
        (words.as_array(texts[count:]), np.array(labels[count:])),
    )


def get_word_index(path="imdb_word_index.json"):
    """{word: number}, before `index_from` is added."""
    return words.word_index(path, "bfafd718b763782e994055a2d397834f")
