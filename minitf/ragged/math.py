"""Sums and other reductions of ragged tensors: `tf.reduce_sum`, `tf.unsorted_segment_sum`, ..."""
import numpy as np

from minitf.core.deprecation import renamed
from minitf.core.dtypes import bool_, int32
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.ragged import is_ragged
from minitf.core.static import constant_value
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import ones_like, shape
from minitf.ops.array.indexing import gather, unsorted_segment_sum
from minitf.ops.control_flow.check import assert_equal
from minitf.ops.math.elementwise import cast, maximum, sqrt
from minitf.ops.reduction import reduce
from minitf.ops.reduction.unsorted_segments import (
    unsorted_segment_max,
    unsorted_segment_min,
    unsorted_segment_prod,
)
from minitf.ragged.checks import splits_of
from minitf.ragged.ranges import places
from minitf.ragged.rows import (
    SPLITS,
    lengths_of,
    longest,
    match_splits,
    positive_axis,
    row_numbers,
)
from minitf.ragged.tensor import RaggedTensor, as_ragged_or_tensor

# -- segments -------------------------------------------------------------------------------------


def aggregated(operation, data, segment_ids, num_segments, name=None):
    """What the operation on unsorted segments makes of the rows of each segment, place by place."""
    if not is_ragged(data) and not is_ragged(segment_ids):
        return operation(data, segment_ids, num_segments, name=name)
    with name_scope(name, "RaggedSegment", [data, segment_ids, num_segments]):
        data = as_ragged_or_tensor(data, name="data")
        ids = as_ragged_or_tensor(segment_ids, name="segment_ids")
        match_splits(data, ids)
        if ids.dtype not in SPLITS:
            raise ValueError(f"segment_ids must have dtype int32 or int64, got {ids.dtype.name}.")
        if is_ragged(ids):
            return _of_values(operation, data, ids, num_segments)
        lengths = lengths_of(data.row_splits)
        splits = splits_of(maximum(unsorted_segment_max(lengths, ids, num_segments), 0))
        starts = gather(splits, ids)
        values = aggregated(
            operation, data.values, places(starts, starts + lengths).values, splits[-1]
        )
        return RaggedTensor.from_row_splits(values, splits, validate=False)


def _of_values(operation, data, ids, num_segments):
    message = "segment_ids.shape must be a prefix of data.shape"
    if not is_ragged(data):
        raise ValueError(f"{message}, but segment_ids is ragged and data is not.")
    check = assert_equal(ids.row_splits, data.row_splits, message=message)
    with control_dependencies([check]):
        return aggregated(operation, data.values, ids.values, num_segments)


def _segment(operation, default_name):
    def segment(data, segment_ids, num_segments, name=None):
        return aggregated(operation, data, segment_ids, num_segments, name or default_name)

    segment.__doc__ = f"`tf.{operation.__name__}`: the rows of a segment place by place."
    return segment


segment_sum = _segment(unsorted_segment_sum, "RaggedSegmentSum")
segment_prod = _segment(unsorted_segment_prod, "RaggedSegmentProd")
segment_min = _segment(unsorted_segment_min, "RaggedSegmentMin")
segment_max = _segment(unsorted_segment_max, "RaggedSegmentMax")


def _average(default_name, divisor):
    """The sum of a segment divided by what `divisor` makes of how many there are."""

    def segment(data, segment_ids, num_segments, name=None):
        with name_scope(name, default_name, [data, segment_ids, num_segments]):
            data = as_ragged_or_tensor(data, name="data")
            total = segment_sum(data, segment_ids, num_segments)
            count = segment_sum(ones_like(data), segment_ids, num_segments)
            return _quotient(total, count, divisor)

    return segment


def _quotient(total, count, divisor):
    if not is_ragged(total):
        return total / divisor(count)
    return total.with_flat_values(total.flat_values / divisor(count.flat_values))


