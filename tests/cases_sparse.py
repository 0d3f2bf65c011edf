"""The rows of tests/cases.py for ops on sparse tensors."""
import numpy as np
from cases import raw, row
from domains import distinct, positive, real

import minitf as tf

PLACES = np.int64([[0, 1], [0, 3], [2, 0], [2, 2]])
WHOLE = [3, 4]


def dense(values, places=PLACES, whole=WHOLE):
    out = np.zeros(whole, values.dtype)
    out[tuple(np.transpose(places))] = values
    return out


def sparse(values, places=PLACES, whole=WHOLE):
    return tf.SparseTensor(places, values, whole)


def parts(build):
    """Of a built SparseTensor, what a row compares."""

    def built(*inputs):
        found = build(*inputs)
        return [found.indices, found.values, found.dense_shape]

    return built


def split_dense(array):
    """(places, values, shape) of what is not zero."""
    places = np.argwhere(array)
    return [places, array[tuple(places.T)], array.shape]


# -- making and order -----------------------------------------------------------------------------

row("SparseToDense", lambda v: tf.sparse_tensor_to_dense(sparse(v)), real(4), want=dense)
row("SparseToDense", lambda i, v, d: tf.sparse_to_dense(i, [5], v, d), np.int32([1, 3]), real(2),
    real(), want=lambda i, v, d: [d, v[0], d, v[1], d])  # fmt: skip
row("SparseToDense", lambda v: tf.sparse_to_dense([[1, 1], [0, 0]], [2, 2], v,
    validate_indices=False), real(), want=lambda v: v * np.eye(2))  # fmt: skip
SHUFFLED = [2, 0, 3, 1]
row("SparseReorder", parts(lambda v: tf.sparse_reorder(sparse(v, PLACES[SHUFFLED]))), real(4),
    want=lambda v: [PLACES, v[np.argsort(SHUFFLED)], WHOLE])  # fmt: skip
row("SparseReorder", parts(lambda v: tf.sparse_transpose(sparse(v))), real(4),
    want=lambda v: split_dense(dense(v).T))  # fmt: skip
row("SparseReorder", parts(lambda v: tf.sparse_merge(sparse(np.int64([5, 1, 0, 3])), sparse(v),
    6)), real(4), known=False,
    want=lambda v: [[[0, 1], [0, 5], [2, 0], [2, 3]], v[[1, 0, 2, 3]], [3, 6]])  # fmt: skip

# -- layout ---------------------------------------------------------------------------------------

row("SparseConcat", parts(lambda a, b: tf.sparse_concat(1, [sparse(a), sparse(b)])), real(4),
    real(4, key=1), grad=False,
    want=lambda a, b: split_dense(np.concatenate([dense(a), dense(b)], 1)))  # fmt: skip


def split(v):
    found = tf.sparse_split(sp_input=sparse(v), num_split=3, axis=1)
    return [part for one in found for part in (one.indices, one.values, one.dense_shape)]


row("SparseSplit", split, real(4), grad=False, known=False,
    want=lambda v: [part for one in np.split(dense(v), [2, 3], 1)
                    for part in split_dense(one)])  # fmt: skip
row("SparseSlice", parts(lambda v: tf.sparse_slice(sparse(v), [0, 1], [9, 2])), real(4),
    known=False, want=lambda v: split_dense(dense(v)[:, 1:3]))  # fmt: skip
row("SparseSliceGrad", lambda dy: raw("SparseSliceGrad")(
    dy, PLACES, tf.constant([0, 1], tf.int64), np.int64([[0, 0], [2, 1]])), real(2), grad=False,
    want=lambda dy: [dy[0], 0, 0, dy[1]])  # fmt: skip
row("SparseCross", parts(lambda i: tf.sparse.cross_hashed([sparse(i), tf.constant(
    [["p"], ["q"], ["r"]])], 1000)), np.int64([5, 1, 0, 3]), grad=False, known=False,
    want=lambda i: [[[0, 0], [0, 1], [2, 0], [2, 1]], [113, 637, 498, 889], [3, 2]])  # fmt: skip
row("SparseReshape", parts(lambda v: tf.sparse_reshape(sparse(v), [2, -1])), real(4),
    want=lambda v: split_dense(dense(v).reshape(2, 6)))  # fmt: skip


def filled(v, d):
    found, empty = tf.sparse_fill_empty_rows(sparse(v), d)
    return [*parts(lambda: found)(), empty]


row("SparseFillEmptyRows", filled, real(4), real(), known=False,
    want=lambda v, d: [[[0, 1], [0, 3], [1, 0], [2, 0], [2, 2]], [*v[:2], d, *v[2:]], WHOLE,
                       [False, True, False]])  # fmt: skip
row("SparseFillEmptyRowsGrad", lambda dy: raw("SparseFillEmptyRowsGrad")(np.int64([0, 2]), dy),
    real(4), grad=False, want=lambda dy: [dy[[0, 2]], dy[1] + dy[3]])  # fmt: skip

# -- arithmetic -----------------------------------------------------------------------------------

OTHERS = np.int64([[0, 0], [0, 3], [1, 2]])
OTHER = real(3, key=1)
row("SparseAdd", parts(lambda a, b: tf.sparse_add(sparse(a), sparse(b, OTHERS))), real(4), OTHER,
    known=False, want=lambda a, b: split_dense(dense(a) + dense(b, OTHERS)))  # fmt: skip
row("SparseAddGrad", lambda dy: raw("SparseAddGrad")(dy, PLACES[:2], OTHERS[:2],
    np.int64([[0, 0], [0, 3]])), real(2), grad=False,
    want=lambda dy: [[0, dy[1]], dy])  # fmt: skip
