"""Putting tensors together and taking them apart: `tf.concat`, `tf.stack`, `tf.split`, ..."""
import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor, register_tensor_conversion_function
from minitf.core.deprecation import warn_once
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.core.literals import element, elements, integer, ints, is_literal
from minitf.core.op import op
from minitf.core.ragged import takes_ragged
from minitf.core.schema import Repeat, Static, T, static
from minitf.core.shape_rules import alike, axis_index
from minitf.core.source import call, shape_of
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import Dimension, printed
from minitf.ops.array.basics import identity, shape
from minitf.ops.array.join_kernels import join_kernel, join_launches
from minitf.ops.math.elementwise import cast

Sizes = static("Tlen")

# -- concat ---------------------------------------------------------------------------------------


def _concatenated(*values, axis):
    axis = element(axis)
    ranked = [value for value in values if value is not None]
    if not ranked:
        return None
    rank = len(ranked[0])
    if rank == 0:
        raise ValueError("Can't concatenate scalars (use tf.stack instead)")
    if any(len(value) != rank for value in ranked):
        ranks = sorted({len(value) for value in ranked})
        raise ValueError(f"Shape must be rank {ranks[-1]} but is rank {ranks[0]}: ranks differ: "
                         f"{', '.join(map(printed, values))}")  # fmt: skip
    if axis is None:
        return (None,) * rank
    axis = axis_index(axis, rank)
    try:
        merged = alike(*[_without(value, axis) for value in ranked])
    except ValueError as error:
        raise ValueError(f"{error} They are those of {', '.join(map(printed, values))} beside axis "
                         f"{axis}.") from None  # fmt: skip
    lengths = [value[axis] if value is not None else None for value in values]
    total = None if None in lengths else sum(lengths)
    return (*merged[:axis], total, *merged[axis:])


def _without(shape, axis):
    return shape[:axis] + shape[axis + 1 :]


def _joined_source(function):
    def source(out, *values, axis):
        if any(map(is_literal, values)):
            return None  # a number in Python has not the type that it has as a tensor
        return call(function, f"[{', '.join(values)}]", axis, out=out)

    return source


def _concat_source(out, *values, axis):
    if not is_literal(axis):
        return None
    return _joined_source("concatenate")(out, *values, axis=axis)


def _stack_source(out, *values, axis):
    """Of a few numbers NumPy makes an array many times faster than it stacks them."""
    scalars = out is None and {shape_of(value) for value in values} == {()}
    if not scalars or values[0].dtype.kind == "O":
        return _joined_source("stack")(out, *values, axis=axis)
    return call("array", f"[{', '.join(values)}]", f"np.{values[0].dtype}")


def _concat_launches(inputs, outputs):
    *values, axis = inputs
    return join_launches(values, outputs, axis_index(integer(axis), len(outputs[0].shape)))


def _pack_launches(inputs, outputs, *, axis):
    return join_launches(inputs, outputs, axis % len(outputs[0].shape))


@op("ConcatV2", shape=_concatenated, structural=True, source=_concat_source, cuda=_concat_launches)
def concat_v2(xp, *values: T, axis: Static, out=None):
    """The values one after the other along an axis."""
    return xp.concatenate(values, integer(axis), out=out)


@concat_v2.trait
def native(inputs, outputs):
    *values, axis = inputs
    return join_kernel(values, axis_index(integer(axis), len(outputs[0].shape)))


@concat_v2.gradient
def _(y, dy, *inputs):
    *values, axis = inputs
    lengths = convert_to_tensor([shape(value)[axis] for value in values])
    return *split_v(dy, lengths, axis, num_split=len(values)), None


@takes_ragged
def concat(values, axis, name="concat"):
    """The tensors `values` one after the other along `axis`.

    They must agree in rank, type and all other sizes; ValueError otherwise. Before TensorFlow 1.0
    the axis came first, and does still with a warning.
    """
    if isinstance(values, (int, Dimension)) and isinstance(axis, (list, tuple)):
        warn_once("tf.concat(axis, values)", "tf.concat(values, axis)")
        values, axis = axis, values
    values = values if isinstance(values, (list, tuple)) else [values]
    if not values:
        raise ValueError("tf.concat needs at least one tensor, got an empty list")
    if len(values) == 1:
        with name_scope(name):
            checked = convert_to_tensor(axis, name="concat_dim", dtype=int32)
            checked.shape.assert_has_rank(0)
            return identity(values[0], name=name)
    return concat_v2(*values, axis=axis, name=name)


# -- stack, unstack -------------------------------------------------------------------------------


def _packed(*values, axis):
    ranked = [value for value in values if value is not None]
    if not ranked:
        return None
    merged = alike(*ranked)
    axis = axis_index(axis, len(merged), extra=1)
    return (*merged[:axis], len(values), *merged[axis:])


