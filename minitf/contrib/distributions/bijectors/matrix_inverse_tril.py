"""`tf.contrib.distributions.bijectors.MatrixInverseTriL`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.core.graph import control_dependencies
from minitf.ops.array.basics import shape, zeros_like
from minitf.ops.control_flow.check import assert_equal, assert_none_equal
from minitf.ops.control_flow.check_static import assert_rank_at_least
from minitf.ops.linalg.bands import matrix_band_part
from minitf.ops.linalg.diagonal import eye, matrix_diag_part, matrix_set_diag
from minitf.ops.linalg.solve import matrix_triangular_solve
from minitf.ops.math.elementwise import cast, log
from minitf.ops.math.operators import abs as magnitude
from minitf.ops.reduction.reduce import reduce_sum


class MatrixInverseTriL(Bijector):
    """y is the inverse of the lower triangular matrix x.

    `validate_args` lets an x raise in the run that is not square, not lower triangular or singular.
    """

    def __init__(self, validate_args=False, name="matrix_inverse_tril"):
        super().__init__(forward_min_event_ndims=2, validate_args=validate_args, name=name)

    def _forward(self, x):
        with control_dependencies(self._checks_of(x)):
            sizes = shape(x)
            one = eye(sizes[-1], batch_shape=sizes[:-2], dtype=x.dtype)
            return matrix_triangular_solve(x, one, lower=True)

    def _inverse(self, y):
        return self._forward(y)

    def _forward_log_det_jacobian(self, x):
        with control_dependencies(self._checks_of(x)):
            count = cast(shape(x)[-1], x.dtype.base_dtype)
            return -2.0 * count * reduce_sum(log(magnitude(matrix_diag_part(x))), axis=-1)

    def _checks_of(self, x):
        if not self.validate_args:
            return []
        is_matrix = assert_rank_at_least(x, 2, message="Input must have rank at least 2.")
        sizes, diag = shape(x), matrix_diag_part(x)
        above = matrix_band_part(matrix_set_diag(x, zeros_like(diag)), 0, -1)
        return [
            is_matrix,
            assert_equal(sizes[-2], sizes[-1], message="Input must be a square matrix."),
            assert_equal(above, zeros_like(above), message="Input must be lower triangular."),
            assert_none_equal(diag, zeros_like(diag),
                              message="Input must have all diagonal entries nonzero."),
        ]  # fmt: skip
