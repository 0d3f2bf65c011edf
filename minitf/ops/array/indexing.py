"""Picking elements by index: `tf.gather`, `tf.where`, `tf.boolean_mask`, ..."""
import math
import warnings

import numpy as np

from minitf.core.convert import convert_to_tensor, register_tensor_conversion_function
from minitf.core.dtypes import int32, int64
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.literals import element, integer, ints, length
from minitf.core.op import op
from minitf.core.ragged import takes_ragged
from minitf.core.schema import Numeric, T, TypeAttr, static
from minitf.core.shape_rules import axis_index, sizes
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import merge, num_elements, printed
from minitf.ops.array import index_kernels as kernels
from minitf.ops.array.at import apply_at, are_outside, check_places, first_place
from minitf.ops.array.basics import broadcast_to, fill, rank, reshape, shape, zeros_like
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.sequences import range_op
from minitf.ops.math.elementwise import cast, greater_equal, maximum
from minitf.ops.reduction.axes import expand_dims, squeeze, transpose
from minitf.ops.reduction.reduce import prod_op

Indices = TypeAttr("Tindices", (int32, int64))
Axis = static("Taxis")
Params = TypeAttr("Tparams")
Segments = static("Tnumsegments")

# -- gather ---------------------------------------------------------------------------------------


def _gathered(params, indices, axis, *, batch_dims):
    axis = element(axis)
    if indices is not None and batch_dims:
        batch_axes(params, indices, batch_dims)
    if params is not None and axis is not None:
        axis = axis_index(axis, len(params))
    if params is None or indices is None:
        return None
    if axis is None:
        return None if batch_dims else (None,) * (len(params) + len(indices) - 1)
    batch = kernels.from_the_front(batch_dims, len(indices))
    if axis < batch:
        raise ValueError(f"batch_dims ({batch}) must be less than or equal to axis ({axis})")
    if merge(params[:batch], indices[:batch]) is False:
        raise ValueError(f"the first {batch} sizes differ: {printed(params)}, {printed(indices)}")
    return (*params[:axis], *indices[batch:], *params[axis + 1 :])


@op("GatherV2", shape=_gathered, structural=True, cuda=kernels.gathered,
    native=kernels.gathered_in_c, fails=True, by_rows="take")  # fmt: skip
def gather_v2(xp, params: Params, indices: Indices, axis: Axis, *, batch_dims=0) -> Params:
    """The slices of params along an axis that indices name."""
    axis = axis_index(integer(axis), params.ndim)
    _check_indices(xp, indices, params.shape[axis])
    if not batch_dims and params.dtype.hasobject:  # take() gives one string as such, no array
        return params[(*(slice(None),) * axis, indices, ...)]
    if not batch_dims:
        return xp.take(params, indices, axis)
    _gathered(params.shape, indices.shape, np.array(axis), batch_dims=batch_dims)
    batch = kernels.from_the_front(batch_dims, indices.ndim)
    return _batch_gather(xp, params, indices, axis, batch)


def _check_indices(xp, indices, limit):
    if are_outside(xp, indices, limit):
        indices = xp.asarray(indices)
        at, place = first_place(xp, (indices < 0) | (indices >= limit))
        raise IndexError(f"indices{place} = {indices[at].item()} is not in [0, {limit})")


def _batch_gather(xp, params, indices, axis, batch):
    """take() in each of the batches that the first axes number."""
    lead = params.shape[:batch]
    count, picked, before = math.prod(lead), indices.ndim - batch, axis - batch
    rows = xp.moveaxis(params.reshape(count, *params.shape[batch:]), before + 1, 1)
    picks = indices.reshape(count, *indices.shape[batch:])
    found = rows[xp.arange(count).reshape(-1, *(1,) * picked), picks]
    behind = range(1 + picked + before, found.ndim)
    order = [0, *range(1 + picked, 1 + picked + before), *range(1, 1 + picked), *behind]
    found = found.transpose(order)
    return found.reshape(*lead, *found.shape[1:])


@gather_v2.gradient
def _(y, dy, params, indices, axis, *, batch_dims):
    if element(axis._value) == 0 and not batch_dims:
        return _rows_gradient(dy, params, indices), None, None
    axis = axis if axis._value is None else int(axis._value)
    if batch_dims < 0:
        batch_dims += rank(indices) if indices._shape is None else len(indices._shape)
    return _inner_gradient(dy, params, indices, axis, batch_dims), None, None


