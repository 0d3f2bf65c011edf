"""split_dependency: several values of a checkpoint that are saved and restored together."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype
from minitf.core.trackable import Trackable, values
from minitf.train.object_graph import VALUE


def split_dependency(
    component_names, component_dtypes, fill_save_buffer_fn, consume_restore_buffer_fn, device
):
    """{name: object for a checkpoint} of values that one function gives and another takes.

    `fill_save_buffer_fn(dictionary)` puts a tensor for each name into it;
    `consume_restore_buffer_fn(dictionary)` gets all of them, and returns an operation in a graph.
    All the objects are to be below the one that is saved. Values are read and written on the CPU,
    whatever the `device`. AssertionError where some are missing.
    """
    full, restored = {}, {}
    return {
        name: _Component(name, dtype, full, restored, fill_save_buffer_fn,
                         consume_restore_buffer_fn, len(component_names))
        for name, dtype in zip(component_names, component_dtypes)
    }  # fmt: skip


class _Component(Trackable):
    """One of the values."""

    def __init__(self, name, dtype, full, restored, fill, consume, count):
        self._name, self._dtype, self._count = name, as_dtype(dtype), count
        self._full, self._restored, self._fill, self._consume = full, restored, fill, consume

    def save(self):
        """The tensor; the first one that is asked for makes all."""
        if self._name not in self._full:
            self._check(not self._full, "saved")
            self._fill(self._full)
        return self._full.pop(self._name)

    def restore(self, value):
        """The operation that takes all values, once the last one has come; None before."""
        self._check(self._name not in self._restored, "restored")
        value = np.asarray(value)
        self._restored[self._name] = convert_to_tensor(value, dtype=self._dtype)
        if len(self._restored) < self._count:
            return None
        operation = self._consume(dict(self._restored))
        self._restored.clear()
        return operation

    def _check(self, is_right, what):
        if not is_right:
            raise AssertionError(
                f"Split dependency {self._name} ({self}) unsynchronized. Split dependencies must "
                f"be {what} together."
            )


values.register(_Component, lambda component: {VALUE: component})
