"""tf.linalg.LinearOperator: a matrix, or a batch of them, that need not be there as one."""
import contextlib

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype
from minitf.core.graph import name_scope
from minitf.core.tensor_shape import Dimension
from minitf.ops.array.basics import size
from minitf.ops.control_flow.check import assert_equal, assert_less, assert_positive
from minitf.ops.linalg.bands import adjoint as adjoint_of
from minitf.ops.linalg.diagonal import eye, matrix_diag_part
from minitf.ops.linalg.eigen import svd
from minitf.ops.linalg.linear_operator_parts import variables_of, with_one_batch
from minitf.ops.linalg.solve import (
    cholesky,
    cholesky_solve,
    matrix_determinant,
    matrix_solve,
    slogdet,
)
from minitf.ops.math.elementwise import cast, exp, log, maximum
from minitf.ops.reduction.axes import expand_dims, squeeze
from minitf.ops.reduction.reduce import reduce_max, reduce_min, reduce_sum

# What the adjoint, the inverse, the Cholesky factor, products and solutions of operators are:
# functions of these, which the files of the operators that they are put here.
RESULTS = {}


class LinearOperator:
    """What a subclass computes of a matrix `[..., M, N]`: products, solutions, its determinant.

    It gives `_shape`, `_shape_tensor` and `_matmul`, and better ways than those here for what else
    it has. The hints `is_...` are True, False or None and are believed: ValueError where they
    contradict each other.
    """

    def __init__(self, dtype, graph_parents=None, is_non_singular=None, is_self_adjoint=None,
                 is_positive_definite=None, is_square=None, name=None):
        if is_positive_definite:
            if is_non_singular is False:
                raise ValueError("A positive definite matrix is always non-singular.")
            is_non_singular = True
        for holds, what in ((is_non_singular, "non-singular"), (is_self_adjoint, "self-adjoint")):
            if holds and is_square is False:
                raise ValueError(f"A {what} matrix is always square.")
            is_square = True if holds else is_square
        self._dtype = as_dtype(dtype).base_dtype if dtype else dtype
        self._graph_parents, self._name = graph_parents or [], name or type(self).__name__
        self._is_non_singular, self._is_self_adjoint = is_non_singular, is_self_adjoint
        self._is_positive_definite, self._said_square = is_positive_definite, is_square

    dtype = property(lambda self: self._dtype, doc="The type of its elements.")
    name = property(lambda self: self._name, doc="What its nodes are named after.")
    graph_parents = property(lambda self: self._graph_parents,
                             doc="The tensors that it is made of.")  # fmt: skip
    is_non_singular = property(lambda self: self._is_non_singular,
                               doc="Whether it can be inverted, or None.")  # fmt: skip
    is_self_adjoint = property(lambda self: self._is_self_adjoint,
                               doc="Whether it is its own adjoint, or None.")  # fmt: skip
    is_positive_definite = property(lambda self: self._is_positive_definite,
                                    doc="Whether x^H A x is above 0, or None.")  # fmt: skip

    @property
    def variables(self):
        """The variables that it is made of, and those of the operators that it is made of."""
        return tuple(variables_of(self, LinearOperator))

    @property
    def trainable_variables(self):
        """Of these the ones that are trained."""
        return tuple(each for each in self.variables if each.trainable)

    @property
    def is_square(self):
        """Whether it is; None where the sizes are not known. ValueError for a hint that is wrong.
        """
        found = self.domain_dimension == self.range_dimension
        if self._said_square is False and found:
            raise ValueError("User set is_square hint to False, but the operator was square.")
        return found if self._said_square is None else self._said_square

    @contextlib.contextmanager
    def _name_scope(self, name=None, values=None):  # subclasses of other hands call it, too
        with name_scope(f"{self.name}/{name}") as scope:
            yield scope

    # -- sizes -----------------------------------------------------------------------------------

    @property
    def shape(self):
        """[..., M, N], as far as it is known."""
        return self._shape()

    @property
    def batch_shape(self):
        """The sizes before M and N."""
        return self.shape[:-2]

    @property
    def tensor_rank(self):
        """The number of axes, None where it is not known."""
        return self.shape.ndims

    @property
    def domain_dimension(self):
        """The number of columns, a Dimension."""
        return Dimension(None) if self.shape.ndims is None else self.shape[-1]

    @property
    def range_dimension(self):
        """The number of rows, a Dimension."""
        return Dimension(None) if self.shape.ndims is None else self.shape[-2]

    def shape_tensor(self, name="shape_tensor"):
        """The shape as an int32 Tensor."""
        with self._name_scope(name):
            known = self.shape
            if known.is_fully_defined():
                return convert_to_tensor(known.as_list(), name="shape")
            return self._shape_tensor()

    def batch_shape_tensor(self, name="batch_shape_tensor"):
        """The sizes before M and N as a Tensor."""
        with self._name_scope(name):
            known = self.batch_shape
            if known.is_fully_defined():
                return convert_to_tensor(np.array(known.as_list(), np.int32), name="batch_shape")
            return self.shape_tensor()[:-2]

    def tensor_rank_tensor(self, name="tensor_rank_tensor"):
        """The number of axes as a Tensor."""
        with self._name_scope(name):
            known = self.tensor_rank
            return size(self.shape_tensor()) if known is None else convert_to_tensor(known)

    def domain_dimension_tensor(self, name="domain_dimension_tensor"):
        """The number of columns as a Tensor."""
        with self._name_scope(name):
            known = self.domain_dimension.value
            return self.shape_tensor()[-1] if known is None else convert_to_tensor(known)

    def range_dimension_tensor(self, name="range_dimension_tensor"):
        """The number of rows as a Tensor."""
        with self._name_scope(name):
            known = self.range_dimension.value
            return self.shape_tensor()[-2] if known is None else convert_to_tensor(known)

    # -- assertions ------------------------------------------------------------------------------

    def assert_non_singular(self, name="assert_non_singular"):
        """An op that raises in the run for a matrix that cannot be inverted in its precision."""
        with self._name_scope(name):
            return self._assert_non_singular()

    def assert_positive_definite(self, name="assert_positive_definite"):
        """An op that raises in the run for a matrix that is not. NotImplementedError unless it is
        said to be self-adjoint."""
        with self._name_scope(name):
            return self._assert_positive_definite()

    def assert_self_adjoint(self, name="assert_self_adjoint"):
        """An op that raises in the run for a matrix that is not its own adjoint."""
        with self._name_scope(name):
            return self._assert_self_adjoint()

    # -- other operators -------------------------------------------------------------------------

    def adjoint(self, name="adjoint"):
        """The operator of the adjoint matrix."""
        if self.is_self_adjoint:
            return self
        with self._name_scope(name):
            return self._adjoint()

    H = property(adjoint)

    def inverse(self, name="inverse"):
        """That of the inverse. ValueError for one that is not square, or said to be singular."""
        if self.is_square is False:
            raise ValueError("Cannot take the Inverse: This operator represents a non square "
                             "matrix.")  # fmt: skip
        if self.is_non_singular is False:
            raise ValueError("Cannot take the Inverse: This operator represents a singular "
                             "matrix.")  # fmt: skip
        with self._name_scope(name):
            return self._inverse()

    def cholesky(self, name="cholesky"):
        """That of the Cholesky factor. ValueError unless it is said to be self-adjoint and positive
        definite."""
        if not self._can_use_cholesky:
            raise ValueError("Cannot take the Cholesky decomposition: Not a positive definite "
                             "self adjoint matrix.")  # fmt: skip
        with self._name_scope(name):
            return self._cholesky()

    def _adjoint(self):
        return RESULTS["adjoint"](self)

    def _inverse(self):
        return RESULTS["inverse"](self)

    def _cholesky(self):
        return RESULTS["cholesky"](self)

    # -- products --------------------------------------------------------------------------------

    def matmul(self, x, adjoint=False, adjoint_arg=False, name="matmul"):
        """The matrix times `x`, `[..., N, R]`; of either the adjoint. An operator for an operator.

        TypeError for other dtypes, ValueError for sizes that do not fit.
        """
        with self._name_scope(name):
            if isinstance(x, LinearOperator):
                return RESULTS["matmul"](*self._pair(x, adjoint, adjoint_arg))
            x = self._argument(x, "x", -1 if adjoint_arg else -2, -2 if adjoint else -1)
            return self._matmul(x, adjoint=adjoint, adjoint_arg=adjoint_arg)

    __matmul__ = matmul

    def _pair(self, other, adjoint, adjoint_arg):
        left, right = self.adjoint() if adjoint else self, other.adjoint() if adjoint_arg else other
        if not left.domain_dimension.is_compatible_with(right.range_dimension):
            raise ValueError("Operators are incompatible. Expected `x` to have dimension "
                             f"{left.domain_dimension} but got {right.range_dimension}.")
        return left, right

    def matvec(self, x, adjoint=False, name="matvec"):
        """The matrix times the vector `x`, `[..., N]`."""
        with self._name_scope(name):
            x = self._argument(x, "x", -1, -2 if adjoint else -1)
            return self._matvec(x, adjoint=adjoint)

    def solve(self, rhs, adjoint=False, adjoint_arg=False, name="solve"):
        """The matrix X for which this one times X is `rhs`; an operator for an operator.

        NotImplementedError for a matrix that is said to be singular, or not to be square.
        """
        self._check_solvable("Exact solve")
        with self._name_scope(name):
            if isinstance(rhs, LinearOperator):
                return RESULTS["solve"](*self._pair(rhs, adjoint, adjoint_arg))
            rhs = self._argument(rhs, "rhs", -1 if adjoint_arg else -2, -1 if adjoint else -2)
            return self._solve(rhs, adjoint=adjoint, adjoint_arg=adjoint_arg)

    def solvevec(self, rhs, adjoint=False, name="solve"):
        """As `solve`, for a vector."""
        self._check_solvable("Exact solve")
        with self._name_scope(name):
            rhs = self._argument(rhs, "rhs", -1, -1 if adjoint else -2)
            return self._solvevec(rhs, adjoint=adjoint)

    def _check_input_dtype(self, arg):
        if arg.dtype.base_dtype != self.dtype:
            raise TypeError(f"Expected argument to have dtype {self.dtype}.  Found: {arg.dtype} in "
                            f"tensor {arg}")  # fmt: skip

    def _argument(self, x, name, axis, own):
        x = convert_to_tensor(x, name=name)
        self._check_input_dtype(x)
        if x.shape.ndims is not None and self.shape.ndims is not None:
            Dimension(self.shape[own]).assert_is_compatible_with(x.shape[axis])
        return x

    def _check_solvable(self, what):
        if self.is_non_singular is False:
            raise NotImplementedError(
                f"{what} not implemented for an operator that is expected to be singular."
            )
        self._check_square(what)

    # -- what it amounts to ----------------------------------------------------------------------

    def determinant(self, name="det"):
        """NotImplementedError for a matrix that is not square; so the next three."""
        self._check_square("Determinant")
        with self._name_scope(name):
            return self._determinant()

    def log_abs_determinant(self, name="log_abs_det"):
        """The logarithm of the absolute value of the determinant."""
        self._check_square("Determinant")
        with self._name_scope(name):
            return self._log_abs_determinant()

    def _check_square(self, what):
        if self.is_square is False:
            raise NotImplementedError(
                f"{what} not implemented for an operator that is expected to not be square."
            )

    def to_dense(self, name="to_dense"):
        """The matrix as a Tensor."""
        with self._name_scope(name):
            return self._to_dense()

    def diag_part(self, name="diag_part"):
        """The elements on the diagonal."""
        with self._name_scope(name):
            return self._diag_part()

    def trace(self, name="trace"):
        """The sum of those."""
        with self._name_scope(name):
            return self._trace()

    def add_to_tensor(self, x, name="add_to_tensor"):
        """The matrix plus `x`. TypeError for another dtype."""
        with self._name_scope(name):
            x = convert_to_tensor(x, name="x")
            self._check_input_dtype(x)
            return self._add_to_tensor(x)

    # -- the ways of a matrix of which nothing is known ------------------------------------------

    def _shape(self):
        raise NotImplementedError("_shape is not implemented.")

    def _shape_tensor(self):
        raise NotImplementedError("_shape_tensor is not implemented.")

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        raise NotImplementedError("_matmul is not implemented.")

    def _to_dense(self):
        sizes = self.shape_tensor()
        return self._matmul(eye(sizes[-1], batch_shape=sizes[:-2], dtype=self.dtype))

    def _matvec(self, x, adjoint=False):
        return squeeze(self.matmul(expand_dims(x, -1), adjoint=adjoint), -1)

    @property
    def _can_use_cholesky(self):
        return self.is_self_adjoint and self.is_positive_definite

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        rhs = adjoint_of(rhs) if adjoint_arg else rhs
        if self._can_use_cholesky:
            return cholesky_solve(*with_one_batch(cholesky(self._to_dense()), rhs))
        return matrix_solve(*with_one_batch(self._to_dense(), rhs), adjoint=adjoint)

    def _solvevec(self, rhs, adjoint=False):
        return squeeze(self.solve(expand_dims(rhs, -1), adjoint=adjoint), -1)

    def _determinant(self):
        if self._can_use_cholesky:
            return exp(self._log_abs_determinant())
        return matrix_determinant(self._to_dense())

    def _log_abs_determinant(self):
        if self._can_use_cholesky:
            diag = matrix_diag_part(cholesky(self._to_dense()))
            return 2 * reduce_sum(log(diag), axis=[-1])
        return slogdet(self._to_dense()).log_abs_determinant

    def _diag_part(self):
        return matrix_diag_part(self._to_dense())

    def _trace(self):
        return reduce_sum(self._diag_part(), axis=-1)

    def _add_to_tensor(self, x):
        return self._to_dense() + x

    def _assert_non_singular(self):
        if self._can_use_cholesky:
            return self._assert_positive_definite()
        values = svd(self._to_dense(), compute_uv=False)
        condition = reduce_max(values, axis=-1) / reduce_min(values, axis=-1)
        rows, columns = self.range_dimension_tensor(), self.domain_dimension_tensor()
        largest = cast(maximum(100, maximum(rows, columns)), condition.dtype)
        limit = 1.0 / (largest * np.finfo(self.dtype.as_numpy_dtype).eps)
        return assert_less(condition, limit, message="Singular matrix up to precision epsilon.")

    def _assert_positive_definite(self):
        if not self.is_self_adjoint:
            raise NotImplementedError("assert_positive_definite is not implemented.")
        diag = matrix_diag_part(cholesky(self._to_dense()))
        return assert_positive(diag, message="Matrix was not positive definite.")

    def _assert_self_adjoint(self):
        dense = self._to_dense()
        said = "Matrix was not equal to its adjoint."
        return assert_equal(dense, adjoint_of(dense), message=said)
