"""What is different: `tf.unique`, `tf.unique_with_counts`, `tf.setdiff1d`, and slices."""
from typing import Any, NamedTuple

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, int32
from minitf.core.kernel import Kernel
from minitf.core.literals import vector
from minitf.core.op import op
from minitf.core.schema import Attr, T, static
from minitf.core.tensor_shape import printed

INTEGERS = {np.dtype(name): f"{name}_t" for name in (
    "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")}  # fmt: skip


def _vector(x):
    if x is not None and len(x) != 1:
        raise ValueError(f"Shape must be rank 1 but is rank {len(x)}: {printed(x)}")


def _unique_shape(x, *, out_idx):
    _vector(x)
    return [(None,), x]


def _numbered(xp, x):
    """(the places of the first of each, which one each element is, how often each is there)."""
    _vector(x.shape)
    if xp is np and x.size:
        found = _by_dictionary(x) if x.dtype == object else _by_table(x)
        if found is not None:
            return found
    _, first, inverse, counts = xp.unique(
        x, return_index=True, return_inverse=True, return_counts=True, equal_nan=False
    )
    order = xp.argsort(first)
    places = xp.argsort(order)
    return first[order], places[inverse.reshape(-1)], counts[order]


def _by_dictionary(x):
    """The same of strings, which takes no sort."""
    known = {}
    places = np.array([known.setdefault(text, len(known)) for text in x.tolist()], np.int64)
    return _first_of_each(places, len(known)), places, np.bincount(places)


def _by_table(x):
    """The same of integers that are close together; None of others."""
    if x.dtype.kind not in "iu":
        return None
    least = x.min()
    span = int(x.max()) - int(least) + 1
    if span > 4 * x.size + 1000:
        return None
    values = (x - least if x.dtype.kind == "u" else x.astype(np.int64) - least).astype(np.int64)
    first = _first_of_each(values, span)
    there = np.flatnonzero(first < x.size)
    there = there[np.argsort(first[there])]
    number = np.empty(span, np.int64)
    number[there] = np.arange(len(there))
    return first[there], number[values], np.bincount(values, minlength=span)[there]


def _first_of_each(values, count):
    """Where each of 0 ... count - 1 stands first; the length of `values` where it does not."""
    first = np.full(count, len(values))
    first[values[::-1]] = np.arange(len(values))[::-1]  # of equals the last assignment stays
    return first


@op("Unique", shape=_unique_shape, by_rows="distinct")
def unique_op(xp, x, *, out_idx=int32) -> [T, Attr("out_idx")]:
    """The different elements in the order of their first appearance, and which one each is."""
    first, places, _ = _numbered(xp, x)
    return [x[first], places.astype(out_idx.numpy)]


# A table of the places of what has been seen, by the high bits of a product.
TABLE = """\
static void NAME(const int64_t *n, void *const *p) {
  const TYPE *x = p[0];
  int64_t *table = p[1], *first = p[2], *count = p[4], found = 0;
  INDEX *place = p[3];
  for (int64_t i = 0; i < n[0]; i++) {
    uint64_t at = (uint64_t)x[i] * 0x9E3779B97F4A7C15u >> n[1];
    while (table[at] && x[first[table[at] - 1]] != x[i]) at = (at + 1) & n[2];
    if (!table[at]) first[found] = i, count[found] = 0, table[at] = ++found;
    count[table[at] - 1]++;
    place[i] = (INDEX)(table[at] - 1);
  }
  *(int64_t *)p[5] = found;
}
"""


def _numbered_by(run, x, out_idx):
    """What `_numbered` gives, of integers; None of others."""
    if x.ndim != 1 or x.dtype not in INTEGERS:
        return None
    bits = max(1, int(2 * x.size).bit_length())
    first, counts = np.empty((2, x.size), np.int64)
    places, found = np.empty(x.size, out_idx.numpy), np.zeros(1, np.int64)
    text = TABLE.replace("TYPE", INTEGERS[x.dtype])
    text = text.replace("INDEX", INTEGERS[places.dtype])
    table = np.zeros(1 << bits, np.int64)
    run(Kernel(text, (x.size, 64 - bits, (1 << bits) - 1)), x, table, first, places, counts, found)
    number = found.item()
    return x[first[:number]], places, counts[:number].astype(out_idx.numpy)


@unique_op.trait
def quick(run, x, *, out_idx):
    found = _numbered_by(run, x, out_idx)
    return found and [*found[:2]]


class Unique(NamedTuple):
    """What `tf.unique` returns."""

    y: Any
    idx: Any


def unique(x, out_idx=int32, name=None):
    """(y, idx): the different elements of the vector `x`, and `x == y[idx]`."""
    return Unique(*unique_op(x, out_idx=as_dtype(out_idx), name=name))


