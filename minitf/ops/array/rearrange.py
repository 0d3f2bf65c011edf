"""Elements seen or laid out otherwise: `tf.reverse_sequence`, `tf.repeat`, `tf.bitcast`, ..."""
import math

import numpy as np

from minitf.core import native_rows
from minitf.core.bfloat16 import bits, of_bits
from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import as_dtype, bfloat16, bool_, int32, int64
from minitf.core.graph import name_scope
from minitf.core.literals import elements, ints
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, Repeat, Static, T, TypeAttr
from minitf.core.shape_rules import axis_index, broadcast
from minitf.core.tensor_shape import merge, printed
from minitf.ops.array.basics import broadcast_to, ones, rank, reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.array.masks import boolean_mask, sequence_mask, where_op
from minitf.ops.array.padding import tile
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.elementwise import maximum
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import max_op

Lengths = TypeAttr("Tlen", (int32, int64), default=int64)
Places = TypeAttr("Tidx", (int32, int64), default=int32)

# -- reverse_sequence -----------------------------------------------------------------------------


def _reversed_shape(input, seq_lengths, *, seq_dim, batch_dim):
    if seq_lengths is not None and len(seq_lengths) != 1:
        raise ValueError(f"Shape must be rank 1 but is rank {len(seq_lengths)}")
    if input is None:
        return None
    for name, axis in (("batch_dim", batch_dim), ("seq_dim", seq_dim)):
        if axis >= len(input):
            raise ValueError(f"{name} must be < input rank: {axis} vs. {len(input)}")
    rows = None if seq_lengths is None else seq_lengths[0]
    merged = merge((input[batch_dim],), (rows,))
    if merged is False:
        raise ValueError(f"Dimensions must be equal, but are {input[batch_dim]} and {rows}")
    batch_dim %= len(input)
    return (*input[:batch_dim], *merged, *input[batch_dim + 1 :])


@op("ReverseSequence", shape=_reversed_shape, fails=True)
def reverse_sequence_op(xp, input, seq_lengths: Lengths, *, seq_dim, batch_dim=0):
    """input with the first elements along an axis, as many as each row says, turned round."""
    _reversed_shape(input.shape, seq_lengths.shape, seq_dim=seq_dim, batch_dim=batch_dim)
    if seq_dim == batch_dim:
        raise ValueError(f"batch_dim == seq_dim == {seq_dim}: rows cannot lie along their own axis")
    length = input.shape[seq_dim]
    if seq_lengths.size and xp.max(seq_lengths).item() > length:
        raise ValueError(f"seq_lens({xp.argmax(seq_lengths).item()}) > input.dims({seq_dim})")
    if seq_lengths.size and xp.min(seq_lengths).item() < 0:
        raise ValueError(f"seq_lens({xp.argmin(seq_lengths).item()}) < 0")
    places = xp.arange(length, dtype=seq_lengths.dtype)[None, :]
    ends = seq_lengths[:, None]
    places = xp.where(places < ends, ends - 1 - places, places)
    spread = [1] * input.ndim
    spread[batch_dim], spread[seq_dim] = places.shape
    places = (places if batch_dim < seq_dim else places.T).reshape(spread)
    places = xp.broadcast_to(places, input.shape).astype(np.int64)
    return xp.take_along_axis(input, places, seq_dim)


LENGTHS = """\
  const int64_t many = over_first ? first : last, longest = over_first ? last : first;
  (void)x0, (void)middle;
  for (int64_t k = 0; k < many; k++)
    if (x1[k] < 0 || x1[k] > longest) {
      refuse(x1[k] < 0 ? "seq_lens(%lld) < 0" : "seq_lens(%lld) > input.dims(%lld)", k, axis, 0);
      return;
    }"""
TURNED = """\
    const int64_t b = row % last, a = row / last / middle % first;
    const int64_t place = over_first ? b : a, end = x1[over_first ? a : b];
    const int64_t away = place < end ? end - 1 - 2 * place : 0;
    memcpy(y0 + row * length, x0 + (row + away * (over_first ? 1 : middle * last)) * length,
           length * sizeof(TYPE));
    (void)axis;"""


@reverse_sequence_op.trait
def native(inputs, outputs, *, seq_dim, batch_dim):
    shape = inputs[0].shape
    seq_dim, batch_dim = seq_dim % len(shape), batch_dim % len(shape)
    one, other = sorted([seq_dim, batch_dim])
    if one == other or not math.prod(shape):
        return None  # NumPy looks at the lengths
    sizes = {
        "first": shape[one],
        "middle": math.prod(shape[one + 1 : other]),
        "last": shape[other],
        "over_first": int(batch_dim == one),
        "axis": seq_dim,
    }
    length = math.prod(shape[other + 1 :])
    return native_rows.rows(TURNED, inputs, outputs, math.prod(shape) // length, length,
                            check=LENGTHS, sizes=sizes)  # fmt: skip


