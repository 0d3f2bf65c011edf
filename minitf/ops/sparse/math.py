"""Arithmetic with sparse tensors: `tf.sparse_add`, `tf.sparse_tensor_dense_matmul`, ..."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, float64, int64
from minitf.core.graph import name_scope
from minitf.core.literals import ints
from minitf.core.op import op
from minitf.core.schema import Numeric, Real, T, TypeAttr
from minitf.core.sparse_tensor import SparseTensor, as_sparse
from minitf.core.tensor import OPERATORS
from minitf.core.tensor_shape import printed
from minitf.ops.array.basics import shape
from minitf.ops.array.indexing import (
    _check_indices,
    gather,
    gather_nd_op,
    scatter_nd,
    unsorted_segment_sum,
)
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import cast, neg, refuse_zero, square
from minitf.ops.reduction.axes import transpose
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.sparse.product_kernel import product
from minitf.ops.sparse.reduce import sparse_reduce_sum_op
from minitf.ops.sparse.sums import _pair_shape, _same, _union
from minitf.ops.sparse.tensors import (
    Places,
    Shape,
    check_parts,
    linear,
    rows_of,
)

# -- the greater, the lesser ----------------------------------------------------------------------


def _not_implemented(name):
    def rule(*_, **__):
        raise NotImplementedError(f"Gradient for {name} is not implemented, as in TensorFlow")

    return rule


def _extreme(type, ufunc, doc):
    def kernel(xp, a_indices, a_values, a_shape, b_indices, b_values, b_shape):
        _same(a_shape, b_shape)
        found, of_a, of_b = _union(a_indices, a_shape, b_indices)
        a, b = np.zeros((2, len(found)), a_values.dtype)
        a[of_a], b[of_b] = a_values, b_values
        return [found, ufunc(a, b)]

    kernel.__annotations__ = {
        "a_indices": int64, "a_values": Real, "a_shape": Shape, "b_indices": int64, "b_values": T,
        "b_shape": Shape, "return": [int64, T],
    }  # fmt: skip
    operation = op(type, host=True, shape=lambda *parts: [_pair_shape(*parts), (None,)],
                   grad=_not_implemented(type))(kernel)  # fmt: skip

    def function(sp_a, sp_b, name=None):
        sp_a, sp_b = as_sparse(sp_a), as_sparse(sp_b)
        with name_scope(name, type, [sp_a, sp_b]) as scope:
            found = operation(*sp_a._components(), *sp_b._components(), name=scope)
            return SparseTensor(*found, sp_a.dense_shape)

    function.__doc__ = doc
    return function


sparse_maximum = _extreme(
    "SparseSparseMaximum", np.maximum,
    "The greater of two SparseTensors, element by element; what one has not is zero.",
)  # fmt: skip
sparse_maximum.__name__ = "sparse_maximum"
sparse_minimum = _extreme(
    "SparseSparseMinimum", np.minimum,
    "The lesser of two SparseTensors, element by element; what one has not is zero.",
)  # fmt: skip
sparse_minimum.__name__ = "sparse_minimum"

# -- with a dense tensor, element by element ------------------------------------------------------


def _at(indices, dense_shape, dense):
    """The dense tensor, broadcast to the shape of the sparse one, at its places."""
    whole = ints(dense_shape)
    linear(indices, whole)  # raises for a place outside
    try:
        return np.broadcast_to(dense, whole)[tuple(indices.T)]
    except ValueError:
        raise ValueError(
            "SparseDenseBinaryOpShared broadcasts dense to sparse only; got incompatible shapes: "
            f"{list(whole)} vs. {list(dense.shape)}"
        ) from None


def _cwise(type, function):
    def kernel(xp, sp_indices, sp_values, sp_shape, dense):
        return function(sp_values, _at(sp_indices, sp_shape, dense))

    kernel.__annotations__ = {"sp_indices": int64, "sp_values": Numeric, "sp_shape": Shape,
                              "dense": T, "return": T}  # fmt: skip
    return op(type, shape=rows_of, host=True)(kernel)


def _divided(x, y):
    if x.dtype.kind not in "iu":
        return x / y
    refuse_zero(np, x, y)
    return np.trunc(x / y).astype(x.dtype)


cwise_mul_op = _cwise("SparseDenseCwiseMul", np.multiply)
cwise_div_op = _cwise("SparseDenseCwiseDiv", _divided)
cwise_add_op = _cwise("SparseDenseCwiseAdd", np.add)
cwise_add_op.gradient(_not_implemented("SparseDenseCwiseAdd"))


def _scaled(indices, dense_shape, dense):
    """(where in the dense tensor, which was broadcast, the places are; its sizes)."""
    sizes = shape(dense, out_type=int64)
    missing = shape(dense_shape)[0] - shape(sizes)[0]
    return indices[:, missing:] // (dense_shape[missing:] // sizes), sizes


def _cwise_flow(indices, dense_shape, dense, of_values, of_dense):
    """The gradients, given functions of the dense tensor's elements at the places."""
    scaled, sizes = _scaled(indices, dense_shape, dense)
    other = gather_nd_op(dense, scaled)
    return None, of_values(other), None, scatter_nd(scaled, of_dense(other), sizes)