def _counted_shape(x, *, out_idx):
    _vector(x)
    return [(None,), x, (None,)]


@op("UniqueWithCounts", shape=_counted_shape)
def unique_with_counts_op(xp, x, *, out_idx=int32) -> [T, Attr("out_idx"), Attr("out_idx")]:
    """As Unique, and how often each different element is there."""
    first, places, counts = _numbered(xp, x)
    return [x[first], places.astype(out_idx.numpy), counts.astype(out_idx.numpy)]


@unique_with_counts_op.trait
def quick(run, x, *, out_idx):  # noqa: F811  as that of the other one
    found = _numbered_by(run, x, out_idx)
    return found and [*found]


class UniqueWithCounts(NamedTuple):
    """What `tf.unique_with_counts` returns."""

    y: Any
    idx: Any
    count: Any


def unique_with_counts(x, out_idx=int32, name=None):
    """(y, idx, count): as `tf.unique`, and how often each of `y` is in `x`."""
    return UniqueWithCounts(*unique_with_counts_op(x, out_idx=as_dtype(out_idx), name=name))


# -- along an axis --------------------------------------------------------------------------------


def _slices_shape(x, axis, *, out_idx):
    if x is None:
        return [None, (None,)]
    try:
        along = _along(len(x), tuple(np.ravel(axis).tolist()))
    except (TypeError, ValueError):  # of an axis that is not known, or wrong: a run says so
        return [(None,) * len(x), (None,)]
    return [tuple(None if i == along else size for i, size in enumerate(x)), (x[along],)]


def _along(rank, axes):
    """Which axis is meant: that of a vector, if none is named."""
    if len(axes) > 1:
        raise ValueError("Unique: axis does not support input tensors larger than 1 elements, got "
                         f"{list(axes)}")  # fmt: skip
    if not axes and rank != 1:
        raise ValueError(f"Unique expects a 1D vector where no axis is named, got rank {rank}")
    axis = int(axes[0]) if axes else 0
    if not -rank <= axis < rank:
        raise ValueError(f"Unique: axis has to be between [0, {rank}), got {axis}")
    return axis % rank


def _different(x, axis):
    """(the different slices, which one each slice is, how often each is there)."""
    along = _along(x.ndim, vector(axis))
    slices = np.moveaxis(x, along, 0)
    rows = _numbered(np, slices.reshape(-1))[1].reshape(len(slices), -1 if slices.size else 0)
    known = {}
    places = np.array([known.setdefault(row.tobytes(), len(known)) for row in rows], np.intp)
    first = np.searchsorted(np.maximum.accumulate(places), np.arange(len(known)))
    return np.take(x, first, along), places, np.bincount(places, minlength=len(known))


@op("UniqueV2", shape=_slices_shape, host=True)
def unique_v2_op(xp, x, axis: static("Taxis"), *, out_idx=int32) -> [T, Attr("out_idx")]:
    """The different slices along an axis in the order of their first appearance, and which one each
    is."""
    found, places, _ = _different(x, axis)
    return [xp.asarray(found), xp.asarray(places.astype(out_idx.numpy))]


def _counted_slices_shape(x, axis, *, out_idx):
    return [*_slices_shape(x, axis, out_idx=out_idx), (None,)]


@op("UniqueWithCountsV2", shape=_counted_slices_shape, host=True)
def unique_with_counts_v2_op(
    xp, x, axis: static("Taxis"), *, out_idx=int32
) -> [T, Attr("out_idx"), Attr("out_idx")]:
    """As UniqueV2, and how often each different slice is there."""
    found, *numbers = _different(x, axis)
    return [xp.asarray(found), *(xp.asarray(each.astype(out_idx.numpy)) for each in numbers)]


# -- what is in one and not in the other ----------------------------------------------------------


def _difference_shape(x, y, *, out_idx):
    _vector(x)
    _vector(y)
    return [(None,), (None,)]


@op("ListDiff", shape=_difference_shape)
def list_diff(xp, x, y, *, out_idx=int32) -> [T, Attr("out_idx")]:
    """The elements of x that y has not, in their order, and where they were."""
    left = xp.flatnonzero(~xp.isin(x, y))
    return [x[left], left.astype(out_idx.numpy)]


class ListDiff(NamedTuple):
    """What `tf.setdiff1d` returns."""

    out: Any
    idx: Any


def setdiff1d(x, y, index_dtype=int32, name=None):
    """(out, idx): the elements of the vector `x` that are not in `y`, and `out == x[idx]`."""
    x = convert_to_tensor(x)
    return ListDiff(*list_diff(x, y, out_idx=as_dtype(index_dtype), name=name))
