"""Matrices plus others of low rank, and reflections, as `tf.linalg.LinearOperator`s."""
from minitf.core.errors import InvalidArgumentError
from minitf.core.graph import name_scope
from minitf.core.tensor_shape import Dimension
from minitf.ops.array.basics import broadcast_dynamic_shape, broadcast_static_shape, ones, zeros
from minitf.ops.array.basics import shape as shape_of
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.control import no_op
from minitf.ops.linalg.bands import adjoint as adjoint_of
from minitf.ops.linalg.diagonal import matrix_diag_part, matrix_set_diag
from minitf.ops.linalg.linear_operator import LinearOperator
from minitf.ops.linalg.linear_operator_identity import LinearOperatorIdentity
from minitf.ops.linalg.linear_operator_parts import part, with_one_batch
from minitf.ops.linalg.linear_operators import LinearOperatorDiag
from minitf.ops.linalg.products import matmul
from minitf.ops.linalg.solve import cholesky, cholesky_solve, matrix_determinant, matrix_solve
from minitf.ops.math.elementwise import cast, conj, exp, log
from minitf.ops.reduction.norms import norm
from minitf.ops.reduction.reduce import reduce_sum


class LinearOperatorLowRankUpdate(LinearOperator):
    """`base_operator` + u diag(diag_update) v^H: `u` and `v` are `[..., N, R]`, v is u when it is
    None, and the diagonal ones.

    Solutions and determinants are those of the base and of a matrix `[..., R, R]`. ValueError for
    hints that contradict each other, and for sizes that do not fit.
    """

    def __init__(self, base_operator, u, diag_update=None, v=None, is_diag_update_positive=None,
                 is_non_singular=None, is_self_adjoint=None, is_positive_definite=None,
                 is_square=None, name="LinearOperatorLowRankUpdate"):
        if diag_update is None:
            if is_diag_update_positive is False:
                raise ValueError("Default diagonal is the identity, which is positive.  However, "
                                 "user set 'is_diag_update_positive' to False.")  # fmt: skip
            is_diag_update_positive = True
        symmetric = base_operator.is_self_adjoint and v is None
        self._use_cholesky = (symmetric and base_operator.is_positive_definite
                              and is_diag_update_positive)  # fmt: skip
        if symmetric and not base_operator.dtype.is_complex:
            if is_self_adjoint is False:
                raise ValueError("A = L + UDU^H, with L self-adjoint and D real diagonal.  Since "
                                 "UDU^H is self-adjoint, this must be a self-adjoint operator.")
            is_self_adjoint = True
        if self._use_cholesky:
            if False in (is_positive_definite, is_self_adjoint, is_non_singular):
                raise ValueError("Arguments imply this is self-adjoint positive-definite operator.")
            is_positive_definite = is_self_adjoint = True
        with name_scope(name, values=[*base_operator.graph_parents, u, diag_update, v]):
            self._u = part(u, "u")
            self._v = self._u if v is None else part(v, "v")
            self._diag_update = diag_update
            if diag_update is not None:
                self._diag_update = part(diag_update, "diag_update")
            self._base_operator = base_operator
            self._is_diag_update_positive = is_diag_update_positive
            parents = [part for part in (self._u, self._diag_update, self._v) if part is not None]
            super().__init__(base_operator.dtype, [*base_operator.graph_parents, *parents],
                             is_non_singular, is_self_adjoint, is_positive_definite, is_square,
                             name)  # fmt: skip
            self._diag_operator = self._of_diagonal()
            self._check_sizes()

    u = property(lambda self: self._u, doc="The columns that are added, [..., N, R].")
    v = property(lambda self: self._v, doc="What they are multiplied by, [..., N, R].")
    diag_update = property(lambda self: self._diag_update,
                           doc="How much of each is added, [..., R]; None for 1.")  # fmt: skip
    is_diag_update_positive = property(lambda self: self._is_diag_update_positive,
                                       doc="Whether that is positive.")  # fmt: skip
    diag_operator = property(lambda self: self._diag_operator, doc="It as an operator.")
    base_operator = property(lambda self: self._base_operator, doc="What they are added to.")

    def _of_diagonal(self):
        if self._diag_update is None:
            return LinearOperatorIdentity(shape_of(self.u)[-1], dtype=self.dtype)
        return LinearOperatorDiag(self._diag_update,
                                  is_positive_definite=self._is_diag_update_positive)  # fmt: skip

    def _check_sizes(self):
        sizes = broadcast_static_shape(self.u.shape, self.v.shape)
        batch = broadcast_static_shape(self.base_operator.batch_shape, sizes[:-2])
        if sizes.ndims is None:
            return
        self.base_operator.domain_dimension.assert_is_compatible_with(sizes[-2])
        if self._diag_update is not None:
            Dimension(sizes[-1]).assert_is_compatible_with(self._diag_update.shape[-1])
            broadcast_static_shape(batch, self._diag_update.shape[:-1])

    def _shape(self):
        batch = broadcast_static_shape(self.base_operator.batch_shape, self.u.shape[:-2])
        return batch.concatenate(self.base_operator.shape[-2:])

    def _shape_tensor(self):
        batch = broadcast_dynamic_shape(self.base_operator.batch_shape_tensor(),
                                        shape_of(self.u)[:-2])  # fmt: skip
        return concat([batch, self.base_operator.shape_tensor()[-2:]], 0)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        u, v = (self.v, self.u) if adjoint else (self.u, self.v)
        inner = matmul(v, x, adjoint_a=True, adjoint_b=adjoint_arg)
        of_base = self.base_operator.matmul(x, adjoint=adjoint, adjoint_arg=adjoint_arg)
        return of_base + matmul(u, self.diag_operator.matmul(inner, adjoint=adjoint))

    def _determinant(self):
        if self.is_positive_definite:
            return exp(self.log_abs_determinant())
        inner = matrix_determinant(self._capacitance())
        return inner * self.diag_operator.determinant() * self.base_operator.determinant()

    def _log_abs_determinant(self):
        others = self.diag_operator.log_abs_determinant() + self.base_operator.log_abs_determinant()
        if self._use_cholesky:
            diag = matrix_diag_part(cholesky(self._capacitance()))
            return 2 * reduce_sum(log(diag), axis=[-1]) + others
        inner = log(abs(matrix_determinant(self._capacitance())))
        return cast(inner, self.dtype) + others

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        """By the Woodbury identity."""
        base = self.base_operator
        if base.is_non_singular is False:
            raise ValueError("Solve not implemented unless this is a perturbation of a "
                             "non-singular LinearOperator.")  # fmt: skip
        u, v = (self.v, self.u) if adjoint else (self.u, self.v)
        of_base = base.solve(rhs, adjoint=adjoint, adjoint_arg=adjoint_arg)
        inner = matmul(v, of_base, adjoint_a=True)
        if self._use_cholesky:
            inner = cholesky_solve(*with_one_batch(cholesky(self._capacitance()), inner))
        else:
            inner = matrix_solve(*with_one_batch(self._capacitance(), inner), adjoint=adjoint)
        return of_base - base.solve(matmul(u, inner), adjoint=adjoint)

    def _capacitance(self):
        inner = matmul(self.v, self.base_operator.solve(self.u), adjoint_a=True)
        return self._diag_operator.inverse().add_to_tensor(inner)


