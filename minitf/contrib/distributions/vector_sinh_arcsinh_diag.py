"""`tf.contrib.distributions.VectorSinhArcsinhDiag`."""
from minitf.contrib.distributions.bijectors.affine import Affine
from minitf.contrib.distributions.bijectors.chain import Chain
from minitf.contrib.distributions.bijectors.sinh_arcsinh import SinhArcsinh as Bijector
from minitf.contrib.distributions.on_vectors import diag_scale, shapes_of
from minitf.contrib.distributions.sinh_arcsinh import scalar_checks, standard_scale
from minitf.contrib.distributions.transformed_distribution import TransformedDistribution
from minitf.contrib.distributions.util import optional_tensor
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.distributions.normal import Normal
from minitf.ops.array.basics import ones, zeros
from minitf.ops.control_flow.control import with_dependencies


class VectorSinhArcsinhDiag(TransformedDistribution):
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
            if distribution is None:
                distribution = Normal(zeros([], dtype=dtype), ones([], dtype=dtype),
                                      allow_nan_stats=allow_nan_stats)  # fmt: skip
            else:
                checks = scalar_checks(distribution, dtype, validate_args)
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

    @property
    def loc(self):
        """The middle."""
        return self._loc

    @property
    def scale(self):
        """The LinearOperator of the widths."""
        return self._scale

    @property
    def tailweight(self):
        """How heavy the tails are; 1 for those of a normal distribution."""
        return self._tailweight

    @property
    def skewness(self):
        """Which tail is heavier, and how much."""
        return self._skewness
