"""Matrices as `tf.linalg.LinearOperator`s: dense, lower triangular, diagonal."""
from minitf.core.dtypes import complex64, complex128, float16, float32, float64
from minitf.core.graph import name_scope
from minitf.ops.array.basics import shape as shape_of
from minitf.ops.array.basics import zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.check import assert_equal, assert_positive
from minitf.ops.control_flow.control import no_op
from minitf.ops.linalg.bands import adjoint as adjoint_of
from minitf.ops.linalg.bands import matrix_band_part
from minitf.ops.linalg.diagonal import matrix_diag, matrix_diag_part, matrix_set_diag
from minitf.ops.linalg.linear_operator import LinearOperator
from minitf.ops.linalg.linear_operator_parts import assert_no_zeros, part, with_one_batch
from minitf.ops.linalg.products import matmul
from minitf.ops.linalg.solve import matrix_triangular_solve
from minitf.ops.math.complex_numbers import imag, real
from minitf.ops.math.elementwise import cast, conj, log, sqrt
from minitf.ops.math.operators import abs
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.reduce import reduce_prod, reduce_sum

_DTYPES = [float16, float32, float64, complex64, complex128]


class LinearOperatorFullMatrix(LinearOperator):
    """The matrices `matrix`, `[..., M, N]`, of a float or complex type: TypeError for others,
    ValueError for less than two axes."""

    def __init__(self, matrix, is_non_singular=None, is_self_adjoint=None,
                 is_positive_definite=None, is_square=None, name="LinearOperatorFullMatrix"):
        with name_scope(name, values=[matrix]):
            self._matrix = _with_axes(part(matrix, "matrix"), "matrix", 2)
            if self._matrix.dtype.base_dtype not in _DTYPES:
                raise TypeError(f"Argument matrix must have dtype in {_DTYPES}.  Found: "
                                f"{self._matrix.dtype}")  # fmt: skip
            super().__init__(self._matrix.dtype, [self._matrix], is_non_singular, is_self_adjoint,
                             is_positive_definite, is_square, name)  # fmt: skip

    def _shape(self):
        return self._matrix.shape

    def _shape_tensor(self):
        return shape_of(self._matrix)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        return matmul(self._matrix, x, adjoint_a=adjoint, adjoint_b=adjoint_arg)

    def _to_dense(self):
        return self._matrix


class LinearOperatorLowerTriangular(LinearOperator):
    """The lower triangles of the matrices `tril`, `[..., N, N]`; what is above has no meaning.

    ValueError for less than two axes, and unless `is_square` is left.
    """

    def __init__(self, tril, is_non_singular=None, is_self_adjoint=None,
                 is_positive_definite=None, is_square=None, name="LinearOperatorLowerTriangular"):
        if is_square is False:
            raise ValueError("Only square lower triangular operators supported at this time.")
        with name_scope(name, values=[tril]):
            self._tril = _with_axes(part(tril, "tril"), "tril", 2)
            super().__init__(self._tril.dtype, [self._tril], is_non_singular, is_self_adjoint,
                             is_positive_definite, True, name)  # fmt: skip

    def _shape(self):
        return self._tril.shape

    def _shape_tensor(self):
        return shape_of(self._tril)

    def _to_dense(self):
        return matrix_band_part(self._tril, -1, 0)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        return matmul(self._to_dense(), x, adjoint_a=adjoint, adjoint_b=adjoint_arg)

    def _determinant(self):
        return reduce_prod(matrix_diag_part(self._tril), axis=[-1])

    def _log_abs_determinant(self):
        return reduce_sum(log(abs(matrix_diag_part(self._tril))), axis=[-1])

    def _assert_non_singular(self):
        return assert_no_zeros(matrix_diag_part(self._tril), "Diagonal")

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        rhs = adjoint_of(rhs) if adjoint_arg else rhs
        return matrix_triangular_solve(*with_one_batch(self._to_dense(), rhs), lower=True,
                                       adjoint=adjoint)  # fmt: skip


class LinearOperatorDiag(LinearOperator):
    """The matrices with `diag`, `[..., N]`, on the diagonal and zeros elsewhere.

    ValueError for a number alone, unless `is_square` is left, and for one that is real and is said
    not to be self-adjoint.
    """

    def __init__(self, diag, is_non_singular=None, is_self_adjoint=None,
                 is_positive_definite=None, is_square=None, name="LinearOperatorDiag"):
        with name_scope(name, values=[diag]):
            self._diag = _with_axes(part(diag, "diag"), "diag", 1)
            if not self._diag.dtype.is_complex:
                if is_self_adjoint is False:
                    raise ValueError("A real diagonal operator is always self adjoint.")
                is_self_adjoint = True
            if is_square is False:
                raise ValueError("Only square diagonal operators currently supported.")
            super().__init__(self._diag.dtype, [self._diag], is_non_singular, is_self_adjoint,
                             is_positive_definite, True, name)  # fmt: skip

    diag = property(lambda self: self._diag, doc="The elements on the diagonal.")

    def _shape(self):
        sizes = self._diag.shape
        return sizes.concatenate(sizes[-1:])

    def _shape_tensor(self):
        sizes = shape_of(self._diag)
        return concat([sizes, sizes[-1:]], 0)

    def _to_dense(self):
        return matrix_diag(self._diag)

    def _diag_part(self):
        return self._diag

    def _matvec(self, x, adjoint=False):
        return self._of(adjoint) * x

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        return expand_dims(self._of(adjoint), -1) * (adjoint_of(x) if adjoint_arg else x)

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        rhs = adjoint_of(rhs) if adjoint_arg else rhs
        return rhs * expand_dims(1.0 / self._of(adjoint), -1)

    def _of(self, adjoint):
        return conj(self._diag) if adjoint else self._diag

    def _determinant(self):
        return reduce_prod(self._diag, axis=[-1])

    def _log_abs_determinant(self):
        return cast(reduce_sum(log(abs(self._diag)), axis=[-1]), self.dtype)

    def _add_to_tensor(self, x):
        return matrix_set_diag(x, self._diag + matrix_diag_part(x))

    def _assert_non_singular(self):
        return assert_no_zeros(self._diag, "Diagonal")

    def _assert_positive_definite(self):
        return assert_positive(real(self._diag), message="Diagonal operator had diagonal entries "
                               "with non-positive real part, thus was not positive definite.")

    def _assert_self_adjoint(self):
        return _assert_real(self._diag, "This diagonal operator contained non-zero imaginary "
                            " values.  Thus it was not self-adjoint.")  # fmt: skip

    def _adjoint(self):
        return self._like(conj(self._diag))

    def _inverse(self):
        return self._like(1.0 / self._diag)

    def _cholesky(self):
        return self._like(sqrt(self._diag))

    def _like(self, diag):
        return LinearOperatorDiag(diag, self.is_non_singular, self.is_self_adjoint,
                                  self.is_positive_definite, True)  # fmt: skip


def _assert_real(values, what):
    if not values.dtype.is_complex:
        return no_op("assert_self_adjoint")
    return assert_equal(zeros_like(imag(values)), imag(values), message=what)


def _with_axes(given, name, least):
    if given.shape.ndims is not None and given.shape.ndims < least:
        axes = "dimensions" if least > 1 else "dimension"
        raise ValueError(f"Argument {name} must have at least {least} {axes}.  Found: {given}")
    return given