@op("Pack", shape=_packed, structural=True, alike=True, source=_stack_source,
    cuda=_pack_launches)  # fmt: skip
def pack(xp, *values: T, axis=0, out=None):
    """The values along a new axis."""
    return xp.stack(values, axis, out=out)


@pack.trait
def native(inputs, outputs, *, axis):  # noqa: F811
    return join_kernel(inputs, axis % len(outputs[0].shape))


pack.gradient(
    lambda y, dy, *values, axis: unpack(dy, num=len(values), axis=axis)
)


@takes_ragged
def stack(values, axis=0, name="stack"):
    """The tensors `values`, all of one shape, along a new axis `axis`; -1 puts it last.

    TypeError for an axis that is no number.
    """
    if isinstance(axis, Tensor) or not hasattr(axis, "__index__"):
        raise TypeError(f"Expected int for argument 'axis' not {axis!r}.")
    if axis == 0:
        try:
            return convert_to_tensor(values, name=name)
        except (TypeError, ValueError):
            pass  # not numbers alone: packed below, which says what is wrong
    first = convert_to_tensor(values[0], name=name)
    if first._shape is not None:
        rank = len(first._shape) + 1
        if not -rank <= axis < rank:
            raise ValueError(f"axis = {axis} not in [{-rank}, {rank})")
    return pack(*values, axis=axis, name=name)


def parallel_stack(values, name="parallel_stack"):
    """`tf.stack` along axis 0 for tensors whose shapes are known."""
    return stack(values, name=name)


def _unpacked(value, *, num, axis):
    if value is None:
        return [None] * num
    axis = axis_index(axis, len(value))
    if value[axis] not in (None, num):
        raise ValueError(f"num={num} does not fit size {value[axis]} of axis {axis} of "
                         f"{printed(value)}")  # fmt: skip
    return [_without(value, axis)] * num


@op("Unpack", shape=_unpacked, view=True, structural=True)
def unpack(xp, value, *, num, axis=0) -> Repeat(T, "num"):
    """The slices of value along an axis."""
    axis %= value.ndim
    if value.shape[axis] != num:
        raise ValueError(f"Input shape axis {axis} must equal {num}, got shape {value.shape}")
    ahead = (slice(None),) * axis
    return [value[(*ahead, i, ...)] for i in range(num)]


unpack.gradient(lambda ys, dys, value, *, num, axis: (pack(*dys, axis=axis),))


def unstack(value, num=None, axis=0, name="unstack"):
    """The list of slices of `value` along `axis`.

    ValueError when their number is not known from the shape and `num` does not say it.
    """
    if num is None:
        value = convert_to_tensor(value)
        if value._shape is not None:
            rank = len(value._shape)
            if not -rank <= axis < rank:
                raise ValueError(f"axis = {axis} not in [{-rank}, {rank})")
            num = value._shape[axis]
        if num is None:
            raise ValueError(f"Cannot infer num from shape {value.shape}: give num=")
    return unpack(value, num=num, axis=axis, name=name)


# -- split ----------------------------------------------------------------------------------------


def _split_shape(split_dim, value, *, num_split):
    axis = element(split_dim)
    if value is None or axis is None:
        return [None if value is None else (None,) * len(value)] * num_split
    axis = axis_index(axis, len(value))
    length = value[axis]
    if length is not None and length % num_split:
        raise ValueError(
            f"Dimension size must be evenly divisible by {num_split} but is {length}: axis {axis} "
            f"of {printed(value)}"
        )
    part = None if length is None else length // num_split
    return [(*value[:axis], part, *value[axis + 1 :])] * num_split


@op("Split", shape=_split_shape, view=True, structural=True)
def split_op(xp, split_dim: static("_"), value, *, num_split) -> Repeat(T, "num_split"):
    """`num_split` equal parts of value along an axis."""
    axis = axis_index(integer(split_dim), value.ndim)
    size, rest = divmod(value.shape[axis], num_split)
    if rest:
        _split_shape(np.asarray(axis), value.shape, num_split=num_split)
    return _cut(value, (size,) * num_split, axis)


def _cut(value, sizes, axis):
    """Views of so many elements each along an axis; ten times as fast as NumPy's split."""
    before, start, parts = (slice(None),) * axis, 0, []
    for size in sizes:
        parts.append(value[(*before, slice(start, start + size))])
        start += size
    return parts


split_op.gradient(
    lambda ys, dys, split_dim, value, *, num_split: (None, concat_v2(*dys, axis=split_dim))
)


