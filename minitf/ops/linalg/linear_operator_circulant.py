"""Circulant and Toeplitz matrices as `tf.linalg.LinearOperator`s."""
import operator

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import complex64, complex128, float64
from minitf.core.graph import name_scope
from minitf.ops.array.basics import (
    broadcast_dynamic_shape,
    broadcast_static_shape,
    ones,
    reshape,
    zeros_like,
)
from minitf.ops.array.basics import shape as shape_of
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.check import (
    assert_equal,
    assert_less,
    assert_positive,
)
from minitf.ops.control_flow.control import no_op
from minitf.ops.linalg.bands import adjoint as adjoint_of
from minitf.ops.linalg.linear_operator import LinearOperator
from minitf.ops.linalg.linear_operator_parts import assert_no_zeros
from minitf.ops.math.complex_numbers import imag, real
from minitf.ops.math.elementwise import cast, conj, log
from minitf.ops.math.fourier import fft, fft2d, fft3d, ifft, ifft2d, ifft3d
from minitf.ops.reduction.axes import expand_dims, matrix_transpose, reverse
from minitf.ops.reduction.reduce import reduce_prod, reduce_sum


class _Circulant(LinearOperator):
    """The matrices F^H diag(spectrum) F, F being the Fourier transform along `block_depth` axes,
    the last ones of `spectrum`: a convolution with its inverse transform."""

    def __init__(self, spectrum, block_depth, input_output_dtype, is_non_singular, is_self_adjoint,
                 is_positive_definite, is_square, name):
        if is_square is False:
            raise ValueError("A [[nested] block] circulant operator is always square.")
        self._block_depth = block_depth
        with name_scope(name, values=[spectrum]):
            self._spectrum = convert_to_tensor(spectrum, name="spectrum")
            ndims = self._spectrum.shape.ndims
            if ndims is not None and ndims < block_depth:
                raise ValueError(f"Argument spectrum must have at least {block_depth} dimensions.  "
                                 f"Found: {self._spectrum}")  # fmt: skip
            if not self._spectrum.dtype.is_complex:
                if is_self_adjoint is False:
                    raise ValueError("A real spectrum always corresponds to a self-adjoint "
                                     "operator.")  # fmt: skip
                is_self_adjoint = True
            super().__init__(input_output_dtype, [self._spectrum], is_non_singular,
                             is_self_adjoint, is_positive_definite, True, name)  # fmt: skip

    spectrum = property(lambda self: self._spectrum, doc="Its eigenvalues.")
    block_depth = property(lambda self: self._block_depth, doc="How many axes are transformed.")

    @property
    def block_shape(self):
        """The sizes of the axes that are transformed."""
        return self.spectrum.shape[-self.block_depth :]

    def block_shape_tensor(self):
        """These as a tensor."""
        return shape_of(self.spectrum)[-self.block_depth :]

    def convolution_kernel(self, name="convolution_kernel"):
        """What it convolves with: the first column, in the shape of a block."""
        with self._name_scope(name):
            return cast(self._transformed(_complex(self.spectrum), _BACK), self.dtype)

    def assert_hermitian_spectrum(self, name="assert_hermitian_spectrum"):
        """An op that raises in the run unless the matrix is real."""
        with self._name_scope(name):
            part = imag(self._transformed(_complex(self.spectrum), _BACK))
            least = np.finfo(self.dtype.real_dtype.as_numpy_dtype).eps
            limit = least * cast(self.domain_dimension_tensor(), part.dtype)
            return assert_less(abs(part), limit, message="Spectrum was not Hermitian")

    def _transformed(self, x, functions):
        return functions[self.block_depth](x)

    def _shape(self):
        sizes = self.spectrum.shape
        if sizes.ndims is None:
            return sizes
        block = self.block_shape
        count = block.num_elements() if block.is_fully_defined() else None
        return sizes[: -self.block_depth].concatenate([count, count])

    def _shape_tensor(self):
        count = reduce_prod(self.block_shape_tensor())
        return concat([shape_of(self.spectrum)[: -self.block_depth], [count, count]], 0)

    def _on_columns(self, x, adjoint, adjoint_arg, combine):
        """Each column as a block, whose transform is combined with the spectrum."""
        x = x if adjoint_arg else matrix_transpose(x)
        x = _complex(conj(x) if adjoint_arg else x)
        spectrum = cast(self.spectrum, x.dtype)
        spectrum = expand_dims(conj(spectrum) if adjoint else spectrum, -1 - self.block_depth)
        blocks = reshape(x, concat([shape_of(x)[:-1], self.block_shape_tensor()], 0))
        found = combine(self._transformed(blocks, _THERE), spectrum)
        found = self._transformed(found, _BACK)
        rows = concat([shape_of(found)[: -self.block_depth], [-1]], 0)
        return cast(matrix_transpose(reshape(found, rows)), self.dtype)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        return self._on_columns(x, adjoint, adjoint_arg, operator.mul)

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        return self._on_columns(rhs, adjoint, adjoint_arg, operator.truediv)

    def _axes(self):
        return [-1 - axis for axis in range(self.block_depth)]

    def _determinant(self):
        return cast(reduce_prod(self.spectrum, axis=self._axes()), self.dtype)

    def _log_abs_determinant(self):
        return cast(reduce_sum(log(abs(self.spectrum)), axis=self._axes()), self.dtype)

    def _trace(self):
        return cast(reduce_sum(self.spectrum, axis=self._axes()), self.dtype)

    def _diag_part(self):
        sizes = self.shape_tensor()
        mean = self._trace() / cast(sizes[-1], self.dtype)
        return mean[..., None] * ones(sizes[:-1], dtype=self.dtype)

    def _assert_non_singular(self):
        return assert_no_zeros(self.spectrum, "Spectrum")

    def _assert_positive_definite(self):
        said = "Not positive definite:  Real part of spectrum was not all positive."
        return assert_positive(real(self.spectrum), message=said)

    def _assert_self_adjoint(self):
        if not self.spectrum.dtype.is_complex:
            return no_op("assert_self_adjoint")
        part = imag(self.spectrum)
        said = "Not self-adjoint:  The spectrum contained non-zero imaginary part."
        return assert_equal(zeros_like(part), part, message=said)

    def _adjoint(self):
        return self._like(conj(self.spectrum))

    def _inverse(self):
        return self._like(1.0 / self.spectrum)

    def _like(self, spectrum):
        return type(self)(spectrum, self.dtype, self.is_non_singular, self.is_self_adjoint,
                          self.is_positive_definite)  # fmt: skip


