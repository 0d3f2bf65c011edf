"""Distributions whose parameters may be any numbers: these are made positive first."""
from minitf.core.graph import name_scope
from minitf.distributions.beta import Beta
from minitf.distributions.exponential import Exponential
from minitf.distributions.gamma import Gamma
from minitf.distributions.laplace import Laplace
from minitf.distributions.normal import Normal
from minitf.distributions.student_t import StudentT
from minitf.nn.activation import softplus
from minitf.ops.math.elementwise import floor
from minitf.ops.math.operators import abs as magnitude


class NormalWithSoftplusScale(Normal):
    """As Normal, of softplus(`scale`)."""

    def __init__(
        self,
        loc,
        scale,
        validate_args=False,
        allow_nan_stats=True,
        name="NormalWithSoftplusScale",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[scale]) as name:
            super().__init__(loc, softplus(scale, name="softplus_scale"), validate_args,
                             allow_nan_stats, name)  # fmt: skip
        self._parameters = parameters


class LaplaceWithSoftplusScale(Laplace):
    """As Laplace, of softplus(`scale`)."""

    def __init__(
        self,
        loc,
        scale,
        validate_args=False,
        allow_nan_stats=True,
        name="LaplaceWithSoftplusScale",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[loc, scale]) as name:
            super().__init__(loc, softplus(scale, name="softplus_scale"), validate_args,
                             allow_nan_stats, name)  # fmt: skip
        self._parameters = parameters


class BetaWithSoftplusConcentration(Beta):
    """As Beta, of the softplus of both parameters."""

    def __init__(
        self,
        concentration1,
        concentration0,
        validate_args=False,
        allow_nan_stats=True,
        name="BetaWithSoftplusConcentration",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[concentration1, concentration0]) as name:
            super().__init__(softplus(concentration1, name="softplus_concentration1"),
                             softplus(concentration0, name="softplus_concentration0"),
                             validate_args, allow_nan_stats, name)  # fmt: skip
        self._parameters = parameters


class GammaWithSoftplusConcentrationRate(Gamma):
    """As Gamma, of the softplus of both parameters."""

    def __init__(
        self,
        concentration,
        rate,
        validate_args=False,
        allow_nan_stats=True,
        name="GammaWithSoftplusConcentrationRate",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[concentration, rate]) as name:
            super().__init__(softplus(concentration, name="softplus_concentration"),
                             softplus(rate, name="softplus_rate"), validate_args,
                             allow_nan_stats, name)  # fmt: skip
        self._parameters = parameters


class ExponentialWithSoftplusRate(Exponential):
    """As Exponential, of softplus(`rate`)."""

    def __init__(
        self, rate, validate_args=False, allow_nan_stats=True, name="ExponentialWithSoftplusRate"
    ):
        parameters = dict(locals())
        with name_scope(name, values=[rate]) as name:
            super().__init__(softplus(rate, name="softplus_rate"), validate_args,
                             allow_nan_stats, name)  # fmt: skip
        self._parameters = parameters


class StudentTWithAbsDfSoftplusScale(StudentT):
    """As StudentT, of floor(|df|) and softplus(`scale`)."""

    def __init__(
        self,
        df,
        loc,
        scale,
        validate_args=False,
        allow_nan_stats=True,
        name="StudentTWithAbsDfSoftplusScale",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[df, scale]) as name:
            super().__init__(floor(magnitude(df)), loc, softplus(scale, name="softplus_scale"),
                             validate_args, allow_nan_stats, name)  # fmt: skip
        self._parameters = parameters
