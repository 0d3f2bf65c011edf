"""Least squares: `tf.matrix_solve_ls`."""
import functools

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import complex128, float64
from minitf.core.graph import name_scope
from minitf.core.op import op
from minitf.core.schema import Ieee
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import is_static, num_elements
from minitf.ops.array.basics import shape
from minitf.ops.control_flow.branches import cond
from minitf.ops.linalg.diagonal import eye
from minitf.ops.linalg.eigen import finite_svd
from minitf.ops.linalg.matrices import adjoint_of, failure, of_solution, wide
from minitf.ops.linalg.products import matmul
from minitf.ops.linalg.solve import cholesky, cholesky_solve
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.axes import matrix_transpose


def _solution(matrix, rhs, l2_regularizer, *, fast):
    return of_solution(matrix, rhs, is_square=False)


@op("MatrixSolveLs", shape=_solution, host=True, lapack=True)
def matrix_solve_ls_op(
    xp, matrix: Ieee, rhs: Ieee, l2_regularizer: float64, *, fast=True
):
    """X that makes |matrix X - rhs| least, and is the shortest of those."""
    of_solution(matrix.shape, rhs.shape, is_square=False)
    a, b = wide(np.asarray(matrix)), wide(np.asarray(rhs))
    weight = a.dtype.type(np.asarray(l2_regularizer).real)
    found = _by_normal_equations(a, b, weight) if fast else _by_singular_values(a, b)
    return xp.asarray(found.astype(matrix.dtype))


def _by_normal_equations(a, b, weight):
    m, n = a.shape[-2:]
    adjoint = adjoint_of(np, a)
    with failure("Input matrix was rank deficient or ill-conditioned. Try setting fast=False"):
        if m >= n:
            return np.linalg.solve(adjoint @ a + weight * np.eye(n, dtype=a.dtype), adjoint @ b)
        return adjoint @ np.linalg.solve(a @ adjoint + weight * np.eye(m, dtype=a.dtype), b)


def _by_singular_values(a, b):
    u, s, vh = finite_svd(np, a, full_matrices=False)
    least = np.finfo(s.dtype).eps * max(a.shape[-2:]) * s.max(-1, keepdims=True, initial=0)
    inverse = np.where(s > least, 1 / np.where(s > least, s, 1), 0)
    return adjoint_of(np, vh) @ (inverse[..., None] * (adjoint_of(np, u) @ b))


@matrix_solve_ls_op.gradient
def _(y, dy, matrix, rhs, l2_regularizer, *, fast):
    if not fast:
        raise ValueError("Gradient not defined for fast=False")
    weight = cast(l2_regularizer, matrix.dtype.base_dtype)
    rules = [functools.partial(rule, y, dy, matrix, rhs, weight)
             for rule in (_tall_gradients, _wide_gradients)]  # fmt: skip
    sizes = None if matrix._shape is None else matrix._shape[-2:]
    if is_static(sizes):
        return *rules[sizes[0] < sizes[1]](), None
    sizes = shape(matrix)
    return *cond(sizes[-2] >= sizes[-1], *rules), None


def _tall_gradients(x, dx, a, b, weight):
    """Of X = (A^H A + weight)^-1 A^H B."""
    z = cholesky_solve(_gram_factor(a, weight, tall=True), dx)
    xz = matmul(x, z, adjoint_b=True)
    da = matmul(b, z, adjoint_b=True) - matmul(a, xz + matrix_transpose(xz))
    return da, matmul(a, z)


def _wide_gradients(x, dx, a, b, weight):
    """Of X = A^H (A A^H + weight)^-1 B."""
    factor = _gram_factor(a, weight, tall=False)
    db = cholesky_solve(factor, matmul(a, dx))
    solved = cholesky_solve(factor, b)
    first = matmul(db, matmul(solved, a, adjoint_a=True))
    second = matmul(solved, dx - matmul(a, db, adjoint_a=True), adjoint_b=True)
    return second - first, db


def _gram_factor(a, weight, tall):
    """Cholesky's factor of A^H A, or of A A^H, plus the weight."""
    gram = matmul(a, a, adjoint_a=tall, adjoint_b=not tall)
    if isinstance(weight, Tensor) or weight != 0:
        sizes = shape(a)
        size = sizes[-1] if tall else sizes[-2]
        gram += weight * eye(size, batch_shape=sizes[:-2], dtype=a.dtype)
    return cholesky(gram)


def matrix_solve_ls(matrix, rhs, l2_regularizer=0.0, fast=True, name=None):
    """X [..., n, k] that makes |`matrix` X - `rhs`|**2 + `l2_regularizer` |X|**2 least.

    `matrix` is [..., m, n] and `rhs` [..., m, k]. `fast` solves the normal equations, for matrices
    of full rank; without it singular values find the shortest solution, `l2_regularizer` counts as
    0 and there is no gradient. NotImplementedError for complex128 with a regularizer, as in TF1.
    """
    matrix = convert_to_tensor(matrix, name="matrix")
    if matrix.dtype == complex128 and (isinstance(l2_regularizer, Tensor) or l2_regularizer != 0):
        raise NotImplementedError(
            "matrix_solve_ls is currently disabled for complex128 and l2_regularizer != 0 due to "
            "poor accuracy: TF1's words"
        )
    if not fast or not _is_composed(matrix):
        return matrix_solve_ls_op(matrix, rhs, l2_regularizer, fast=bool(fast), name=name)
    with name_scope(name, "matrix_solve_ls", [matrix, rhs, l2_regularizer]):
        rhs = convert_to_tensor(rhs, dtype=matrix.dtype.base_dtype, name="rhs")
        tall = matrix._shape[-2] >= matrix._shape[-1]
        weight = l2_regularizer
        if isinstance(weight, Tensor):
            weight = cast(weight, matrix.dtype.base_dtype)
        factor = _gram_factor(matrix, weight, tall)
        if tall:
            return cholesky_solve(factor, matmul(matrix, rhs, adjoint_a=True))
        return matmul(matrix, cholesky_solve(factor, rhs), adjoint_a=True)


_LARGE = 256_000  # bytes: beyond, and for many small matrices, TF1 takes one op


def _is_composed(matrix):
    sizes = matrix._shape
    if sizes is None or not is_static(sizes[-2:]):
        return False
    if not is_static(sizes):
        return True
    many = num_elements(sizes[:-2]) > min(sizes[-2:])
    return not (num_elements(sizes) * matrix.dtype.size > _LARGE and many)
