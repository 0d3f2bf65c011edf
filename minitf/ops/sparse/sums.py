"""Sums of sparse tensors: `tf.sparse_add`."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.deprecation import renamed
from minitf.core.dtypes import int64
from minitf.core.literals import ints
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Numeric, Real, T, TypeAttr
from minitf.core.shape_rules import broadcast
from minitf.core.sparse_tensor import SparseTensor, as_sparse, is_sparse
from minitf.core.tensor_shape import TensorShape
from minitf.ops.array.indexing import gather_nd_op
from minitf.ops.sparse.sum_kernel import merged
from minitf.ops.sparse.tensors import (
    Places,
    Shape,
    check_parts,
    covering,
    linear,
    places_of,
    where_among,
)

Threshold = TypeAttr("Treal", Real.allowed)
StaticPlaces = Places._replace(static=True)


def _same(a_shape, b_shape):
    if ints(a_shape) != ints(b_shape):
        raise ValueError(f"Operands' shapes do not match: got {list(ints(a_shape))} and "
                         f"{list(ints(b_shape))}")  # fmt: skip


def _pair_shape(a_indices, a_values, a_shape, b_indices, b_values, b_shape, *_):
    depth = check_parts(a_indices, a_values, a_shape)[1]
    check_parts(b_indices, b_values, b_shape)
    return (None, depth)


def _union(a_indices, a_shape, b_indices):
    """(the places of the elements that either has, where those of a are, where those of b)."""
    count, together = len(a_indices), np.concatenate([a_indices, b_indices])
    whole = covering(together, a_shape)
    numbers = linear(together, whole)
    # With `return_index` the sort is stable: it only merges two that are in order.
    found, _, places = np.unique(numbers, return_index=True, return_inverse=True)
    return places_of(found, whole), places[:count], places[count:]


@op("SparseAdd", host=True,
    shape=lambda *parts: [_pair_shape(*parts), (None,), (_pair_shape(*parts)[1],)])  # fmt: skip
def sparse_add_op(
    xp, a_indices: int64, a_values: Numeric, a_shape: Shape,
    b_indices: int64, b_values: T, b_shape: Shape, thresh: Threshold,
) -> [int64, T, int64]:  # fmt: skip
    """The sum of two sparse tensors, without what is smaller than thresh."""
    _same(a_shape, b_shape)
    found, of_a, of_b = _union(a_indices, a_shape, b_indices)
    total = np.zeros(len(found), a_values.dtype)
    np.add.at(total, of_a, a_values)
    np.add.at(total, of_b, b_values)
    # What only one of them has stays, however small: as in TensorFlow.
    in_a, in_b = np.zeros((2, len(found)), bool)
    in_a[of_a], in_b[of_b] = True, True
    alone = ~(in_a & in_b)
    kept = alone | (np.abs(total) >= thresh)
    return [found[kept], total[kept], np.array(ints(a_shape), np.int64)]


@sparse_add_op.trait
def quick(run, a_indices, a_values, a_shape, b_indices, b_values, b_shape, thresh):
    shape = ints(a_shape)
    if shape != ints(b_shape):
        return None
    found = merged(run, shape, a_indices, a_values, b_indices, b_values, thresh)
    return None if found is None else [*found, np.array(shape, np.int64)]


@op("SparseAddGrad", grad=NOT_DIFFERENTIABLE, host=True,
    shape=lambda dy, a, b, _: [a and a[:1], b and b[:1]])  # fmt: skip
def sparse_add_grad(
    xp, backprop_val_grad: T, a_indices: int64, b_indices: int64, sum_indices: int64
) -> [T, T]:
    """The gradient of each element that is in the sum, zero for the others."""

    def of(indices):
        if np.array_equal(indices, sum_indices):
            return backprop_val_grad.copy()
        whole = np.concatenate([indices, sum_indices]).max(0, initial=-1) + 1
        found = where_among(linear(sum_indices, whole), linear(indices, whole))
        return np.append(backprop_val_grad, backprop_val_grad.dtype.type(0))[found]

    return [of(a_indices), of(b_indices)]


@sparse_add_op.gradient
def _(ys, dys, a_indices, a_values, a_shape, b_indices, b_values, b_shape, thresh):
    of_a, of_b = sparse_add_grad(dys[1], a_indices, b_indices, ys[0])
    return None, of_a, None, None, of_b, None, None


@op("SparseTensorDenseAdd", shape=lambda indices, values, whole, b: b, host=True)
def sparse_dense_add_op(xp, a_indices: Places, a_values: Numeric, a_shape: StaticPlaces, b: T) -> T:
    """A sparse tensor added to a dense one."""
    if ints(a_shape) != b.shape:
        raise ValueError(f"Dimensions of a_shape {list(ints(a_shape))} and b {list(b.shape)} do "
                         "not match")  # fmt: skip
    total = b.copy()
    np.add.at(total.reshape(-1), linear(a_indices, a_shape), a_values)
    return total


@sparse_dense_add_op.gradient
def _(y, dy, indices, values, dense_shape, b):
    return None, gather_nd_op(dy, indices), None, dy


def sparse_add(a, b, threshold=None, thresh=None):
    """The sum of two SparseTensors, as one, or of a SparseTensor and a Tensor, as a Tensor.

    From a sparse sum elements smaller than `threshold` are left out. TypeError unless one is
    sparse, ValueError, or InvalidArgumentError in the run, unless their shapes are the same.
    """
    threshold = renamed("thresh", thresh, "threshold", threshold)
    if not is_sparse(a) and not is_sparse(b):
        raise TypeError(
            "At least one input should be SparseTensor; do you mean to use tf.add()?"
        )
    if not is_sparse(a) or not is_sparse(b):
        a, b = (a, b) if is_sparse(a) else (b, a)
        return sparse_dense_add_op(*as_sparse(a)._components(), b)
    a, b = as_sparse(a), as_sparse(b)
    limit = 0 if threshold is None else threshold
    limit = convert_to_tensor(limit, a.dtype.real_dtype.base_dtype, name="threshold")
    indices, values, whole = sparse_add_op(*a._components(), *b._components(), limit)
    a.shape.assert_is_compatible_with(b.shape)
    known = TensorShape(broadcast(a.shape._sizes, b.shape._sizes))
    return SparseTensor(indices, values, known.as_list() if known.is_fully_defined() else whole)
