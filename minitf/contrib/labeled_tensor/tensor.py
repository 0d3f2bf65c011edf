"""LabeledTensor: a tensor, and what its axes are. Its operators are given to it in
elementwise.py."""
import functools
import inspect
import numbers

import numpy as np

from minitf.contrib.labeled_tensor.axes import AXIS, Axes, listed
from minitf.contrib.labeled_tensor.checks import checked, each, optional
from minitf.core.convert import convert_to_tensor, register_tensor_conversion_function
from minitf.core.graph import name_scope
from minitf.core.tensor import Tensor


class LabeledTensor:
    """A tensor whose axes have names, and some also a label for each place.

    `axes` are Axes, or a collection of names, (name, value) and Axis objects. ValueError unless
    there are as many as the tensor has, of its sizes.
    """

    @checked
    def __init__(self, tensor: Tensor, axes: (Axes, each((str, AXIS)))):
        shape = tensor.shape
        if not isinstance(axes, Axes):
            axes = Axes([(axis, shape[i]) if isinstance(axis, str) else axis
                         for i, axis in enumerate(axes)])  # fmt: skip
        if len(shape) != len(axes):
            raise ValueError(
                f"Tensor rank was not equal to the number of axes: {shape!r}, {axes!r}"
            )
        for dimension, axis in zip(shape, axes.values()):
            if not dimension.is_compatible_with(axis.dimension):
                raise ValueError(f"Provided axis size {axis.size} does not match tensor dimension "
                                 f"size {dimension} in tensor {tensor!r}")  # fmt: skip
        self._tensor, self._axes = tensor, axes

    tensor = property(lambda self: self._tensor)
    axes = property(lambda self: self._axes)
    dtype = property(lambda self: self._tensor.dtype)
    shape = property(lambda self: self._tensor.shape)
    name = property(lambda self: self._tensor.name)

    def get_shape(self):
        """The shape of the tensor."""
        return self.shape

    def _as_graph_element(self):
        return self.tensor

    def __repr__(self):
        return (
            f"<{type(self).__name__} '{self.name}' shape={self.shape} dtype={self.dtype.name}\n"
            f" axes=[{listed(self.axes, len(' axes=['))}]>"
        )

    def __eq__(self, other):
        same = isinstance(other, LabeledTensor) and self.tensor is other.tensor
        return same and self.axes == other.axes

    def __hash__(self):
        return hash((self.tensor, self.axes))

    def __pos__(self):
        return self


def _as_tensor(value, dtype=None, name=None, as_ref=False):
    return convert_to_tensor(value.tensor, dtype=dtype, name=name, as_ref=as_ref)


register_tensor_conversion_function(LabeledTensor, _as_tensor)

SCALAR = (numbers.Number, bool, bytes, str)
LABELED = (LabeledTensor, Tensor, np.ndarray, *SCALAR)
ALL_LABELED = each(LABELED)
NAME = optional(str)
_CONVERTED = {
    LABELED: lambda value: convert_to_labeled_tensor(value),
    ALL_LABELED: lambda values: [convert_to_labeled_tensor(value) for value in values],
}


@checked
def convert_to_labeled_tensor(value: LABELED, dtype=None, name: NAME = None):
    """A LabeledTensor, of itself, or of a scalar, array or tensor that has no axes: of others it is
    left open what these are (ValueError)."""
    axes = list(value.axes.values()) if isinstance(value, LabeledTensor) else []
    tensor = convert_to_tensor(value, dtype=dtype, name=name)
    if len(tensor.shape) != len(axes):
        raise ValueError("cannot automatically convert unlabeled arrays or tensors with rank>0 "
                         f"into LabeledTensors: {value!r}")  # fmt: skip
    return LabeledTensor(tensor, axes)


def labeled_op(op_name):
    """A decorator: the arguments of an op are looked at, those whose kind is LABELED or ALL_LABELED
    become labeled tensors, and `name` becomes the scope that is opened for it."""

    def decorated(function):
        signature = inspect.signature(function)
        converted = {name: _CONVERTED[each.annotation]
                     for name, each in signature.parameters.items()
                     if each.annotation in _CONVERTED}  # fmt: skip

        @checked
        @functools.wraps(function)
        def op(*args, **kwargs):
            given = signature.bind(*args, **kwargs)
            given.apply_defaults()
            asked = given.arguments
            values = [asked[name] for name in converted]
            several = values[0] if values and isinstance(values[0], (list, tuple)) else values
            with name_scope(asked["name"], f"lt_{op_name}", several) as scope:
                for name, convert in converted.items():
                    asked[name] = convert(asked[name])
                return function(**{**asked, "name": scope})

        return op

    return decorated
