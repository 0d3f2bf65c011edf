"""What comes of several `tf.linalg.LinearOperator`s: products, blocks, solutions."""
import functools
import itertools
import operator

from minitf.core.graph import name_scope
from minitf.ops.array.basics import (
    broadcast_dynamic_shape,
    broadcast_static_shape,
    zeros,
)
from minitf.ops.array.basics import shape as shape_of
from minitf.ops.array.joining import concat, split
from minitf.ops.control_flow.control import group
from minitf.ops.linalg.linear_operator import RESULTS, LinearOperator
from minitf.ops.linalg.linear_operator_circulant import LinearOperatorCirculant
from minitf.ops.linalg.linear_operator_identity import (
    LinearOperatorIdentity,
    LinearOperatorScaledIdentity,
    LinearOperatorZeros,
)
from minitf.ops.linalg.linear_operator_inverses import (
    LinearOperatorAdjoint,
    LinearOperatorInversion,
)
from minitf.ops.linalg.linear_operator_parts import in_one_batch
from minitf.ops.linalg.linear_operators import LinearOperatorDiag, LinearOperatorLowerTriangular
from minitf.ops.linalg.solve import cholesky
from minitf.ops.reduction.axes import squeeze


class OfSeveral(LinearOperator):
    """Of a list of `operators` of one dtype: TypeError for several, ValueError for no operator.

    `IMPLIED` are the hints that it has when all of them have them: ValueError when that is denied.
    """

    WHAT, BETWEEN, IMPLIED = "", "", ()

    def __init__(self, operators, is_non_singular=None, is_self_adjoint=None,
                 is_positive_definite=None, is_square=None, name=None):
        self._operators = operators = list(operators)
        if not operators:
            raise ValueError(f"Expected a non-empty list of operators. Found: {operators}")
        if len({each.dtype for each in operators}) > 1:
            found = "   ".join(str((each.name, each.dtype)) for each in operators)
            raise TypeError(f"Expected all operators to have the same dtype.  Found {found}")
        given = {"is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                 "is_positive_definite": is_positive_definite}  # fmt: skip
        hints = {hint: self._implied(hint, value) for hint, value in given.items()}
        parents = [parent for each in operators for parent in each.graph_parents]
        name = self.BETWEEN.join(each.name for each in operators) if name is None else name
        with name_scope(name, values=parents):
            super().__init__(operators[0].dtype, parents, is_square=is_square, name=name, **hints)

    operators = property(lambda self: self._operators, doc="What it is made of.")

    def _implied(self, hint, given):
        if hint not in self.IMPLIED or not all(getattr(each, hint) for each in self.operators):
            return given
        if given is False:
            what = hint.removeprefix("is_").replace("_", "-")
            raise ValueError(f"The {self.WHAT} of {what} operators is always {what}.")
        return True

    def _batch(self):
        return functools.reduce(broadcast_static_shape, [o.batch_shape for o in self.operators])

    def _batch_tensor(self):
        sizes = [each.batch_shape_tensor() for each in self.operators]
        return functools.reduce(broadcast_dynamic_shape, sizes)

    def _product_of(self, what):
        return functools.reduce(operator.mul, [getattr(o, what)() for o in self.operators])

    def _sum_of(self, what):
        return functools.reduce(operator.add, [getattr(o, what)() for o in self.operators])

    def _determinant(self):
        return self._product_of("determinant")

    def _log_abs_determinant(self):
        return self._sum_of("log_abs_determinant")


class LinearOperatorComposition(OfSeveral):
    """The product of the matrices of `operators`. ValueError for sizes that do not fit."""

    WHAT, BETWEEN, IMPLIED = "composition", "_o_", ("is_non_singular",)

    def _shape(self):
        for left, right in itertools.pairwise(self.operators):
            left.domain_dimension.assert_is_compatible_with(right.range_dimension)
        first, last = self.operators[0], self.operators[-1]
        return self._batch().concatenate([first.range_dimension, last.domain_dimension])

    def _shape_tensor(self):
        rows = self.operators[0].range_dimension_tensor()
        columns = self.operators[-1].domain_dimension_tensor()
        return concat([self._batch_tensor(), [rows, columns]], 0)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        first, *others = self.operators if adjoint else reversed(self.operators)
        x = first.matmul(x, adjoint=adjoint, adjoint_arg=adjoint_arg)
        for each in others:
            x = each.matmul(x, adjoint=adjoint)
        return x

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        first, *others = reversed(self.operators) if adjoint else self.operators
        rhs = first.solve(rhs, adjoint=adjoint, adjoint_arg=adjoint_arg)
        for each in others:
            rhs = each.solve(rhs, adjoint=adjoint)
        return rhs


class EachAlone(OfSeveral):
    """Of several whose adjoints, inverses and Cholesky factors make those of the whole."""

    IMPLIED = "is_non_singular", "is_self_adjoint", "is_positive_definite"

    def _adjoint(self):
        return self._of_each("adjoint")

    def _inverse(self):
        return self._of_each("inverse")

    def _cholesky(self):
        return self._of_each("cholesky")

    def _of_each(self, what):
        return type(self)([getattr(each, what)() for each in self.operators])


class LinearOperatorBlockDiag(EachAlone):
    """The matrices of `operators` along the diagonal, and zeros elsewhere. ValueError for those
    that are not square."""

    WHAT, BETWEEN = "direct sum", "_ds_"

    def __init__(self, operators, is_non_singular=None, is_self_adjoint=None,
                 is_positive_definite=None, is_square=True, name=None):
        operators = list(operators)
        if not (is_square and all(each.is_square for each in operators)):
            raise ValueError("Can only represent a block diagonal of square matrices.")
        super().__init__(operators, is_non_singular, is_self_adjoint, is_positive_definite,
                         is_square, name)  # fmt: skip

    def _shape(self):
        size = functools.reduce(operator.add, [each.domain_dimension for each in self.operators])
        return self._batch().concatenate([size, size])

    def _shape_tensor(self):
        size = self._sum_of("domain_dimension_tensor")
        return concat([self._batch_tensor(), [size, size]], 0)

    def _block_by_block(self, what, x, adjoint, adjoint_arg):
        sizes = [each.domain_dimension_tensor() for each in self.operators]
        parts = split(x, sizes, axis=-1 if adjoint_arg else -2)
        found = [getattr(each, what)(part, adjoint=adjoint, adjoint_arg=adjoint_arg)
                 for each, part in zip(self.operators, parts)]  # fmt: skip
        return concat(in_one_batch(found), axis=-2)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        return self._block_by_block("matmul", x, adjoint, adjoint_arg)

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        return self._block_by_block("solve", rhs, adjoint, adjoint_arg)

    def _diag_part(self):
        parts = in_one_batch([each.diag_part()[..., None] for each in self.operators])
        return squeeze(concat(parts, axis=-2), axis=-1)

    def _trace(self):
        return self._sum_of("trace")

    def _to_dense(self):
        whole, rows, before = self.domain_dimension_tensor(), [], 0
        for block in in_one_batch([each.to_dense() for each in self.operators]):
            size = shape_of(block)[-1]
            sides = [before, whole - before - size]
            left, right = (
                zeros(concat([shape_of(block)[:-1], [side]], 0), dtype=block.dtype)
                for side in sides
            )
            rows.append(concat([left, block, right], axis=-1))
            before += size
        return concat(rows, axis=-2)

    def _assert_non_singular(self):
        return group(*(each.assert_non_singular() for each in self.operators))

    def _assert_self_adjoint(self):
        return group(*(each.assert_self_adjoint() for each in self.operators))

    def _assert_positive_definite(self):
        return group(*(each.assert_positive_definite() for each in self.operators))


def _product(left, right):
    """Of two operators, with no more parts than it needs."""
    if isinstance(left, LinearOperatorIdentity):
        return right
    if isinstance(right, LinearOperatorIdentity):
        return left
    for each in left, right:
        if isinstance(each, LinearOperatorZeros):
            return _zeros(each, left, right)
    return _PRODUCTS.get((type(left), type(right)), _composed)(left, right)


def _solution(left, right):
    """Of the inverse of one times another, which keeps a batch of its own though it be I or 0."""
    plain = isinstance(right, LinearOperatorIdentity | LinearOperatorZeros)
    plain = plain and not isinstance(left, LinearOperatorIdentity)
    return (_composed if plain else _product)(left.inverse(), right)


def _composed(left, right):
    """Of any two operators."""
    square = _is_square(left, right)
    if square is False:
        return LinearOperatorComposition([left, right], False, False, False, False)
    non_singular = _non_singular(left, right) if square else None
    return LinearOperatorComposition([left, right], non_singular, is_square=square)


def _is_square(left, right):
    if left.is_square is False and right.is_square is False:
        return left.range_dimension == right.domain_dimension
    if None in (left.is_square, right.is_square):
        return None
    return left.is_square and right.is_square


def _non_singular(left, right):
    if left.is_non_singular is False or right.is_non_singular is False:
        return False
    return left.is_non_singular and right.is_non_singular


def _zeros(nothing, left, right):
    if not (left.is_square and right.is_square):
        raise ValueError("Matmul with non-square `LinearOperator`s or non-square "
                         "`LinearOperatorZeros` not supported at this time.")  # fmt: skip
    return nothing


def _diagonal(left, right):
    values = [each.multiplier if isinstance(each, LinearOperatorScaledIdentity) else each.diag
              for each in (left, right)]  # fmt: skip
    return LinearOperatorDiag(values[0] * values[1], *_both(left, right), is_square=True)


def _rows_scaled(left, right):
    return _triangular(left.diag[..., None] * right.to_dense(), left, right)


def _columns_scaled(left, right):
    return _triangular(left.to_dense() * right.diag[..., None, :], left, right)


def _triangular(tril, left, right):
    return LinearOperatorLowerTriangular(tril, *_both(left, right)[:2], is_square=True)


def _convolved(left, right):
    return LinearOperatorCirculant(left.spectrum * right.spectrum, left.dtype,
                                   *_both(left, right))  # fmt: skip


def _both(left, right):
    """The hints that a product of two has which can change places."""
    adjoint = [left.is_self_adjoint, right.is_self_adjoint]
    definite = left.is_positive_definite and right.is_positive_definite and all(adjoint)
    return [_non_singular(left, right), None if None in adjoint else all(adjoint) or None,
            definite or None]  # fmt: skip


_PRODUCTS = {
    (LinearOperatorDiag, LinearOperatorDiag): _diagonal,
    (LinearOperatorDiag, LinearOperatorScaledIdentity): _diagonal,
    (LinearOperatorScaledIdentity, LinearOperatorDiag): _diagonal,
    (LinearOperatorDiag, LinearOperatorLowerTriangular): _rows_scaled,
    (LinearOperatorLowerTriangular, LinearOperatorDiag): _columns_scaled,
    (LinearOperatorCirculant, LinearOperatorCirculant): _convolved,
}


def _factor(operator):
    return LinearOperatorLowerTriangular(cholesky(operator.to_dense()), is_non_singular=True,
                                         is_self_adjoint=False, is_square=True)  # fmt: skip


RESULTS.update(adjoint=LinearOperatorAdjoint, inverse=LinearOperatorInversion,
               cholesky=_factor, matmul=_product, solve=_solution)  # fmt: skip
