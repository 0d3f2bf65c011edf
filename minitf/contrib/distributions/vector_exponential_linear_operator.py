"""Exponential distributions of vectors, scaled by a LinearOperator."""
from minitf.contrib.distributions.vectors import OfVectors
from minitf.distributions.exponential import Exponential
from minitf.ops.array.basics import identity, ones


class VectorExponentialLinearOperator(OfVectors):
    """The distributions of loc + scale z, of independent z that are exponentially distributed."""

    def __init__(
        self,
        loc=None,
        scale=None,
        validate_args=False,
        allow_nan_stats=True,
        name="VectorExponentialLinearOperator",
    ):
        def standard(dtype):
            return Exponential(rate=ones([], dtype=dtype), allow_nan_stats=allow_nan_stats)

        super().__init__(standard, loc, scale, validate_args, name, dict(locals()))

    def _mean(self):
        of_ones = self.scale.matvec(self._nothing() + 1.0)
        return of_ones if self.loc is None else identity(self.loc) + of_ones
