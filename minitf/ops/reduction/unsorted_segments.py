"""Reductions over groups of rows in any order: `tf.unsorted_segment_max`, ..."""
import numpy as np

from minitf.core import native_scatter
from minitf.core.cuda.threads import NUMBERS, each, scatter, several
from minitf.core.dtypes import int32
from minitf.core.literals import integer
from minitf.core.op import op
from minitf.core.schema import Numeric, Real
from minitf.ops.array.at import apply_at
from minitf.ops.array.basics import ones_like, zeros_like
from minitf.ops.array.indexing import (
    Indices,
    Segments,
    _check_indices,
    _segmented,
    for_rows,
    gather_v2,
    unsorted_segment_sum,
)
from minitf.ops.array.rearrange import select_v2
from minitf.ops.math.elementwise import cast, conj, equal, greater, greater_equal, maximum


def _gathered(xp, data, segment_ids, count):
    """(the rows that have a group, their groups)."""
    ids = segment_ids.reshape(-1)
    rows = data.reshape(ids.size, *data.shape[segment_ids.ndim :])
    if ids.size and xp.min(ids).item() < 0:
        rows, ids = rows[ids >= 0], ids[ids >= 0]
    _check_indices(xp, ids, count)
    return rows, ids


def _combined(xp, ufunc, data, segment_ids, num_segments, start):
    rows, ids = _gathered(xp, data, segment_ids, integer(num_segments))
    out = xp.full((integer(num_segments), *rows.shape[1:]), start, data.dtype)
    apply_at(xp, ufunc, out, (ids,), rows)
    return out


def _launches(combined, start):
    """Those in CUDA: `start` gives the value of an empty group, given the type."""

    def cuda(inputs, outputs):
        inputs, dtype = inputs[:2], outputs[0].dtype
        if dtype.name not in NUMBERS:
            return None
        filled = each(inputs, outputs, _written(start(dtype), dtype))
        return several(filled, scatter(combined, inputs, outputs, indices=1, updates=0))

    return cuda


def _native(combined, start):
    """The trait of the kernel in C."""

    def native(inputs, outputs):
        dtype = outputs[0].dtype
        return native_scatter.scatter(combined, inputs[:2], outputs, indices=1, updates=0,
                                      start=_written(start(dtype), dtype), drops=True)  # fmt: skip

    return native


def _traits(combined, start):
    return {"cuda": _launches(combined, start), "native": _native(combined, start), "fails": True}


def _written(value, dtype):
    """A number in C, which has no word for the least of 64 bits."""
    if dtype.kind == "i" and value < 0:
        return f"(T)(-{-(int(value) + 1)}LL - 1)"
    return f"(T){int(value)}ULL" if dtype.kind in "iu" else f"(T){float(value)!r}"


def _least(dtype):
    return np.finfo(dtype).min if dtype.kind == "f" else np.iinfo(dtype).min


def _greatest(dtype):
    return np.finfo(dtype).max if dtype.kind == "f" else np.iinfo(dtype).max


@op("UnsortedSegmentMax", shape=_segmented, **_traits("larger(old, update)", _least))
def unsorted_segment_max(xp, data: Real, segment_ids: Indices, num_segments: Segments):
    """Row i is the greatest of the rows of `data` whose id is i; a negative id drops.

    Where there is none it is the least number of the type. An id that is too great raises
    InvalidArgumentError in the run; on a GPU it drops.
    """
    return _combined(xp, "maximum", data, segment_ids, num_segments, _least(data.dtype))


@op("UnsortedSegmentMin", shape=_segmented, **_traits("smaller(old, update)", _greatest))
def unsorted_segment_min(xp, data: Real, segment_ids: Indices, num_segments: Segments):
    """Row i is the least of the rows of `data` whose id is i; a negative id drops.

    Where there is none it is the greatest number of the type. An id that is too great raises
    InvalidArgumentError in the run; on a GPU it drops.
    """
    return _combined(xp, "minimum", data, segment_ids, num_segments, _greatest(data.dtype))


@op("UnsortedSegmentProd", shape=_segmented, **_traits("old * update", lambda dtype: 1))
def unsorted_segment_prod(xp, data: Numeric, segment_ids: Indices, num_segments: Segments):
    """Row i is the product of the rows of `data` whose id is i; a negative id drops.

    Where there is none it is one. An id that is too great raises InvalidArgumentError in the run;
    on a GPU it drops.
    """
    return _combined(xp, "multiply", data, segment_ids, num_segments, 1)


# -- gradients ------------------------------------------------------------------------------------


def _of_rows(params, data, segment_ids):
    """For each row what its group has; whether it has a group, in the shape of `data`."""
    zero = zeros_like(segment_ids)
    kept = greater_equal(segment_ids, zero)
    return gather_v2(params, maximum(segment_ids, zero), 0), for_rows(kept, data)


@unsorted_segment_max.gradient
@unsorted_segment_min.gradient
def _(y, dy, data, segment_ids, num_segments):
    """Those that are equal to the extreme share its gradient."""
    extreme, kept = _of_rows(y, data, segment_ids)
    chosen = cast(equal(data, extreme), dy.dtype) * cast(kept, dy.dtype)
    counts = unsorted_segment_sum(chosen, segment_ids, num_segments)
    share, _ = _of_rows(dy / maximum(counts, ones_like(counts)), data, segment_ids)
    return chosen * share, None, None


@unsorted_segment_prod.gradient
def _(y, dy, data, segment_ids, num_segments):
    """The product of the others: of all but the zeros, where this is the only zero."""
    zero = equal(data, zeros_like(data))
    zeros = unsorted_segment_sum(cast(zero, int32), segment_ids, num_segments)
    rest = select_v2(zero, np.ones((), dy.dtype.numpy), data)
    rest = unsorted_segment_prod(rest, segment_ids, num_segments)
    dy = select_v2(greater(zeros, ones_like(zeros)), np.zeros((), dy.dtype.numpy), dy)
    nonzero, kept = _of_rows(rest, data, segment_ids)
    whole, _ = _of_rows(y, data, segment_ids)
    safe = select_v2(zero, np.ones((), dy.dtype.numpy), data)
    others = select_v2(zero, nonzero, whole / safe)
    flowing, _ = _of_rows(dy, data, segment_ids)
    return flowing * conj(others) * cast(kept, dy.dtype), None, None