@cwise_mul_op.gradient
def _(y, dy, indices, values, whole, dense):
    return _cwise_flow(indices, whole, dense, lambda d: dy * d, lambda d: dy * values)


@cwise_div_op.gradient
def _(y, dy, indices, values, whole, dense):
    return _cwise_flow(
        indices, whole, dense, lambda d: dy / d, lambda d: dy * (neg(values) / square(d))
    )


# -- matrices -------------------------------------------------------------------------------------


def _product_shape(a_indices, a_values, a_shape, b, *, adjoint_a, adjoint_b):
    whole = None if a_shape is None else tuple(np.asarray(a_shape).tolist())
    if whole is not None and len(whole) != 2:
        raise ValueError(f"a_shape must have 2 elements, got {len(whole)}")
    if b is not None and len(b) != 2:
        raise ValueError(f"Shape must be rank 2 but is rank {len(b)}: {printed(b)}")
    check_parts(a_indices, a_values, a_shape)
    rows, inner = (whole or (None, None))[:: -1 if adjoint_a else 1]
    depth, columns = (b or (None, None))[:: -1 if adjoint_b else 1]
    if None not in (inner, depth) and inner != depth:
        raise ValueError(f"Dimensions must be equal, but are {inner} and {depth}: the inner sizes "
                         "of the sparse and the dense matrix")  # fmt: skip
    return (rows, columns)


@op("SparseTensorDenseMatMul", shape=_product_shape, native=product, fails=True)
def sparse_matmul_op(
    xp, a_indices: Places, a_values: Numeric, a_shape: Shape, b: T, *,
    adjoint_a=False, adjoint_b=False,
) -> T:  # fmt: skip
    """The product of a sparse matrix and a dense one."""
    _product_shape(a_indices.shape, a_values.shape, a_shape, b.shape, adjoint_a=adjoint_a,
                   adjoint_b=adjoint_b)  # fmt: skip
    whole, b = ints(a_shape), b.T.conj() if adjoint_b else b
    for axis in range(2):
        _check_indices(xp, a_indices[:, axis], whole[axis])
    rows, columns = (1, 0) if adjoint_a else (0, 1)
    # TensorFlow transposes the sparse matrix, without conjugating it.
    if xp is np:
        return _multiplied(a_values, a_indices[:, rows], a_indices[:, columns], b, whole[rows])
    terms = xp.take(b, a_indices[:, columns], 0)
    terms *= a_values[:, None]
    return unsorted_segment_sum.kernel(xp, terms, a_indices[:, rows], whole[rows])


def _multiplied(values, rows, columns, b, count):
    """The sums of `values * b[columns]` whose row is the same, of `count` rows.

    All terms of a sum are neighbours in memory: NumPy then adds them up fast.
    """
    product = np.zeros((count, b.shape[1]), b.dtype)
    if not product.size or not rows.size:
        return product
    if (rows[1:] < rows[:-1]).any():
        short = rows.astype(np.uint16) if count <= 1 << 16 else rows  # sorted in linear time
        order = np.argsort(short, kind="stable")
        values, rows, columns = values[order], rows[order], columns[order]
    starts = np.flatnonzero(np.concatenate([np.ones(1, bool), rows[1:] != rows[:-1]]))
    terms = np.ascontiguousarray(b.T).take(columns, axis=1, mode="clip")  # which is faster
    terms *= values
    product[rows[starts]] = np.add.reduceat(terms, starts, axis=1, dtype=b.dtype).T
    return product


