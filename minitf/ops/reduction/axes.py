"""The order and number of axes: `tf.transpose`, `tf.expand_dims`, `tf.squeeze`, `tf.reverse`."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.cuda.threads import Axis, along_axes
from minitf.core.deprecation import renamed
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.core.literals import elements, ints, is_literal, vector
from minitf.core.op import op
from minitf.core.ragged import takes_ragged
from minitf.core.schema import Static, static
from minitf.core.shape_rules import axis_index
from minitf.core.tensor_shape import printed
from minitf.ops.array.basics import rank, rank_op, reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.array.sequences import invert_permutation, range_op
from minitf.ops.array.sequences import range as range_
from minitf.ops.array.unique import list_diff
from minitf.ops.math.elementwise import cast, floor_mod

# -- transpose ------------------------------------------------------------------------------------


def _transposed(x, perm):
    order = vector(perm)
    if x is not None and order is not None and len(order) != len(x):
        raise ValueError(f"perm has {len(order)} entries for the {len(x)} axes of {printed(x)}")
    if order is None or None in order:
        return None if x is None and order is None else (None,) * len(x or order)
    if x is None:
        if max(order, default=-1) >= len(order):
            raise ValueError(f"perm dim {max(order)} is out of range of input rank {len(order)}")
        return (None,) * len(order)
    if sorted(order) != list(range(len(x))):
        raise ValueError(
            f"perm {list(order)} is no permutation of the {len(x)} axes of {printed(x)}"
        )
    return tuple(x[i] for i in order)


def _transpose_source(out, x, perm):
    if not is_literal(perm):
        return None
    return f"{x}.T" if str(perm) == "(1, 0)" else f"{x}.transpose({perm})"


@op("Transpose", shape=_transposed, view=True, structural=True, source=_transpose_source,
    simplify=lambda x, perm: 0 if ints(perm) == tuple(range(len(x))) else None)  # fmt: skip
def transpose_op(xp, x, perm: static("Tperm")):
    """x with its axes in the order `perm`."""
    _transposed(x.shape, perm)  # NumPy lets negative axes pass
    return xp.transpose(x, ints(perm))


transpose_op.gradient(
    lambda y, dy, x, perm: (transpose_op(dy, invert_permutation(perm)), None)
)


@op("ConjugateTranspose", shape=_transposed)
def conjugate_transpose(xp, x, perm: static("Tperm")):
    """The complex conjugate of x with its axes in the order `perm`."""
    return xp.conj(transpose_op.kernel(xp, x, perm))


conjugate_transpose.gradient(
    lambda y, dy, x, perm: (conjugate_transpose(dy, invert_permutation(perm)), None)
)


def transpose(a, perm=None, name="transpose", conjugate=False):
    """`a` with its axes in the order `perm`; reversed when it is None.

    `conjugate` takes the complex conjugate as well. ValueError unless `perm` is a permutation.
    """
    with name_scope(name, "transpose", [a]) as scope:
        a = convert_to_tensor(a, name="a")
        permuted = conjugate_transpose if conjugate and a.dtype.is_complex else transpose_op
        if perm is not None:
            return permuted(a, perm, name=scope)
        if a._shape:
            return permuted(a, len(a._shape) - 1 - np.arange(len(a._shape)), name=scope)
        count = rank_op(a)
        return permuted(a, (count - 1) - range_op(0, count, 1), name=scope)


def matrix_transpose(a, name="matrix_transpose", conjugate=False):
    """`a` with its two last axes exchanged. ValueError when it has fewer."""
    with name_scope(name, values=[a]):
        a = convert_to_tensor(a, name="a")
        if a._shape is None:
            last = rank(a) - 1
            order = concat([range_(0, last - 1), [last, last - 1]], 0)
            return transpose(a, order, conjugate=conjugate)
        count = len(a._shape)
        if count < 2:
            raise ValueError(
                f"Argument 'a' should be a (batch) matrix, with rank >= 2. Found: {a.shape}"
            )
        order = [*range(count - 2), count - 1, count - 2]
        return transpose(a, order, conjugate=conjugate)


def split_axes(x, axes):
    """(axes of `x` counted from the front, the axes that are not among them): two vectors of the
    run, whatever is known when the graph is built."""
    axes = reshape(cast(axes, int32), [-1])
    count = rank(x)
    axes = floor_mod(axes + count, count)
    return axes, list_diff(range_(0, count), axes, out_idx=int32)[0]


# -- axes of size 1 -------------------------------------------------------------------------------


def _expanded(input, dim):
    if dim is not None and np.size(dim) != 1:
        raise ValueError(f"'dim' must be a tensor with a single value, got {dim}")
    axis = None if dim is None else np.ravel(dim).item()
    if input is None:
        return None
    if axis is None:
        return (None,) * (len(input) + 1)
    axis = axis_index(axis, len(input), extra=1)
    return (*input[:axis], 1, *input[axis:])


@op("ExpandDims", shape=_expanded, view=True, structural=True)
def expand_dims_op(xp, input, dim: static("Tdim")):
    """input with a new axis of size 1."""
    return xp.expand_dims(input, ints(dim)[0])


expand_dims_op.gradient(lambda y, dy, input, dim: (reshape(dy, shape(input)), None))


@takes_ragged
def expand_dims(input, axis=None, name=None, dim=None):
    """`input` with a new axis of size 1 at `axis`; -1 puts it last."""
    axis = renamed("dim", dim, "axis", axis)
    if axis is None:
        raise ValueError("Must specify an axis argument to tf.expand_dims()")
    return expand_dims_op(input, axis, name=name)


def _squeezed(input, *, squeeze_dims):
    if input is None:
        return None
    axes = {axis_index(axis, len(input)) for axis in squeeze_dims}
    for axis in axes:
        if input[axis] not in (1, None):
            raise ValueError(
                f"Can not squeeze dim[{axis}], expected a dimension of 1, got {input[axis]} "
                f"in {printed(input)}"
            )
    if not axes:
        return None if None in input else tuple(n for n in input if n != 1)
    return tuple(n for i, n in enumerate(input) if i not in axes)


@op("Squeeze", shape=_squeezed, view=True, structural=True)
def squeeze_op(xp, input, *, squeeze_dims=()):
    """input without its axes of size 1, or without the given ones."""
    axes = {axis_index(axis, input.ndim) for axis in squeeze_dims}
    return xp.squeeze(input, tuple(axes) or None)


squeeze_op.gradient(lambda y, dy, input, *, squeeze_dims: (reshape(dy, shape(input)),))


@takes_ragged
def squeeze(input, axis=None, name=None, squeeze_dims=None):
    """`input` without its axes of size 1: all of them, or those in `axis`.

    ValueError when an axis named is of another size.
    """
    axis = renamed("squeeze_dims", squeeze_dims, "axis", axis)
    axis = () if axis is None else tuple(np.ravel(axis).tolist())
    return squeeze_op(input, squeeze_dims=axis, name=name)


# -- turning and rolling --------------------------------------------------------------------------


def _reversed(tensor, axis):
    known = [n for n in vector(axis) or () if n is not None]
    if tensor is not None:
        places = [axis_index(n, len(tensor)) for n in known]
        if len(set(places)) < len(places):
            raise ValueError(f"axis specified more than once: {known}")
    return tensor


@op("ReverseV2", shape=_reversed, view=True, structural=True)
def reverse(xp, tensor, axis: Static):
    """`tensor` with the order along each axis of the vector `axis` turned round."""
    return xp.flip(tensor, ints(axis)) if ints(axis) else tensor


reverse.gradient(lambda y, dy, tensor, axis: (reverse(dy, axis), None))


def _rolled(inputs, outputs):
    x, shift, axis = inputs
    by = [0] * len(x.shape)
    for step, a in zip(ints(shift), ints(axis)):
        by[a] += step
    axes = [Axis(n, n, "({c} - {p} + {n}) % {n}" if step else "{c}", step % max(n, 1))
            for n, step in zip(x.shape, by)]  # fmt: skip
    return along_axes([x], outputs, axes)


def _rolled_shape(input, shift, axis):
    count = None if shift is None or axis is None else (np.shape(shift), np.shape(axis))
    if count is not None and count[0] != count[1]:
        raise ValueError(f"shift and axis must have the same size, got shapes {list(count[0])} and "
                         f"{list(count[1])}")  # fmt: skip
    for each in elements(axis) or ():
        if input is not None and each is not None:
            axis_index(each, len(input))
    return input


@op("Roll", shape=_rolled_shape, structural=True, cuda=_rolled)
def roll(xp, input, shift: static("Tshift"), axis: static("Taxis")):
    """Elements move by `shift` along `axis`; those that leave come in again at the other end."""
    _rolled_shape(input.shape, ints(shift), ints(axis))
    return xp.roll(input, ints(shift), ints(axis))


roll.gradient(lambda y, dy, input, shift, axis: (roll(dy, -shift, axis), None, None))
