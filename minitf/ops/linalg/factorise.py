"""Factorisations of matrices: `tf.qr`, `tf.linalg.lu`."""
import math
from typing import NamedTuple

import numpy as np

from minitf.core.dtypes import int32
from minitf.core.op import op
from minitf.core.schema import Attr, Ieee
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import is_static
from minitf.ops.linalg.bands import adjoint, matrix_band_part
from minitf.ops.linalg.matrices import at_least_2, failure, least, square, wide
from minitf.ops.linalg.products import matmul
from minitf.ops.linalg.solve import matrix_triangular_solve

# -- Q R ------------------------------------------------------------------------------------------


def _qr_shape(input, *, full_matrices):
    if at_least_2(input) is None:
        return [None, None]
    *batch, m, n = input
    inner = m if full_matrices else least(m, n)
    return [(*batch, m, inner), (*batch, inner, n)]


@op("Qr", shape=_qr_shape, lapack=True)
def qr_op(xp, input: Ieee, *, full_matrices=False) -> [Ieee, Ieee]:
    with failure("QR was not successful."):
        found = xp.linalg.qr(wide(input), mode="complete" if full_matrices else "reduced")
    return [x.astype(input.dtype) for x in found]


@qr_op.gradient
def _(ys, dys, x, *, full_matrices):
    (q, r), (dq, dr) = ys, dys
    _check_differentiable(q, r)
    inner = matmul(q, dq, adjoint_a=True)
    outer = matmul(r, dr, adjoint_b=True)
    lower = matrix_band_part(inner - adjoint(inner) + outer - adjoint(outer), -1, 0)
    slope = matmul(q, dr + _over_adjoint(lower, r))
    return (slope + _over_adjoint(dq - matmul(q, inner), r),)


def _check_differentiable(q, r):
    if q.dtype.is_complex:
        raise NotImplementedError(f"QrGrad not implemented for dtype: {q.dtype}")
    if r._shape is None or not is_static(r._shape[-2:]):
        raise NotImplementedError("QrGrad not implemented with dynamic shapes.")
    if r._shape[-2] != r._shape[-1]:
        raise NotImplementedError(
            "QrGrad not implemented when ncols > nrows or full_matrices is true and ncols != nrows."
        )


def _over_adjoint(x, r):
    """x times the inverse of r's adjoint."""
    return adjoint(matrix_triangular_solve(r, adjoint(x), lower=False))


class Qr(NamedTuple):
    """What `tf.qr` returns."""

    q: Tensor
    r: Tensor


def qr(input, full_matrices=False, name=None):
    """`q, r` with `input = q r`: q orthogonal, r upper triangular, for each matrix of a batch.

    `input` is [..., m, n]; q [..., m, k] and r [..., k, n] with k = min(m, n), or m when
    `full_matrices`. Its gradient is there for square r of real numbers: NotImplementedError else.
    """
    return Qr(*qr_op(input, full_matrices=full_matrices, name=name))


# -- L U ------------------------------------------------------------------------------------------


def _lu_shape(input, *, output_idx_type):
    whole = square(input)
    return [whole, None if whole is None else whole[:-1]]


@op("Lu", shape=_lu_shape, host=True, lapack=True)
def lu_op(xp, input: Ieee, *, output_idx_type=int32) -> [Ieee, Attr("output_idx_type")]:
    """L (below the diagonal, of ones) and U in one matrix; the order of the rows."""
    size = input.shape[-1]
    lu = wide(np.array(input)).reshape(math.prod(input.shape[:-2]), size, size)
    order = np.tile(np.arange(size), (len(lu), 1))
    every = np.arange(len(lu))
    for k in range(size):
        pivots = k + np.abs(lu[:, k:, k]).argmax(1)
        for rows in (lu, order):
            rows[every, k], rows[every, pivots] = rows[every, pivots], rows[every, k].copy()
        if not lu[:, k, k].all() or np.isnan(lu[:, k, k]).any():
            raise ValueError("Input is not invertible.")
        lu[:, k + 1 :, k] /= lu[:, k, k, None]
        lu[:, k + 1 :, k + 1 :] -= lu[:, k + 1 :, k, None] * lu[:, k, None, k + 1 :]
    lu, order = lu.reshape(input.shape), order.reshape(input.shape[:-1])
    return [xp.asarray(lu.astype(input.dtype)), xp.asarray(order.astype(output_idx_type.numpy))]


class Lu(NamedTuple):
    """What `tf.linalg.lu` returns."""

    lu: Tensor
    p: Tensor


def lu(input, output_idx_type=int32, name=None):
    """`lu, p` with `input`[p] = L U, for each square matrix; L below the diagonal of lu, U above.

    The diagonal of L is ones. p holds the order of the rows, in `output_idx_type`. A run raises
    InvalidArgumentError for a singular matrix. There is no gradient, as in TF1.
    """
    return Lu(*lu_op(input, output_idx_type=output_idx_type, name=name))
