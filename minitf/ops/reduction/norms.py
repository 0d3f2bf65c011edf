"""Lengths: `tf.norm`, `tf.global_norm`, `tf.nn.l2_loss`, `tf.math.reduce_euclidean_norm`."""

import numpy as np

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.graph import colocate_with, name_scope
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.literals import distinct
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Float, Numeric, Static
from minitf.core.shape_rules import axis_index, scalar
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.sequences import invert_permutation
from minitf.ops.linalg.eigen import svd
from minitf.ops.math.elementwise import cast, conj, sqrt
from minitf.ops.math.operators import abs, pow
from minitf.ops.reduction.axes import expand_dims, split_axes, squeeze, transpose
from minitf.ops.reduction.reduce import reduce_max, reduce_sum, reduced, reduction


@op("L2Loss", shape=scalar, scalar="x0 * x0 * 0.5",
    reduction=lambda t: ("sum", range(len(t))))  # fmt: skip
def l2_loss(xp, t: Float):
    """Half the sum of the squares of `t`."""
    flat = t.reshape(-1)
    return xp.dot(flat, flat) * t.dtype.type(0.5)


l2_loss.gradient(lambda y, dy, t: (t * dy,))


def values_of(t, name="t"):
    """`t` as a tensor; of IndexedSlices its values."""
    return convert_to_tensor(t.values if isinstance(t, IndexedSlices) else t, name=name)


def as_list(t_list):
    """The list, checked. TypeError when it is no sequence."""
    if isinstance(t_list, (str, bytes)) or not (
        hasattr(t_list, "__len__") and hasattr(t_list, "__getitem__")
    ) or hasattr(t_list, "op"):
        raise TypeError(f"t_list should be a sequence, got {t_list!r}")
    return list(t_list)


def global_norm(t_list, name=None):
    """The L2-norm of all the tensors in the list together; None in it is passed over."""
    t_list = as_list(t_list)
    with name_scope(name, "global_norm", [t for t in t_list if t is not None]):
        values = [values_of(t, f"t_{i}") for i, t in enumerate(t_list) if t is not None]
        halves = []
        for value in values:
            with colocate_with(value):
                halves.append(l2_loss(value))
        half = reduce_sum(stack(halves))
        return sqrt(half * constant(2.0, dtype=half.dtype), name="global_norm")


def norm(tensor, ord="euclidean", axis=None, keepdims=None, name=None, keep_dims=None):
    """The length of the vectors along `axis`, or of the matrices in two axes; all for None.

    `ord` is euclidean (fro), 1, infinity or any positive number; of matrices 2 is the greatest
    singular value. ValueError for another one.
    """
    keepdims = bool(renamed("keep_dims", keep_dims, "keepdims", keepdims))
    matrix = isinstance(axis, (list, tuple)) and len(axis) == 2
    _check_norm(ord, axis, matrix)
    axes = axis if matrix or axis is None else (axis,)
    with name_scope(name, "norm", [tensor]):
        result = _norm(convert_to_tensor(tensor), ord, axes, matrix)
        return result if keepdims else squeeze(result, axes)


def _norm(tensor, ord, axes, matrix):
    if matrix and ord == 2:
        return _spectral(tensor, axes)
    if ord in ("fro", "euclidean", 2):
        return sqrt(reduce_sum(tensor * conj(tensor), axes, keepdims=True))
    size, first = abs(tensor), None if axes is None else axes[0]
    if ord == 1:
        size = reduce_sum(size, first, keepdims=True)
        return reduce_max(size, axes[-1], keepdims=True) if matrix else size
    if ord == np.inf:
        size = reduce_sum(size, axes[1], keepdims=True) if matrix else size
        return reduce_max(size, first, keepdims=True)
    return pow(reduce_sum(pow(size, ord), axes, keepdims=True), 1.0 / ord)


def _spectral(tensor, axes):
    """The greatest singular value of the matrices in two axes, which stay with size 1."""
    order = _behind(tensor, axes)
    singular = svd(transpose(tensor, order), compute_uv=False)
    greatest = expand_dims(reduce_max(singular, axis=-1, keepdims=True), -1)
    return transpose(greatest, invert_permutation(order))


def _behind(tensor, axes):
    """The axes of the tensor, these last."""
    if tensor._shape is None:
        axes, others = split_axes(tensor, axes)
        return concat([others, axes], 0)
    count = len(tensor._shape)
    axes = [axis_index(axis, count) for axis in axes]
    return [axis for axis in range(count) if axis not in axes] + axes


def normalize(tensor, ord="euclidean", axis=None, name=None):
    """(`tensor` divided by its norm, the norm): see `tf.norm`."""
    with name_scope(name, "normalize", [tensor]):
        tensor = convert_to_tensor(tensor)
        length = cast(norm(tensor, ord, axis, keepdims=True), tensor.dtype)
        return tensor / length, length


@op("EuclideanNorm", shape=reduced, grad=NOT_DIFFERENTIABLE)
def euclidean_norm(xp, input: Numeric, reduction_indices: Static, *, keep_dims=False):
    """The square root of the sum of squares over axes; over none, as TensorFlow has it, the input
    itself."""
    axes = distinct(reduction_indices, input.ndim)
    if not axes:
        return xp.array(input)
    wide = input.dtype.type if input.dtype.kind in "fc" else np.float64
    squares = xp.asarray(abs_squared(input.astype(wide)))
    total = xp.sqrt(squares.sum(axes, keepdims=keep_dims))
    return xp.asarray(total).astype(input.dtype)


def abs_squared(x):
    """|x| squared, of an array."""
    return x.real * x.real + x.imag * x.imag if x.dtype.kind == "c" else x * x


def reduce_euclidean_norm(input_tensor, axis=None, keepdims=False, name=None):
    """The square root of the sum of squares over `axis`: one, a list, or all (None).

    It has no gradient, as in TF1: `tf.norm` has one.
    """
    return reduction(euclidean_norm, input_tensor, axis, keepdims, name)


def _check_norm(ord, axis, matrix):
    if matrix:
        if not all(isinstance(a, int) for a in axis) or axis[0] == axis[1]:
            raise ValueError("'axis' must be None, an integer, or a tuple of 2 unique integers")
        known = ["euclidean", "fro", 1, 2, np.inf]
        if ord not in known:
            raise ValueError(f"'ord' must be a supported matrix norm in {known}, got {ord}")
        return
    if not (isinstance(axis, int) or axis is None):
        raise ValueError("'axis' must be None, an integer, or a tuple of 2 unique integers")
    if ord != "euclidean" and (isinstance(ord, str) or ord <= 0):
        raise ValueError(f"'ord' must be a supported vector norm, got {ord}")