class LinearOperatorCirculant(_Circulant):
    """The circulant matrices of eigenvalues `spectrum`, `[..., N]`: column j is column 0 shifted by
    j, and that the inverse Fourier transform of the spectrum.

    ValueError for a real spectrum that is said not to be self-adjoint.
    """

    def __init__(self, spectrum, input_output_dtype=complex64, is_non_singular=None,
                 is_self_adjoint=None, is_positive_definite=None, is_square=True,
                 name="LinearOperatorCirculant"):
        super().__init__(spectrum, 1, input_output_dtype, is_non_singular, is_self_adjoint,
                         is_positive_definite, is_square, name)  # fmt: skip


class LinearOperatorCirculant2D(_Circulant):
    """As LinearOperatorCirculant, of circulant blocks: `spectrum` is `[..., N0, N1]`."""

    def __init__(self, spectrum, input_output_dtype=complex64, is_non_singular=None,
                 is_self_adjoint=None, is_positive_definite=None, is_square=True,
                 name="LinearOperatorCirculant2D"):
        super().__init__(spectrum, 2, input_output_dtype, is_non_singular, is_self_adjoint,
                         is_positive_definite, is_square, name)  # fmt: skip


class LinearOperatorCirculant3D(_Circulant):
    """As LinearOperatorCirculant, of nested blocks: `spectrum` is `[..., N0, N1, N2]`."""

    def __init__(self, spectrum, input_output_dtype=complex64, is_non_singular=None,
                 is_self_adjoint=None, is_positive_definite=None, is_square=True,
                 name="LinearOperatorCirculant3D"):
        super().__init__(spectrum, 3, input_output_dtype, is_non_singular, is_self_adjoint,
                         is_positive_definite, is_square, name)  # fmt: skip


class LinearOperatorToeplitz(LinearOperator):
    """The matrices of first column `col` and first row `row`, `[..., N]`, that are constant along
    their diagonals; the first element of the row has no meaning.

    ValueError for numbers alone, for sizes that differ, and unless `is_square` is left.
    """

    def __init__(self, col, row, is_non_singular=None, is_self_adjoint=None,
                 is_positive_definite=None, is_square=None, name="LinearOperatorToeplitz"):
        if is_square is False:
            raise ValueError("Only square Toeplitz operators currently supported.")
        with name_scope(name, values=[row, col]):
            self._row = convert_to_tensor(row, name="row")
            self._col = convert_to_tensor(col, name="col")
            self._check_sizes()
            # The first N rows and columns of a circulant matrix of 2 N.
            behind = reverse(self._row[..., 1:], axis=[-1])
            column = concat([self._col, zeros_like(self._col[..., :1]), behind], axis=-1)
            self._circulant = LinearOperatorCirculant(fft(_complex(column)), self._row.dtype)
            super().__init__(self._row.dtype, [self._row, self._col], is_non_singular,
                             is_self_adjoint, is_positive_definite, True, name)  # fmt: skip

    col = property(lambda self: self._col, doc="The first column.")
    row = property(lambda self: self._row, doc="The first row.")

    def _check_sizes(self):
        for name, given in ("row", self._row), ("col", self._col):
            if given.shape.ndims == 0:
                raise ValueError(f"Argument {name} must have at least 1 dimension.  Found: {given}")
        if not self._row.shape[-1:].is_compatible_with(self._col.shape[-1:]):
            raise ValueError("Expected square matrix, got row and col with mismatched dimensions.")

    def _shape(self):
        sizes = broadcast_static_shape(self.row.shape, self.col.shape)
        return sizes.concatenate(sizes[-1:])

    def _shape_tensor(self):
        sizes = broadcast_dynamic_shape(shape_of(self.row), shape_of(self.col))
        return concat([sizes, sizes[-1:]], 0)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        x = adjoint_of(x) if adjoint_arg else x
        found = self._circulant.matmul(concat([x, zeros_like(x)], axis=-2), adjoint=adjoint)
        return found[..., : self.domain_dimension_tensor(), :]

    def _trace(self):
        return cast(self.domain_dimension_tensor(), self.dtype) * self.col[..., 0]

    def _diag_part(self):
        return self.col[..., :1] * ones([self.domain_dimension_tensor()], self.dtype)

    def _assert_self_adjoint(self):
        said = "row and col are not the same, and so this operator is not self-adjoint."
        return assert_equal(self.row, self.col, message=said)


_THERE, _BACK = {1: fft, 2: fft2d, 3: fft3d}, {1: ifft, 2: ifft2d, 3: ifft3d}


def _complex(x):
    if x.dtype.is_complex:
        return x
    return cast(x, complex128 if x.dtype == float64 else complex64)