@reverse_sequence_op.gradient
def _(y, dy, input, seq_lengths, **attrs):
    return reverse_sequence_op(dy, seq_lengths, **attrs), None


def reverse_sequence(
    input, seq_lengths, seq_axis=None, batch_axis=None, name=None, seq_dim=None, batch_dim=None
):
    """`input` in which each row along `batch_axis` (0) has its first `seq_lengths[row]` elements
    along `seq_axis` turned round.

    ValueError for shapes or axes that do not fit, InvalidArgumentError in the run for a length
    that is longer than the axis.
    """
    seq_axis = renamed("seq_dim", seq_dim, "seq_axis", seq_axis)
    batch_axis = renamed("batch_dim", batch_dim, "batch_axis", batch_axis)
    if seq_axis is None:
        raise TypeError("tf.reverse_sequence needs seq_axis: the axis along which to turn round")
    return reverse_sequence_op(input, seq_lengths, seq_dim=seq_axis, batch_dim=batch_axis or 0,
                               name=name)  # fmt: skip


# -- bitcast --------------------------------------------------------------------------------------


def _bitcast_shape(input, *, type, size):
    if input is None or type.size == size:
        return input
    if type.size < size:
        return (*input, size // type.size)
    times = type.size // size
    if not input or input[-1] not in (times, None):
        last = input[-1] if input else printed(input)
        raise ValueError(f"Cannot bitcast due to shape. {last} does not match {times}")
    return input[:-1]


@op("Bitcast", shape=_bitcast_shape)
def bitcast_op(xp, input, *, type, size) -> Attr("type"):
    """The same bytes as another type; `size` is that of an element of the input."""
    sizes = _bitcast_shape(input.shape, type=type, size=size)
    flat = xp.array(input, order="C").reshape(-1)
    if flat.dtype.itemsize != size:  # bfloat16, which is stored in four bytes
        flat = bits(flat)
    if type is bfloat16:
        return of_bits(flat.view(np.uint16)).reshape(sizes)
    return flat.view(type.numpy).reshape(sizes)


def bitcast(input, type, name=None):
    """The bytes of `input` read as elements of `type`.

    A smaller type adds an axis at the end, a greater one takes the last axis, which must be as long
    as the sizes differ: else ValueError. TypeError for bool and string.
    """
    input, wanted = convert_to_tensor(input), as_dtype(type).base_dtype
    for dtype in (input.dtype.base_dtype, wanted):
        if dtype is bool_ or dtype.numpy.kind == "O":
            raise TypeError(f"Value passed to parameter 'input' or 'type' has DataType "
                            f"{dtype.name}, which has no bytes to read")  # fmt: skip
    return bitcast_op(input, type=wanted, size=input.dtype.size, name=name)


# -- places ---------------------------------------------------------------------------------------


def _unraveled_shape(indices, dims):
    axes = elements(dims)
    if indices is None or axes is None:
        return None
    if len(indices) > 1:
        raise ValueError(f"indices must be a scalar or a vector, got {printed(indices)}")
    return (len(axes), *indices)


@op("UnravelIndex", shape=_unraveled_shape, grad=NOT_DIFFERENTIABLE)
def unravel_index_op(xp, indices: Places, dims: Static) -> Places:
    """The place along each axis of an array of shape dims that the numbers of elements mean."""
    sizes = ints(dims)
    if not all(sizes):
        raise ValueError("dims should not contain a dim of zero")
    steps = np.cumprod([1, *sizes[:0:-1]])[::-1].tolist()
    return xp.stack([xp.fmod(_divided(xp, indices, step), size).astype(indices.dtype)
                     for step, size in zip(steps, sizes)])  # fmt: skip


def _divided(xp, x, by):
    return xp.sign(x) * (xp.abs(x) // by)


def unravel_index(indices, dims, name=None):
    """The places, along each axis of an array of shape `dims`, of the elements numbered `indices`.

    Returns [rank, ...]: a column for each index.
    """
    return unravel_index_op(indices, dims, name=name)


# -- shapes ---------------------------------------------------------------------------------------


def _shapes_of_shapes(*input, out_type, N):
    return [(None if x is None else len(x),) for x in input]


@op("ShapeN", shape=_shapes_of_shapes, grad=NOT_DIFFERENTIABLE)
def shape_n_op(xp, *input, out_type=int32, N) -> Repeat(Attr("out_type"), "N"):
    """The sizes of each."""
    return [xp.asarray(np.array(x.shape, out_type.numpy)) for x in input]


def shape_n(input, out_type=int32, name=None):
    """The shapes of a list of tensors, as a list of vectors of `out_type`."""
    if not isinstance(input, (list, tuple)):
        raise TypeError(f"Expected list for 'input' argument to 'shape_n' Op, not {input!r}.")
    if not input:
        raise ValueError("List argument 'input' to 'ShapeN' Op with length 0 shorter than minimum "
                         "length 1.")  # fmt: skip
    return shape_n_op(*input, out_type=as_dtype(out_type), N=len(input), name=name)


@op("GuaranteeConst", alias=True)
def guarantee_const(xp, input):
    """`input`, of which the program promises that it does not change; nothing relies on it."""
    return input


# -- where, with broadcasting ---------------------------------------------------------------------


@op("SelectV2", shape=broadcast, scalar="where(x0, x1, x2)", broadcasts=True)
def select_v2(xp, condition: bool_, t: T, e: T) -> T:
    """t where the condition holds, else e; all three broadcast."""
    return xp.where(condition, t, e)


@select_v2.gradient
def _(y, dy, condition, t, e):
    zero = np.zeros((), dy.dtype.numpy)
    return None, select_v2(condition, dy, zero), select_v2(condition, zero, dy)


def where_v2(condition, x=None, y=None, name=None):
    """`x` where `condition` holds and `y` elsewhere, all broadcast to one shape.

    With `condition` alone, the places where it holds. ValueError when only one of x, y is given.
    """
    if x is None and y is None:
        with name_scope(name, "Where", [condition]) as scope:
            return where_op(convert_to_tensor(condition, preferred_dtype=bool_), name=scope)
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    return select_v2(condition, x, y, name=name)


# -- repeat ---------------------------------------------------------------------------------------


def repeat(input, repeats, axis=None, name=None):
    """`input` with each element along `axis` repeated, `repeats` times in all or one by one.

    Without an axis `input` is flattened first. ValueError when the numbers do not fit the axis.
    """
    if axis is None:
        input, axis = reshape(convert_to_tensor(input), [-1]), 0
    if not isinstance(axis, int):
        raise TypeError(f"axis must be an int; got {type(axis).__name__}")
    with name_scope(name, "Repeat", [input, repeats]):
        data = convert_to_tensor(input, name="data")
        repeats = _as_counts(repeats)
        if data._shape is None:
            if axis < 0:
                raise ValueError(f"axis {axis} may only be negative where the rank is known")
            return _repeated(_with_axes(data), repeats, axis)
        data = reshape(data, [1]) if data._shape == () else data
        return _repeated(data, repeats, axis_index(axis, len(data._shape)))


def _with_axes(data):
    """What is of unknown rank, as a vector if it is a number."""
    return reshape(data, concat([[1], shape(data)], 0)[-maximum(rank(data), 1) :])


def _as_counts(repeats):
    repeats = convert_to_tensor(repeats, name="repeats")
    if repeats.dtype.base_dtype not in (int32, int64):
        raise TypeError(f"repeats must be int32 or int64, got {repeats.dtype.name}")
    return repeats


def _repeated(data, repeats, axis):
    sizes = shape(data, out_type=repeats.dtype.base_dtype)
    if None not in (data._shape, repeats._shape) and len(repeats._shape) == 1:
        data.shape.dims[axis].assert_is_compatible_with(repeats.shape[0])
    expanded = expand_dims(data, axis + 1)
    tail = concat([sizes[:axis], np.array([-1], repeats.dtype.as_numpy_dtype), sizes[axis + 1 :]],
                  axis=0)  # fmt: skip
    if repeats._shape == ():
        return reshape(_tiled(expanded, axis + 1, repeats), tail)
    if repeats._shape is None or len(repeats._shape) != axis + 1:
        lead = sizes[: axis + 1 - rank(repeats)]
        inner = shape(repeats, out_type=repeats.dtype.base_dtype)
        repeats = broadcast_to(repeats, concat([lead, inner], axis=0))
        repeats.set_shape([None] * (axis + 1))
    most = maximum(np.zeros((), repeats.dtype.as_numpy_dtype),
                   max_op(repeats, range_(len(repeats._shape))))  # fmt: skip
    mask = sequence_mask(repeats, most)
    masked = boolean_mask(_tiled(expanded, axis + 1, most), mask)
    result = masked if axis == 0 else reshape(masked, tail)
    length = 0 if repeats._shape[0] == 0 else None
    if data._shape is not None:
        result.set_shape((*data._shape[:axis], length, *data._shape[axis + 1 :]))
    return result


def _tiled(data, axis, times):
    one = ones(reshape(rank(data), [1]), times.dtype.base_dtype)
    times = reshape(times, [1])
    return tile(data, concat([one[:axis], times, one[axis + 1 :]], axis=0))
