"""Arithmetic on shapes that graphs of TensorFlow do for their gradients."""

import numpy as np

from minitf.core.dtypes import int32, int64
from minitf.core.literals import integer
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Repeat, TypeAttr

Sizes = TypeAttr("T", (int32, int64))
Sizes32 = TypeAttr("_", (int32,), static=True)


def _rank(sizes):
    return (None,)


@op("BroadcastGradientArgs", shape=lambda s0, s1: [_rank(s0), _rank(s1)], grad=NOT_DIFFERENTIABLE,
    host=True)  # fmt: skip
def broadcast_gradient_args(xp, s0: Sizes, s1: Sizes) -> [Sizes, Sizes]:
    """The axes that gradients are summed along, for each of two shapes that were broadcast."""
    rank = max(len(s0), len(s1))
    if np.array_equal(s0, s1):
        return [np.zeros(0, s0.dtype), np.zeros(0, s1.dtype)]
    padded = [np.concatenate([np.ones(rank - len(s), s.dtype), s]) for s in (s0, s1)]
    first, second = padded
    if ((first != second) & (first != 1) & (second != 1)).any():
        raise ValueError(f"Incompatible shapes: {s0.tolist()} vs. {s1.tolist()}")
    return [np.flatnonzero(sizes == 1).astype(s0.dtype) for sizes in padded]


def _offset_shapes(concat_dim, *shape, N):
    return [(None,) if sizes is None else (len(sizes),) for sizes in shape]


@op("ConcatOffset", shape=_offset_shapes, grad=NOT_DIFFERENTIABLE, host=True)
def concat_offset(
    xp, concat_dim: Sizes32, *shape: Sizes32, N
) -> Repeat(int32, "N"):  # fmt: skip
    """Where each of several tensors begins in what they are joined to along an axis."""
    rank, axis = len(shape[0]), integer(concat_dim)
    shape = [np.asarray(sizes, np.int32) for sizes in shape]
    if not -rank <= axis < rank:
        raise ValueError(f"Concat dim is out of range: {axis} vs. {rank}")
    axis %= rank
    for index, sizes in enumerate(shape[1:], 1):
        if np.delete(sizes, axis).tolist() != np.delete(shape[0], axis).tolist():
            raise ValueError(f"All dimensions except {axis} must match. Input {index} has shape "
                             f"{sizes} and doesn't match input 0 with shape "
                             f"{shape[0]}.")  # fmt: skip
    ends = np.cumsum([0, *(sizes[axis] for sizes in shape)])
    found = np.zeros((N, rank), np.int32)
    found[:, axis] = ends[:-1]
    return list(found)