def _split_v_shape(value, size_splits, split_dim, *, num_split):
    axis, parts = element(split_dim), elements(size_splits)
    if value is None or axis is None:
        return [None if value is None else (None,) * len(value)] * num_split
    axis = axis_index(axis, len(value))
    parts = _part_sizes(value[axis], parts or (None,) * num_split)
    return [(*value[:axis], part, *value[axis + 1 :]) for part in parts]


def _part_sizes(length, parts):
    """The sizes with -1 replaced by what is left. ValueError when they do not add up."""
    known = [n for n in parts if n is not None and n >= 0]
    rest = None if length is None or None in parts else length - sum(known)
    if rest is not None and (rest < 0 or (rest > 0 and -1 not in parts)):
        raise ValueError(f"size_splits {list(parts)} must sum to the size of the axis, {length}")
    return tuple(rest if n is None or n < 0 else n for n in parts)


@op("SplitV", shape=_split_v_shape, view=True, structural=True)
def split_v(
    xp, value, size_splits: Sizes, split_dim: static("_"), *, num_split
) -> Repeat(T, "num_split"):
    """Parts of value of the given sizes along an axis; one size may be -1: what is left."""
    axis = axis_index(integer(split_dim), value.ndim)
    return _cut(value, _part_sizes(value.shape[axis], ints(size_splits)), axis)


@split_v.gradient
def _(ys, dys, value, size_splits, split_dim, *, num_split):
    return concat_v2(*dys, axis=split_dim), None, None


def split(value, num_or_size_splits, axis=0, num=None, name="split"):
    """`value` cut along `axis`: into so many equal parts, or into parts of the sizes listed.

    `num` says how many parts there are where the sizes are a tensor of unknown length. Before
    TensorFlow 1.0 the arguments were (axis, parts, value), and are still with a warning.
    """
    if isinstance(value, int) and isinstance(axis, (Tensor, np.ndarray, list)):
        warn_once("tf.split(axis, parts, value)", "tf.split(value, parts, axis)")
        value, axis = axis, value
    sizes = convert_to_tensor(num_or_size_splits)
    if isinstance(num_or_size_splits, (int, Dimension)):
        if int(num_or_size_splits) < 1:
            raise ValueError(f"tf.split makes 1 part or more, not {num_or_size_splits}")
        return split_op(axis, value, num_split=int(num_or_size_splits), name=name)
    if sizes._shape == ():
        raise ValueError("Rank-0 tensors are not supported as the num_or_size_splits argument "
                         f"to split. Argument provided: {num_or_size_splits}")  # fmt: skip
    if num is None:
        num = sizes._shape[0] if sizes._shape else None
        if num is None:
            raise ValueError("Cannot infer num from shape of num_or_size_splits: give num=")
    elif sizes._shape and sizes._shape[0] not in (None, num):
        raise ValueError(f"{sizes._shape[0]} sizes for num={num} parts")
    return split_v(value, sizes, axis, num_split=num, name=name)


# -- lists that contain tensors -------------------------------------------------------------------


def _is_dense(item):
    return isinstance(item, Tensor) or hasattr(item, "_ref")


def _type_within(items):
    """The type of the first tensor in nested lists, None when there is none."""
    for item in items:
        if _is_dense(item):
            return item.dtype.base_dtype
        if isinstance(item, (list, tuple)):
            found = _type_within(item)
            if found is not None:
                return found
    return None


def _pack_list(items, dtype=None, name=None, as_ref=False):
    found = None if as_ref else _type_within(items)
    if found is None:
        return NotImplemented
    if dtype is not None and dtype is not found:
        items = _cast_within(items, dtype)
    return _packed_list(items, dtype or found, name or "packed")


def _cast_within(items, dtype):
    return [
        _cast_within(item, dtype) if isinstance(item, (list, tuple))
        else cast(item, dtype) if _is_dense(item) else item
        for item in items
    ]  # fmt: skip


def _packed_list(items, dtype, name):
    """Nested lists as one tensor; without a tensor in them, as they are."""
    with name_scope(name) as scope:
        items = [_element(i, item, dtype) for i, item in enumerate(items)]
        if not any(map(_is_dense, items)):
            return items
        tensors = [
            item if _is_dense(item) else constant(item, dtype, name=str(i))
            for i, item in enumerate(items)
        ]
        return pack(*tensors, name=scope)


def _element(index, item, dtype):
    if _is_dense(item) and item.dtype.base_dtype is not dtype:
        raise TypeError(
            f"Cannot convert a list containing a tensor of dtype {item.dtype} to {dtype} "
            f"(Tensor is: {item!r})"
        )
    return _packed_list(item, dtype, str(index)) if isinstance(item, (list, tuple)) else item


register_tensor_conversion_function((list, tuple), _pack_list, 99)
