"""Sizes of states and outputs: a number, a TensorShape, or a tensor; and what is made of them."""
from minitf.core import nest
from minitf.core.constant import constant
from minitf.core.dtypes import int32
from minitf.core.static import constant_value
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape, as_shape, is_static
from minitf.ops.array.basics import shape, zeros
from minitf.ops.array.joining import concat
from minitf.ops.reduction.axes import expand_dims


def joined(prefix, suffix):
    """The vector [*prefix, *suffix] as a tensor. ValueError where a size is unknown."""
    first, _ = _size(prefix, "prefix")
    rest, _ = _size(suffix, "suffix")
    if first is None or rest is None:
        raise ValueError(f"Provided a prefix or suffix of None: {prefix} and {suffix}")
    return concat((first, rest), 0)


def joined_shape(prefix, suffix):
    """What is known before the run of the shape [*prefix, *suffix]."""
    _, first = _size(prefix, "prefix")
    _, rest = _size(suffix, "suffix")
    return TensorShape(first).concatenate(TensorShape(rest))


def _size(size, what):
    """(the size as a vector, None where unknown, what is known of it)."""
    if not isinstance(size, Tensor):
        known = as_shape(size)
        return (constant(list(known), int32) if is_static(known) else None), known
    value = constant_value(size)
    if size._shape == ():
        return expand_dims(size, 0), None if value is None else (int(value),)
    if len(size._shape or ()) != 1:
        raise ValueError(
            f"{what} tensor must be either a scalar or vector, but saw tensor: {size}"
        )
    return size, None if value is None else tuple(map(int, value))


def known_shape(size):
    """The shape that a size says, as far as it is known before the run."""
    return TensorShape(constant_value(size)) if isinstance(size, Tensor) else TensorShape(size)


def zero_states(state_size, batch_size, dtype):
    """Zeros [batch_size, *size] for each size in a nesting of them."""

    def of(size):
        made = zeros(joined(batch_size, size), dtype=dtype)
        made.set_shape(joined_shape(batch_size, size))
        return made

    return nest.map_structure(of, state_size)


def batch_size_of(inputs):
    """The size of axis 1 of the first of several tensors that knows it, else a scalar tensor.

    ValueError for one without an axis 1.
    """
    for tensor in inputs:
        sizes = tensor.shape._sizes
        if sizes is not None and len(sizes) < 2:
            raise ValueError(f"Expected input tensor {tensor} to have rank at least 2")
        if sizes is not None and sizes[1] is not None:
            return sizes[1]
    return shape(inputs[0])[1]


def dtype_of(dtype, state):
    """`dtype`, or else the type that all tensors of the state have.

    ValueError when they have several types, or there are none.
    """
    if dtype is not None:
        return dtype
    types = [tensor.dtype for tensor in nest.flatten(state)]
    if not types:
        raise ValueError("Unable to infer dtype from empty state.")
    if any(each != types[0] for each in types):
        raise ValueError("State has tensors of different inferred_dtypes. Unable to infer a "
                         "single representative dtype.")  # fmt: skip
    return types[0]