def _inner_gradient(dy, params, indices, axis, batch):
    """As [batch, before, rows, behind]: bring rows to the batch, add up there, put them back."""
    sizes = shape(params)
    parts = sizes[:batch], sizes[batch:axis], sizes[axis:][:1], sizes[axis:][1:]
    lead, before, along, behind = (prod_op(part, [0]) for part in parts)
    count = prod_op(shape(indices)[batch:], [0])
    rows = transpose(reshape(dy, stack([lead, before, count, behind])), [0, 2, 1, 3])
    rows = reshape(rows, stack([lead * count, before, behind]))
    offsets = cast(expand_dims(range_op(0, lead, 1) * along, -1), indices.dtype)
    ids = reshape(reshape(indices, stack([lead, count])) + offsets, [-1])
    summed = unsorted_segment_sum(rows, ids, lead * along)
    summed = transpose(reshape(summed, stack([lead, along, before, behind])), [0, 2, 1, 3])
    return reshape(summed, sizes)


def _rows_gradient(dy, params, indices):
    sizes = shape(params)
    values = reshape(dy, concat([[-1], sizes[1:]], 0))
    return IndexedSlices(values, reshape(indices, [-1]), sizes)


@takes_ragged
def gather(params, indices, validate_indices=None, name=None, axis=None, batch_dims=0):
    """The slices of `params` along `axis` (`batch_dims` by default) that `indices` name.

    The result has the shape of `indices` in the place of that axis. The first `batch_dims` axes
    are the same in both and stay. An index outside raises InvalidArgumentError in the run, whatever
    `validate_indices` says; on a GPU it gives zeros. ValueError for axes that are not there.
    """
    batch_dims = batch_dims or 0  # None, too
    axis = batch_dims if axis is None else axis
    if hasattr(params, "sparse_read") and not batch_dims and isinstance(axis, int) and not axis:
        return params.sparse_read(indices, name)
    return gather_v2(params, indices, axis, batch_dims=batch_dims, name=name)


def batch_axes(params, indices, batch_dims):
    """`batch_dims` counted from the front, given the shapes. ValueError when it does not fit."""
    rank = len(indices)
    batch = kernels.from_the_front(batch_dims, rank)
    if not 0 <= batch <= rank:
        raise ValueError(f"Expected batch_dims in the range [{-rank}, {rank}], got {batch_dims}")
    if params is not None and batch >= len(params):
        raise ValueError(f"batch_dims = {batch} must be less than rank(params) = {len(params)}")
    return batch


@takes_ragged
def batch_gather(params, indices, name=None):
    """`tf.gather` in each of the batches that all axes of `indices` but the last number.

    ValueError for `indices` of unknown rank.
    """
    with name_scope(name, "BatchGather", [params, indices]) as scope:
        indices = convert_to_tensor(indices, name="indices")
        params = convert_to_tensor(params, name="params")
        if indices._shape is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        batch = len(indices._shape) - 1
        get_default_graph()._count_more(23 + 17 * batch + batch * (batch - 1))
        return gather_v2(params, indices, batch, batch_dims=batch, name=scope)


# -- sums of rows ---------------------------------------------------------------------------------


def _segmented(data, segment_ids, num_segments):
    count = length(num_segments)
    if data is None or segment_ids is None:
        return None
    if merge(data[: len(segment_ids)], segment_ids) is False:
        raise ValueError(f"segment_ids {printed(segment_ids)} must be a prefix of data's shape "
                         f"{printed(data)}")  # fmt: skip
    return (count, *data[len(segment_ids) :])


@op("UnsortedSegmentSum", shape=_segmented, cuda=kernels.segments_summed,
    native=kernels.segments_summed_in_c, fails=True, by_rows="sum")  # fmt: skip
def unsorted_segment_sum(
    xp, data: Numeric, segment_ids: Indices, num_segments: Segments, out=None
):
    """Row i of the result is the sum of the rows of data whose id is i; a negative id drops.

    So does, on a GPU, an id that is too great.
    """
    count = integer(num_segments)
    ids = segment_ids.reshape(-1)
    rows = data.reshape(ids.size, *data.shape[segment_ids.ndim :])
    if out is None:
        out = xp.empty((count, *rows.shape[1:]), data.dtype)
    out.fill(0)
    if ids.size and xp.min(ids).item() < 0:
        rows, ids = rows[ids >= 0], ids[ids >= 0]
    _check_indices(xp, ids, count)
    apply_at(xp, "add", out, (ids,), rows)
    return out


