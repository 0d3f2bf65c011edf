"""Labeled tensors of values, of other types, and of the same shape as others."""
import numpy as np

from minitf.contrib.labeled_tensor.axes import Axes, as_axis
from minitf.contrib.labeled_tensor.checks import optional
from minitf.contrib.labeled_tensor.moving import NAMES_AND_AXES
from minitf.contrib.labeled_tensor.tensor import (
    LABELED,
    NAME,
    SCALAR,
    LabeledTensor,
    labeled_op,
)
from minitf.core.constant import broadcast_constant
from minitf.core.dtypes import DType
from minitf.ops.array import basics
from minitf.ops.control_flow import control
from minitf.ops.math import elementwise
from minitf.ops.state import placeholder as placeholders

DTYPE = optional(DType)


@labeled_op("constant")
def constant(value: (np.ndarray, list, tuple, *SCALAR), dtype: DTYPE = None,
             axes: optional((Axes, NAMES_AND_AXES)) = None, name: NAME = None):  # fmt: skip
    """A constant: of the shape of `value` if an axis is given as a name only, else of the sizes of
    the axes. Without axes it is a scalar."""
    axes = list(axes.values() if isinstance(axes, Axes) else axes or ())
    shape = None
    if not any(isinstance(axis, str) for axis in axes):
        shape = [as_axis(axis).size for axis in axes]
    return LabeledTensor(broadcast_constant(value, dtype, shape, name), axes)


@labeled_op("placeholder")
def placeholder(dtype: DType, axes: NAMES_AND_AXES, name: NAME = None):
    """A placeholder; the size of an axis that is given as a name only is open."""
    axes = Axes([(axis, None) if isinstance(axis, str) else axis for axis in axes])
    sizes = [axis.size for axis in axes.values()]
    return LabeledTensor(placeholders.placeholder(dtype, sizes, name=name), axes)


@labeled_op("zeros_like")
def zeros_like(labeled_tensor: LABELED, dtype: DTYPE = None, name: NAME = None):
    """Zeros under the same axes."""
    zeros = basics.zeros_like(labeled_tensor.tensor, dtype=dtype, name=name)
    return LabeledTensor(zeros, labeled_tensor.axes)


@labeled_op("ones_like")
def ones_like(labeled_tensor: LABELED, dtype: DTYPE = None, name: NAME = None):
    """Ones under the same axes."""
    ones = basics.ones_like(labeled_tensor.tensor, dtype=dtype, name=name)
    return LabeledTensor(ones, labeled_tensor.axes)


@labeled_op("cast")
def cast(labeled_tensor: LABELED, dtype: DTYPE = None, name: NAME = None):
    """The values as another type."""
    values = elementwise.cast(labeled_tensor.tensor, dtype=dtype, name=name)
    return LabeledTensor(values, labeled_tensor.axes)


@labeled_op("verify_tensor_all_finite")
def verify_tensor_all_finite(labeled_tensor: LABELED, message: str, name: NAME = None):
    """The tensor, in a run InvalidArgumentError with `message` if a value is NaN or infinite."""
    verified = control.verify_tensor_all_finite(labeled_tensor.tensor, msg=message, name=name)
    return LabeledTensor(verified, labeled_tensor.axes)
