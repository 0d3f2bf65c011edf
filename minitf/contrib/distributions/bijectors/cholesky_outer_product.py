"""`tf.contrib.distributions.bijectors.CholeskyOuterProduct`."""
import math

from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.ops.array.basics import shape
from minitf.ops.array.sequences import linspace
from minitf.ops.control_flow.check import assert_equal, assert_positive
from minitf.ops.control_flow.check_static import assert_rank_at_least
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.linalg.bands import matrix_band_part
from minitf.ops.linalg.diagonal import matrix_diag_part
from minitf.ops.linalg.products import matmul
from minitf.ops.linalg.solve import cholesky
from minitf.ops.math.elementwise import cast, log
from minitf.ops.reduction.reduce import reduce_sum


class CholeskyOuterProduct(Bijector):
    """y = x x^T for lower triangular matrices x with positive diagonals.

    `validate_args` lets an x raise in the run that is not square.
    """

    def __init__(self, validate_args=False, name="cholesky_outer_product"):
        super().__init__(forward_min_event_ndims=2, validate_args=validate_args, name=name)

    def _forward(self, x):
        x = with_dependencies(self._checks_of(x), x)
        x = matrix_band_part(x, -1, 0)
        return matmul(x, x, adjoint_b=True)

    def _inverse(self, y):
        return cholesky(y)

    def _forward_log_det_jacobian(self, x):
        x = with_dependencies(self._checks_of(x), x)
        diag = matrix_diag_part(x)
        if self.validate_args:
            said = "Input must be positive definite."
            diag = with_dependencies([assert_positive(diag, message=said)], diag)
        # The Jacobian is triangular, with 2 x_jj^(p - j + 1) on its diagonal for column j of p.
        p = shape(x)[-1]
        count = cast(p, x.dtype)
        exponents = linspace(count, cast(1.0, x.dtype), p)
        return count * math.log(2.0) + reduce_sum(log(diag) * exponents, axis=-1)

    def _checks_of(self, x):
        if not self.validate_args:
            return []
        sizes = shape(x)
        return [assert_rank_at_least(x, 2, message="Input must be a (batch of) matrix."),
                assert_equal(sizes[-2], sizes[-1],
                             message="Input must be a (batch of) square matrix.")]  # fmt: skip