@unsorted_segment_sum.trait
def quick(run, data, segment_ids, num_segments, out=None):
    if data.shape[: segment_ids.ndim] != segment_ids.shape:
        return None
    made = out
    if made is None:
        rest = data.shape[segment_ids.ndim :]
        made = np.empty((integer(num_segments), *rest), data.dtype)
    return made if kernels.rows_summed(run, data, segment_ids, made) else None


@unsorted_segment_sum.gradient
def _(y, dy, data, segment_ids, num_segments):
    """The gradient of each row's segment; zero for rows that were dropped."""
    rows = gather_v2(dy, maximum(segment_ids, zeros_like(segment_ids)), 0)
    kept = greater_equal(segment_ids, zeros_like(segment_ids))
    return rows * cast(for_rows(kept, data), dy.dtype), None, None


def for_rows(numbers, data):
    """`numbers`, one for each row of `data`, with axes of size 1 in the place of those of a row."""
    if data._shape is None or numbers._shape is None:
        inner = fill(reshape(rank(data) - rank(numbers), [1]), 1)
    elif len(data._shape) == len(numbers._shape):
        return numbers
    else:
        inner = [1] * (len(data._shape) - len(numbers._shape))
    return reshape(numbers, concat([shape(numbers), inner], 0))


def _dense(slices, dtype=None, name=None, as_ref=False):
    if dtype is not None and not dtype.is_compatible_with(slices.dtype):
        raise ValueError(f"Tensor conversion requested dtype {dtype.name} for IndexedSlices with "
                         f"dtype {slices.dtype.name}")  # fmt: skip
    if slices.dense_shape is None:
        raise ValueError(
            "Tensor conversion requested for IndexedSlices without dense_shape: " + str(slices)
        )
    _warn_of_size(num_elements(slices.shape._sizes))
    dense = unsorted_segment_sum(slices.values, slices.indices, slices.dense_shape[0], name=name)
    dense.set_shape(slices.shape)
    return dense


def _warn_of_size(count):
    """As TensorFlow warns: rows that become a whole table may take much memory."""
    if count is None or count >= LARGE:
        what = "of unknown shape" if count is None else f"with {count} elements"
        warnings.warn(f"Converting sparse IndexedSlices to a dense Tensor {what}. This may consume "
                      "a large amount of memory.", stacklevel=4)  # fmt: skip


LARGE = 100_000_000  # elements
register_tensor_conversion_function(IndexedSlices, _dense)

# -- gather_nd, scatter_nd ------------------------------------------------------------------------


def _gathered_nd(params, indices):
    if indices == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0: the indices")
    if params is None or indices is None or indices[-1] is None:
        return None
    if indices[-1] > len(params):
        raise ValueError(f"indices.shape[-1] must be <= params.rank, but saw indices "
                         f"{printed(indices)} and params {printed(params)}")  # fmt: skip
    return (*indices[:-1], *params[indices[-1] :])


@op("GatherNd", shape=_gathered_nd, structural=True, cuda=kernels.gathered_nd)
def gather_nd_op(xp, params: Params, indices: Indices) -> Params:
    """The elements or slices of params that the rows of indices name."""
    depth = indices.shape[-1]
    by_row = xp is np and depth and indices.ndim > 1 and params.size and params.flags.c_contiguous
    if by_row and (rows := _rows_named(indices, params.shape[:depth])) is not None:
        return params.reshape(-1, *params.shape[depth:]).take(rows, 0)
    check_places(xp, indices, params.shape, "param shape")
    if not depth:
        return xp.broadcast_to(params, indices.shape[:-1] + params.shape).copy()
    return params[(*xp.moveaxis(indices, -1, 0), ...)]  # an array, be it of one string


def _rows_named(indices, sizes):
    """The numbers of the places that the rows of indices name, which NumPy takes faster than the
    places; None if one is outside."""
    try:
        return np.ravel_multi_index(tuple(indices[..., axis] for axis in range(len(sizes))), sizes)
    except ValueError:
        return None


@gather_nd_op.gradient
def _(y, dy, params, indices):
    sizes = shape(params, out_type=indices.dtype)
    if indices._shape and len(indices._shape) == 2 and indices._shape[1] == 1:
        return IndexedSlices(dy, squeeze(indices, axis=-1), sizes), None
    return scatter_nd(indices, dy, sizes), None


