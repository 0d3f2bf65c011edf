"""Eigenvalues and singular values: `tf.self_adjoint_eig`, `tf.svd`."""
import numpy as np

from minitf.core.op import op
from minitf.core.schema import Ieee
from minitf.core.tensor_shape import is_static
from minitf.ops.array.basics import shape, zeros_like
from minitf.ops.linalg.bands import adjoint, matrix_band_part
from minitf.ops.linalg.diagonal import eye, matrix_diag, matrix_diag_part, matrix_set_diag
from minitf.ops.linalg.matrices import adjoint_of, at_least_2, failure, least, refuse_nan, wide
from minitf.ops.linalg.matrices import square as square_shape
from minitf.ops.linalg.products import matmul
from minitf.ops.math.complex_numbers import real
from minitf.ops.math.elementwise import reciprocal, square
from minitf.ops.reduction.axes import expand_dims, matrix_transpose

# -- eigenvalues ----------------------------------------------------------------------------------


def _eigen_shapes(input, *, compute_v):
    whole = square_shape(input)
    values = None if whole is None else whole[:-1]
    return [values, whole if compute_v else (0,)]


@op("SelfAdjointEigV2", shape=_eigen_shapes, lapack=True)
def self_adjoint_eig_op(xp, input: Ieee, *, compute_v=True) -> [Ieee, Ieee]:
    """Eigenvalues, rising, and eigenvectors of matrices of which the lower triangle is read."""
    with failure("Self-adjoint eigen decomposition was not successful."):
        refuse_nan(xp, xp.tril(input))
        if not compute_v:
            values, vectors = xp.linalg.eigvalsh(wide(input), UPLO="L"), xp.zeros(0, input.dtype)
        else:
            values, vectors = xp.linalg.eigh(wide(input), UPLO="L")
    return [values.astype(input.dtype), vectors.astype(input.dtype)]


@self_adjoint_eig_op.gradient
def _(ys, dys, x, *, compute_v):
    (e, v), (de, dv) = ys, dys
    middle = matrix_diag(de)
    if compute_v:
        middle = middle + _inverse_differences(e) * matmul(v, dv, adjoint_a=True)
    else:
        _, v = self_adjoint_eig(x)
    slope = matmul(v, matmul(middle, v, adjoint_b=True))
    # Only the lower triangle was read.
    slope = matrix_band_part(slope + adjoint(slope), -1, 0)
    return (matrix_set_diag(slope, 0.5 * matrix_diag_part(slope)),)


def _inverse_differences(values):
    """1 / (values[j] - values[i]), 0 on the diagonal; infinity where two values are alike."""
    ones = eye(shape(values)[-1], batch_shape=shape(values)[:-1], dtype=values.dtype)
    apart = expand_dims(values, -2) - expand_dims(values, -1) + ones
    return matrix_set_diag(reciprocal(apart), zeros_like(values))


def self_adjoint_eig(tensor, name=None):
    """(e, v): eigenvalues [..., n] and eigenvectors [..., n, n] of Hermitian matrices.

    The eigenvalues rise; the columns of v are the vectors. The lower triangle of `tensor` is read.
    """
    e, v = self_adjoint_eig_op(tensor, compute_v=True, name=name)
    return e, v


def self_adjoint_eigvals(tensor, name=None):
    """The eigenvalues [..., n] of Hermitian matrices [..., n, n], rising."""
    return self_adjoint_eig_op(tensor, compute_v=False, name=name)[0]


# -- singular values ------------------------------------------------------------------------------


def _svd_shapes(input, *, compute_uv, full_matrices):
    if at_least_2(input) is None:
        return [None, *([None] * 2 if compute_uv else [(0,)] * 2)]
    *lead, m, n = input
    count = least(m, n)
    if not compute_uv:
        return [(*lead, count), (0,), (0,)]
    columns = (m, n) if full_matrices else (count, count)
    return [(*lead, count), (*lead, m, columns[0]), (*lead, n, columns[1])]


