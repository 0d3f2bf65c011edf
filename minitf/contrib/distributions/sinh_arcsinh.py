"""`tf.contrib.distributions.SinhArcsinh`."""
from minitf.contrib.distributions.bijectors.affine_scalar import AffineScalar
from minitf.contrib.distributions.bijectors.chain import Chain
from minitf.contrib.distributions.bijectors.sinh_arcsinh import SinhArcsinh as Bijector
from minitf.contrib.distributions.transformed_distribution import TransformedDistribution
from minitf.contrib.distributions.util import broadcast_shape_of
from minitf.core.convert import convert_to_tensor
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.distributions.distribution import FULLY_REPARAMETERIZED
from minitf.distributions.normal import Normal
from minitf.ops.array.basics import ones, zeros
from minitf.ops.control_flow.check import assert_equal
from minitf.ops.control_flow.control import with_dependencies


class Bent(TransformedDistribution):
    """A part of distributions that a SinhArcsinh bijector bends."""

    loc = property(lambda self: self._loc, doc="The middle.")
    scale = property(lambda self: self._scale, doc="The width, a LinearOperator for vectors.")
    tailweight = property(lambda self: self._tailweight,
                          doc="How heavy the tails are; 1 for those of a normal distribution.")
    skewness = property(lambda self: self._skewness,
                        doc="Which tail is heavier, and how much.")


class SinhArcsinh(Bent):
    """Normal numbers, or those of another `distribution` of scalars, skewed by `skewness` and with
    tails as heavy as `tailweight`, around `loc` and as wide as `scale`; all broadcast."""

    def __init__(
        self,
        loc,
        scale,
        skewness=None,
        tailweight=None,
        distribution=None,
        validate_args=False,
        allow_nan_stats=True,
        name="SinhArcsinh",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[loc, scale, skewness, tailweight]) as name:
            loc = convert_to_tensor(loc, name="loc")
            dtype = loc.dtype
            scale = convert_to_tensor(scale, name="scale", dtype=dtype)
            tailweight = convert_to_tensor(1.0 if tailweight is None else tailweight,
                                           name="tailweight", dtype=dtype)  # fmt: skip
            skewness = convert_to_tensor(0.0 if skewness is None else skewness, name="skewness",
                                         dtype=dtype)  # fmt: skip
            distribution, checks = base_and_checks(distribution, dtype, validate_args,
                                                   allow_nan_stats)  # fmt: skip
            loc = with_dependencies(checks, loc) if checks else loc
            super().__init__(
                distribution,
                Chain([AffineScalar(loc, standard_scale(scale, tailweight), validate_args),
                       Bijector(skewness, tailweight)]),
                batch_shape=broadcast_shape_of(loc, scale, tailweight, skewness),
                validate_args=validate_args, name=name,
            )  # fmt: skip
        self._parameters = parameters
        self._loc, self._scale, self._tailweight, self._skewness = loc, scale, tailweight, skewness


def standard_scale(scale, tailweight):
    """A factor for which two standard deviations stay where they are, whatever the tails."""
    bent = Bijector(tailweight.dtype.as_numpy_dtype(0.0), tailweight)
    return 2 * scale / bent.forward(convert_to_tensor(2, dtype=tailweight.dtype))


def base_and_checks(distribution, dtype, validate_args, allow_nan_stats):
    """The distribution that is bent, a normal one when it is None, and its `scalar_checks`."""
    if distribution is not None:
        return distribution, scalar_checks(distribution, dtype, validate_args)
    zero, one = zeros([], dtype=dtype), ones([], dtype=dtype)
    return Normal(zero, one, allow_nan_stats=allow_nan_stats), []


def scalar_checks(distribution, dtype, validate_args):
    """The assertions that it is one distribution of scalars.

    TypeError for another type, ValueError for what is known to be none, or not reparameterized.
    """
    if distribution.dtype != dtype:
        raise TypeError(f'dtype mismatch; distribution.dtype="{distribution.dtype.name}" is not '
                        f'"{dtype.name}"')  # fmt: skip
    kind = distribution.reparameterization_type
    if validate_args and kind != FULLY_REPARAMETERIZED:
        raise ValueError("Base distribution should be reparameterized or be a function of "
                         "non-trainable variables; distribution.reparameterization_type = "
                         f'"{kind}" != "FULLY_REPARAMETERIZED".')  # fmt: skip
    with name_scope("check_distribution"):
        checks = []
        for name in "is_scalar_event", "is_scalar_batch":
            said = f"distribution must be scalar; distribution.{name}=False is not True"
            is_scalar = getattr(distribution, name)()
            known = constant_value(is_scalar)
            if known is not None and not known:
                raise ValueError(said)
            if known is None and validate_args:
                checks.append(assert_equal(is_scalar, True, message=said))
        return checks