@sparse_matmul_op.gradient
def _(y, dy, indices, values, dense_shape, b, *, adjoint_a, adjoint_b):
    if values.dtype.is_complex:
        raise NotImplementedError("SparseTensorDenseMatMul op does not support complex gradients.")
    of_b = sparse_matmul_op(indices, values, dense_shape, dy, adjoint_a=not adjoint_a)
    rows, columns = (indices[:, 1], indices[:, 0]) if adjoint_a else (indices[:, 0], indices[:, 1])
    others = gather(transpose(b) if adjoint_b else b, columns)
    of_values = reduce_sum(gather(dy, rows) * others, axis=1)
    return None, of_values, None, transpose(of_b) if adjoint_b else of_b


def sparse_tensor_dense_matmul(sp_a, b, adjoint_a=False, adjoint_b=False, name=None):
    """The product of a SparseTensor of rank 2 and a dense matrix: a dense matrix.

    `adjoint_a` transposes the sparse one first, without conjugating it, as TensorFlow does;
    `adjoint_b` transposes and conjugates the other. ValueError for shapes that do
    not fit, InvalidArgumentError in the run for indices outside.
    """
    sp_a = as_sparse(sp_a)
    with name_scope(name, "SparseTensorDenseMatMul", [sp_a, b]):
        b = convert_to_tensor(b, name="b")
        return sparse_matmul_op(*sp_a._components(), b, adjoint_a=adjoint_a, adjoint_b=adjoint_b)


def sparse_matmul(
    a, b, transpose_a=False, transpose_b=False, a_is_sparse=False, b_is_sparse=False, name=None
):
    """The product of two dense matrices of which one may have many zeros: that of `tf.matmul`."""
    return matmul(a, b, transpose_a, transpose_b, a_is_sparse=a_is_sparse,
                  b_is_sparse=b_is_sparse, name=name)  # fmt: skip


# -- softmax --------------------------------------------------------------------------------------


@op("SparseSoftmax", shape=rows_of, host=True)
def sparse_softmax_op(
    xp, sp_indices: int64, sp_values: TypeAttr("T", (float32, float64)), sp_shape: Shape
) -> T:
    """The softmax of the elements that are there, row by row along the last axis."""
    if len(ints(sp_shape)) < 2:
        raise ValueError("Input should have rank >= 2, got rank " + str(len(ints(sp_shape))))
    rows = linear(sp_indices[:, :-1], ints(sp_shape)[:-1])
    _, rows = np.unique(rows, return_inverse=True)
    most = np.full(rows.max(initial=-1) + 1, -np.inf, sp_values.dtype)
    np.maximum.at(most, rows, sp_values)
    raised = np.exp(sp_values - most[rows])
    total = np.zeros_like(most)
    np.add.at(total, rows, raised)
    return raised / total[rows]


@sparse_softmax_op.gradient
def _(y, dy, indices, values, dense_shape):
    sums = sparse_reduce_sum_op(indices, y * dy, dense_shape, [-1], keep_dims=True)
    scaled, _ = _scaled(indices, dense_shape, sums)
    return None, y * (dy - gather_nd_op(sums, scaled)), None


def sparse_softmax(sp_input, name=None):
    """The softmax along the last axis of those elements that the SparseTensor has."""
    sp = as_sparse(sp_input)
    with name_scope(name, "SparseSoftmax", [sp]):
        return SparseTensor(sp.indices, sparse_softmax_op(*sp._components()), sp.dense_shape)


# -- operators ------------------------------------------------------------------------------------


def _operator(operation, name, converted=lambda values: values):
    def apply(sp, dense):
        with name_scope(None, name, [sp, dense]) as scope:
            values = converted(sp.values)
            dense = converted(convert_to_tensor(dense, sp.dtype.base_dtype, name="y"))
            found = operation(sp.indices, values, sp.dense_shape, dense, name=scope)
            return SparseTensor(sp.indices, found, sp.dense_shape)

    return apply


def _as_float(values):
    if not values.dtype.is_integer:
        return values
    return cast(values, float32 if values.dtype.size <= 2 else float64)


OPERATORS["sparse_mul"] = _operator(cwise_mul_op, "mul")
OPERATORS["sparse_div"] = _operator(cwise_div_op, "div")
OPERATORS["sparse_truediv"] = _operator(cwise_div_op, "truediv", _as_float)