@op("Svd", shape=_svd_shapes, lapack=True)
def svd_op(
    xp, input: Ieee, *, compute_uv=True, full_matrices=False
) -> [Ieee, Ieee, Ieee]:
    """Singular values, falling, and the left and right singular vectors as columns."""
    with failure("SVD was not successful."):
        if not compute_uv:
            s, nothing = finite_svd(xp, wide(input), compute_uv=False), xp.zeros(0, input.dtype)
            found = s, nothing, nothing
        else:
            u, s, vh = finite_svd(xp, wide(input), full_matrices=full_matrices)
            found = s, u, adjoint_of(xp, vh)
    return [x.astype(input.dtype) for x in found]


def finite_svd(xp, matrices, **how):
    """`numpy.linalg.svd`; NaN of matrices with elements that are not finite, with which LAPACK may
    never come to an end. (NVIDIA's library does.)"""
    finite = np.True_ if xp is not np else np.isfinite(matrices).all((-2, -1))
    if finite.all():
        return xp.linalg.svd(matrices, **how)
    found = xp.linalg.svd(xp.where(finite[..., None, None], matrices, 0), **how)
    values = finite[..., None]  # of singular values, the last axis but one of vectors
    if not isinstance(found, tuple):
        return xp.where(values, found, xp.nan)
    u, s, vh = (xp.where(values if x.ndim < matrices.ndim else values[..., None], x, xp.nan)
                for x in found)  # fmt: skip
    return u, s, vh


@svd_op.gradient
def _(ys, dys, x, *, compute_uv, full_matrices):
    (s, u, v), (ds, du, dv) = ys, dys
    if not compute_uv:
        _, u, v = svd_op(x, compute_uv=True)
        return (matmul(u, matmul(matrix_diag(ds), v, adjoint_b=True)),)
    m, n = _inner_sizes(x)
    if full_matrices and abs(m - n) > 1:
        raise NotImplementedError(
            "svd gradient is not implemented for abs(m - n) > 1 when full_matrices is True"
        )
    if m > n:  # of the adjoint
        slope = _svd_gradient(s, v, u, ds, dv, du, n, m, full_matrices)
        return (matrix_transpose(slope),)
    return (_svd_gradient(s, u, v, ds, du, dv, m, n, full_matrices),)


def _inner_sizes(x):
    if x.dtype.is_complex:
        raise NotImplementedError(
            "SVD gradient is not implemented for complex types and compute_uv=True."
        )
    if x._shape is None or not is_static(x._shape[-2:]):
        raise NotImplementedError(
            "SVD gradient has not been implemented for input with unknown inner matrix shape."
        )
    return x._shape[-2:]


def _svd_gradient(s, u, v, ds, du, dv, m, n, full_matrices):
    """For m <= n; see Giles, "An extended collection of matrix derivative results", 2008."""
    apart = _inverse_differences(square(s))
    v1, dv1 = v[..., :, :m], dv[..., :, :m]
    of_u = apart * matmul(u, du, adjoint_a=True)
    of_v = apart * matmul(v1, dv1, adjoint_a=True)
    diagonal = matrix_diag(s)
    middle = matrix_diag(ds) + matmul(of_u + adjoint(of_u), diagonal)
    middle = middle + matmul(diagonal, of_v + adjoint(of_v))
    slope = matmul(u, matmul(middle, v1, adjoint_b=True))
    if m == n:
        return slope
    turned = matrix_transpose(dv1)
    rest = turned - matmul(matmul(turned, v1), v1, adjoint_b=True)
    if full_matrices:
        v2, dv2 = v[..., :, m:n], dv[..., :, m:n]
        rest -= matmul(matmul(v1, dv2, adjoint_a=True), v2, adjoint_b=True)
    return slope + matmul(matmul(u, matrix_diag(reciprocal(s))), rest)


def svd(tensor, full_matrices=False, compute_uv=True, name=None):
    """(s, u, v) with `tensor` = u diag(s) v^H, for each matrix; s alone unless `compute_uv`.

    `tensor` is [..., m, n]; the singular values s [..., p], p = min(m, n), fall; the columns of u
    [..., m, p] and v [..., n, p] are the vectors, all m and n of them with `full_matrices`.
    """
    s, u, v = svd_op(tensor, compute_uv=compute_uv, full_matrices=full_matrices, name=name)
    return (real(s), u, v) if compute_uv else real(s)
