"""NumpyState: arrays of NumPy's in a checkpoint."""
import io

import numpy as np

from minitf.core.trackable import Trackable, changed, edges_of
from minitf.train.experimental import PythonState


class NumpyState(Trackable):
    """An object whose attributes are arrays, which are saved and restored.

    Restoring makes attributes that are not there, and needs no session. NotImplementedError for
    attributes that are no arrays.
    """

    def __setattr__(self, name, value):
        if not isinstance(value, (np.ndarray, np.generic)):
            raise NotImplementedError(
                f"Assigned {value} to the {name} property of {self}, which is not a NumPy array. "
                "Currently mixing NumPy arrays and other trackable objects is not supported."
            )
        self._lookup_dependency(name).array = value
        changed()

    def __getattr__(self, name):
        if name in vars(self).get("_edges", ()):
            return edges_of(self)[name].array
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    def _lookup_dependency(self, name):
        """What holds the array of this name, made if it is not there."""
        return edges_of(self).setdefault(name, _Array())


class _Array(PythonState):
    """An array as the content of a .npy file."""

    array = np.array([])

    def serialize(self):
        file = io.BytesIO()
        np.save(file, self.array, allow_pickle=False)
        return file.getvalue()

    def deserialize(self, string_value):
        self.array = np.load(io.BytesIO(string_value), allow_pickle=False)
