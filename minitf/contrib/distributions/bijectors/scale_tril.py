"""`tf.contrib.distributions.bijectors.ScaleTriL`."""
from minitf.contrib.distributions.bijectors.affine_scalar import AffineScalar
from minitf.contrib.distributions.bijectors.chain import Chain
from minitf.contrib.distributions.bijectors.fill_triangular import FillTriangular
from minitf.contrib.distributions.bijectors.softplus import Softplus
from minitf.contrib.distributions.bijectors.transform_diagonal import TransformDiagonal


class ScaleTriL(Chain):
    """Vectors as lower triangular matrices, with positive diagonals: these go through
    `diag_bijector`, Softplus when it is None, and get `diag_shift` added."""

    def __init__(
        self, diag_bijector=None, diag_shift=1e-5, validate_args=False, name="scale_tril"
    ):
        diag_bijector = diag_bijector or Softplus(validate_args=validate_args)
        if diag_shift is not None:
            diag_bijector = Chain([AffineScalar(shift=diag_shift), diag_bijector])
        super().__init__([TransformDiagonal(diag_bijector=diag_bijector), FillTriangular()],
                         validate_args=validate_args, name=name)  # fmt: skip
