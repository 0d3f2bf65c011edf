"""The features of a batch, dense and sparse, and features drawn from it."""
import numpy as np

from minitf.contrib.tensor_forest.kernels import params
from minitf.ops.random import philox

SPARE = 64  # words drawn beyond those that are needed if none is rejected


class Examples:
    """Rows of features: dense ones by their columns, behind these the columns of sparse ones.

    TensorFlow looks for a sparse feature that stands behind dense ones in a column that is off by
    their number, and reads beyond the row where features are bagged: neither is done here.
    """

    def __init__(self, spec, dense, indices, values, shape):
        self.kinds = params.dense_kinds(spec)
        self.sparse_kind = params.sparse_kind(spec)
        self.dense = np.ascontiguousarray(dense) if dense.ndim == 2 else None
        self.width = 0 if self.dense is None else dense.shape[1]
        self.sparse = indices.ndim == 2
        self.only_floats = not self.kinds.any() and not (self.sparse and self.sparse_kind)
        if self.sparse:
            self.columns, self.values = indices[:, 1], values
            self.span = int(self.columns.max(initial=0)) + 1
            self.keys = indices[:, 0] * self.span + self.columns
            self.count = int(shape[0])
            self.starts = np.searchsorted(indices[:, 0], np.arange(self.count + 1))
        if self.dense is not None:
            self.count = len(dense)
        elif not self.sparse:
            self.count = 0

    def check_there(self, feature):
        """ValueError where there are not so many features."""
        if feature >= self.width and not self.sparse:
            raise ValueError(f"the tree tests feature {feature}, the examples have {self.width}: "
                             "num_features and the data of training must be those of now")

    def at(self, rows, features):
        """The values of these features in these rows, which broadcast; 0 for what is not stored."""
        if not self.sparse:
            return self.dense.take(rows * self.width + features)
        place = features - self.width
        found = self._stored(rows * self.span + place, (place >= 0) & (place < self.span))
        if self.dense is not None:
            inside = place < 0
            found = np.where(inside, self.dense[rows, np.where(inside, features, 0)], found)
        return found

    def _stored(self, keys, valid):
        if not len(self.keys):
            return np.zeros(keys.shape, np.float32)
        places = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        same = valid & (self.keys[places] == keys)
        return np.where(same, self.values[places], np.float32(0))

    def draw(self, rows, seed):
        """A feature for each of these rows, and whether it is CATEGORICAL: any dense one, or of
        the sparse ones one that the row has."""
        wide = np.full(len(rows), self.width, np.int64)
        if self.sparse:
            wide += self.starts[rows + 1] - self.starts[rows]
        drawn = _below(wide, seed)
        if not self.sparse:
            return drawn, self.kinds[drawn]
        dense = drawn < self.width
        stored = self.starts[rows] + drawn - self.width
        features = np.where(dense, drawn, self._column(stored) + self.width)
        kinds = np.append(self.kinds, self.sparse_kind)[np.where(dense, drawn, len(self.kinds))]
        return features, kinds

    def _column(self, stored):
        if not len(self.columns):
            return np.zeros(len(stored), np.int64)
        return self.columns[np.clip(stored, 0, len(self.columns) - 1)]


def _below(limits, seed):
    """An integer below each limit, as TensorFlow's SimplePhilox draws them from a seed: a word
    that would make some numbers more likely is thrown away. A seed of 0 is any."""
    state = philox.seeded(seed, 0)
    words = philox.stream(state, len(limits) + SPARE).astype(np.int64)
    sizes = np.maximum(limits, 1)
    power = sizes & (sizes - 1) == 0
    least = np.where(power, 0, (2**32 - 1) % sizes + 1)
    if (words[: len(limits)] >= least).all():
        return words[: len(limits)] % sizes
    place, drawn = 0, []
    for size, low in zip(sizes.tolist(), least.tolist()):
        while words[place % len(words)] < low:
            place += 1
        drawn.append(int(words[place % len(words)]) % size)
        place += 1
    return np.array(drawn, np.int64)
