"""Ragged tensors of nested lists, and to be fed: `tf.ragged.constant`, `tf.ragged.placeholder`."""
import math

import numpy as np

from minitf.core.constant import constant as constant_tensor
from minitf.core.dtypes import DType, as_dtype, int64
from minitf.core.graph import name_scope
from minitf.core.ragged import is_ragged
from minitf.core.tensor_shape import TensorShape
from minitf.core.values import as_array
from minitf.ops.state.placeholder import placeholder as dense_placeholder
from minitf.ragged.tensor import RaggedTensor
from minitf.ragged.value import RaggedTensorValue


def constant(
    pylist, dtype=None, ragged_rank=None, inner_shape=None, name=None, row_splits_dtype=int64
):
    """A constant RaggedTensor of nested lists, or a Tensor where nothing is to be ragged.

        tf.ragged.constant([[1, 2], [], [3]])

    All axes but the first are ragged, unless `ragged_rank` says how many are, or `inner_shape` what
    the innermost axes are like. ValueError for scalars of different depths, and where inner axes
    differ; TypeError for values of no type.
    """
    splits_dtype = as_dtype(row_splits_dtype)

    def ragged(values, row_splits):
        splits = constant_tensor(row_splits, dtype=splits_dtype)
        return RaggedTensor.from_row_splits(values, splits, validate=False)

    def dense(values, shape, name="Const"):
        array = as_array(values, None if dtype is None else as_dtype(dtype))
        # tf.constant would fill a larger shape with the last element.
        if shape is not None and array.size not in (1, math.prod(shape)):
            raise TypeError(f"Expected Tensor's shape: {shape}, got {array.shape}.")
        return constant_tensor(array, dtype, shape, name)

    with name_scope(name, "RaggedConstant"):
        return _built(ragged, dense, pylist, ragged_rank, inner_shape)


def constant_value(
    pylist, dtype=None, ragged_rank=None, inner_shape=None, row_splits_dtype="int64"
):
    """The same as a RaggedTensorValue, of NumPy's arrays."""
    dtype = dtype.as_numpy_dtype if isinstance(dtype, DType) else dtype
    splits_dtype = as_dtype(row_splits_dtype).as_numpy_dtype

    def ragged(values, row_splits):
        return RaggedTensorValue(values, np.array(row_splits, splits_dtype))

    def dense(values, shape, name=None):
        array = np.array(values, dtype)
        return array if shape is None else np.reshape(array, shape)

    return _built(ragged, dense, pylist, ragged_rank, inner_shape)


def _built(ragged, dense, rows, ragged_rank, inner_shape):
    """What `ragged(values, row_splits)` and `dense(values, shape, name)` make of nested lists."""
    if is_ragged(rows):
        raise TypeError("pylist may not be a RaggedTensor or RaggedTensorValue.")
    inner_shape = None if inner_shape is None else tuple(inner_shape)
    if not _is_list(rows):
        _check_scalar(rows, ragged_rank, inner_shape)
        return dense(rows, ())
    if ragged_rank is not None and ragged_rank < 0:
        raise ValueError(f"Invalid ragged_rank={ragged_rank!r}: must be nonnegative")
    scalars, deepest = _depths(rows)
    _check_depths(rows, scalars, deepest, ragged_rank, inner_shape)
    depth = deepest - len(inner_shape or ())
    if ragged_rank == 0 or (ragged_rank is None and (deepest < 2 or depth < 2)):
        return dense(rows, inner_shape)
    if inner_shape is None:
        inner_shape = () if ragged_rank is None else _inner_shape(rows, ragged_rank)
    if ragged_rank is None:
        ragged_rank = max(1, (deepest if scalars is None else scalars) - 1 - len(inner_shape))
    return _nested(ragged, dense, rows, ragged_rank, inner_shape)


def _nested(ragged, dense, rows, ragged_rank, inner_shape):
    nested_splits = []
    for _ in range(ragged_rank):
        nested_splits.append(np.cumsum([0, *map(len, rows)]).tolist())
        rows = [item for row in rows for item in row]
    found = dense(rows, (len(rows), *inner_shape), "values")
    for splits in reversed(nested_splits):
        found = ragged(found, splits)
    return found


def _is_list(value):
    return isinstance(value, (list, tuple)) or np.ndim(value) != 0


def _check_scalar(value, ragged_rank, inner_shape):
    if ragged_rank:
        raise ValueError(f"Invalid pylist={value!r}: incompatible with ragged_rank={ragged_rank}")
    if inner_shape:
        raise ValueError(
            f"Invalid pylist={value!r}: incompatible with dim(inner_shape)={len(inner_shape)}"
        )


def _check_depths(rows, scalars, deepest, ragged_rank, inner_shape):
    if scalars is not None and deepest > scalars:
        raise ValueError(
            f"Invalid pylist={rows!r}: empty list nesting is greater than scalar value nesting"
        )
    if inner_shape is None or ragged_rank is None:
        return
    expected = ragged_rank + len(inner_shape) + 1
    if expected < deepest if scalars is None else expected != scalars:
        raise ValueError(
            f"Invalid pylist={rows!r}: incompatible with ragged_rank={ragged_rank} and "
            f"dim(inner_shape)={len(inner_shape)}"
        )


def _depths(rows):
    """(how deep the scalars are, None without any; how deep lists are nested)."""
    if not _is_list(rows):
        return 0, 0
    found = [_depths(row) for row in rows]
    scalars = {depth for depth, _ in found if depth is not None}
    if len(scalars) > 1:
        raise ValueError("all scalar values must have the same nesting depth")
    return (scalars.pop() + 1 if scalars else None), max([deep for _, deep in found], default=0) + 1


def _inner_shape(rows, ragged_rank):
    """The shape of what is below the ragged axes. ValueError where it differs."""
    for axis in range(ragged_rank):
        if not all(map(_is_list, rows)):
            raise ValueError(
                f"pylist has scalar values depth {axis + 1}, but ragged_rank={ragged_rank} "
                f"requires scalar value depth greater than {ragged_rank}"
            )
        rows = [item for row in rows for item in row]
    shape = _shape_of_first(rows)
    _check_shape(rows, shape)
    return shape[1:]


def _shape_of_first(item):
    if not _is_list(item):
        return ()
    return (len(item), *_shape_of_first(item[0])) if len(item) else (0,)


def _check_shape(item, shape):
    if _is_list(item) != bool(shape) or (shape and len(item) != shape[0]):
        raise ValueError("inner values have inconsistent shape")
    for below in item if shape else ():
        _check_shape(below, shape[1:])


def placeholder(dtype, ragged_rank, value_shape=None, name=None):
    """A RaggedTensor to be fed, with values of `value_shape`; a Tensor for a `ragged_rank` of 0.

    A run is fed a RaggedTensorValue for it, as `tf.ragged.constant_value` gives.
    """
    if ragged_rank == 0:
        return dense_placeholder(dtype, value_shape, name)
    with name_scope(name, "RaggedPlaceholder"):
        shape = TensorShape([None]).concatenate(value_shape)
        found = dense_placeholder(dtype, shape, "flat_values")
        for axis in reversed(range(ragged_rank)):
            splits = dense_placeholder(int64, [None], f"row_splits_{axis}")
            found = RaggedTensor(found, splits, internal=True)
        return found
