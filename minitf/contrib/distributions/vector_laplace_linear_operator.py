"""Laplace distributions of vectors, scaled by a LinearOperator."""
import math

from minitf.contrib.distributions.vectors import OfVectors
from minitf.distributions.laplace import Laplace
from minitf.ops.array.basics import ones, zeros


class VectorLaplaceLinearOperator(OfVectors):
    """The distributions of loc + scale z, of independent z that are Laplace distributed."""

    SPREAD = math.sqrt(2.0)

    def __init__(
        self,
        loc=None,
        scale=None,
        validate_args=False,
        allow_nan_stats=True,
        name="VectorLaplaceLinearOperator",
    ):
        super().__init__(_standard, loc, scale, validate_args, name, dict(locals()))


def _standard(dtype):
    return Laplace(loc=zeros([], dtype=dtype), scale=ones([], dtype=dtype))
