"""Reductions over groups of chosen rows: `tf.sparse_segment_sum`, ..."""
import numpy as np

from minitf.core.dtypes import float32, float64, int32
from minitf.core.literals import integer, length
from minitf.core.op import OpDef, op
from minitf.core.schema import Real, TypeAttr, static
from minitf.core.tensor_shape import merge, printed
from minitf.ops.array.at import apply_at
from minitf.ops.array.basics import ones, reshape, shape
from minitf.ops.array.indexing import Indices, _check_indices, gather_v2, unsorted_segment_sum
from minitf.ops.array.joining import concat
from minitf.ops.math.elementwise import maximum, reciprocal, rsqrt
from minitf.ops.reduction.segment_kernel import combined
from minitf.ops.reduction.segments import group_count

Picks = Indices._replace(attr="Tidx")
Averaged = TypeAttr("T", (float32, float64))
Count = static("Tnumsegments")

# -- kernels --------------------------------------------------------------------------------------


def _picked_shape(data, indices, segment_ids, *num_segments):
    merged = merge(indices, segment_ids)
    if merged is False or (merged is not None and len(merged) != 1):
        raise ValueError(f"indices {printed(indices)} and segment_ids {printed(segment_ids)} must "
                         "be vectors of the same length")  # fmt: skip
    if data is None:
        return None
    if not data:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    return (length(num_segments[0]) if num_segments else None, *data[1:])


def _checked_count(xp, data, indices, ids, num_segments=None):
    """How many groups there are. ValueError, or IndexError, for what does not fit."""
    _picked_shape(data.shape, indices.shape, ids.shape)
    _check_indices(xp, indices, data.shape[0])
    count = group_count(xp, ids)
    if num_segments is None:
        return count
    if count > integer(num_segments):
        raise ValueError(f"segment ids must be < num_segments, which is {num_segments}: got "
                         f"{count - 1}")  # fmt: skip
    return integer(num_segments)


def _quick(weight):
    """The trait of the kernel in C."""

    def quick(run, data, indices, ids, *num_segments):
        if weight and data.dtype.kind != "f":
            return None
        count = _checked_count(np, data, indices, ids, *num_segments)
        return combined(run, "old + update", data, ids, count, "0", weight, indices)

    return quick


def _summed(xp, data, indices, ids, num_segments=None):
    """(the sums, how many rows each has, at least 1)."""
    count = _checked_count(xp, data, indices, ids, num_segments)
    out = xp.zeros((count, *data.shape[1:]), data.dtype)
    apply_at(xp, "add", out, (ids,), data[indices])
    counts = xp.maximum(xp.bincount(ids, minlength=count), 1)
    return out, counts.reshape(-1, *(1,) * (data.ndim - 1)).astype(data.dtype)


def _sum(xp, total, counts):
    return total


def _mean(xp, total, counts):
    return total / counts


def _sqrt_n(xp, total, counts):
    return total / xp.sqrt(counts)


# -- gradients ------------------------------------------------------------------------------------


def _weights(segment_ids, count, dtype, weigh):
    """What each row of a segment counts for."""
    each = ones(shape(segment_ids), dtype=dtype)
    counts = unsorted_segment_sum(each, segment_ids, count)
    return weigh(maximum(counts, ones(shape(counts), dtype=dtype)))


def _flowing(dy, data, indices, segment_ids, weigh):
    if weigh is not None:
        sizes = shape(dy)
        weights = _weights(segment_ids, sizes[0], dy.dtype.base_dtype, weigh)
        dy = dy * reshape(weights, concat([[-1], ones(shape(sizes[1:]), int32)], 0))
    rows = gather_v2(dy, segment_ids, 0)
    return unsorted_segment_sum(rows, indices, shape(data)[0])


def _declared(type, types, finish, weigh, weight):
    """The op, and the one that is given the number of segments."""

    def kernel(xp, data, indices: Picks, segment_ids: int32):
        return finish(xp, *_summed(xp, data, indices, segment_ids))

    def counted(xp, data, indices: Picks, segment_ids: int32, num_segments: Count):
        return finish(xp, *_summed(xp, data, indices, segment_ids, num_segments))

    found = []
    for function, name in ((kernel, type), (counted, f"{type}WithNumSegments")):
        function.__annotations__ = {**function.__annotations__, "data": types, "return": types}
        definition: OpDef = op(name, shape=_picked_shape, quick=_quick(weight))(function)
        definition.gradient(_rule(weigh))
        found.append(definition)
    return found


def _rule(weigh):
    def rule(y, dy, data, indices, segment_ids, *count):
        rows = _flowing(dy, data, indices, segment_ids, weigh)
        return rows, None, None, *(None for _ in count)

    return rule


_PICKED = """

    As the reduction of `tf.gather(data, indices)` by the sorted `segment_ids`; there are
    `num_segments` of them when that is given. Groups without rows are zeros. Raises ValueError for
    shapes that do not fit; in the run, InvalidArgumentError for an index that is no row of `data`
    and for ids that fall.
    """


def _function(type, name, types, finish, weigh, weight, doc):
    plain, counted = _declared(type, types, finish, weigh, weight)

    def function(data, indices, segment_ids, name=None, num_segments=None):
        if num_segments is None:
            return plain(data, indices, segment_ids, name=name)
        return counted(data, indices, segment_ids, num_segments, name=name)

    function.__name__, function.__doc__ = name, doc + _PICKED
    return function


sparse_segment_sum = _function(
    "SparseSegmentSum", "sparse_segment_sum", Real, _sum, None, "",
    "Row i is the sum of the rows of `data` that `indices` name and whose id is i.",
)  # fmt: skip
sparse_segment_mean = _function(
    "SparseSegmentMean", "sparse_segment_mean", Averaged, _mean, reciprocal,
    "(TYPE)number",
    "Row i is the mean of the rows of `data` that `indices` name and whose id is i.",
)  # fmt: skip
sparse_segment_sqrt_n = _function(
    "SparseSegmentSqrtN", "sparse_segment_sqrt_n", Averaged, _sqrt_n, rsqrt,
    "(TYPE)sqrt((double)number)",
    "Row i is the sum of the rows of `data` that `indices` name and whose id is i, divided by the "
    "root of their number.",
)  # fmt: skip
