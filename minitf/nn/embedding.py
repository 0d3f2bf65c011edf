"""Rows of tables by id: `tf.nn.embedding_lookup`, `tf.nn.embedding_lookup_sparse`, ..."""
from minitf import logging
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import bool_, float16, float32, int32
from minitf.core.graph import colocate_with, name_scope
from minitf.core.sparse_tensor import SparseTensor
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import TensorShape
from minitf.ops.array.basics import (
    fill,
    identity,
    ones_like,
    rank,
    reshape,
    shape,
    size,
    zeros_like,
)
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.padding import tile
from minitf.ops.array.partition import dynamic_partition, parallel_dynamic_stitch
from minitf.ops.array.sequences import range as range_
from minitf.ops.array.slicing import slice_
from minitf.ops.array.unique import unique
from minitf.ops.math.clip import clip_by_norm
from minitf.ops.math.elementwise import (
    cast,
    greater,
    greater_equal,
    logical_and,
    maximum,
    select,
    sqrt,
)
from minitf.ops.math.operators import div, pow
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import reduce_prod, reduce_sum
from minitf.ops.reduction.segments import segment_sum
from minitf.ops.reduction.sparse_segments import (
    sparse_segment_mean,
    sparse_segment_sqrt_n,
    sparse_segment_sum,
)
from minitf.ops.sparse.layout import sparse_fill_empty_rows, sparse_reshape
from minitf.ops.sparse.tensors import sparse_retain
from minitf.ops.state.partitioned import PartitionedVariable
from minitf.ops.state.resource_variable import ResourceVariable

COMBINERS = ("mean", "sqrtn", "sum")
_LISTS = (list, tuple, PartitionedVariable)

# -- of a dense tensor of ids ---------------------------------------------------------------------


def embedding_lookup(
    params, ids, partition_strategy="mod", name=None, validate_indices=True, max_norm=None
):
    """The rows of `params` that `ids` name: the shape of `ids` followed by that of a row.

    A list of tensors is one table cut in parts: row i is in part `i % parts` ("mod"), or the parts
    follow one another ("div"). Rows longer than `max_norm` are shortened to it. An id outside
    raises InvalidArgumentError in the run. ValueError for no table or another strategy. The
    gradient of a table is an IndexedSlices.
    """
    tables = list(params) if isinstance(params, _LISTS) else [params]
    if not tables:
        raise ValueError("Need at least one param")
    with name_scope(name, "embedding_lookup", [*tables, ids]) as scope:
        tables = [t if isinstance(t, (Tensor, ResourceVariable)) else
                  convert_to_tensor(t, name="params") for t in tables]  # fmt: skip
        ids = convert_to_tensor(ids, name="ids")
        if len(tables) == 1:
            with colocate_with(tables[0]):
                rows = _shortened(gather(tables[0], ids, name=scope), ids, max_norm)
            return identity(rows)
        rows = _of_parts(tables, ids, partition_strategy, scope)
        return _shortened(rows, ids, max_norm)


def _of_parts(tables, ids, strategy, scope):
    flat = reshape(ids, [-1])
    order = range_(size(flat))
    if strategy not in ("mod", "div"):
        raise ValueError(f"Unrecognized partition strategy: {strategy}")
    part, row = (_by_mod if strategy == "mod" else _by_div)(tables, flat)
    part = cast(part, int32)
    rows = dynamic_partition(row, part, len(tables))
    places = dynamic_partition(order, part, len(tables))
    found = []
    for table, wanted in zip(tables, rows):
        with colocate_with(table):
            found.append(gather(table, wanted))
    together = parallel_dynamic_stitch(places, found, name=scope)
    inner = tables[0].shape[1:]
    for table in tables[1:]:
        inner = inner.merge_with(table.shape[1:])
    known = inner.is_fully_defined()
    lead = shape(ids)
    tail = inner.as_list() if known else shape(tables[0])[1:]
    together = reshape(together, concat([lead, tail], 0))
    together.set_shape(ids.shape.concatenate(inner))
    return together


def _by_mod(tables, flat):
    """(the part, the row in it) of each id."""
    return flat % len(tables), flat // len(tables)


