"""Reductions of sparse tensors: `tf.sparse_reduce_sum`, `tf.sparse_reduce_max`, ..."""
import numpy as np

from minitf.core.constant import constant
from minitf.core.deprecation import renamed
from minitf.core.dtypes import int32, int64
from minitf.core.literals import ints
from minitf.core.op import op
from minitf.core.schema import Numeric, Real, T, TypeAttr
from minitf.core.shape_rules import axis_index, sizes
from minitf.core.sparse_tensor import SparseTensor, as_sparse
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.indexing import gather_nd_op
from minitf.ops.array.sequences import range as range_
from minitf.ops.math.elementwise import cast, floor_div
from minitf.ops.reduction.reduce import reduced, reduced_shape
from minitf.ops.sparse.tensors import Shape, linear, places_of

Axes = TypeAttr("_axes", (int32,), static=True)

# -- kernels --------------------------------------------------------------------------------------


def _groups(indices, input_shape, reduction_axes):
    """(the sizes with the reduced ones 1, the group that each element belongs to)."""
    whole = ints(input_shape)
    gone = {axis_index(axis, len(whole)) for axis in ints(reduction_axes)}
    kept = tuple(1 if axis in gone else n for axis, n in enumerate(whole))
    linear(indices, whole)  # raises for a place outside
    places = indices.copy()
    places[:, sorted(gone)] = 0
    return kept, gone, linear(places, kept)


def _final(kept, gone, keep_dims):
    return kept if keep_dims else tuple(n for axis, n in enumerate(kept) if axis not in gone)


def _combined(xp, ufunc, indices, values, whole, axes, keep_dims):
    """(the numbers of the groups that have elements, what those make, the final sizes)."""
    kept, gone, groups = _groups(indices, whole, axes)
    found, which = np.unique(groups, return_inverse=True)
    first = np.zeros(len(found), np.int64)
    first[which[::-1]] = np.arange(len(which))[::-1]
    total = values[first]
    rest = np.ones(len(values), bool)
    rest[first] = False
    ufunc.at(total, which[rest], values[rest])
    return found, total, _final(kept, gone, keep_dims)


def _dense_shape(indices, values, whole, axes, *, keep_dims):
    return reduced(sizes(whole), axes, keep_dims=keep_dims)


def _declared(type, ufunc, types):
    """The op with a dense result, and the one with a sparse one."""

    def dense(xp, input_indices, input_values, input_shape, reduction_axes, *, keep_dims=False):
        """The reduction as a dense tensor: zero where there was no element."""
        found, total, final = _combined(
            xp, ufunc, input_indices, input_values, input_shape, reduction_axes, keep_dims
        )
        out = np.zeros(final, input_values.dtype)
        out.reshape(-1)[found] = total
        return out

    def sparse(xp, input_indices, input_values, input_shape, reduction_axes, *, keep_dims=False):
        """The reduction as a sparse tensor: of the groups that had elements."""
        found, total, final = _combined(
            xp, ufunc, input_indices, input_values, input_shape, reduction_axes, keep_dims
        )
        return [places_of(found, final), total, np.array(final, np.int64)]

    notes = {"input_indices": int64, "input_values": types, "input_shape": Shape,
             "reduction_axes": Axes}  # fmt: skip
    dense.__annotations__ = {**notes, "return": T}
    sparse.__annotations__ = {**notes, "return": [int64, T, int64]}
    return (
        op(type, shape=_dense_shape, host=True)(dense),
        op(f"{type}Sparse", shape=_sparse_shape, host=True)(sparse),
    )


def _sparse_shape(indices, values, whole, axes, *, keep_dims):
    final = reduced(sizes(whole), axes, keep_dims=keep_dims)
    depth = None if final is None else len(final)
    return [(None, depth), (None,), (depth,)]


sparse_reduce_sum_op, sparse_reduce_sum_sparse_op = _declared("SparseReduceSum", np.add, Numeric)
sparse_reduce_max_op, sparse_reduce_max_sparse_op = _declared("SparseReduceMax", np.maximum, Real)


@sparse_reduce_sum_op.gradient
def _(y, dy, indices, values, whole, axes, *, keep_dims):
    kept = reduced_shape(whole, axes)
    scale = floor_div(whole, cast(kept, int64))
    return None, gather_nd_op(reshape(dy, kept), floor_div(indices, scale)), None, None


# -- functions ------------------------------------------------------------------------------------


def _axes(sp, axis):
    if axis is not None:
        return axis
    if sp.dense_shape.shape.is_fully_defined():
        return constant(np.arange(sp.dense_shape._shape[0]), int32)
    return range_(0, shape(sp.dense_shape)[0])


def _function(name, operation, result, doc):
    def function(sp_input, axis=None, keepdims=None, reduction_axes=None, keep_dims=None):
        sp = as_sparse(sp_input)
        keepdims = bool(renamed("keep_dims", keep_dims, "keepdims", keepdims))
        axis = renamed("reduction_axes", reduction_axes, "axis", axis)
        axes = _axes(sp, axis)
        axes = reshape(axes, [1]) if np.shape(getattr(axes, "_shape", axes)) == () else axes
        return result(operation(*sp._components(), axes, keep_dims=keepdims))

    function.__name__, function.__doc__ = name, doc + _REDUCED
    return function


_REDUCED = """

    `axis` is a number or a list, all axes by default; `keepdims` keeps them with size 1.
    ValueError, or InvalidArgumentError in the run, for an axis that is not there.
    """


def _as_it_is(found):
    return found


def _sparse(found):
    return SparseTensor(*found)


sparse_reduce_sum = _function(
    "sparse_reduce_sum", sparse_reduce_sum_op, _as_it_is,
    "The sums of the SparseTensor along axes, as a Tensor.",
)  # fmt: skip
sparse_reduce_sum_sparse = _function(
    "sparse_reduce_sum_sparse", sparse_reduce_sum_sparse_op, _sparse,
    "The sums of the SparseTensor along axes, as a SparseTensor. Nothing flows back.",
)  # fmt: skip
sparse_reduce_max = _function(
    "sparse_reduce_max", sparse_reduce_max_op, _as_it_is,
    "The greatest elements that the SparseTensor has along axes, as a Tensor. Nothing flows back.",
)  # fmt: skip
sparse_reduce_max_sparse = _function(
    "sparse_reduce_max_sparse", sparse_reduce_max_sparse_op, _sparse,
    "The greatest elements that the SparseTensor has along axes, as a SparseTensor.",
)  # fmt: skip
