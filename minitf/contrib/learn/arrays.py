"""Arrays as the input of `tf.contrib.learn.Estimator`: batches that are fed."""
import numpy as np

from minitf.core.dtypes import as_dtype
from minitf.ops.state.placeholder import placeholder
from minitf.train.basic_session_run_hooks import FeedFnHook


class Arrays:
    """Features `x` and labels `y`, each an array or a dict of them, y perhaps None, in batches.

    `batch_size` None: all rows at once. They come in the order of a permutation, anew for each
    time through them, if `shuffle`; StopIteration after `epochs`, without end for None.
    """

    def __init__(self, x, y, batch_size, shuffle, epochs):
        self._given = [_arrays(x, "input"), {} if y is None else _arrays(y, "output")]
        self._single = not isinstance(x, dict), not isinstance(y, dict)
        self._count = len(next(iter(self._given[0].values())))
        self._size, self._epochs = batch_size or self._count, epochs
        self._random = np.random.RandomState(42) if shuffle else None
        self._epoch, self._at = 0, 0
        self._order = self._permuted()

    def input_fn(self):
        """The placeholders (features, labels), or features alone."""
        self._fed = [{key: placeholder(as_dtype(array.dtype), [None, *array.shape[1:]],
                                       name=f"{name}_{key}" if key else name)
                      for key, array in given.items()}
                     for name, given in zip(("input", "output"), self._given)]  # fmt: skip
        features, labels = (next(iter(fed.values())) if single and fed else fed
                            for fed, single in zip(self._fed, self._single))  # fmt: skip
        return (features, labels) if self._given[1] else features

    def hook(self):
        """What feeds them."""
        return FeedFnHook(self._feed)

    def _feed(self):
        if self._epochs is not None and self._epoch >= self._epochs:
            raise StopIteration
        rows = self._order[self._at : self._at + self._size]
        self._at += self._size
        if self._at >= self._count:
            self._at, self._epoch, self._order = 0, self._epoch + 1, self._permuted()
        return {fed[key]: given[key][rows]
                for fed, given in zip(self._fed, self._given) for key in given}  # fmt: skip

    def _permuted(self):
        if self._random is None:
            return np.arange(self._count)
        return self._random.permutation(self._count)


def _arrays(given, name):
    """{name: array}; a vector of features as a column."""
    given = given if isinstance(given, dict) else {"": given}
    found = {}
    for key, array in given.items():
        array = np.asarray(array)
        found[key] = array[:, None] if name == "input" and array.ndim == 1 else array
    return found


def source(x, y, input_fn, batch_size, shuffle, epochs):
    """(input function, hooks) of arrays or of an input function. ValueError for both, or none."""
    if input_fn is None:
        if x is None:
            raise ValueError("Either x or input_fn must be provided.")
        arrays = Arrays(x, y, batch_size, shuffle, epochs)
        return arrays.input_fn, [arrays.hook()]
    if x is not None or y is not None:
        raise ValueError("Can not provide both input_fn and x or y.")
    if batch_size is not None:
        raise ValueError("Can not provide both input_fn and batch_size.")
    return input_fn, []
