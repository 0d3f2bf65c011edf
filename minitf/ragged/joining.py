"""Ragged tensors one after the other: `tf.concat`, `tf.stack`, `tf.ragged.stack`."""
from minitf.core.graph import control_dependencies, name_scope
from minitf.core.ragged import is_ragged
from minitf.ops.array import joining
from minitf.ops.array.basics import reshape
from minitf.ops.array.indexing import gather
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.check import assert_equal
from minitf.ops.reduction.axes import expand_dims, transpose
from minitf.ragged.checks import assert_splits_match, splits_of
from minitf.ragged.rows import match_splits, positive_axis
from minitf.ragged.tensor import RaggedTensor, as_ragged_or_tensor


def concat(values, axis, name=None):
    """`tf.concat`, where at least one of `values` is ragged."""
    values = values if isinstance(values, (list, tuple)) else [values]
    with name_scope(name, "RaggedConcat", values):
        return _joined(values, axis, stacks=False)


def stack(values, axis=0, name=None):
    """The values along a new axis, ragged behind it: of ragged tensors, and of tensors.

        tf.ragged.stack([[[1, 2]], [[3], [4]]])    # [[[1, 2]], [[3], [4]]]

    ValueError for values of different ranks, or none.
    """
    values = values if isinstance(values, (list, tuple)) else [values]
    with name_scope(name, "RaggedConcat", values):
        return _joined(values, axis, stacks=True)


def _joined(values, axis, stacks):
    if not values:
        raise ValueError("rt_inputs may not be empty.")
    values = [as_ragged_or_tensor(value, name="rt_input") for value in values]
    dtype = match_splits(*values)
    if len(values) == 1:
        return expand_dims(values[0], axis) if stacks else values[0]
    ndims = values[0].shape.ndims
    for value in values[1:]:
        value.shape.assert_has_rank(ndims) if ndims is not None else None
    out_ndims = ndims + 1 if stacks and ndims is not None else ndims
    axis = positive_axis(axis, out_ndims)
    if not any(map(is_ragged, values)) and ndims is not None and axis in (out_ndims - 1, ndims - 1):
        return (joining.stack if stacks else joining.concat)(values, axis)
    depth = max(1, *(value.ragged_rank if is_ragged(value) else 0 for value in values))
    values = [_as_ragged(value, depth, dtype) for value in values]
    if axis == 0:
        return _one_after_the_other(values, stacks)
    if axis == 1:
        return _side_by_side(values, stacks)
    splits = [[value.row_splits] for value in values]
    with control_dependencies(assert_splits_match(splits)):
        inner = _joined([value.values for value in values], axis - 1, stacks)
        return RaggedTensor.from_row_splits(inner, splits[0][0], validate=False)


def _as_ragged(value, depth, dtype):
    """The value with as many ragged axes as `depth`."""
    if not is_ragged(value):
        value = RaggedTensor.from_tensor(value, row_splits_dtype=dtype)
    if value.ragged_rank < depth:
        value = value.with_values(_as_ragged(value.values, depth - 1, dtype))
    return value


def _one_after_the_other(values, stacks):
    """Joined in the first axis."""
    levels = zip(*(value.nested_row_splits for value in values))
    splits = [_continued(level) for level in levels]
    if stacks:
        splits.insert(0, splits_of(joining.stack([value.nrows() for value in values])))
    flat = joining.concat([value.flat_values for value in values], axis=0)
    return RaggedTensor.from_nested_row_splits(flat, splits, validate=False)


def _continued(splits):
    """The splits of what is one after the other."""
    parts, end = [splits[0]], splits[0][-1]
    for each in splits[1:]:
        parts.append(each[1:] + end)
        end += each[-1]
    return joining.concat(parts, axis=0)


def _side_by_side(values, stacks):
    """Joined in the second axis: the rows one after the other, sorted by their numbers."""
    count, rows = len(values), values[0].nrows()
    message = "Input tensors have incompatible shapes."
    checks = [assert_equal(value.nrows(), rows, message=message) for value in values[1:]]
    with control_dependencies(checks):
        whole = _one_after_the_other(values, stacks=False)
        order = transpose(reshape(range_(rows * count), [count, -1]))
        found = gather(whole, reshape(order, [-1]))
        if stacks:
            splits, inner = range_(0, rows * count + 1, count), found
        else:
            splits, inner = found.row_splits[::count], found.values
        for value in values:
            splits.set_shape(value.row_splits.shape)
        return RaggedTensor.from_row_splits(inner, splits, validate=False)
