"""`tf.contrib.distributions.VectorSinhArcsinhDiag`."""
from minitf.contrib.distributions.bijectors.affine import Affine
from minitf.contrib.distributions.bijectors.chain import Chain
from minitf.contrib.distributions.bijectors.sinh_arcsinh import SinhArcsinh as Bijector
from minitf.contrib.distributions.on_vectors import diag_scale, shapes_of
from minitf.contrib.distributions.sinh_arcsinh import Bent, base_and_checks, standard_scale
from minitf.contrib.distributions.util import optional_tensor
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.ops.control_flow.control import with_dependencies


class VectorSinhArcsinhDiag(Bent):
    """Vectors of independent numbers, each of them as those of SinhArcsinh, around `loc` and as
    wide as `scale_diag` + `scale_identity_multiplier`."""

    def __init__(
        self,
        loc=None,
        scale_diag=None,
        scale_identity_multiplier=None,
        skewness=None,
        tailweight=None,
        distribution=None,
        validate_args=False,
        allow_nan_stats=True,
        name="MultivariateNormalLinearOperator",
    ):
        parameters = dict(locals())
        given = [loc, scale_diag, scale_identity_multiplier, skewness, tailweight]
        with name_scope(name, values=given) as name:
            loc = optional_tensor(loc, "loc")
            scale = diag_scale(loc, scale_diag, scale_identity_multiplier)
            batch_shape, event_shape = shapes_of(loc, scale)
            diag = scale.diag_part()
            dtype = diag.dtype
            distribution, checks = base_and_checks(distribution, dtype, validate_args,
                                                   allow_nan_stats)  # fmt: skip
            diag = with_dependencies(checks, diag) if checks else diag
            skewness = convert_to_tensor(0.0 if skewness is None else skewness, dtype=dtype,
                                         name="skewness")  # fmt: skip
            tailweight = convert_to_tensor(1.0 if tailweight is None else tailweight, dtype=dtype,
                                           name="tailweight")  # fmt: skip
            widths = standard_scale(diag, tailweight)
            super().__init__(
                distribution,
                Chain([Affine(shift=loc, scale_diag=widths, validate_args=validate_args),
                       Bijector(skewness, tailweight)]),
                batch_shape, event_shape, validate_args, name,
            )  # fmt: skip
        self._parameters = parameters
        self._loc, self._scale, self._tailweight, self._skewness = loc, scale, tailweight, skewness
