"""`tf.contrib.distributions.MultivariateNormalDiagPlusLowRank`."""
from minitf.contrib.distributions.mvn_linear_operator import MultivariateNormalLinearOperator
from minitf.contrib.distributions.on_vectors import diag_scale
from minitf.contrib.distributions.util import optional_tensor
from minitf.core.graph import name_scope
from minitf.ops.linalg.linear_operator_low_rank import LinearOperatorLowRankUpdate


class MultivariateNormalDiagPlusLowRank(MultivariateNormalLinearOperator):
    """The normal distributions of mean `loc` and covariance scale scale^T, with

        scale = diag(scale_diag + scale_identity_multiplier)
                + scale_perturb_factor diag(scale_perturb_diag) scale_perturb_factor^T
    """

    def __init__(
        self,
        loc=None,
        scale_diag=None,
        scale_identity_multiplier=None,
        scale_perturb_factor=None,
        scale_perturb_diag=None,
        validate_args=False,
        allow_nan_stats=True,
        name="MultivariateNormalDiagPlusLowRank",
    ):
        parameters = dict(locals())
        perturbed = scale_perturb_factor is not None or scale_perturb_diag is not None
        given = [loc, scale_diag, scale_identity_multiplier, scale_perturb_factor,
                 scale_perturb_diag]  # fmt: skip
        with name_scope(name) as name, name_scope("init", values=given):
            scale = diag_scale(loc, scale_diag, scale_identity_multiplier,
                               validate_args=validate_args,
                               assert_positive_diag=perturbed)  # fmt: skip
            if perturbed:
                scale = LinearOperatorLowRankUpdate(
                    scale, u=optional_tensor(scale_perturb_factor, "scale_perturb_factor"),
                    diag_update=optional_tensor(scale_perturb_diag, "scale_perturb_diag"),
                    is_diag_update_positive=scale_perturb_diag is None, is_non_singular=True,
                    is_self_adjoint=True, is_positive_definite=True, is_square=True,
                )  # fmt: skip
        super().__init__(loc, scale, validate_args, allow_nan_stats, name)
        self._parameters = parameters
