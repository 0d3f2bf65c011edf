"""`tf.contrib.distributions.VectorLaplaceDiag`."""
from minitf.contrib.distributions.on_vectors import diag_scale
from minitf.contrib.distributions.vector_laplace_linear_operator import VectorLaplaceLinearOperator
from minitf.core.graph import name_scope


class VectorLaplaceDiag(VectorLaplaceLinearOperator):
    """Vectors of independent numbers loc + scale z, of z that are Laplace distributed; the scales
    are `scale_diag` + `scale_identity_multiplier`."""

    def __init__(
        self,
        loc=None,
        scale_diag=None,
        scale_identity_multiplier=None,
        validate_args=False,
        allow_nan_stats=True,
        name="VectorLaplaceDiag",
    ):
        parameters = dict(locals())
        given = [loc, scale_diag, scale_identity_multiplier]
        with name_scope(name) as name, name_scope("init", values=given):
            scale = diag_scale(loc, scale_diag, scale_identity_multiplier)
        super().__init__(loc, scale, validate_args, allow_nan_stats, name)
        self._parameters = parameters
