"""Rows of ragged tensors by index: `tf.gather`, `tf.gather_nd`, `tf.batch_gather`."""
from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.ragged import is_ragged
from minitf.core.tensor_shape import dimension_value
from minitf.ops.array import indexing
from minitf.ops.array.basics import ones, rank, reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.array.padding import tile
from minitf.ops.array.rearrange import repeat
from minitf.ops.control_flow.check import assert_equal
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.axes import expand_dims
from minitf.ragged.kernels import ragged_gather_op
from minitf.ragged.rows import match_splits
from minitf.ragged.tensor import RaggedTensor, as_ragged_or_tensor


def _both(params, indices):
    params = as_ragged_or_tensor(params, name="params")
    indices = as_ragged_or_tensor(indices, name="indices")
    match_splits(params, indices)
    return params, indices


def gather(params, indices, validate_indices=None, name=None, axis=None, batch_dims=0):
    """`tf.gather` of rows. ValueError for another axis than the first."""
    if axis not in (None, 0) or batch_dims not in (None, 0):
        what = "batch_dims" if axis in (None, 0) else "axis"
        raise ValueError(f"{what} != 0 is not supported for ragged gather yet.")
    with name_scope(name, "RaggedGather", [params, indices]):
        params, indices = _both(params, indices)
        return rows(params, indices)


def rows(params, indices):
    """The rows that a tensor, or a ragged tensor, of indices names."""
    if is_ragged(indices):
        return indices.with_values(rows(params, indices.values))
    if not is_ragged(params):
        return indexing.gather(params, indices)
    if indices.shape.ndims is None:
        raise ValueError("indices.shape.ndims must be known statically")
    *splits, values = ragged_gather_op(
        *params.nested_row_splits, params_dense_values=params.flat_values, indices=indices,
        OUTPUT_RAGGED_RANK=indices.shape.ndims + params.ragged_rank - 1,
    )  # fmt: skip
    return RaggedTensor.from_nested_row_splits(values, splits, validate=False)


# -- places with several indices ------------------------------------------------------------------


def gather_nd(params, indices, name=None, batch_dims=0):
    """`tf.gather_nd`. ValueError for batches, and for indices whose last axis is ragged."""
    if batch_dims not in (None, 0):
        raise ValueError("batch_dims != 0 is not supported for ragged gather yet.")
    with name_scope(name, "RaggedGatherNd", [params, indices]):
        params, indices = _both(params, indices)
        depth = _depth(indices)
        if indices.shape.ndims > 2:
            return _of_matrices(params, indices)
        if depth == 0:
            return _repeated(params, indices)
        if depth == 1:
            return rows(params, reshape(indices, [-1]))
        return _inner(params, cast(indices, params.row_splits.dtype), depth)


def _depth(indices):
    """How many numbers name a place."""
    ndims = indices.shape.ndims
    if ndims is None:
        raise ValueError("indices.rank be statically known.")
    if ndims == 0:
        raise ValueError("indices.rank must be at least 1.")
    if is_ragged(indices) and ndims == indices.ragged_rank + 1:
        raise ValueError("The innermost dimension of indices may not be ragged")
    depth = dimension_value(indices.shape[-1])
    if depth is None:
        raise ValueError("indices.shape[-1] must be statically known.")
    return depth


def _of_matrices(params, indices):
    outer, was_dense = indices.shape.ndims - 2, not is_ragged(indices)
    if was_dense:
        dtype = params.row_splits.dtype
        indices = RaggedTensor.from_tensor(indices, ragged_rank=outer, row_splits_dtype=dtype)
    flat = indices.flat_values
    found = indices.with_flat_values(indexing.gather_nd(params, flat))
    if was_dense and is_ragged(found) and found.ragged_rank == outer:
        return found.to_tensor()
    return found


def _repeated(params, indices):
    """The whole, for each of the indices, which say nothing."""
    ndims = params.ragged_rank + rank(params.flat_values)
    for _ in range(indices.shape.ndims - 1):
        params = expand_dims(params, axis=0)
    return tile(params, concat([shape(indices)[:-1], ones([ndims], int32)], axis=0))


def _inner(params, indices, depth):
    """The first two numbers as a place among the values, and so on."""
    places = indexing.gather(params.row_splits, indices[..., 0]) + indices[..., 1]
    values = params.values
    for axis in range(2, depth):
        if not is_ragged(values):
            places = concat([expand_dims(places, 1), indices[..., axis:]], axis=1)
            return indexing.gather_nd(values, places)
        places = indexing.gather(values.row_starts(), places) + indices[..., axis]
        values = values.values
    return rows(values, places)


# -- batches --------------------------------------------------------------------------------------


def batch_gather(params, indices, name=None):
    """`tf.batch_gather`. ValueError where batches of indices are not such of params."""
    with name_scope(name, "RaggedBatchGather", [params, indices]):
        params, indices = _both(params, indices)
        ndims = indices.shape.ndims
        if ndims is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        if ndims == 0:
            raise ValueError("indices.rank must be at least 1.")
        if is_ragged(indices):
            return _ragged_batches(params, indices, ndims)
        if ndims == 1:
            return rows(params, indices)
        if ndims > 2:
            raise ValueError("batch shape from indices does not match params shape")
        starts = expand_dims(params.row_starts(), 1)
        return rows(params.values, cast(indices, starts.dtype) + starts)


def _ragged_batches(params, indices, ndims):
    dense_rank = None if is_ragged(params) else params.shape.ndims
    if (ndims > 2 and not is_ragged(params)) or dense_rank in (0, 1):
        raise ValueError("batch shape from indices does not match params shape")
    splits = indices.row_splits
    if ndims > 2:
        with control_dependencies([assert_equal(params.row_splits, splits)]):
            found = indexing.batch_gather(params.values, indices.values)
            return RaggedTensor.from_row_splits(found, splits, validate=False)
    if not is_ragged(params):
        params = RaggedTensor.from_tensor(params, row_splits_dtype=splits.dtype)
    starts = repeat(params.row_starts(), indices.row_lengths(), axis=0)
    places = cast(indices.values, starts.dtype) + starts
    return RaggedTensor.from_row_splits(rows(params.values, places), splits, validate=False)
