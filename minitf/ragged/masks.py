"""Elements of ragged tensors chosen by conditions, and partitions: `tf.ragged.boolean_mask`, ..."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import bool_
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.ragged import is_ragged
from minitf.nn.sorting import argsort
from minitf.ops.array import masks
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.check import assert_equal, assert_less
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import count_nonzero, reduce_sum
from minitf.ops.reduction.scan import cumprod
from minitf.ragged.checks import assert_splits_match, count_of, splits_of
from minitf.ragged.functional import map_flat_values
from minitf.ragged.rows import match_splits, row_numbers
from minitf.ragged.tensor import RaggedTensor, as_ragged_or_tensor

# -- masks ----------------------------------------------------------------------------------------


def boolean_mask(data, mask, name=None):
    """The elements of `data` where `mask` holds, rows kept apart: ragged for a mask of two axes.

        tf.ragged.boolean_mask([[1, 2], [3, 4]], [[True, False], [False, False]])    # [[1], []]

    `mask` has the first axes of `data`, and so have its rows. ValueError for a scalar mask or one
    of unknown rank.
    """
    with name_scope(name, "RaggedMask", [data, mask]):
        data = as_ragged_or_tensor(data, name="data")
        mask = as_ragged_or_tensor(mask, bool_, name="mask")
        dtype = match_splits(data, mask)
        if mask.shape.ndims is None:
            raise ValueError("mask.shape.ndims must be known statically.")
        if mask.shape.ndims == 0:
            raise ValueError("mask cannot be scalar.")
        return _masked(data, mask, dtype)


def _masked(data, mask, dtype):
    if is_ragged(mask):
        if not is_ragged(data):
            data = RaggedTensor.from_tensor(
                data, ragged_rank=mask.ragged_rank, row_splits_dtype=dtype
            )
        return _masked_elements(data, mask, dtype)
    if is_ragged(data) and mask.shape.ndims == 1:
        return _masked_rows(data, mask, dtype)
    if is_ragged(data):
        outer = min(data.ragged_rank, mask.shape.ndims - 1)
        mask = RaggedTensor.from_tensor(mask, ragged_rank=outer, row_splits_dtype=dtype)
        return _masked_elements(data, mask, dtype)
    return _masked_tensor(data, mask, dtype)


def _masked_elements(data, mask, dtype):
    pairs = [mask.nested_row_splits, data.nested_row_splits[: mask.ragged_rank]]
    with control_dependencies(assert_splits_match(pairs)):
        splits = []
        while is_ragged(mask):
            if mask.shape.ndims > 2:
                splits.append(mask.row_splits)
            else:
                splits.append(splits_of(reduce_sum(map_flat_values(cast, mask, dtype), axis=1)))
            mask, data = mask.values, data.values
        values = _masked(data, mask, dtype)
        return RaggedTensor.from_nested_row_splits(values, splits, validate=False)


def _masked_rows(data, mask, dtype):
    splits = splits_of(masks.boolean_mask(data.row_lengths(), mask))
    of_values = gather(mask, row_numbers(data.row_splits))
    values = _masked(data.values, of_values, dtype)
    return RaggedTensor.from_row_splits(values, splits, validate=False)


def _masked_tensor(data, mask, dtype):
    found, ndims = masks.boolean_mask(data, mask), mask.shape.ndims
    if ndims == 1:
        return found
    lengths = reshape(count_nonzero(mask, axis=-1, dtype=dtype), [-1])
    found = RaggedTensor.from_row_lengths(found, lengths, validate=False)
    sizes = shape(mask, out_type=dtype)
    counts = cumprod(sizes) + 1
    for axis in range(ndims - 3, -1, -1):
        splits = range_(counts[axis]) * sizes[axis + 1]
        found = RaggedTensor.from_row_splits(found, splits, validate=False)
    return found


# -- where ----------------------------------------------------------------------------------------


def where(condition, x=None, y=None, name=None):
    """`tf.where`: of ragged tensors all three have the same rows, or a vector chooses rows."""
    if (x is None) != (y is None):
        raise ValueError("x and y must be either both None or both non-None")
    with name_scope(name, "RaggedWhere", [condition, x, y]):
        condition = as_ragged_or_tensor(condition, name="condition")
        if x is None:
            return _places(condition)
        x, y = as_ragged_or_tensor(x, name="x"), as_ragged_or_tensor(y, name="y")
        match_splits(condition, x, y)
        ragged = [is_ragged(each) for each in (condition, x, y)]
        if all(ragged):
            return map_flat_values(masks.where, condition, x, y)
        if ragged[0]:
            raise ValueError("Input shapes do not match.")
        return _rows_where(condition, x, y)


def _rows_where(condition, x, y):
    condition.shape.assert_has_rank(1)
    both = concat([x, y], axis=0)
    dtype = both.row_splits.dtype
    ours, theirs = count_of(x, dtype), count_of(y, dtype)
    return gather(both, masks.where(condition, range_(ours), ours + range_(theirs)))


def _places(condition):
    """The indices of the elements where the condition holds."""
    if not is_ragged(condition):
        return masks.where(condition)
    inner = _places(condition.values)
    condition = condition.with_row_splits_dtype(inner.dtype)
    rows = gather(condition.value_rowids(), inner[:, 0])
    columns = inner[:, 0] - gather(condition.row_splits, rows)
    return concat([expand_dims(rows, 1), expand_dims(columns, 1), inner[:, 1:]], axis=1)


# -- partitions -----------------------------------------------------------------------------------


def stack_dynamic_partitions(data, partitions, num_partitions, name=None):
    """Row i of the result has the elements of `data` whose partition is i.

        tf.ragged.stack_dynamic_partitions(["a", "b", "c"], [1, 0, 1], 2)    # [["b"], ["a", "c"]]

    `partitions` has the first axes of `data`; ValueError where its rank is unknown or its shape is
    another, InvalidArgumentError in the run for a partition that is not below `num_partitions`.
    """
    with name_scope(name, "SegmentStack", [data, partitions, num_partitions]):
        data = as_ragged_or_tensor(data, name="data")
        dtype = data.row_splits.dtype if is_ragged(data) else None
        partitions = as_ragged_or_tensor(partitions, name="partitions", preferred_dtype=dtype)
        partitions = partitions if dtype is None else cast(partitions, dtype)
        count = convert_to_tensor(num_partitions, dtype_hint=partitions.dtype)
        count = cast(count, partitions.dtype)
        ndims = partitions.shape.ndims
        if ndims is None:
            raise ValueError("partitions must have known rank.")
        count.shape.assert_has_rank(0)
        partitions.shape.assert_is_compatible_with(data.shape[:ndims])
        if ndims == 0:
            data, partitions = stack([data]), stack([partitions])
            return RaggedTensor.from_value_rowids(data, partitions, count, validate=False)
        return _sorted_by(data, partitions, count) if ndims == 1 else _flattened(
            data, partitions, num_partitions
        )


def _sorted_by(data, partitions, count):
    order = argsort(partitions, stable=True)
    rows = gather(partitions, order)
    message = "partitions must be less than num_partitions"
    check = assert_less(rows[-1:], count, message=message)
    with control_dependencies([check]):
        return RaggedTensor.from_value_rowids(gather(data, order), rows, count, validate=False)


def _flattened(data, partitions, num_partitions):
    """The partitions of what is in the rows."""
    dtype = partitions.row_splits.dtype if is_ragged(partitions) else partitions.dtype
    if not is_ragged(data):
        data = RaggedTensor.from_tensor(data, row_splits_dtype=dtype)
    if not is_ragged(partitions):
        outer = max(data.ragged_rank, partitions.shape.ndims - 1)
        partitions = RaggedTensor.from_tensor(
            partitions, ragged_rank=outer, row_splits_dtype=data.row_splits.dtype
        )
    message = "data and partitions have incompatible ragged shapes"
    check = assert_equal(data.row_splits, partitions.row_splits, message=message)
    with control_dependencies([check]):
        return stack_dynamic_partitions(data.values, partitions.values, num_partitions)


def dynamic_partition(data, partitions, num_partitions, name=None):
    """`tf.dynamic_partition`: a list of the rows of `tf.ragged.stack_dynamic_partitions`."""
    if not isinstance(num_partitions, int) or num_partitions < 0:
        raise TypeError(
            f"num_partitions must be a non-negative integer, got {num_partitions!r}"
        )
    found = stack_dynamic_partitions(data, partitions, num_partitions, name)
    return [found[i] for i in range(num_partitions)]
