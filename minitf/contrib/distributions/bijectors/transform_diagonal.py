"""`tf.contrib.distributions.bijectors.TransformDiagonal`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.ops.linalg.diagonal import matrix_diag_part, matrix_set_diag


class TransformDiagonal(Bijector):
    """The bijector `diag_bijector` of the diagonals of matrices; their other elements stay."""

    def __init__(self, diag_bijector, validate_args=False, name="transform_diagonal"):
        self._diag_bijector = diag_bijector
        super().__init__(forward_min_event_ndims=2, inverse_min_event_ndims=2,
                         validate_args=validate_args, name=name)  # fmt: skip

    def _forward(self, x):
        return matrix_set_diag(x, self._diag_bijector.forward(matrix_diag_part(x)))

    def _inverse(self, y):
        return matrix_set_diag(y, self._diag_bijector.inverse(matrix_diag_part(y)))

    def _forward_log_det_jacobian(self, x):
        diag = matrix_diag_part(x)
        return self._diag_bijector.forward_log_det_jacobian(diag, event_ndims=1)

    def _inverse_log_det_jacobian(self, y):
        diag = matrix_diag_part(y)
        return self._diag_bijector.inverse_log_det_jacobian(diag, event_ndims=1)