segment_mean = _average("RaggedSegmentMean", lambda count: count)
segment_sqrt_n = _average("RaggedSegmentSqrtN", sqrt)

# -- reductions -----------------------------------------------------------------------------------


def reduced(reduction, segments, values, axis, name=None):
    """What `reduction` makes of dense axes, and `segments` of ragged ones, named by `axis`."""
    if not is_ragged(values):
        return reduction(values, axis, name=name)
    values = as_ragged_or_tensor(values, name="rt_input")
    axis = _known_axis(axis)
    if axis is None:
        return reduction(values.flat_values, None, name=name)
    with name_scope(name, "RaggedReduce", [values, axis]):
        if not isinstance(axis, (tuple, list)):
            return _reduced_in(reduction, segments, values, axis)
        if len(axis) > 1:
            axis = [positive_axis(each, values.shape.ndims) for each in axis]
        for each in sorted(axis, reverse=True):  # the inner ones first: the others stay in place
            values = _reduced_in(reduction, segments, values, each)
        return values


def _known_axis(axis):
    if not isinstance(axis, Tensor):
        return axis.tolist() if isinstance(axis, (np.ndarray, np.generic)) else axis
    known = constant_value(axis)
    if known is None:
        raise ValueError("axis must be known at graph construction time.")
    return known.tolist()


def _reduced_in(reduction, segments, values, axis):
    if not is_ragged(values):
        return reduction(values, axis)
    axis = positive_axis(axis, values.shape.ndims)
    splits = values.row_splits
    if axis == 0:
        lengths = lengths_of(splits)
        columns = places(np.zeros((), splits.dtype.as_numpy_dtype), lengths).values
        return aggregated(segments, values.values, columns, longest(lengths))
    if axis == 1:
        return aggregated(segments, values.values, row_numbers(splits), shape(splits)[0] - 1)
    return values.with_values(_reduced_in(reduction, segments, values.values, axis - 1))


def _reduction(reduction, segments, default_name):
    """The handler of a reduction, which takes what that takes."""

    def handler(
        input_tensor, axis=None, keepdims=None, name=None, reduction_indices=None, keep_dims=None
    ):
        axis = renamed("axis", axis, "reduction_indices", reduction_indices)
        if renamed("keepdims", keepdims, "keep_dims", keep_dims):
            raise ValueError("keepdims=True is not supported for RaggedTensors.")
        return reduced(reduction, segments, input_tensor, axis, name or default_name)

    return handler


reduce_sum = _reduction(reduce.reduce_sum, unsorted_segment_sum, "RaggedReduceSum")
reduce_prod = _reduction(reduce.reduce_prod, unsorted_segment_prod, "RaggedReduceProd")
reduce_min = _reduction(reduce.reduce_min, unsorted_segment_min, "RaggedReduceMin")
reduce_max = _reduction(reduce.reduce_max, unsorted_segment_max, "RaggedReduceMax")


def reduce_mean(input_tensor, axis=None, keepdims=None, name=None, **older):
    """`tf.reduce_mean`."""
    with name_scope(name, "RaggedReduceMean", [input_tensor, axis]):
        input_tensor = as_ragged_or_tensor(input_tensor)
        total = reduce_sum(input_tensor, axis, keepdims, **older)
        count = reduce_sum(ones_like(input_tensor), axis, keepdims, **older)
        return _quotient(total, count, lambda count: count)


def _logical(handler, default_name):
    """Of truth values, by way of the numbers 0 and 1."""

    def logical(input_tensor, axis=None, keepdims=None, name=None, **older):
        with name_scope(name, default_name, [input_tensor, axis]):
            numbers = cast(as_ragged_or_tensor(input_tensor), int32)
            return cast(handler(numbers, axis, keepdims, **older), bool_)

    return logical


reduce_all = _logical(reduce_prod, "RaggedReduceAll")
reduce_any = _logical(reduce_sum, "RaggedReduceAny")
