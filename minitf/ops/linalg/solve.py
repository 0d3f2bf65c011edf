"""Systems of linear equations, inverses, determinants: `tf.matrix_solve`, `tf.cholesky`, ..."""
from typing import NamedTuple

import numpy as np

from minitf.core.graph import name_scope
from minitf.core.op import op
from minitf.core.schema import Ieee
from minitf.core.tensor import Tensor
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.linalg import triangular_kernel as kernel
from minitf.ops.linalg.bands import matrix_band_part
from minitf.ops.linalg.diagonal import eye, matrix_diag_part, matrix_set_diag
from minitf.ops.linalg.matrices import (
    adjoint_of,
    batch,
    failure,
    of_solution,
    refuse_nan,
    square,
    wide,
)
from minitf.ops.linalg.products import matmul
from minitf.ops.math.complex_numbers import real
from minitf.ops.math.elementwise import log
from minitf.ops.reduction.axes import matrix_transpose
from minitf.ops.reduction.reduce import reduce_sum


def _adjoint(matrix):
    return matrix_transpose(matrix, conjugate=True)


# -- inverses and determinants --------------------------------------------------------------------


@op("MatrixInverse", shape=square, lapack=True)
def matrix_inverse_op(xp, input: Ieee, *, adjoint=False):
    """The inverses of square matrices, or of their adjoints."""
    with failure("Input is not invertible."):
        refuse_nan(xp, input)
        inverse = xp.linalg.inv(wide(adjoint_of(xp, input) if adjoint else input))
    return inverse.astype(input.dtype)


@matrix_inverse_op.gradient
def _(y, dy, x, *, adjoint):
    if adjoint:
        return (-matmul(y, matmul(dy, y, adjoint_a=True)),)
    return (-matmul(y, matmul(dy, y, adjoint_b=True), adjoint_a=True),)


def matrix_inverse(input, adjoint=False, name=None):
    """The inverse of each square matrix in the last two axes, or of its adjoint.

    A run raises InvalidArgumentError for a matrix that has none.
    """
    return matrix_inverse_op(input, adjoint=adjoint, name=name)


@op("MatrixDeterminant", shape=batch, lapack=True)
def matrix_determinant_op(xp, input: Ieee):
    """The determinants of square matrices."""
    return xp.asarray(xp.linalg.det(wide(input))).astype(input.dtype)


@matrix_determinant_op.gradient
def _(y, dy, x):
    return (_as_matrices(dy * y) * matrix_inverse(x, adjoint=True),)


def _as_matrices(numbers):
    return reshape(numbers, concat([shape(numbers), [1, 1]], 0))


def matrix_determinant(input, name=None):
    """The determinant of each square matrix in the last two axes."""
    return matrix_determinant_op(input, name=name)


@op("LogMatrixDeterminant", shape=lambda input: [batch(input)] * 2, lapack=True)
def log_matrix_determinant_op(xp, input: Ieee) -> [Ieee, Ieee]:
    """The signs of determinants, and the logarithms of their absolute values."""
    return [xp.asarray(x).astype(input.dtype) for x in xp.linalg.slogdet(wide(input))]


@log_matrix_determinant_op.gradient
def _(ys, dys, x):
    return (_as_matrices(dys[1]) * matrix_inverse(x, adjoint=True),)


class LogMatrixDeterminant(NamedTuple):
    """What `tf.linalg.slogdet` returns: the determinant is sign * exp(log_abs_determinant)."""

    sign: Tensor
    log_abs_determinant: Tensor


def slogdet(input, name=None):
    """The sign of the determinant of each matrix, and the logarithm of its absolute value."""
    return LogMatrixDeterminant(*log_matrix_determinant_op(input, name=name))


# -- Cholesky's factor ----------------------------------------------------------------------------


@op("Cholesky", shape=square, lapack=True)
def cholesky_op(xp, input: Ieee):
    """The lower triangular L with input = L L^H, of which the lower triangle is read."""
    whole = wide(input)
    if xp is not np:  # NumPy reads no more than the lower triangle
        lower = xp.tril(whole)
        whole = lower + adjoint_of(xp, xp.tril(lower, -1))
    with failure("Cholesky decomposition was not successful. The input might not be valid."):
        return xp.linalg.cholesky(whole).astype(input.dtype)


@cholesky_op.gradient
def _(y, dy, x):
    # L^-H ((L^H dy) * (lower triangle, half of the diagonal)) L^-1
    ones = eye(shape(y)[-1], batch_shape=shape(y)[:-2], dtype=y.dtype)
    inverse = matrix_triangular_solve(y, ones)
    middle = matmul(y, dy, adjoint_a=True)
    middle = matrix_set_diag(middle, 0.5 * matrix_diag_part(middle))
    middle = matrix_band_part(middle, -1, 0)
    slope = matmul(matmul(inverse, middle, adjoint_a=True), inverse)
    return ((slope + _adjoint(slope)) * 0.5,)


def cholesky(input, name=None):
    """The lower triangular L with `input` = L L^H, for each positive definite matrix.

    Only the lower triangle of `input` [..., n, n] is read. A run raises InvalidArgumentError for a
    matrix that is not positive definite.
    """
    return cholesky_op(input, name=name)