class LinearOperatorHouseholder(LinearOperator):
    """The reflections that turn `reflection_axis`, `[..., N]`, round.

    ValueError for a number alone, and for hints that deny what it is.
    """

    def __init__(self, reflection_axis, is_non_singular=None, is_self_adjoint=None,
                 is_positive_definite=None, is_square=None, name="LinearOperatorHouseholder"):
        if is_self_adjoint is False:
            raise ValueError("A Householder operator is always self adjoint.")
        if is_positive_definite is True:
            raise ValueError("A Householder operator is always non-positive definite.")
        if is_square is False:
            raise ValueError("A Householder operator is always square.")
        with name_scope(name, values=[reflection_axis]):
            self._reflection_axis = part(reflection_axis, "reflection_axis")
            if self._reflection_axis.shape.ndims == 0:
                raise ValueError("Argument reflection_axis must have at least 1 dimension.  "
                                 f"Found: {self._reflection_axis}")  # fmt: skip
            super().__init__(self._reflection_axis.dtype, [self._reflection_axis], is_non_singular,
                             True, False, True, name)  # fmt: skip

    reflection_axis = property(lambda self: self._reflection_axis, doc="What is turned round.")

    def _shape(self):
        sizes = self.reflection_axis.shape
        return sizes.concatenate(sizes[-1:])

    def _shape_tensor(self):
        sizes = shape_of(self.reflection_axis)
        return concat([sizes, sizes[-1:]], 0)

    def _unit(self):
        return self.reflection_axis / norm(self.reflection_axis, axis=-1, keepdims=True)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        x = adjoint_of(x) if adjoint_arg else x
        unit = self._unit()[..., None]
        return x - 2 * unit * matmul(unit, x, adjoint_a=True)

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        return self._matmul(rhs, adjoint, adjoint_arg)

    def _inverse(self):
        return self

    def _to_dense(self):
        unit = self._unit()[..., None]
        found = -2 * matmul(unit, unit, adjoint_b=True)
        return matrix_set_diag(found, 1.0 + matrix_diag_part(found))

    def _diag_part(self):
        unit = self._unit()
        return 1.0 - 2 * unit * conj(unit)

    def _trace(self):
        """Of one eigenvalue -1, and else of ones."""
        rows = cast(self.domain_dimension_tensor(), self.dtype)
        return (rows - 2) * ones(self.batch_shape_tensor(), dtype=self.dtype)

    def _determinant(self):
        return -ones(self.batch_shape_tensor(), dtype=self.dtype)

    def _log_abs_determinant(self):
        return zeros(self.batch_shape_tensor(), dtype=self.dtype)

    def _assert_non_singular(self):
        return no_op("assert_non_singular")

    def _assert_positive_definite(self):
        said = "Householder operators are always non-positive definite."
        raise InvalidArgumentError(None, None, said)

    def _assert_self_adjoint(self):
        return no_op("assert_self_adjoint")
