"""Ragged tensors rearranged: `tf.tile`, `tf.expand_dims`, `tf.squeeze`, `tf.one_hot`, ..."""
from minitf.core.deprecation import renamed
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.core.ragged import is_ragged
from minitf.core.static import constant_value
from minitf.ops.array import basics, one_hot
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.padding import tile as tile_dense
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.control import Assert, with_dependencies
from minitf.ops.math.elementwise import equal
from minitf.ops.reduction import axes
from minitf.ops.reduction.reduce import reduce_all
from minitf.ragged.checks import int_tensor, splits_of
from minitf.ragged.ranges import repeat_ranges
from minitf.ragged.rows import lengths_of, positive_axis
from minitf.ragged.tensor import RaggedTensor, as_ragged_or_tensor

# -- tile -----------------------------------------------------------------------------------------


def tile(input, multiples, name=None):
    """`tf.tile`."""
    with name_scope(name, "RaggedTile", [input, multiples]):
        input = as_ragged_or_tensor(input, name="input")
        multiples = int_tensor(multiples, "multiples", input.row_splits.dtype)
        multiples.shape.assert_has_rank(1)
        known = constant_value(multiples)
        once = [] if known is None else [axis for axis, n in enumerate(known) if n == 1]
        values = _tiled_values(input, multiples, once)
        splits = _tiled_splits(input, multiples, once)
        return RaggedTensor.from_nested_row_splits(values, splits, validate=False)


def _tiled_values(input, multiples, once):
    """The values of the inner axes repeated first; `once` are the axes that stay as they are."""
    nested_splits = input.nested_row_splits
    places, below = range_(nested_splits[-1][-1]), None
    for axis in range(input.ragged_rank, 0, -1):
        splits = nested_splits[axis - 1]
        if below is not None:
            splits = gather(below * multiples[axis + 1], splits)
        if axis not in once:
            places = repeat_ranges(places, splits, multiples[axis])
        below = splits
    inner = concat([multiples[:1], multiples[input.ragged_rank + 1 :]], axis=0)
    return tile_dense(gather(input.flat_values, places), inner)


def _tiled_splits(input, multiples, once):
    nested_splits = input.nested_row_splits
    found = []
    for axis, splits in enumerate(nested_splits):
        lengths = lengths_of(splits) * multiples[axis + 1]
        repeats = 1
        for outer in range(axis - 1, -1, -1):
            if outer + 1 not in once:
                among = _projected(nested_splits, outer, axis - 1) * repeats
                lengths = repeat_ranges(lengths, among, multiples[outer + 1])
            repeats *= multiples[outer + 1]
        found.append(splits_of(tile_dense(lengths, multiples[:1])))
    return found


def _projected(nested_splits, axis, onto):
    """Where the rows of an axis begin among those of an inner one."""
    splits = nested_splits[axis]
    for inner in nested_splits[axis + 1 : onto + 1]:
        splits = gather(inner, splits)
    return splits


# -- axes -----------------------------------------------------------------------------------------


def expand_dims(input, axis=None, name=None, dim=None):
    """`tf.expand_dims`."""
    axis = renamed("axis", axis, "dim", dim)
    with name_scope(name, "RaggedExpandDims", [input]):
        return _expanded(as_ragged_or_tensor(input, name="input"), axis)


def _expanded(input, axis):
    if not is_ragged(input):
        return axes.expand_dims(input, axis)
    ndims = None if input.shape.ndims is None else input.shape.ndims + 1
    axis = positive_axis(axis, ndims)
    if axis == 0:
        splits = stack([0, input.nrows()])
    elif axis == 1:
        splits = range_(input.nrows() + 1)
    else:
        return input.with_values(_expanded(input.values, axis - 1))
    return RaggedTensor.from_row_splits(input, splits, validate=False)


def squeeze(input, axis=None, name=None, squeeze_dims=None):
    """`tf.squeeze` of the axes that are named. ValueError without any."""
    axis = renamed("axis", axis, "squeeze_dims", squeeze_dims)
    with name_scope(name, "RaggedSqueeze", [input]):
        input = as_ragged_or_tensor(input)
        if axis is None:
            raise ValueError("Ragged.squeeze must have an axis argument.")
        axis = [axis] if isinstance(axis, int) else axis
        if not isinstance(axis, (list, tuple)) or not all(isinstance(d, int) for d in axis):
            raise TypeError(f"Axis must be a list or tuple of integers, got {axis!r}")
        axis = [positive_axis(each, input.shape.ndims) for each in axis]
        ragged = [each for each in axis if each <= input.ragged_rank]
        dense = [each - input.ragged_rank for each in axis if each > input.ragged_rank]
        values = with_dependencies(_squeezable(input, ragged), input.flat_values)
        values = axes.squeeze(values, dense) if dense else values
        kept = [splits for at, splits in enumerate(input.nested_row_splits, 1) if at not in ragged]
        if 0 in ragged and kept:
            kept = kept[1:]
        found = RaggedTensor.from_nested_row_splits(values, kept)
        whole = set(ragged) >= {*range(input.ragged_rank + 1)}
        return axes.squeeze(found, [0], name) if whole else found


def _squeezable(input, axis):
    """Checks that the size of the axes is 1."""
    sizes = {0: input.nrows(), **dict(enumerate(input.nested_row_lengths(), 1))}
    return [Assert(reduce_all(equal(sizes[each], 1)),
                   [f"the given axis (axis = {each}) is not squeezable!"])
            for each in sorted(axis)]  # fmt: skip


# -- sizes ----------------------------------------------------------------------------------------


def size(input, name=None, out_type=int32):
    """`tf.size`: the number of values."""
    return basics.size(as_ragged_or_tensor(input).flat_values, name, out_type)


def rank(input, name=None):
    """`tf.rank`: the number of axes, ragged ones or not."""
    with name_scope(name, "RaggedRank", [input]):
        input = as_ragged_or_tensor(input)
        return input.ragged_rank + basics.rank(input.flat_values)


def ragged_one_hot(
    indices, depth, on_value=None, off_value=None, axis=None, dtype=None, name=None
):
    """`tf.one_hot`. ValueError for an axis among the ragged ones."""
    with name_scope(name, "RaggedOneHot", [indices]):
        indices = as_ragged_or_tensor(indices, name="indices")
        if axis is not None:
            axis = positive_axis(axis, indices.shape.ndims)
            if axis < indices.ragged_rank:
                raise ValueError("axis may not be less than indices.ragged_rank.")
        found = one_hot.one_hot(indices.flat_values, depth, on_value, off_value, axis, dtype)
        return indices.with_flat_values(found)
