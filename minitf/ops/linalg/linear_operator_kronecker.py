"""Kronecker products of matrices as `tf.linalg.LinearOperator`s."""
import functools
import operator

from minitf.core.errors import InvalidArgumentError
from minitf.ops.array.basics import reshape
from minitf.ops.array.basics import shape as shape_of
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.control import group
from minitf.ops.linalg.bands import adjoint as adjoint_of
from minitf.ops.linalg.linear_operator_results import EachAlone
from minitf.ops.math.elementwise import cast
from minitf.ops.reduction.axes import matrix_transpose


class LinearOperatorKronecker(EachAlone):
    """The Kronecker product of the matrices of `operators`."""

    WHAT, BETWEEN = "Kronecker product", "_x_"

    def _shape(self):
        rows = functools.reduce(operator.mul, [each.range_dimension for each in self.operators])
        columns = functools.reduce(operator.mul, [each.domain_dimension for each in self.operators])
        return self._batch().concatenate([rows, columns])

    def _shape_tensor(self):
        sizes = [self._product_of(f"{side}_dimension_tensor") for side in ("range", "domain")]
        return concat([self._batch_tensor(), sizes], 0)

    def _one_by_one(self, what, x, adjoint, adjoint_arg):
        """Each matrix on its own axis: the sizes before it go to the end, those after follow."""
        x = adjoint_of(x) if adjoint_arg else x
        columns = shape_of(x)[-1]
        for each in self.operators:
            takes_rows = adjoint == (what == "matmul")
            size = each.range_dimension_tensor() if takes_rows else each.domain_dimension_tensor()
            x = reshape(x, concat([shape_of(x)[:-2], [size, -1]], 0))
            x = matrix_transpose(getattr(each, what)(x, adjoint=adjoint))
        return matrix_transpose(reshape(x, concat([shape_of(x)[:-2], [columns, -1]], 0)))

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        return self._one_by_one("matmul", x, adjoint, adjoint_arg)

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        return self._one_by_one("solve", rhs, adjoint, adjoint_arg)

    def _times(self, each):
        """How often a matrix comes in blocks."""
        return cast(self.domain_dimension_tensor() // each.domain_dimension_tensor(), each.dtype)

    def _determinant(self):
        found = [each.determinant() ** self._times(each) for each in self.operators]
        return functools.reduce(operator.mul, found)

    def _log_abs_determinant(self):
        found = [each.log_abs_determinant() * self._times(each) for each in self.operators]
        return functools.reduce(operator.add, found)

    def _trace(self):
        return self._product_of("trace")

    def _diag_part(self):
        found = self.operators[0].diag_part()
        for each in self.operators[1:]:
            pairs = found[..., :, None] * each.diag_part()[..., None, :]
            found = reshape(pairs, concat([shape_of(pairs)[:-2], [-1]], 0))
        return found

    def _to_dense(self):
        found = self.operators[0].to_dense()
        for each in self.operators[1:]:
            blocks = found[..., :, None, :, None] * each.to_dense()[..., None, :, None, :]
            sizes = shape_of(blocks)
            rows, columns = sizes[-4] * sizes[-3], sizes[-2] * sizes[-1]
            found = reshape(blocks, concat([sizes[:-4], [rows, columns]], 0))
        return found

    def _assert_non_singular(self):
        return self._of_squares("assert_non_singular", "invertible")

    def _assert_self_adjoint(self):
        return self._of_squares("assert_self_adjoint", "self adjoint")

    def _of_squares(self, assertion, what):
        if not all(each.is_square for each in self.operators):
            said = f"All Kronecker factors must be square for the product to be {what}."
            raise InvalidArgumentError(None, None, said)
        return group(*(getattr(each, assertion)() for each in self.operators))
