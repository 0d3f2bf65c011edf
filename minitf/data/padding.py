"""What `padded_batch` is given: the sizes to fill up to, and what to fill with."""

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int64, string, variant
from minitf.core.shape_rules import sizes
from minitf.core.tensor_shape import TensorShape


def shape_tensor(padded_shape, component_shape):
    """A vector of sizes, -1 for the largest of a batch. ValueError when components can be larger,
    TypeError when it is no vector of integers."""
    try:
        shape = TensorShape(padded_shape)
        listed = [-1 if size is None else size for size in shape.as_list()]
        tensor = convert_to_tensor(listed, dtype=int64)
    except (TypeError, ValueError):
        tensor = convert_to_tensor(padded_shape, preferred_dtype=int64)
        if tensor._shape is not None and len(tensor._shape) != 1:
            raise ValueError(
                f"Padded shape {padded_shape} must be a 1-D tensor of tf.int64 values, but its "
                f"shape was {tensor.shape}."
            ) from None
        if tensor.dtype != int64:
            raise TypeError(
                f"Padded shape {padded_shape} must be a 1-D tensor of tf.int64 values, but its "
                f"element type was {tensor.dtype.name}."
            ) from None
        shape = known_shape(tensor)
    if not _holds(shape, component_shape):
        raise ValueError(f"The padded shape {shape} is not compatible with the corresponding input "
                         f"component shape {component_shape}.")  # fmt: skip
    return tensor


def known_shape(tensor):
    """The shape that a vector of sizes says, as far as it is known; a run refuses those below -1.
    """
    if tensor._value is not None and min(tensor._value, default=0) >= -1:
        return TensorShape(sizes(tensor._value))
    rank = (tensor._shape or (None,))[0]
    return TensorShape(None if rank is None else [None] * rank)


def _holds(padded, component):
    if padded._sizes is None or component._sizes is None:
        return True
    pairs = list(zip(padded._sizes, component._sizes))
    same_rank = len(padded._sizes) == len(component._sizes)
    return same_rank and all(None in pair or pair[0] >= pair[1] for pair in pairs)


def value_tensor(value, dtype):
    """A scalar to fill with. ValueError for another shape, TypeError for another type."""
    tensor = convert_to_tensor(value, name="padding_value")
    if tensor._shape not in (None, ()):
        raise ValueError(f"Padding value should be a scalar, but is not: {tensor}")
    if tensor.dtype != dtype:
        raise TypeError(
            f"Padding value tensor ({tensor}) does not match output type: {dtype!r}"
        )
    return tensor


def default_value(dtype):
    """Zero, or an empty string. TypeError for datasets."""
    if dtype == variant:
        raise TypeError("Unable to create padding for field of type 'variant' because t.base_type "
                        "== dtypes.variant == tf.variant.")  # fmt: skip
    return "" if dtype == string else np.zeros((), dtype.as_numpy_dtype)
