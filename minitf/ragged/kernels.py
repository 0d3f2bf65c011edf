"""The ops below ragged tensors, which know their parts: RaggedRange, RaggedGather, ..."""
import numpy as np

from minitf.core.dtypes import float32, float64, int32, int64
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, Repeat, TypeAttr
from minitf.core.tensor_shape import merge
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.indexing import gather

Bounds = TypeAttr("T", (float32, float64, int32, int64))
Splits = TypeAttr("Tsplits", (int32, int64))
Values = TypeAttr("Tvalues")
Picked = TypeAttr("Tindices", (int32, int64))


def splits_of(lengths, dtype):
    """The row splits of rows of these lengths."""
    splits = np.zeros(len(lengths) + 1, dtype)
    np.cumsum(lengths, out=splits[1:])
    return splits


def counted(starts, lengths):
    """start, start + 1, ... for each of the starts, as many as its length says."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - (ends - lengths), lengths) + np.arange(total)


# -- ranges ---------------------------------------------------------------------------------------


def _range_shapes(starts, limits, deltas, *, Tsplits):
    count = ()
    for given in (starts, limits, deltas):
        if given is None:
            count = None
        elif len(given) > 1:
            raise ValueError(f"Shape must be at most rank 1 but is rank {len(given)}")
        elif given:
            count = given if not count else merge(count, given)
        if count is False:
            raise ValueError("starts, limits, and deltas must have the same shape")
    rows = None if count is None else count[0] if count else 1
    return [(None if rows is None else rows + 1,), (None,)]


@op("RaggedRange", shape=_range_shapes, grad=NOT_DIFFERENTIABLE, host=True)
def ragged_range_op(
    xp, starts: Bounds, limits: Bounds, deltas: Bounds, *, Tsplits=int64
) -> [Attr("Tsplits"), Bounds]:
    """For each row the numbers from its start to its limit, by its delta, and where rows begin."""
    if len({len(given) for given in (starts, limits, deltas) if given.ndim}) > 1:
        raise ValueError("starts, limits, and deltas must have the same shape")
    dtype = starts.dtype
    starts, limits, deltas = np.broadcast_arrays(*np.atleast_1d(starts, limits, deltas))
    if not deltas.all():
        raise ValueError("Requires delta != 0")
    lengths = _lengths(starts, limits, deltas)
    steps = counted(np.zeros(len(lengths), np.int64), lengths)
    values = np.repeat(starts, lengths) + steps * np.repeat(deltas, lengths)
    return [splits_of(lengths, Tsplits.numpy), values.astype(dtype)]


def _lengths(starts, limits, deltas):
    if starts.dtype.kind == "f":
        exact = np.abs((limits - starts) / deltas)
    else:
        exact = (np.abs(limits.astype(np.int64) - starts) + np.abs(deltas) - 1) // np.abs(deltas)
    goes = np.where(deltas > 0, starts < limits, starts > limits)
    return np.where(goes, np.ceil(exact), 0).astype(np.int64)


# -- picking rows ---------------------------------------------------------------------------------


def _gathered_shapes(*splits, params_dense_values, indices, OUTPUT_RAGGED_RANK):
    rank = OUTPUT_RAGGED_RANK
    if indices is not None and rank != len(indices) + len(splits) - 1:
        raise ValueError(
            f"OUTPUT_RAGGED_RANK must be {len(indices) + len(splits) - 1} for {len(splits)} ragged "
            f"axes and indices of rank {len(indices)}, got {rank}"
        )
    count = indices[0] + 1 if indices and indices[0] is not None else None
    outer = [(None if i else count,) for i in range(rank)]
    values = None if params_dense_values is None else (None, *params_dense_values[1:])
    return [*outer, values]


@op("RaggedGather", shape=_gathered_shapes, host=True)
def ragged_gather_op(
    xp, *params_nested_splits: Splits, params_dense_values: Values, indices: Picked,
    OUTPUT_RAGGED_RANK,
) -> [Repeat(Splits, "OUTPUT_RAGGED_RANK"), Values]:  # fmt: skip
    """The rows that indices name, as their splits and values."""
    check_splits(params_nested_splits, params_dense_values)
    dtype, rows = params_nested_splits[0].dtype, np.ravel(indices)
    outer = [_even_splits(indices.shape, axis, dtype) for axis in range(1, indices.ndim)]
    count = len(params_nested_splits[0]) - 1
    wrong = (rows < 0) | (rows >= count)
    if wrong.any():
        at = int(wrong.argmax())
        raise IndexError(f"indices[{at}] = {rows[at]} is not in [0, {count})")
    inner = []
    for splits in params_nested_splits:
        lengths = splits[rows + 1] - splits[rows]
        inner.append(splits_of(lengths, dtype))
        rows = counted(splits[rows], lengths)
    return [*outer, *(inner if indices.ndim else inner[1:]), params_dense_values[rows]]


def _even_splits(sizes, axis, dtype):
    """The splits of an axis that is not ragged."""
    return np.arange(np.prod(sizes[:axis]) + 1, dtype=dtype) * sizes[axis]


def check_splits(nested_splits, values):
    """ValueError unless each of the splits says how long the next ones, or the values, are."""
    lengths = [*(len(splits) - 1 for splits in nested_splits[1:]), len(values)]
    for splits, length in zip(nested_splits, lengths):
        if not len(splits):
            raise ValueError("ragged splits may not be empty.")
        if splits[0] != 0:
            raise ValueError(f"First value of ragged splits must be 0, got {splits[0]}.")
        if (splits[1:] < splits[:-1]).any():
            raise ValueError("Ragged splits must be sorted in ascending order.")
        if splits[-1] != length:
            raise ValueError(
                "Final value of ragged splits must match the length the corresponding ragged "
                f"values: {splits[-1]} != {length}."
            )


@ragged_gather_op.gradient
def _(ys, dys, *inputs, OUTPUT_RAGGED_RANK):
    *nested_splits, values, indices = inputs
    whole = nested_splits[0]  # where each row begins among the values
    for splits in nested_splits[1:]:
        whole = gather(splits, whole)
    rows = reshape(indices, [-1])
    places = ragged_range_op(gather(whole, rows), gather(whole[1:], rows), _one(whole))[1]
    slices = IndexedSlices(dys[-1], places, shape(values))
    return *(None for _ in nested_splits), slices, None


def _one(splits):
    return np.ones((), splits.dtype.as_numpy_dtype)


# -- sparse ---------------------------------------------------------------------------------------


def _sparse_shapes(*splits, rt_dense_values):
    if rt_dense_values is None:
        return [(None, None), (None,), (None,)]
    rank = len(splits) + len(rt_dense_values)
    count = None if None in rt_dense_values else int(np.prod(rt_dense_values))
    return [(count, rank), (count,), (rank,)]


@op("RaggedTensorToSparse", shape=_sparse_shapes, host=True)
def ragged_to_sparse_op(
    xp, *rt_nested_splits: Splits, rt_dense_values: TypeAttr("T")
) -> [int64, TypeAttr("T"), int64]:
    """The places and values of a sparse tensor, and its shape."""
    check_splits(rt_nested_splits, rt_dense_values)
    columns = np.indices(rt_dense_values.shape).reshape(rt_dense_values.ndim, -1)
    for splits in reversed(rt_nested_splits):
        rows = np.searchsorted(splits, columns[0], side="right") - 1
        columns = np.concatenate([[rows, columns[0] - splits[rows]], columns[1:]])
    widths = [np.max(np.diff(splits), initial=0) for splits in rt_nested_splits]
    sizes = [len(rt_nested_splits[0]) - 1, *widths, *rt_dense_values.shape[1:]]
    return [columns.T.astype(np.int64), np.ravel(rt_dense_values), np.array(sizes, np.int64)]


@ragged_to_sparse_op.gradient
def _(ys, dys, *inputs):
    *nested_splits, values = inputs
    return *(None for _ in nested_splits), reshape(dys[1], shape(values))