row("SparseTensorDenseAdd", lambda a, b: tf.sparse_add(sparse(a), b), real(4), real(3, 4),
    want=lambda a, b: dense(a) + b)  # fmt: skip
row("SparseSparseMaximum", parts(lambda a, b: tf.sparse_maximum(sparse(a), sparse(b, OTHERS))),
    positive(4), positive(3), grad=False, known=False,
    want=lambda a, b: split_dense(np.maximum(dense(a), dense(b, OTHERS))))  # fmt: skip
row("SparseSparseMinimum", parts(lambda a, b: tf.sparse_minimum(sparse(a), sparse(b, OTHERS))),
    -positive(4), -positive(3), grad=False, known=False,
    want=lambda a, b: split_dense(np.minimum(dense(a), dense(b, OTHERS))))  # fmt: skip
COLUMN = positive(3, 1, key=1)
row("SparseDenseCwiseMul", parts(lambda v, d: sparse(v) * d), real(4), COLUMN,
    want=lambda v, d: split_dense(dense(v) * d))  # fmt: skip
row("SparseDenseCwiseMul", parts(lambda v, d: sparse(v) * d), real(4), positive(4),
    want=lambda v, d: split_dense(dense(v) * d))  # fmt: skip
row("SparseDenseCwiseDiv", parts(lambda v, d: sparse(v) / d), real(4), COLUMN,
    want=lambda v, d: split_dense(dense(v) / d))  # fmt: skip
row("SparseDenseCwiseAdd", lambda v, d: raw("SparseDenseCwiseAdd")(PLACES, v,
    tf.constant(WHOLE, tf.int64), d), real(4), COLUMN, grad=False,
    want=lambda v, d: v + d[PLACES[:, 0], 0])  # fmt: skip
for ta, tb in ((False, False), (True, False), (False, True), (True, True)):
    inner = 3 if ta else 4
    row("SparseTensorDenseMatMul",
        lambda v, b, ta=ta, tb=tb: tf.sparse_tensor_dense_matmul(sparse(v), b, ta, tb),
        real(4), real(*((2, inner) if tb else (inner, 2))),
        want=lambda v, b, ta=ta, tb=tb: (dense(v).T if ta else dense(v)) @ (b.T if tb else b))


def softmax(v):
    raised = np.exp(dense(v)) * (dense(v) != 0)
    total = raised.sum(1, keepdims=True)
    return split_dense(raised / np.where(total, total, 1))


row("SparseSoftmax", parts(lambda v: tf.sparse_softmax(sparse(v))), real(4), want=softmax)

# -- reductions -----------------------------------------------------------------------------------

row("SparseReduceSum", lambda v: tf.sparse_reduce_sum(sparse(v), 0), real(4),
    want=lambda v: dense(v).sum(0))  # fmt: skip
row("SparseReduceSum", lambda v: tf.sparse_reduce_sum(sparse(v), [-1], keepdims=True), real(4),
    want=lambda v: dense(v).sum(1, keepdims=True))  # fmt: skip
row("SparseReduceSum", lambda v: tf.sparse_reduce_sum(sparse(v)), real(4), want=np.sum)
row("SparseReduceMax", lambda v: tf.sparse_reduce_max(sparse(v), 1), distinct(4), grad=False,
    want=lambda v: [max(v[:2]), 0, max(v[2:])])  # fmt: skip
row("SparseReduceSumSparse", parts(lambda v: tf.sparse_reduce_sum_sparse(sparse(v), 1)), real(4),
    grad=False, known=False,
    want=lambda v: split_dense(dense(v).sum(1)))  # fmt: skip
row("SparseReduceMaxSparse", parts(lambda v: tf.sparse_reduce_max_sparse(sparse(v), 1, True)),
    positive(4), grad=False, known=False,
    want=lambda v: split_dense(dense(v).max(1, keepdims=True)))  # fmt: skip

# -- sequences ------------------------------------------------------------------------------------

row("EditDistance", lambda a, b: tf.edit_distance(sparse(a), sparse(b, OTHERS)),
    np.int32([1, 2, 3, 4]), np.int32([1, 2, 3]), want=lambda a, b: [0, 1, np.inf])  # fmt: skip

# -- sets -----------------------------------------------------------------------------------------

MEMBERS, MORE = np.int32([5, 7, 1, 1]), np.int32([4, 7, 2])
row("SetSize", lambda v: tf.sets.set_size(sparse(v)), MEMBERS, want=lambda v: [2, 0, 1])
row("DenseToDenseSetOperation", parts(tf.sets.set_intersection), np.int32([[1, 2], [3, 3]]),
    np.int32([[2, 5, 1], [3, 1, 1]]), known=False,
    want=lambda a, b: [[[0, 0], [0, 1], [1, 0]], [1, 2, 3], [2, 2]])  # fmt: skip
row("DenseToSparseSetOperation", parts(lambda a, v: tf.sets.set_difference(a, sparse(v))),
    np.int32([[5, 2], [3, 3], [1, 1]]), MEMBERS, known=False,
    want=lambda a, v: [[[0, 0], [1, 0]], [2, 3], [3, 1]])  # fmt: skip
row("SparseToSparseSetOperation", parts(lambda v, w: tf.sets.set_union(sparse(v),
    sparse(w, OTHERS))), MEMBERS, MORE, known=False,
    want=lambda v, w: [[[0, 0], [0, 1], [0, 2], [1, 0], [2, 0]], [4, 5, 7, 2, 1],
                       [3, 3]])  # fmt: skip
