"""`tf.keras.utils.HDF5Matrix`: a data set in a file, in place of an array."""
import numpy as np

from minitf.keras.saving.h5 import h5py


class HDF5Matrix:
    """The rows [start, end) of a data set in an HDF5 file; `normalizer` is applied to what is
    read. `fit` takes it with shuffle="batch". ImportError without h5py."""

    refs = {}  # noqa: RUF012  files that are open, by path

    def __init__(self, datapath, dataset, start=0, end=None, normalizer=None):
        if datapath not in self.refs:
            self.refs[datapath] = h5py().File(datapath, "r")
        self.data = self.refs[datapath][dataset]
        self.start, self.normalizer = start, normalizer
        self.end = self.data.shape[0] if end is None else end

    def __len__(self):
        return self.end - self.start

    def __getitem__(self, key):
        found = self.data[self._moved(key)]
        return found if self.normalizer is None else self.normalizer(found)

    def _moved(self, key):
        """Indices of rows, as those in the data set. IndexError beyond the end."""
        if isinstance(key, slice):
            start, stop = key.start or 0, len(self) if key.stop is None else key.stop
            if stop + self.start > self.end:
                raise IndexError(f"rows up to {stop} of {len(self)}")
            return slice(start + self.start, stop + self.start)
        if isinstance(key, (int, np.integer)):
            if key + self.start >= self.end:
                raise IndexError(f"row {key} of {len(self)}")
            return key + self.start
        rows = np.asarray(key)
        if rows.size and rows.max() + self.start >= self.end:
            raise IndexError(f"row {rows.max()} of {len(self)}")
        return (rows + self.start).tolist()

    @property
    def shape(self):
        return (len(self), *self.data.shape[1:])

    @property
    def dtype(self):
        return self.data.dtype

    @property
    def ndim(self):
        return self.data.ndim

    @property
    def size(self):
        return int(np.prod(self.shape))
