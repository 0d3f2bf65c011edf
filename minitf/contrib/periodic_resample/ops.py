"""The ops that move elements of one axis into others: PeriodicResample and its gradient."""
import functools
import math

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.op import op
from minitf.core.schema import Float
from minitf.core.tensor_shape import as_shape


def _sizes(values, shape):
    """The sizes of the output. ValueError unless one of `shape` is open, and none is too small."""
    wanted = [None if n is None or n < 0 else int(n) for n in shape]
    if len(wanted) != len(values):
        raise ValueError("periodic_resample expects the rank of the input tensor and of shape to "
                         f"be the same, got {len(values)} and {len(wanted)}")  # fmt: skip
    if wanted.count(None) != 1:
        raise ValueError(f"periodic_resample expects one size of shape to be None, got {wanted}")
    for size, old in zip(wanted, values):
        if size is not None and size < old:
            raise ValueError("periodic_resample expects sizes that are not below those of the "
                             f"input {list(values)}, got {wanted}")  # fmt: skip
    fixed = math.prod(size for size in wanted if size is not None)
    if math.prod(values) < fixed:
        raise ValueError(f"periodic_resample: {list(values)} has not the elements for {wanted}")
    return tuple(math.prod(values) // fixed if size is None else size for size in wanted)


@functools.lru_cache(maxsize=64)
def _places(values, shape):
    """Where each element of the output is in the flat input."""
    sizes = _sizes(values, shape)
    free = next(i for i, size in enumerate(shape) if size is None or size < 0)
    at, offset, factor = list(np.indices(sizes)), 0, 1
    for i, size in enumerate(sizes):
        if i != free:
            parts = -(-size // values[i])
            offset = offset + factor * (at[i] % parts)
            at[i], factor = at[i] // parts, factor * parts
    at[free] = sizes[free] * offset + at[free]
    return np.ravel_multi_index(at, values)


def _resampled_shape(values, *, shape):
    if values is None or None in values:
        return tuple(None if n is None or n < 0 else int(n) for n in shape)
    return _sizes(values, shape)


@op("PeriodicResample", shape=_resampled_shape)
def periodic_resample_op(xp, values, *, shape):
    """The elements of one axis, dealt out to the others."""
    return values.reshape(-1)[xp.asarray(_places(values.shape, tuple(shape)))]


@op("PeriodicResampleOpGrad", shape=lambda grad, *, original_shape, desired_shape: original_shape)
def periodic_resample_grad(xp, grad: Float, *, original_shape, desired_shape):
    """The gradient by the values."""
    found = xp.zeros(math.prod(original_shape), grad.dtype)
    xp.add.at(found, xp.asarray(_places(tuple(original_shape), tuple(desired_shape))), grad)
    return found.reshape(original_shape)


@periodic_resample_grad.gradient
def _(y, dy, grad, *, original_shape, desired_shape):
    return (periodic_resample_op(dy, shape=desired_shape),)


@periodic_resample_op.gradient
def _(y, dy, values, *, shape):
    sizes = values.shape.as_list()
    return (periodic_resample_grad(dy, original_shape=tuple(sizes), desired_shape=shape),)


def periodic_resample(values, shape, name=None):
    """`values` with the sizes of `shape`, of which one is None: the elements of that axis are
    dealt out to the others, which become larger, as in a subpixel convolution.

    ValueError unless the rank is the same, one size is None, and the others are not smaller.
    """
    return periodic_resample_op(convert_to_tensor(values), shape=as_shape(shape), name=name)
