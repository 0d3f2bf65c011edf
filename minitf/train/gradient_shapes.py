"""A gradient has the shape of the variable that it changes."""

from minitf.core.graph import get_default_graph
from minitf.core.tensor_shape import as_shape, is_static
from minitf.ops.array.basics import ensure_shape
from minitf.ops.state.assign import same_shape


def of_shape(variable, grad, method):
    """The gradient that `method` applies; where its shape is not known, the run looks at it.

    ValueError for another shape than the variable's: broadcast it would train something else. A
    method that a program has of its own takes what it likes.
    """
    if not method.__module__.startswith("minitf.") or grad.dtype != variable.dtype.base_dtype:
        return grad  # of another type the method refuses it
    sizes = as_shape(variable.shape)
    same_shape(sizes, grad._shape)
    if is_static(grad._shape) or not is_static(sizes):
        return grad
    with get_default_graph()._counting(0):
        return ensure_shape(grad, sizes)