def _by_div(tables, flat):
    """(the part, the row in it): the first parts have one row more where they are not equal."""
    lengths = [table.shape[0].value for table in tables]
    if None not in lengths and sum(lengths):
        total = constant(sum(lengths), flat.dtype)
    else:
        known = [shape(t)[0] if n is None else n for t, n in zip(tables, lengths)]
        total = reduce_sum(cast(stack(known), flat.dtype))
    each, extra = total // len(tables), total % len(tables)
    part = maximum(flat // (each + 1), (flat - extra) // each)
    row = select(part < extra, flat % (each + 1), (flat - extra) % each)
    return part, row


def _shortened(rows, ids, max_norm):
    if max_norm is None:
        return rows
    known = ids._shape and rows._shape
    axes = list(range(len(ids._shape), len(rows._shape))) if known else (
        range_(rank(ids), rank(rows))
    )
    return clip_by_norm(rows, max_norm, axes=axes)


# -- of a sparse tensor of ids --------------------------------------------------------------------


def embedding_lookup_sparse(
    params, sp_ids, sp_weights, partition_strategy="mod", name=None, combiner=None, max_norm=None
):
    """For each row of the sparse matrix `sp_ids` the rows of `params` that it names, combined.

    `combiner` is "sum", "mean" (the default) or "sqrtn", weighted by `sp_weights`, a SparseTensor
    of the same indices, or None. Rows without ids at the end are left out, others are zero.
    TypeError for what is not sparse, ValueError for another combiner.
    """
    if combiner is None:
        logging.warn('The default value of combiner will change from "mean" to "sqrtn" after '
                     "2016/11/01.")  # fmt: skip
        combiner = "mean"
    if combiner not in COMBINERS:
        raise ValueError("combiner must be one of 'mean', 'sqrtn' or 'sum'")
    tables = list(params) if isinstance(params, _LISTS) else [params]
    _check_sparse(sp_ids, sp_weights)
    with name_scope(name, "embedding_lookup_sparse", [*tables, sp_ids]) as scope:
        segments = cast(sp_ids.indices[:, 0], int32)
        ids, places = unique(sp_ids.values)
        rows = embedding_lookup(
            tables, ids, partition_strategy=partition_strategy, max_norm=max_norm
        )
        if rows.dtype.base_dtype is float16:
            rows = cast(rows, float32)
        if sp_weights is None:
            return _PLAIN[combiner](rows, places, segments, name=scope)
        weights = cast(sp_weights.values, rows.dtype.base_dtype)
        return _weighted(gather(rows, places), weights, segments, combiner, scope)


def _check_sparse(sp_ids, sp_weights):
    if not isinstance(sp_ids, SparseTensor):
        raise TypeError("sp_ids must be SparseTensor")
    if sp_weights is None:
        return
    if not isinstance(sp_weights, SparseTensor):
        raise TypeError("sp_weights must be either None or SparseTensor")
    for one, other in zip(sp_ids._components(), sp_weights._components()):
        one.shape.assert_is_compatible_with(other.shape)


_PLAIN = {
    "sum": sparse_segment_sum, "mean": sparse_segment_mean, "sqrtn": sparse_segment_sqrt_n,
}  # fmt: skip


def _weighted(rows, weights, segments, combiner, scope):
    length = weights.shape
    weights = reshape(weights, concat([shape(weights), fill(expand_dims(rank(rows) - 1, 0), 1)], 0))
    if rows._shape is not None:
        weights.set_shape(length.concatenate([1] * (len(rows._shape) - 1)))
    rows = rows * weights
    if combiner == "sum":
        return segment_sum(rows, segments, name=scope)
    total = segment_sum(rows, segments)
    if combiner == "mean":
        return div(total, segment_sum(weights, segments), name=scope)
    return div(total, sqrt(segment_sum(pow(weights, 2), segments)), name=scope)


# -- and without surprises ------------------------------------------------------------------------


def safe_embedding_lookup_sparse(
    embedding_weights, sparse_ids, sparse_weights=None, combiner="mean", default_id=None,
    name=None, partition_strategy="div", max_norm=None,
):  # fmt: skip
    """`embedding_lookup_sparse` that leaves out negative ids and weights that are not positive.

    A row without ids gets the embedding of `default_id`, zeros when that is None. `sparse_ids` may
    have any rank: the last axis is combined. ValueError without tables.
    """
    if embedding_weights is None:
        raise ValueError("Missing embedding_weights None.")
    tables = list(embedding_weights) if isinstance(embedding_weights, _LISTS) else (
        [embedding_weights]
    )
    if not tables:
        raise ValueError(f"Missing embedding_weights {embedding_weights}.")
    dtype = sparse_weights.dtype if sparse_weights is not None else None
    tables = [
        t if isinstance(t, ResourceVariable) and dtype in (None, t.dtype)
        else convert_to_tensor(t, dtype=dtype) for t in tables
    ]  # fmt: skip
    with name_scope(name, "embedding_lookup", [*tables, sparse_ids, sparse_weights]) as scope:
        whole = sparse_ids.dense_shape
        last = (size(whole) if whole.shape[0].value is None else whole.shape[0].value) - 1
        ids, weights = _flattened(sparse_ids, sparse_weights, last)
        ids, weights = _pruned(ids, weights, combiner)
        ids, empty = sparse_fill_empty_rows(ids, default_id or 0)
        if weights is not None:
            weights, _ = sparse_fill_empty_rows(weights, 1.0)
        result = embedding_lookup_sparse(
            tables, ids, weights, combiner=combiner, partition_strategy=partition_strategy,
            name=None if default_id is None else scope, max_norm=max_norm,
        )  # fmt: skip
        if default_id is None:
            empty = tile(reshape(empty, [-1, 1]), stack([1, shape(result)[1]]))
            result = select(empty, zeros_like(result), result, name=scope)
        lead = slice_(cast(whole, int32), [0], [last])
        final = reshape(result, concat([lead, slice_(shape(result), [1], [-1])], 0))
        count = whole.shape[0].value
        outer = TensorShape(None if count is None else [None] * (count - 1))
        final.set_shape(outer.concatenate(result.shape[1:]))
        return final


def _flattened(ids, weights, last):
    """As matrices: all axes but the last are one."""
    whole = ids.dense_shape
    ids = sparse_reshape(ids, [reduce_prod(slice_(whole, [0], [last])), gather(whole, last)])
    if weights is not None:
        weights = SparseTensor(ids.indices, weights.values, ids.dense_shape)
    return ids, weights


def _pruned(ids, weights, combiner):
    valid = greater_equal(ids.values, 0)
    if weights is None:
        return sparse_retain(ids, valid), None
    valid = logical_and(valid, ones_like(weights.values, dtype=bool_))
    ids, weights = sparse_retain(ids, valid), sparse_retain(weights, valid)
    if combiner == "sum":
        return ids, weights
    positive = greater(weights.values, 0)
    return sparse_retain(ids, positive), sparse_retain(weights, positive)
