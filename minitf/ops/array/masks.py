"""What a condition picks: `tf.where`, `tf.boolean_mask`, `tf.sequence_mask`."""

import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import bool_, int64
from minitf.core.graph import name_scope
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.ragged import takes_ragged
from minitf.core.tensor_shape import num_elements
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat
from minitf.ops.array.sequences import range_op
from minitf.ops.math.elementwise import cast, cast_op, maximum, select
from minitf.ops.reduction.axes import expand_dims, squeeze
from minitf.ops.reduction.reduce import all_axes, max_op, prod_op


@op("Where", shape=lambda c: (None, None if c is None else len(c)), grad=NOT_DIFFERENTIABLE)
def where_op(xp, input) -> int64:
    """The places of the elements that are true, or not zero, one a row."""
    if not input.ndim:
        raise ValueError("WhereOp: Unhandled input dimensions: 0")
    if xp is not np or input.ndim == 1 or not input.size:
        return xp.argwhere(input).astype(np.int64, copy=False)
    # Twice as fast: the places along the last axis, and as many copies of those of their row.
    rows = input.reshape(-1, input.shape[-1])
    found, counts = np.flatnonzero(rows), np.count_nonzero(rows, 1)
    places = np.empty((found.size, input.ndim), np.int64)
    numbers = np.arange(len(rows))
    for axis, number in enumerate(np.unravel_index(numbers, input.shape[:-1])):
        places[:, axis] = np.repeat(number, counts)
    places[:, -1] = found - np.repeat(numbers * rows.shape[1], counts)
    return places


@takes_ragged
def where(condition, x=None, y=None, name=None):
    """`x` where `condition` holds and `y` elsewhere; with `condition` alone, the places it holds.

    `x` and `y` are of one shape; `condition` too, or a vector that chooses whole rows. ValueError
    when only one of them is given.
    """
    if x is None and y is None:
        with name_scope(name, "Where", [condition]) as scope:
            condition = convert_to_tensor(condition, preferred_dtype=bool_, name="condition")
            return where_op(condition, name=scope)
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    return select(condition, x, y, name=name)


def boolean_mask(tensor, mask, name="boolean_mask", axis=None):
    """The elements (or slices) of `tensor` where `mask` is true, one after the other.

    `mask` covers the axes from `axis` (0) on; its rank must be known. ValueError when the shapes
    do not fit.
    """
    with name_scope(name, values=[tensor, mask]):
        tensor = convert_to_tensor(tensor, name="tensor")
        mask = convert_to_tensor(mask, name="mask")
        axis, masked = 0 if axis is None else axis, _mask_rank(mask)
        static = tensor.shape
        static[axis : axis + masked].assert_is_compatible_with(mask.shape)
        leading = prod_op(shape(tensor)[axis : axis + masked], [0])
        sizes = concat([shape(tensor)[:axis], [leading], shape(tensor)[axis + masked :]], 0)
        tensor = reshape(tensor, sizes)
        first = num_elements(static[axis : axis + masked]._sizes)
        tensor.set_shape(static[:axis].concatenate([first]).concatenate(static[axis + masked :]))
        indices = squeeze(where(reshape(mask, [-1])), axis=[1])
        return gather(tensor, indices, axis=axis)


def _mask_rank(mask):
    if mask._shape is None:
        raise ValueError("Number of mask dimensions must be specified, even if some dimensions are "
                         "None. E.g. shape=[None] is ok, but shape=None is not.")  # fmt: skip
    if not mask._shape:
        raise ValueError("mask cannot be scalar.")
    return len(mask._shape)


def sequence_mask(lengths, maxlen=None, dtype=bool_, name=None):
    """Row i is true in its first `lengths[i]` of `maxlen` places (the greatest length)."""
    with name_scope(name, "SequenceMask", [lengths, maxlen]):
        lengths = convert_to_tensor(lengths)
        if maxlen is None:
            maxlen = max_op(lengths, all_axes(lengths))
            maxlen = maximum(constant(0, maxlen.dtype), maxlen)
        else:
            maxlen = convert_to_tensor(maxlen)
        if maxlen._shape:
            raise ValueError("maxlen must be scalar for sequence_mask")
        row = range_op(constant(0, maxlen.dtype), maxlen, constant(1, maxlen.dtype))
        result = row < cast_op(expand_dims(lengths, -1), DstT=maxlen.dtype.base_dtype)
        return result if dtype is None else cast(result, dtype)
