"""Multiples of the identity, and zeros, as `tf.linalg.LinearOperator`s."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32
from minitf.core.errors import InvalidArgumentError
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.core.tensor_shape import TensorShape, unknown_shape
from minitf.ops.array.basics import ones, zeros, zeros_like
from minitf.ops.array.basics import shape as shape_of
from minitf.ops.array.joining import concat, stack
from minitf.ops.control_flow.check import assert_equal, assert_non_negative, assert_positive
from minitf.ops.control_flow.check_static import assert_rank
from minitf.ops.control_flow.control import no_op, with_dependencies
from minitf.ops.linalg.bands import adjoint as adjoint_of
from minitf.ops.linalg.diagonal import matrix_diag_part, matrix_set_diag
from minitf.ops.linalg.linear_operator import LinearOperator
from minitf.ops.linalg.linear_operator_parts import part
from minitf.ops.math.complex_numbers import imag, real
from minitf.ops.math.elementwise import cast, conj, log, minimum, sqrt


class _OfSizes(LinearOperator):
    """Operators that are told their sizes, in `_num_rows`, `_num_columns`, and `_batch`, or None:
    int32 tensors."""

    _batch = None

    def _shape(self):
        sizes = TensorShape([_known(self._num_rows), _known(self._num_columns)])
        if self._batch is None:
            return sizes
        known = constant_value(self._batch)
        count = self._batch.shape.as_list()[0] if self._batch.shape.ndims == 1 else None
        batch = unknown_shape(count) if known is None else TensorShape(known.tolist())
        return batch.concatenate(sizes)

    def _shape_tensor(self):
        sizes = stack([self._num_rows, self._num_columns])
        return sizes if self._batch is None else concat([self._batch, sizes], 0)

    def _ones_diag(self):
        count = minimum(self._num_rows, self._num_columns)
        return ones(concat([self.batch_shape_tensor(), [count]], 0), dtype=self.dtype)

    def _over_batch(self, x):
        """x once for each operator."""
        if self._batch is None:
            return x
        return x + zeros(concat([self._batch, [1, 1]], 0), dtype=self.dtype)

    def _checked(self, x, size):
        if not self._assert_proper_shapes:
            return x
        said = "Dimensions are not compatible"
        return with_dependencies([assert_equal(shape_of(x)[-2], size, message=said)], x)

    def _assert_self_adjoint(self):
        return no_op("assert_self_adjoint")


class LinearOperatorIdentity(_OfSizes):
    """The identity of `num_rows` rows, once for each of `batch_shape`.

    ValueError for hints that deny what it is, and for sizes that cannot be.
    """

    def __init__(self, num_rows, batch_shape=None, dtype=None, is_non_singular=True,
                 is_self_adjoint=True, is_positive_definite=True, is_square=True,
                 assert_proper_shapes=False, name="LinearOperatorIdentity"):
        hints = {"self adjoint": is_self_adjoint, "non-singular": is_non_singular,
                 "positive-definite": is_positive_definite, "square": is_square}  # fmt: skip
        for what, holds in hints.items():
            if not holds:
                raise ValueError(f"An identity operator is always {what}.")
        with name_scope(name):
            self._assert_proper_shapes = assert_proper_shapes
            super().__init__(dtype or float32, None, is_non_singular, is_self_adjoint,
                             is_positive_definite, is_square, name)  # fmt: skip
            self._num_rows = self._num_columns = size_tensor(num_rows, "num_rows",
                                                             assert_proper_shapes)  # fmt: skip
            self._batch = batch_tensor(batch_shape, assert_proper_shapes)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        x = adjoint_of(x) if adjoint_arg else x
        return self._over_batch(self._checked(x, self._num_rows))

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        return self._matmul(rhs, adjoint_arg=adjoint_arg)

    def _determinant(self):
        return ones(self.batch_shape_tensor(), dtype=self.dtype)

    def _log_abs_determinant(self):
        return zeros(self.batch_shape_tensor(), dtype=self.dtype)

    def _diag_part(self):
        return self._ones_diag()

    def _add_to_tensor(self, x):
        return matrix_set_diag(x, 1 + matrix_diag_part(x))

    def _assert_non_singular(self):
        return no_op("assert_non_singular")

    def _assert_positive_definite(self):
        return no_op("assert_positive_definite")

    def _inverse(self):
        return self

    def _cholesky(self):
        return self


class LinearOperatorScaledIdentity(_OfSizes):
    """`multiplier`, `[...]`, times the identity of `num_rows` rows.

    ValueError for a real one that is said not to be self-adjoint, and for sizes that cannot be.
    """

    def __init__(self, num_rows, multiplier, is_non_singular=None, is_self_adjoint=None,
                 is_positive_definite=None, is_square=True, assert_proper_shapes=False,
                 name="LinearOperatorScaledIdentity"):
        if not is_square:
            raise ValueError("A ScaledIdentity operator is always square.")
        with name_scope(name, values=[multiplier, num_rows]):
            self._assert_proper_shapes = assert_proper_shapes
            self._multiplier = part(multiplier, "multiplier")
            if not self._multiplier.dtype.is_complex:
                if is_self_adjoint is False:
                    raise ValueError("A real diagonal operator is always self adjoint.")
                is_self_adjoint = True
            super().__init__(self._multiplier.dtype.base_dtype, None, is_non_singular,
                             is_self_adjoint, is_positive_definite, is_square, name)
            self._num_rows = self._num_columns = size_tensor(num_rows, "num_rows",
                                                             assert_proper_shapes)  # fmt: skip

    multiplier = property(lambda self: self._multiplier, doc="What the identity is multiplied by.")

    def _shape(self):
        return self.multiplier.shape.concatenate(super()._shape())

    def _shape_tensor(self):
        return concat([shape_of(self.multiplier), super()._shape_tensor()], 0)

    def _factor(self, adjoint):
        return (conj(self.multiplier) if adjoint else self.multiplier)[..., None, None]

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        x = adjoint_of(x) if adjoint_arg else x
        return self._checked(x, self._num_rows) * self._factor(adjoint)

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        rhs = adjoint_of(rhs) if adjoint_arg else rhs
        return self._checked(rhs, self._num_rows) / self._factor(adjoint)

    def _determinant(self):
        return self.multiplier ** cast(self._num_rows, self.dtype)

    def _log_abs_determinant(self):
        return cast(self._num_rows, self.dtype.real_dtype) * log(abs(self.multiplier))

    def _diag_part(self):
        return self._ones_diag() * self.multiplier[..., None]

    def _add_to_tensor(self, x):
        return matrix_set_diag(x, self.multiplier[..., None] + matrix_diag_part(x))

    def _assert_non_singular(self):
        return assert_positive(abs(self.multiplier), message="LinearOperator was singular")

    def _assert_positive_definite(self):
        said = "LinearOperator was not positive definite."
        return assert_positive(real(self.multiplier), message=said)

    def _assert_self_adjoint(self):
        part = imag(self.multiplier)
        return assert_equal(zeros_like(part), part, message="LinearOperator was not self-adjoint")

    def _adjoint(self):
        return self._like(conj(self.multiplier))

    def _inverse(self):
        return self._like(1.0 / self.multiplier)

    def _cholesky(self):
        return self._like(sqrt(self.multiplier))

    def _like(self, multiplier):
        return LinearOperatorScaledIdentity(self._num_rows, multiplier, self.is_non_singular,
                                            self.is_self_adjoint,
                                            self.is_positive_definite)  # fmt: skip


class LinearOperatorZeros(_OfSizes):
    """The matrix of zeros, once for each of `batch_shape`; square unless it is said not to be.

    ValueError for hints that deny what it is, and for sizes that cannot be.
    """

    def __init__(self, num_rows, num_columns=None, batch_shape=None, dtype=None,
                 is_non_singular=False, is_self_adjoint=True, is_positive_definite=False,
                 is_square=True, assert_proper_shapes=False, name="LinearOperatorZeros"):
        if not is_self_adjoint and is_square:
            raise ValueError("A zero operator is always self adjoint.")
        if is_non_singular:
            raise ValueError("A zero operator is always singular.")
        if is_positive_definite:
            raise ValueError("A zero operator is always not positive-definite.")
        with name_scope(name):
            self._assert_proper_shapes = assert_proper_shapes
            super().__init__(dtype or float32, None, is_non_singular, is_self_adjoint,
                             is_positive_definite, is_square, name)  # fmt: skip
            self._num_rows = size_tensor(num_rows, "num_rows", assert_proper_shapes)
            self._num_columns = self._num_rows
            if num_columns is not None:
                self._num_columns = size_tensor(num_columns, "num_columns", assert_proper_shapes)
            self._batch = batch_tensor(batch_shape, assert_proper_shapes)
        rows, columns = _known(self._num_rows), _known(self._num_columns)
        if is_square and None not in (rows, columns) and rows != columns:
            raise ValueError("LinearOperatorZeros initialized as is_square=True, but got "
                             f"num_rows({rows}) != num_columns({columns})")  # fmt: skip

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        x = adjoint_of(x) if adjoint_arg else x
        rows, columns = self._num_rows, self._num_columns
        x = self._checked(x, rows if adjoint else columns)
        sizes = [shape_of(x)[:-2], [columns if adjoint else rows], shape_of(x)[-1:]]
        return self._over_batch(zeros(concat(sizes, 0), dtype=x.dtype))

    def _determinant(self):
        return zeros(self.batch_shape_tensor(), dtype=self.dtype)

    def _diag_part(self):
        return zeros_like(self._ones_diag())

    def _to_dense(self):
        return zeros(self.shape_tensor(), dtype=self.dtype)

    def _add_to_tensor(self, x):
        return self._over_batch(x)

    def _assert_non_singular(self):
        raise InvalidArgumentError(None, None, "Zero operators are always non-invertible.")

    def _assert_positive_definite(self):
        raise InvalidArgumentError(None, None, "Zero operators are always non-positive definite.")


def _known(size):
    known = constant_value(size)
    return None if known is None else int(known)


def size_tensor(size, name, assert_proper_shapes):
    """A number of rows or columns as an int32 tensor. TypeError, ValueError for what is none."""
    return _checked(size, name, 0, assert_proper_shapes)


def batch_tensor(sizes, assert_proper_shapes):
    """A shape as an int32 tensor, None for None. TypeError, ValueError for what is none."""
    if sizes is None:
        return None
    return _checked(sizes, "batch_shape", 1, assert_proper_shapes)


def _checked(value, name, ndims, assert_proper_shapes):
    value = convert_to_tensor(value, name=name, dtype_hint=int32)
    if not value.dtype.is_integer:
        raise TypeError(f"Argument {name} must be integer type.  Found: {value}")
    if value.shape.ndims not in (None, ndims):
        raise ValueError(f"Argument {name} must be a {ndims}-D Tensor.  Found: {value}")
    known = constant_value(value)
    if known is not None and (known < 0).any():
        raise ValueError(f"Argument {name} must be non-negative.  Found: {known}")
    if not assert_proper_shapes:
        return value
    return with_dependencies(
        [assert_rank(value, ndims, message=f"Argument {name} must be a {ndims}-D Tensor."),
         assert_non_negative(value, message=f"Argument {name} must be non-negative.")],
        value,
    )  # fmt: skip
