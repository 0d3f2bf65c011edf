"""Sequences and grids of numbers: `tf.range`, `tf.linspace`, `tf.meshgrid`."""
import math

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import FLOATS, float32, float64, int32, int64
from minitf.core.graph import name_scope
from minitf.core.literals import element, elements, ints
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Static, StaticValue, T, TypeAttr, static
from minitf.ops.array.basics import ones, reshape, size
from minitf.ops.array.joining import stack
from minitf.ops.math.elementwise import cast

StaticFloat = TypeAttr("T", FLOATS, static=True)


def _goes_back(start, limit, delta):
    return (limit - start) * delta < 0


def _length(start, limit, delta):
    if delta == 0:
        raise ValueError("Requires delta != 0")
    if _goes_back(start, limit, delta):
        raise ValueError(
            f"Requires start {'<=' if delta > 0 else '>='} limit when delta "
            f"{'>' if delta > 0 else '<'} 0, got start={start}, limit={limit}, delta={delta}"
        )
    return math.ceil(abs((limit - start) / delta))


def _range_shape(start, limit, delta):
    known = [element(value) for value in (start, limit, delta)]
    return (None,) if None in known else (_length(*known),)


@op("Range", shape=_range_shape, grad=NOT_DIFFERENTIABLE)
def range_op(
    xp, start: StaticValue, limit: StaticValue, delta: StaticValue
) -> StaticValue:
    """start, start + delta, ... as long as it is before limit."""
    dtype = np.result_type(start, limit, delta)
    values = [np.asarray(value).item() for value in (start, limit, delta)]
    if dtype.kind in "iu":
        _length(*values)  # raises where they do not fit
        return xp.arange(*values, dtype=dtype)
    # Added up, as TensorFlow does: the rounding is the same.
    steps = np.full(_length(*values), delta, dtype)
    steps[:1] = start
    return xp.asarray(np.add.accumulate(steps, dtype=dtype))


def range(start, limit=None, delta=1, dtype=None, name="range"):
    """`start`, `start + delta`, ... up to but without `limit`; `range(n)` is 0 ... n-1.

    The type is the widest of the arguments' (int32, int64, float32, float64), or `dtype`.
    TypeError for another one without `dtype`, where TensorFlow has an AssertionError.
    """
    start, limit = (0, start) if limit is None else (start, limit)
    with name_scope(name, "Range", [start, limit, delta]) as scope:
        values = [
            convert_to_tensor(value, dtype=dtype, name=key)
            for key, value in (("start", start), ("limit", limit), ("delta", delta))
        ]
        known = [element(value._value) for value in values]
        if dtype is None:
            common = widest(values)
            values = [cast(value, common) for value in values]
        result = range_op(*values, name=scope)
        cast_only = None not in known and result._shape == (None,)  # known in the run, it says
        if cast_only and not _goes_back(*known):  # which refuses that, if the branch is taken
            result.set_shape([_length(*known)])
        return result


_FROM_NARROW_TO_WIDE = (int32, int64, float32, float64)


def widest(tensors):
    """The widest type of the bounds of a range. TypeError for one that is no type of ranges."""
    types = [tensor.dtype.base_dtype for tensor in tensors]
    for dtype, tensor in zip(types, tensors):
        if dtype not in _FROM_NARROW_TO_WIDE:
            raise TypeError(f"A range counts in int32, int64, float32 or float64, got {dtype.name}:"
                            f" cast it, or say dtype=tf.{dtype.name} ({tensor!r})")  # fmt: skip
    return max(types, key=_FROM_NARROW_TO_WIDE.index)


def _linspace_shape(start, stop, num):
    *_, count = map(element, (start, stop, num))
    if count is not None and count <= 0:
        raise ValueError(f"Requires num > 0: {count}")
    return (count,)


@op("LinSpace", shape=_linspace_shape, grad=NOT_DIFFERENTIABLE)
def linspace_op(xp, start: StaticFloat, stop: StaticFloat, num: Static) -> T:
    """`num` values from start to stop, both included."""
    dtype, (num,) = np.result_type(start, stop), _linspace_shape(start, stop, num)
    step = np.subtract(stop, start, dtype=dtype) / dtype.type(max(num - 1, 1))
    values = np.arange(num, dtype=dtype if num < 1 << 24 else None).astype(dtype, copy=False)
    values *= step
    values += start
    values[num - 1 if num > 1 else num :] = stop
    return xp.asarray(values.astype(dtype, copy=False))


def linspace(start, stop, num, name=None):
    """`num` values from `start` to `stop`, evenly spaced, both included. Floats only."""
    return linspace_op(start, stop, num, name=name)


def _inverted(x):
    if x is not None and np.ndim(x) != 1:
        raise ValueError(f"Shape must be rank 1 but is rank {np.ndim(x)}")
    return (None,) if x is None else (len(elements(x)),)


Order = static("T")


@op("InvertPermutation", grad=NOT_DIFFERENTIABLE, shape=_inverted, host=True)
def invert_permutation(xp, x: Order) -> Order:
    """y with y[x[i]] = i. ValueError unless x is a permutation of 0 ... n-1."""
    order = x if isinstance(x, np.ndarray) else np.asarray(ints(x), np.int32)
    inverse = np.argsort(order)
    if not np.array_equal(order[inverse], np.arange(order.size)):
        raise ValueError(f"{order.tolist()} is not a permutation of 0 ... {order.size - 1}")
    return inverse.astype(order.dtype)


def meshgrid(*args, indexing="xy", name="meshgrid"):
    """Grids of coordinates from vectors, as NumPy's; ValueError unless `indexing` is xy or ij."""
    if indexing not in ("xy", "ij"):
        raise ValueError("indexing parameter must be either 'xy' or 'ij'")
    with name_scope(name, "meshgrid", args):
        count = len(args)
        ones_before = (1,) * count
        grids = [
            reshape(stack(x), (*ones_before[:i], -1, *ones_before[i + 1 :]))
            for i, x in enumerate(args)
        ]
        lengths, dtype = [size(x) for x in args], convert_to_tensor(args[0]).dtype.base_dtype
        if indexing == "xy" and count > 1:
            rest = (1,) * (count - 2)
            grids[:2] = [reshape(grids[0], (1, -1, *rest)), reshape(grids[1], (-1, 1, *rest))]
            lengths[:2] = lengths[1], lengths[0]
        factor = ones(lengths, dtype)
        return [grid * factor for grid in grids]