def cholesky_solve(chol, rhs, name=None):
    """X [..., n, k] with A X = `rhs`, where `chol` [..., n, n] is the Cholesky factor of A."""
    with name_scope(name, "cholesky_solve", [chol, rhs]):
        y = matrix_triangular_solve(chol, rhs, adjoint=False, lower=True)
        return matrix_triangular_solve(chol, y, adjoint=True, lower=True)


def logdet(matrix, name=None):
    """The logarithm of the determinant of each Hermitian positive definite matrix."""
    with name_scope(name, "logdet", [matrix]):
        diagonal = real(matrix_diag_part(cholesky(matrix)))
        return 2.0 * reduce_sum(log(diagonal), axis=[-1])


# -- systems of equations -------------------------------------------------------------------------


def _solution(matrix, rhs, **_):
    return of_solution(matrix, rhs)


@op("MatrixSolve", shape=_solution, lapack=True)
def matrix_solve_op(xp, matrix: Ieee, rhs: Ieee, *, adjoint=False):
    """X in matrix X = rhs."""
    of_solution(matrix.shape, rhs.shape)
    matrix_, rhs_ = wide(adjoint_of(xp, matrix) if adjoint else matrix), wide(rhs)
    with failure("Input matrix is not invertible."):
        refuse_nan(xp, matrix)
        return xp.linalg.solve(matrix_, rhs_).astype(rhs.dtype)


def _of_matrix(y, drhs, adjoint):
    left, right = (y, drhs) if adjoint else (drhs, y)
    return -matmul(left, right, adjoint_b=True)


@matrix_solve_op.gradient
def _(y, dy, matrix, rhs, *, adjoint):
    drhs = matrix_solve(matrix, dy, adjoint=not adjoint)
    return _of_matrix(y, drhs, adjoint), drhs


def matrix_solve(matrix, rhs, adjoint=False, name=None):
    """X [..., n, k] with `matrix` X = `rhs`, or with the adjoint of `matrix` [..., n, n].

    A run raises InvalidArgumentError for a matrix that is not invertible.
    """
    return matrix_solve_op(matrix, rhs, adjoint=adjoint, name=name)


@op("MatrixTriangularSolve", shape=_solution, lapack=True)
def matrix_triangular_solve_op(xp, matrix: Ieee, rhs: Ieee, *, lower=True, adjoint=False):
    """X in matrix X = rhs, where only one triangle of the matrix is read."""
    of_solution(matrix.shape, rhs.shape)
    triangle = adjoint_of(xp, wide(matrix)) if adjoint else wide(matrix)
    downwards = bool(lower) != bool(adjoint)
    with failure("Input matrix is not invertible."):
        refuse_nan(xp, triangle.diagonal(0, -2, -1))
        return _substituted(xp, triangle, wide(rhs), downwards).astype(rhs.dtype)


@matrix_triangular_solve_op.trait
def quick(run, matrix, rhs, *, lower, adjoint):
    of_solution(matrix.shape, rhs.shape)
    fits = matrix.shape[:-2] == rhs.shape[:-2] and rhs.size and matrix.dtype in kernel.KNOWN
    diagonal = matrix.diagonal(0, -2, -1)
    if not fits or not diagonal.all() or np.isnan(diagonal).any():
        return None
    triangle = matrix.swapaxes(-1, -2) if adjoint else matrix
    return kernel.solved(run, triangle, rhs, bool(lower) != bool(adjoint))


def _substituted(xp, triangle, rhs, downwards):
    """Block by block: LAPACK solves those on the diagonal, a product takes the others."""
    result, size = rhs.copy(), rhs.shape[-2]
    starts = range(0, size, kernel.BLOCK)
    for start in starts if downwards else reversed(starts):
        here = slice(start, min(start + kernel.BLOCK, size))
        done = slice(0, start) if downwards else slice(here.stop, size)
        left = result[..., here, :] - triangle[..., here, done] @ result[..., done, :]
        block = (xp.tril if downwards else xp.triu)(triangle[..., here, here])
        result[..., here, :] = xp.linalg.solve(block, left)
    return result


@matrix_triangular_solve_op.gradient
def _(y, dy, matrix, rhs, *, lower, adjoint):
    drhs = matrix_triangular_solve(matrix, dy, lower=lower, adjoint=not adjoint)
    dmatrix = _of_matrix(y, drhs, adjoint)
    return matrix_band_part(dmatrix, *((-1, 0) if lower else (0, -1))), drhs


def matrix_triangular_solve(matrix, rhs, lower=True, adjoint=False, name=None):
    """X [..., n, k] with `matrix` X = `rhs`, where `matrix` [..., n, n] is triangular.

    Of `matrix` the lower triangle is read, or the upper one; with `adjoint` it is the adjoint of
    that that multiplies X. A run raises InvalidArgumentError for zeros on the diagonal.
    """
    return matrix_triangular_solve_op(matrix, rhs, lower=lower, adjoint=adjoint, name=name)
