"""Indexing of ragged tensors: `rt[0]`, `rt[1:]`, `rt[:, :2]`, `rt[tf.newaxis]`."""
from minitf.core.eager import executing_eagerly
from minitf.core.graph import name_scope
from minitf.core.ragged import is_ragged
from minitf.core.tensor import OPERATORS, Tensor
from minitf.ops.array.basics import shape, size, zeros
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.sequences import range as range_
from minitf.ops.control_flow.branches import cond
from minitf.ops.math.elementwise import cast, maximum, minimum
from minitf.ragged.ranges import places
from minitf.ragged.tensor import RaggedTensor

_ALL = slice(None)


def getitem(rt, key):
    """The rows, or parts of rows, that the key names.

    An index chooses a row; of a ragged axis only slices can be taken: ValueError. IndexError for
    too many indices, TypeError for what is none.
    """
    with name_scope(None, "RaggedGetItem", [rt]):
        return _picked(rt, list(key) if isinstance(key, (list, tuple)) else [key])


def _picked(rt, keys):
    if not keys:
        return rt
    if not is_ragged(rt):
        return rt[tuple(keys)]
    key, inner = keys[0], keys[1:]
    if key is Ellipsis:
        return _picked(rt, _expanded(keys, rt.shape.ndims))
    if key is None:
        found = _picked(rt, inner)
        return RaggedTensor.from_row_splits(found, stack([0, _rows(found)]), validate=False)
    if isinstance(key, slice):
        return _picked_inside(_sliced(rt, key), inner)
    _check_row(rt, key)
    return _picked(rt.values[rt.row_splits[:-1][key] : rt.row_splits[1:][key]], inner)


def _rows(found):
    """How many rows a result has, ragged or not."""
    if is_ragged(found):
        return found.nrows()
    return shape(found)[0]


def _check_row(rt, key):
    """IndexError for a row that is not there, where operations run at once: it ends a loop."""
    if executing_eagerly() and not isinstance(key, (str, float)):
        try:
            outside = int(key) >= rt.row_splits.shape[0] - 1
        except (TypeError, ValueError):
            return
        if outside:
            raise IndexError(f"Row key {key} out of bounds")


def _sliced(rt, key):
    """The rows that a slice names."""
    if key == _ALL:
        return rt
    starts, limits = rt.row_splits[:-1][key], rt.row_splits[1:][key]
    if key.step is not None and not (isinstance(key.step, int) and key.step == 1):
        return _of_ranges(rt.values, starts, limits)
    # The first split is 0 where there is no row.
    nothing = zeros([1], rt.row_splits.dtype)[size(starts) :]
    splits = concat([nothing, starts[:1], limits], axis=0)
    return RaggedTensor.from_row_splits(
        rt.values[splits[0] : splits[-1]], splits - splits[0], validate=False
    )


def _picked_inside(rt, keys):
    """What the keys name inside each of the rows."""
    if not keys:
        return rt
    if not is_ragged(rt):
        return rt[(_ALL, *keys)]
    key, inner = keys[0], keys[1:]
    if key is Ellipsis:
        return _picked_inside(rt, _expanded(keys, rt.values.shape.ndims))
    if key is None:
        found = _picked_inside(rt, inner)
        splits = range_(_rows(found) + 1)
        return RaggedTensor.from_row_splits(found, splits, validate=False)
    if not isinstance(key, slice):
        raise ValueError(
            f"Cannot index into an inner ragged dimension, got {key!r}: rows may be too short for "
            "an index; a slice takes what there is."
        )
    rt = rt if key == _ALL else _cut(rt, key)
    return rt.with_values(_picked_inside(rt.values, inner))


def _cut(rt, key):
    """Each of the rows cut by a slice."""
    starts, limits = rt.row_splits[:-1], rt.row_splits[1:]
    first = starts if key.start is None else _moved(key.start, starts, limits)
    last = limits if key.stop is None else _moved(key.stop, starts, limits)
    return _of_ranges(rt.values, first, last, 1 if key.step is None else key.step)


def _moved(offset, starts, limits):
    """The place in each row that is `offset` from its start, or from its end if it is negative."""
    if isinstance(offset, Tensor):
        offset = cast(offset, starts.dtype)
        return cond(offset >= 0, lambda: minimum(starts + offset, limits),
                    lambda: maximum(limits + offset, starts))  # fmt: skip
    if not isinstance(offset, int):
        raise TypeError(f"slice offsets must be integers or None, got {offset!r}")
    return minimum(starts + offset, limits) if offset >= 0 else maximum(limits + offset, starts)


def _of_ranges(values, starts, limits, step=1):
    """Rows of what is between the starts and the limits."""
    found = places(starts, limits, step)
    return found.with_values(gather(values, found.values))


def _expanded(keys, ndims):
    """The keys with as many `:` in place of an Ellipsis as there are axes for, one at a time."""
    if ndims is None:
        raise ValueError("Ellipsis not supported for unknown shape RaggedTensors")
    indices = sum(key is not None for key in keys)
    if indices > ndims + 1:
        raise IndexError("Too many indices for RaggedTensor")
    return keys[1:] if indices == ndims + 1 else [_ALL, *keys]


OPERATORS["ragged_getitem"] = getitem
