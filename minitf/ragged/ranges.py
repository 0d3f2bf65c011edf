"""Ranges as rows: `tf.ragged.range`, and ranges of elements repeated."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, int64
from minitf.core.graph import name_scope
from minitf.ops.array.basics import ones, shape
from minitf.ops.array.indexing import gather
from minitf.ops.array.rearrange import repeat
from minitf.ops.array.sequences import widest
from minitf.ops.math.elementwise import cast
from minitf.ragged.kernels import ragged_range_op
from minitf.ragged.tensor import RaggedTensor


def range(
    starts, limits=None, deltas=1, dtype=None, name=None, row_splits_dtype=int64
):
    """A RaggedTensor whose rows are `tf.range(start, limit, delta)`, one for each of the vectors.

        tf.ragged.range([3, 0, 2])    # [[0, 1, 2], [], [0, 1]]

    A scalar stands for the same in all rows; without `limits`, `starts` are these. A run raises
    InvalidArgumentError for a delta of 0.
    """
    if limits is None:
        starts, limits = 0, starts
    with name_scope(name, "RaggedRange", [starts, limits, deltas]) as scope:
        starts = convert_to_tensor(starts, dtype=dtype, name="starts")
        limits = convert_to_tensor(limits, dtype=dtype, name="limits")
        deltas = convert_to_tensor(deltas, dtype=dtype, name="deltas")
        bounds = starts, limits, deltas
        if dtype is None:
            dtype = widest(bounds)
            bounds = [cast(each, dtype) for each in bounds]
        splits, values = ragged_range_op(*bounds, Tsplits=as_dtype(row_splits_dtype), name=scope)
        return RaggedTensor.from_row_splits(values, splits, validate=False)


def places(starts, limits, step=1):
    """The rows of numbers from the starts to the limits, with splits of the type of these."""
    dtype = limits.dtype
    step = convert_to_tensor(step, dtype_hint=dtype, name="step")
    if not step.dtype.is_integer:
        raise TypeError("slice strides must be integers or None")
    splits, values = ragged_range_op(starts, limits, cast(step, dtype), Tsplits=dtype)
    return RaggedTensor.from_row_splits(values, splits, validate=False)


def repeat_ranges(params, splits, repeats):
    """Each of the rows of `params` that the splits cut, repeated one after the other."""
    if repeats.shape.ndims != 0:
        starts, limits = (repeat(each, repeats, axis=0) for each in (splits[:-1], splits[1:]))
    else:
        # A split is where a row ends and the next one begins: repeated, as often the one and other.
        splits = repeat(splits, repeats, axis=0)
        count = shape(splits, out_type=repeats.dtype)[0]
        starts, limits = splits[: count - repeats], splits[repeats:]
    one = ones((), starts.dtype)
    return gather(params, ragged_range_op(starts, limits, one, Tsplits=starts.dtype)[1])
