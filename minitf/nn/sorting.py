"""Order along an axis: `tf.sort`, `tf.argsort`, `tf.searchsorted`."""
import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr
from minitf.core.static import constant_value
from minitf.core.tensor_shape import merge, printed
from minitf.nn.top import top_k
from minitf.ops.array.basics import rank, reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.elementwise import neg
from minitf.ops.reduction.axes import transpose

# -- sort -----------------------------------------------------------------------------------------


def sort(values, axis=-1, direction="ASCENDING", name=None):
    """`values` in order along `axis`: "ASCENDING" or "DESCENDING".

    ValueError for another direction, or an axis that is not known at build.
    """
    with name_scope(name, "sort"):
        return _sorted(values, axis, direction, 0)


def argsort(values, axis=-1, direction="ASCENDING", stable=False, name=None):
    """The places (int32) of the elements of `values` in order along `axis`.

    Of equals the first comes first, whether `stable` asks for it or not. ValueError as `tf.sort`.
    """
    with name_scope(name, "argsort"):
        return _sorted(values, axis, direction, 1)


def _sorted(values, axis, direction, output):
    """Output 0 of top_k are values, output 1 places; ascending is descending of the negative."""
    if direction not in ("ASCENDING", "DESCENDING"):
        raise ValueError(f"{direction} should be one of ASCENDING, DESCENDING")
    axis = convert_to_tensor(axis, name="axis")
    known = constant_value(axis)
    if axis._shape != () or known is None:
        raise ValueError("axis must be a constant scalar")
    values = convert_to_tensor(values, name="values")
    if direction == "DESCENDING":
        return _descending(values, int(known), output)
    if values.dtype.is_unsigned or values.dtype.is_bool:
        raise TypeError(f"{values.dtype.name} has no negative, by which ascending order is found: "
                        "sort in DESCENDING order and reverse, or tf.cast to int32")  # fmt: skip
    found = _descending(neg(values), int(known), output)
    return found if output else neg(found)


def _descending(values, axis, output):
    k = shape(values)[axis]
    ranked = rank(values)  # that it is there the seeds of later ops count, read or not
    count = None if values._shape is None else len(values._shape)
    if axis == -1 or axis + 1 == count:
        return top_k(values, k)[output]
    order = _swapped(ranked, axis, count)
    return transpose(top_k(transpose(values, order), k)[output], order)


def _swapped(ranked, axis, count):
    """The order of axes in which this one and the last have changed places."""
    if count is not None:
        order = np.arange(count)
        order[[axis, -1]] = order[[-1, axis]]
        return constant(order, int32, name="transposition")
    last = ranked - 1
    axis = axis + ranked if axis < 0 else axis
    return concat([range_(axis), [last], range_(axis + 1, last), [axis]], 0)


# -- search ---------------------------------------------------------------------------------------


def _found_shape(sorted_inputs, values, *, out_type):
    for each in (sorted_inputs, values):
        if each is not None and len(each) != 2:
            raise ValueError(f"Shape must be rank 2 but is rank {len(each)}: {printed(each)}")
    if None not in (sorted_inputs, values) and merge(sorted_inputs[:1], values[:1]) is False:
        raise ValueError(f"Dimensions must be equal, but are {sorted_inputs[0]} and {values[0]}")
    return values


def _found(xp, sorted_inputs, values, side, out_type):
    _found_shape(sorted_inputs.shape, values.shape, out_type=out_type)
    rows = zip(sorted_inputs, values)
    found = [xp.searchsorted(row, wanted, side) for row, wanted in rows]
    found = xp.stack(found) if found else xp.zeros(values.shape)
    return found.astype(out_type.numpy)


@op("LowerBound", shape=_found_shape, grad=NOT_DIFFERENTIABLE)
def lower_bound(xp, sorted_inputs, values, *, out_type=int32) -> Attr("out_type"):
    """How many elements of each sorted row are less than each of the values."""
    return _found(xp, sorted_inputs, values, "left", out_type)


@op("UpperBound", shape=_found_shape, grad=NOT_DIFFERENTIABLE)
def upper_bound(xp, sorted_inputs, values, *, out_type=int32) -> Attr("out_type"):
    """How many elements of each sorted row are not greater than each of the values."""
    return _found(xp, sorted_inputs, values, "right", out_type)


def searchsorted(sorted_sequence, values, side="left", out_type=int32, name=None):
    """Where each of `values` belongs in the sorted last axis of `sorted_sequence`.

    Before equal elements (`side="left"`) or behind them ("right"). Leading axes are the same.
    ValueError for another side.
    """
    if side not in ("left", "right"):
        raise ValueError(f"side must be either 'right' or 'left'.  Saw: {side}.")
    sorted_sequence = convert_to_tensor(sorted_sequence)
    values = convert_to_tensor(values, dtype_hint=sorted_sequence.dtype.base_dtype)
    rows = reshape(sorted_sequence, [-1, shape(sorted_sequence)[-1]])
    wanted = reshape(values, [-1, shape(values)[-1]])
    bound = upper_bound if side == "right" else lower_bound
    return reshape(bound(rows, wanted, out_type=out_type, name=name), shape(values))


