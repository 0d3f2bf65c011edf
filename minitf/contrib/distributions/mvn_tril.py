"""`tf.contrib.distributions.MultivariateNormalTriL`."""
from minitf.contrib.distributions.mvn_linear_operator import MultivariateNormalLinearOperator
from minitf.contrib.distributions.on_vectors import diag_scale
from minitf.contrib.distributions.util import optional_tensor
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.ops.linalg.linear_operators import LinearOperatorLowerTriangular


class MultivariateNormalTriL(MultivariateNormalLinearOperator):
    """The normal distributions of mean `loc` and covariance L L^T, for the lower triangular matrix
    L = `scale_tril`: 0 and the identity where they are None. ValueError when both are."""

    def __init__(
        self,
        loc=None,
        scale_tril=None,
        validate_args=False,
        allow_nan_stats=True,
        name="MultivariateNormalTriL",
    ):
        parameters = dict(locals())
        if loc is None and scale_tril is None:
            raise ValueError("Must specify one or both of `loc`, `scale_tril`.")
        with name_scope(name) as name, name_scope("init", values=[loc, scale_tril]):
            loc = optional_tensor(loc, "loc")
            if scale_tril is None:
                scale = diag_scale(loc, None, None, validate_args=validate_args)
            else:
                scale = LinearOperatorLowerTriangular(
                    convert_to_tensor(scale_tril, name="scale_tril"), is_non_singular=True,
                    is_self_adjoint=False, is_positive_definite=False,
                )  # fmt: skip
        super().__init__(loc, scale, validate_args, allow_nan_stats, name)
        self._parameters = parameters
