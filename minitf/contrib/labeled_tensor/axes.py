"""The axes of a labeled tensor: each has a name, and a size or labels."""
from collections.abc import Mapping

import numpy as np

from minitf.contrib.labeled_tensor.checks import checked, each, optional, pair
from minitf.core.tensor_shape import Dimension

LABELS = (np.ndarray, range, list, tuple)
AXIS_VALUE = (*LABELS, optional((Dimension, int)))


class Axis:
    """The name of an axis, and either its size, a Dimension, or a tuple of labels, which are
    unique."""

    @checked
    def __init__(self, name: str, value: AXIS_VALUE):
        has_size = value is None or isinstance(value, (Dimension, int))
        self._name = name
        self._dimension = Dimension(value if has_size else len(value))
        self._labels = () if self._dimension.value == 0 else None if has_size else tuple(value)
        self._index = None
        if self._labels is not None:
            self._index = {label: position for position, label in enumerate(self._labels)}
            if len(self._index) != len(self._labels):
                raise ValueError(f"Tick labels must be unique, but got {self._labels}")

    name = property(lambda self: self._name)
    dimension = property(lambda self: self._dimension)
    size = property(lambda self: self._dimension.value)
    labels = property(lambda self: self._labels)

    @property
    def value(self):
        """The labels, or the Dimension of an axis without."""
        return self.dimension if self.labels is None else self.labels

    def index(self, value):
        """The position of a label."""
        if self._index is None:
            raise ValueError("Axis does not have tick labels")
        return self._index[value]

    def __repr__(self):
        return f"{type(self).__name__}('{self.name}', {self.value!r})"

    def __eq__(self, other):
        return isinstance(other, Axis) and self._key() == other._key()

    def __hash__(self):
        return hash(self._key())

    def __len__(self):
        if self.size is None:
            raise ValueError(f"axis {self.name!r} has unknown length")
        return self.size

    def _key(self):
        return self.name, self.size, self.labels


AXIS = (Axis, pair(str, AXIS_VALUE))  # what as_axis takes


@checked
def as_axis(axis_data: AXIS):
    """An Axis, of itself or of a pair (name, value)."""
    return axis_data if isinstance(axis_data, Axis) else Axis(*axis_data)


class Axes(Mapping):
    """Axes by name, in order."""

    @checked
    def __init__(self, axes: each(AXIS, list)):
        self._axes = {}
        for axis in map(as_axis, axes):
            if axis.name in self._axes:
                raise ValueError(f"Duplicate axis name: {axis.name}")
            self._axes[axis.name] = axis

    @checked
    def __getitem__(self, name: str):
        return self._axes[name]

    def __contains__(self, name):
        return name in self._axes

    def __iter__(self):
        return iter(self._axes)

    def __len__(self):
        return len(self._axes)

    def __hash__(self):
        return hash(tuple(self.items()))

    def __repr__(self):
        name = type(self).__name__
        return f"{name}([{listed(self, len(name) + 2)}])"

    @checked
    def remove(self, axis_name: str):
        """Axes without this one."""
        if axis_name not in self:
            raise KeyError(axis_name)
        return Axes([axis for axis in self.values() if axis.name != axis_name])


def listed(axes, indent):
    """The axes as they are shown, each on a line."""
    lines = [f"('{axis.name}', {axis.value!r})" for axis in axes.values()]
    return (",\n" + " " * indent).join(lines)


@checked
def concat_axes(axes: each(Axis)):
    """One axis in place of several of the same name: with all their labels, or of their size."""
    if not axes:
        raise ValueError("axes must not be empty")
    names = {axis.name for axis in axes}
    if len(names) > 1:
        raise ValueError(f"axes do not all have the same name: {names}")
    if all(axis.labels is not None for axis in axes):
        return Axis(*names, tuple(label for axis in axes for label in axis.labels))
    known = all(axis.size is not None for axis in axes)
    return Axis(*names, sum(axis.size for axis in axes) if known else None)
