"""Ragged tensors repeated to a shape, and element-wise functions of two of them."""
from minitf.core.ragged import is_ragged
from minitf.core.static import constant_value
from minitf.ops.array import basics
from minitf.ops.array.basics import reshape
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.masks import where
from minitf.ops.array.padding import tile
from minitf.ops.math.elementwise import equal
from minitf.ragged.checks import count_of
from minitf.ragged.ranges import repeat_ranges
from minitf.ragged.shape import RaggedTensorDynamicShape, broadcast_dynamic_shape
from minitf.ragged.tensor import RaggedTensor, as_ragged_or_tensor


def broadcast_to(rt_input, shape, broadcast_inner_dimensions=True):
    """A tensor, ragged or not, repeated to a RaggedTensorDynamicShape.

    ValueError where it has more axes, or more ragged ones. Without `broadcast_inner_dimensions` the
    inner axes stay: element-wise ops repeat them anyway.
    """
    if not isinstance(shape, RaggedTensorDynamicShape):
        raise TypeError(f"shape must be a RaggedTensorDynamicShape, got {shape!r}")
    rt = as_ragged_or_tensor(rt_input)
    if shape.num_partitioned_dimensions:
        return _to_ragged(rt, shape, broadcast_inner_dimensions)
    if is_ragged(rt):
        raise ValueError("Incompatible with shape: ragged rank mismatch")
    return basics.broadcast_to(rt, shape.inner_dim_sizes) if broadcast_inner_dimensions else rt


def _to_ragged(rt, wanted, inner_too):
    _check(rt, wanted)
    given = RaggedTensorDynamicShape.from_tensor(rt).broadcast_to_rank(wanted.rank)
    rt = _of_rank(rt, wanted)
    times = _times(given, wanted)
    if any(each is not None for each in times):
        rt = tile(rt, stack([1 if each is None else each for each in times], axis=0))
    if inner_too:
        whole = concat([[-1], wanted.inner_dim_sizes], axis=0)
        rt = rt.with_flat_values(reshape(rt.flat_values, whole))
    for axis in range(wanted.num_partitioned_dimensions):
        if wanted.is_ragged(axis) and not given.is_ragged(axis):
            rt = _tiled(rt, axis, wanted.dimension_size(axis), wanted.dim_size_dtype)
    return rt


def _check(rt, wanted):
    if is_ragged(rt) and rt.row_splits.dtype is not wanted.dim_size_dtype:
        raise ValueError(
            "rt_input and dst_shape have different row_split dtypes; use "
            "RaggedTensor.with_row_splits_dtype() or "
            "RaggedTensorDynamicShape.with_dim_size_dtype() to convert to a compatible dtype."
        )
    if rt.shape.ndims is None or wanted.rank is None:
        raise ValueError("Unable to broadcast: unknown rank")
    if rt.shape.ndims > wanted.rank:
        raise ValueError("Incompatible with shape: rank mismatch")
    if is_ragged(rt) and rt.ragged_rank >= wanted.num_partitioned_dimensions:
        raise ValueError("Incompatible with shape: ragged rank mismatch")


def _of_rank(rt, wanted):
    """The same with as many axes, and ragged ones, as wanted."""
    dtype, outer = wanted.dim_size_dtype, wanted.num_partitioned_dimensions
    if rt.shape.ndims < min(wanted.rank, wanted.num_inner_dimensions + 1):
        rt = reshape(rt, concat([[-1], wanted.inner_dim_sizes], axis=0))
    for _ in range(wanted.rank - rt.shape.ndims):
        rt = RaggedTensor.from_row_lengths(rt, [count_of(rt, dtype)], validate=False)
    if not is_ragged(rt):
        return RaggedTensor.from_tensor(rt, ragged_rank=outer - 1, row_splits_dtype=dtype)
    lacking = rt.flat_values.shape.ndims - 1 - wanted.num_inner_dimensions
    if lacking > 0:
        inner = RaggedTensor.from_tensor(
            rt.flat_values, ragged_rank=lacking, row_splits_dtype=dtype
        )
        rt = rt.with_flat_values(inner)
    return rt


def _times(given, wanted):
    """How often each axis is repeated, None for those that stay."""
    times = [None] * wanted.rank
    for axis in range(wanted.num_partitioned_dimensions):
        if given.is_ragged(axis) or wanted.is_ragged(axis):
            continue
        ours, theirs = given.dimension_size(axis), wanted.dimension_size(axis)
        if constant_value(ours) in (1, None) and constant_value(theirs) != 1:
            times[axis] = where(equal(ours, 1), theirs, basics.ones_like(theirs))
    return times


def _tiled(rt, axis, lengths, dtype):
    """The one element along an axis repeated, as often as the rows are to be long."""
    if not is_ragged(rt):
        rt = RaggedTensor.from_tensor(rt, row_splits_dtype=dtype)
    if axis > 1:
        return rt.with_values(_tiled(rt.values, axis - 1, lengths, dtype))
    splits, *inner = rt.nested_row_splits
    found = [lengths]
    for below, of_rows in zip(inner, rt.nested_row_lengths()[1:]):
        found.append(repeat_ranges(of_rows, splits, lengths))
        splits = gather(below, splits)
    values = repeat_ranges(rt.flat_values, splits, lengths)
    return RaggedTensor.from_nested_row_lengths(values, found, validate=False)


def broadcast_together(x, y):
    """Two tensors, at least one of them ragged, repeated to the same rows."""
    if _same_rows(x, y) or not (_needs_rows(x, y) or _needs_rows(y, x)):
        return x, y
    shape = broadcast_dynamic_shape(
        RaggedTensorDynamicShape.from_tensor(x), RaggedTensorDynamicShape.from_tensor(y)
    )
    return (broadcast_to(each, shape, broadcast_inner_dimensions=False) for each in (x, y))


def _same_rows(x, y):
    """Whether their row splits are the same tensors."""
    if not is_ragged(x) or not is_ragged(y):
        return False
    ours, theirs = x.nested_row_splits, y.nested_row_splits
    ranks = {each.flat_values.shape.ndims for each in (x, y)}
    return len(ranks) == 1 and None not in ranks and len(ours) == len(theirs) and all(
        a is b for a, b in zip(ours, theirs)
    )


def _needs_rows(rt, other):
    """Whether `other` is more than what NumPy repeats for each of the values of `rt`."""
    if not is_ragged(rt) or is_ragged(other):
        return is_ragged(rt)
    ranks = rt.flat_values.shape.ndims, other.shape.ndims
    if ranks[1] == 0:
        return False
    if None in ranks:
        raise ValueError(f"Unable to broadcast: unknown rank of {other!r}")
    return ranks[0] <= ranks[1]
