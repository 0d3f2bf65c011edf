"""Counting: `tf.bincount`, `tf.histogram_fixed_width`, and its bins."""
import numpy as np

from minitf.core import dtypes
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.literals import element, integer, length
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, TypeAttr
from minitf.core.shape_rules import check_rank
from minitf.core.tensor_shape import printed
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.indexing import unsorted_segment_sum
from minitf.ops.math.clip import clip_by_value
from minitf.ops.math.elementwise import cast, floor, greater, maximum, minimum
from minitf.ops.math.operators import truediv
from minitf.ops.reduction.reduce import reduce_max, reduce_prod

Counted = TypeAttr("T", (dtypes.int32, dtypes.int64, dtypes.float32, dtypes.float64))
Count = TypeAttr("_", (dtypes.int32,), static=True)
CHUNK = 1 << 14  # elements at once, so that the work stays in the cache


def _bins(arr, size, weights):
    return (length(size),)


@op("Bincount", shape=_bins, host=True)
def bincount_op(xp, arr: dtypes.int32, size: Count, weights: Counted):
    """How often, or with which sum of weights, each number below `size` is in arr."""
    values, count = np.ravel(arr), integer(size)
    if weights.size and weights.shape != arr.shape:
        raise ValueError(f"weights must be empty or of arr's shape: {weights.shape}, {arr.shape}")
    if values.size and values.min() < 0:
        raise ValueError("Input arr must be non-negative!")
    if not weights.size:
        return xp.asarray(np.bincount(values, minlength=count)[:count].astype(weights.dtype))
    bins = np.zeros(count, weights.dtype)
    fits = values < count
    np.add.at(bins, values[fits], np.ravel(weights)[fits])
    return xp.asarray(bins)


def bincount(
    arr, weights=None, minlength=None, maxlength=None, dtype=dtypes.int32, name=None
):
    """How often each of the numbers 0, 1, 2, ... is in the int32 tensor `arr`.

    With `weights`, of arr's shape, their sums. The result is as long as the largest number asks, at
    least `minlength` and at most `maxlength`, and of type `dtype`, or that of the weights. A run
    raises InvalidArgumentError for negative numbers.
    """
    with name_scope("bincount" if name is None else name):
        arr = convert_to_tensor(arr, name="arr", dtype=dtypes.int32)
        some = greater(reduce_prod(shape(arr)), 0)
        size = cast(some, dtypes.int32) * (reduce_max(arr) + 1)
        if minlength is not None:
            size = maximum(convert_to_tensor(minlength, dtypes.int32, "minlength"), size)
        if maxlength is not None:
            size = minimum(convert_to_tensor(maxlength, dtypes.int32, "maxlength"), size)
        if weights is not None:
            return unsorted_segment_sum(convert_to_tensor(weights, name="weights"), arr, size)
        return bincount_op(arr, size, constant([], dtype))


def _histogram_shape(values, value_range, nbins, *, dtype):
    check_rank(value_range, 1, "value_range")
    if value_range not in ((2,), (None,), None):
        raise ValueError(f"value_range must be a vector of 2, got {printed(value_range)}")
    count = element(nbins)
    if count is not None and count <= 0:
        raise ValueError(f"Requires nbins > 0: {count}")
    return (count,)


@op("HistogramFixedWidth", shape=_histogram_shape, grad=NOT_DIFFERENTIABLE, host=True)
def histogram_op(xp, values: Counted, value_range: Counted, nbins: Count, *,
                 dtype=dtypes.int32) -> Attr("dtype"):  # fmt: skip
    """How many values lie in each of nbins equal parts of a range; beyond it, in its end parts."""
    low, high = np.asarray(value_range)
    if not low < high:
        raise ValueError(
            f"value_range should satisfy value_range[0] < value_range[1], but got '[{low}, {high}]'"
        )
    count = integer(nbins)
    step = (float(high) - float(low)) / count
    values, total = np.ravel(values), np.zeros(count, np.int64)
    for start in range(0, values.size, CHUNK):
        places = np.clip(values[start : start + CHUNK], low, high).astype(np.float64)
        places -= float(low)
        places /= step
        places = np.minimum(places.astype(np.int32), count - 1)
        total += np.bincount(places, minlength=count)
    return xp.asarray(total.astype(dtype.numpy))


def histogram_fixed_width(values, value_range, nbins=100, dtype=dtypes.int32, name=None):
    """How many of `values` lie in each of `nbins` equal parts of `value_range`, [low, high].

    What is below or above is counted in the first or last part. A run raises InvalidArgumentError
    unless low < high.
    """
    with name_scope(name, "histogram_fixed_width", [values, value_range, nbins]) as scope:
        return histogram_op(values, value_range, nbins, dtype=dtypes.as_dtype(dtype), name=scope)


def histogram_fixed_width_bins(
    values, value_range, nbins=100, dtype=dtypes.int32, name=None
):
    """Which of `nbins` equal parts of `value_range` each of `values` lies in, as int32.

    What is below or above is in the first or last part. It is int32 for every `dtype`, as in
    TensorFlow.
    """
    with name_scope(name, "histogram_fixed_width_bins", [values, value_range, nbins]):
        values = convert_to_tensor(values, name="values")
        sizes = shape(values)
        values = reshape(values, [-1])
        value_range = convert_to_tensor(value_range, name="value_range")
        count = cast(convert_to_tensor(nbins, dtypes.int32, name="nbins"), values.dtype)
        length = value_range[1] - value_range[0]
        scaled = truediv(values - value_range[0], length, name="scaled_values")
        places = floor(count * scaled, name="indices")
        return reshape(cast(clip_by_value(places, 0, count - 1), dtypes.int32), sizes)
