"""Reductions over groups of rows: `tf.segment_sum`, `tf.unsorted_segment_mean`, ..."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.op import op
from minitf.core.ragged import takes_ragged
from minitf.core.schema import Numeric, Real
from minitf.core.tensor_shape import merge, printed
from minitf.ops.array.at import grouped
from minitf.ops.array.basics import ones, ones_like, reshape, shape
from minitf.ops.array.indexing import Indices, gather, unsorted_segment_sum
from minitf.ops.array.joining import concat
from minitf.ops.math.elementwise import cast, equal, maximum, sqrt
from minitf.ops.reduction.segment_kernel import combined

# -- sorted ids -----------------------------------------------------------------------------------


def _segment_shape(data, segment_ids):
    if segment_ids is not None and len(segment_ids) != 1:
        raise ValueError(f"segment_ids must be a vector, got {printed(segment_ids)}")
    if data is None:
        return None
    if merge(data[:1], segment_ids) is False:
        raise ValueError(f"segment_ids {printed(segment_ids)} must have an id for each row of "
                         f"{printed(data)}")  # fmt: skip
    return (None, *data[1:])


def _reduced(xp, ufunc, data, ids, empty):
    """One reduceat over the rows; groups that are not there get `empty`.

    CuPy has it for sums only: the others are computed on the host.
    """
    count = group_count(xp, ids)
    out = xp.full((count, *data.shape[1:]), empty, data.dtype)
    if ids.size:
        starts = xp.flatnonzero(xp.concatenate([xp.ones(1, bool), ids[1:] != ids[:-1]]))
        out[ids[starts]] = grouped(xp, ufunc, data, starts)
    return out


def group_count(xp, ids):
    """How many groups sorted ids have. ValueError when they are not sorted, or negative."""
    if not ids.size:
        return 0
    first, count = ids[0].item(), ids[-1].item() + 1
    if count <= 0:
        raise ValueError(f"segment ids must be >= 0: the last one is {count - 1}")
    if xp.any(ids[1:] < ids[:-1]).item():
        raise ValueError("segment ids are not increasing: tf.unsorted_segment_sum and its kin take "
                         "them in any order")  # fmt: skip
    if first < 0:
        raise ValueError(f"Segment id {first} out of range [0, {count})")
    return count


def _quick(how, empty, weight=""):
    """The trait of the kernel in C."""

    def quick(run, data, segment_ids):
        if weight and data.dtype.kind != "f":
            return None
        count = group_count(np, segment_ids)
        return combined(run, how, data, segment_ids, count, empty, weight)

    return quick


@op("SegmentSum", shape=_segment_shape, quick=_quick("old + update", "0"))
def segment_sum(xp, data: Numeric, segment_ids: Indices):
    """Row i is the sum of the rows of `data` whose id is i; the ids are sorted."""
    return _reduced(xp, xp.add, data, segment_ids, 0)


segment_sum.gradient(lambda y, dy, data, segment_ids: (gather(dy, segment_ids), None))


@op("SegmentProd", shape=_segment_shape, host=True, quick=_quick("old * update", "1"))
def segment_prod(xp, data: Numeric, segment_ids: Indices):
    """Row i is the product of the rows of `data` whose id is i; the ids are sorted."""
    return _reduced(xp, xp.multiply, data, segment_ids, 1)


@op("SegmentMean", shape=_segment_shape, quick=_quick("old + update", "0", "(TYPE)number"))
def segment_mean(xp, data: Numeric, segment_ids: Indices):
    """Row i is the mean of the rows of `data` whose id is i; the ids are sorted."""
    totals = _reduced(xp, xp.add, data, segment_ids, 0)
    counts = xp.maximum(xp.bincount(segment_ids, minlength=len(totals)), 1)
    counts = counts.reshape(-1, *(1,) * (data.ndim - 1))
    if data.dtype.kind == "f":
        return xp.true_divide(totals, counts.astype(data.dtype), out=totals)
    return (totals / counts).astype(data.dtype)


@segment_mean.gradient
def _(y, dy, data, segment_ids):
    counts = segment_sum(ones(shape(segment_ids), dtype=dy.dtype.real_dtype), segment_ids)
    after = ones_like(shape(y)[1:])
    counts = reshape(maximum(counts, ones_like(counts)), concat([[-1], after], 0))
    return gather(dy / cast(counts, dy.dtype), segment_ids), None


@op("SegmentMax", shape=_segment_shape, host=True, quick=_quick("larger(old, update)", "0"))
def segment_max(xp, data: Real, segment_ids: Indices):
    """Row i is the greatest of the rows of `data` whose id is i; the ids are sorted."""
    return _reduced(xp, xp.maximum, data, segment_ids, 0)


@op("SegmentMin", shape=_segment_shape, host=True, quick=_quick("smaller(old, update)", "0"))
def segment_min(xp, data: Real, segment_ids: Indices):
    """Row i is the least of the rows of `data` whose id is i; the ids are sorted."""
    return _reduced(xp, xp.minimum, data, segment_ids, 0)


@segment_max.gradient
@segment_min.gradient
def _(y, dy, data, segment_ids):
    """Those that are equal to the extreme share its gradient."""
    chosen = cast(equal(data, gather(y, segment_ids)), dy.dtype)
    share = dy / maximum(segment_sum(chosen, segment_ids), ones_like(dy))
    return chosen * gather(share, segment_ids), None


# -- unsorted ids ---------------------------------------------------------------------------------


def _counts(data, segment_ids, num_segments):
    """How many rows each segment has, at least 1, ready to divide by."""
    each = ones(shape(segment_ids), dtype=data.dtype)
    counts = unsorted_segment_sum(each, segment_ids, num_segments)
    extra = len(data._shape) - len(segment_ids._shape)
    return maximum(reshape(counts, [-1] + [1] * extra), np.ones((), data.dtype.numpy))


@takes_ragged
def unsorted_segment_mean(data, segment_ids, num_segments, name=None):
    """Row i is the mean of the rows of `data` whose id is i; 0 where there is none."""
    with name_scope(name, "UnsortedSegmentMean"):
        data, segment_ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
        counts = _counts(data, segment_ids, num_segments)
        return unsorted_segment_sum(data, segment_ids, num_segments) / counts


@takes_ragged
def unsorted_segment_sqrt_n(data, segment_ids, num_segments, name=None):
    """Row i is the sum of the rows of `data` whose id is i, divided by the root of their number."""
    with name_scope(name, "UnsortedSegmentSqrtN"):
        data, segment_ids = convert_to_tensor(data), convert_to_tensor(segment_ids)
        counts = _counts(data, segment_ids, num_segments)
        return unsorted_segment_sum(data, segment_ids, num_segments) / sqrt(counts)
