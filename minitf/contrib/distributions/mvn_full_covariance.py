"""`tf.contrib.distributions.MultivariateNormalFullCovariance`."""
from minitf.contrib.distributions.mvn_tril import MultivariateNormalTriL
from minitf.contrib.distributions.util import optional_tensor
from minitf.core.graph import name_scope
from minitf.ops.control_flow.check import assert_near
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.linalg.solve import cholesky
from minitf.ops.reduction.axes import matrix_transpose


class MultivariateNormalFullCovariance(MultivariateNormalTriL):
    """The normal distributions of mean `loc` and covariance `covariance_matrix`: 0 and the identity
    where they are None. `validate_args` lets a matrix raise in the run that is not symmetric."""

    def __init__(
        self,
        loc=None,
        covariance_matrix=None,
        validate_args=False,
        allow_nan_stats=True,
        name="MultivariateNormalFullCovariance",
    ):
        parameters = dict(locals())
        with name_scope(name) as name, name_scope("init", values=[loc, covariance_matrix]):
            covariance = optional_tensor(covariance_matrix, "covariance_matrix")
            scale_tril = None if covariance is None else _factor(covariance, validate_args)
            super().__init__(loc, scale_tril, validate_args, allow_nan_stats, name)
        self._parameters = parameters


def _factor(covariance, validate_args):
    if validate_args:
        check = assert_near(covariance, matrix_transpose(covariance),
                            message="Matrix was not symmetric")  # fmt: skip
        covariance = with_dependencies([check], covariance)
    return cholesky(covariance)
