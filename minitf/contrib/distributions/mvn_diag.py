"""`tf.contrib.distributions.MultivariateNormalDiag` and its variant."""
from minitf.contrib.distributions.mvn_linear_operator import MultivariateNormalLinearOperator
from minitf.contrib.distributions.on_vectors import diag_scale
from minitf.core.graph import name_scope
from minitf.nn.activation import softplus


class MultivariateNormalDiag(MultivariateNormalLinearOperator):
    """Independent normal numbers of means `loc` and of standard deviations `scale_diag` +
    `scale_identity_multiplier`: zeros and ones where they are None. ValueError when all are."""

    def __init__(
        self,
        loc=None,
        scale_diag=None,
        scale_identity_multiplier=None,
        validate_args=False,
        allow_nan_stats=True,
        name="MultivariateNormalDiag",
    ):
        parameters = dict(locals())
        given = [loc, scale_diag, scale_identity_multiplier]
        with name_scope(name) as name, name_scope("init", values=given):
            scale = diag_scale(loc, scale_diag, scale_identity_multiplier)
        super().__init__(loc, scale, validate_args, allow_nan_stats, name)
        self._parameters = parameters


class MultivariateNormalDiagWithSoftplusScale(MultivariateNormalDiag):
    """As MultivariateNormalDiag, of standard deviations softplus(`scale_diag`)."""

    def __init__(
        self,
        loc,
        scale_diag,
        validate_args=False,
        allow_nan_stats=True,
        name="MultivariateNormalDiagWithSoftplusScale",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[scale_diag]) as name:
            super().__init__(loc, softplus(scale_diag), None, validate_args, allow_nan_stats, name)
        self._parameters = parameters