@takes_ragged
def gather_nd(params, indices, name=None, batch_dims=0):
    """The elements or slices of `params` whose place the last axis of `indices` says.

    The first `batch_dims` axes are the same in both and stay. A place outside raises
    InvalidArgumentError in the run; on a GPU it gives zeros. ValueError for `batch_dims` that is
    negative or not less than both ranks.
    """
    batch_dims = _a_number(batch_dims)
    if batch_dims == 0:
        return gather_nd_op(params, indices, name=name)
    with name_scope(name, "BatchGatherND", [params, indices]) as scope:
        indices = convert_to_tensor(indices, name="indices")
        params = convert_to_tensor(params, name="params")
        if batch_dims < 0:
            raise ValueError("tf.gather_nd does not allow negative batch_dims.")
        if indices._shape is None:
            return _gathered_flat(params, indices, batch_dims, scope)
        batch = batch_axes(params._shape, indices._shape[:-1], batch_dims)
        lead = shape(indices)[:-1]
        places = [numbered(lead, axis, indices) for axis in range(batch)]
        return gather_nd_op(params, concat([*places, indices], -1), name=scope)


def _a_number(batch_dims):
    """The int that a number, an array of one or a constant tensor of one is; else TypeError."""
    value = batch_dims._value if isinstance(batch_dims, Tensor) else batch_dims
    if isinstance(value, (int, np.integer)) or (isinstance(value, np.ndarray) and value.size == 1):
        return int(np.reshape(value, ()))
    raise TypeError(f"batch_dims must be an int; got {batch_dims!r}")


def _gathered_flat(params, indices, batch, name):
    """`gather_nd` in batches for indices of unknown rank: as a list of indices for each batch."""
    whole, inner = shape(params), shape(indices)
    count = prod_op(inner[:batch], [0])
    flat = reshape(indices, stack([count, prod_op(inner[batch:-1], [0]), inner[-1]]))
    found = gather_nd(reshape(params, concat([[count], whole[batch:]], 0)), flat, batch_dims=1)
    return reshape(found, concat([inner[:-1], whole[batch + inner[-1] :]], 0), name=name)


def numbered(lead, axis, indices):
    """For each index its place along an axis of the batch, as one column."""
    ones = [1] * len(indices._shape)
    places = reshape(range_op(0, lead[axis], 1), [*ones[:axis], -1, *ones[axis + 1 :]])
    return cast(broadcast_to(places, concat([lead, [1]], 0)), indices.dtype)


def check_scattered(whole, indices, updates):
    """ValueError for indices without an axis, and for places in what has none."""
    if indices == ():
        raise ValueError("Shape must be at least rank 1 but is rank 0: indices")
    if num_elements(whole) == 0 and (num_elements(indices) or num_elements(updates)):
        raise ValueError("Indices and updates specified for empty output shape "
                         f"{printed(whole)}: {printed(indices)} and {printed(updates)}")


def _scattered(indices, updates, shape):
    whole = sizes(shape)
    check_scattered(whole, indices, updates)
    if None in (indices, updates, whole) or not indices or indices[-1] is None:
        return whole
    wanted = (*indices[:-1], *whole[indices[-1] :])
    if indices[-1] > len(whole) or merge(wanted, updates) is False:
        raise ValueError(f"updates {printed(updates)} must have the shape of indices "
                         f"{printed(indices)} but the last axis, then that of a part of the output "
                         f"{printed(whole)}")  # fmt: skip
    return whole


@op("ScatterNd", shape=_scattered, cuda=kernels.scattered_nd,
    native=kernels.scattered_nd_in_c, fails=True)  # fmt: skip
def scatter_nd(
    xp, indices: Indices, updates: T, shape: TypeAttr("Tindices", Indices.allowed, static=True)
) -> T:
    """Zeros of the given shape with updates added where indices say.

    An index outside raises InvalidArgumentError in the run; on a GPU its update is left out.
    """
    shape = ints(shape)
    _scattered(indices.shape, updates.shape, shape)
    check_places(xp, indices, shape)
    places = tuple(xp.moveaxis(indices, -1, 0))
    text = updates.dtype.hasobject
    result = xp.full(shape, b"", object) if text else xp.zeros(shape, updates.dtype)
    apply_at(xp, "add", result, places, updates)
    return result


scatter_nd.gradient(lambda y, dy, indices, updates, shape: (None, gather_nd_op(dy, indices), None))
