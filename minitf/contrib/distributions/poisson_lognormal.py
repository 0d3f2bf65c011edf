"""`tf.contrib.distributions.PoissonLogNormalQuadratureCompound` and the grids it is made on."""
import math

import numpy as np

from minitf.contrib.distributions.bijectors.exp import Exp
from minitf.contrib.distributions.poisson import Poisson
from minitf.contrib.distributions.transformed_distribution import TransformedDistribution
from minitf.contrib.distributions.util import optional_tensor, pick_vector, rotate_transpose
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.distributions.categorical import Categorical
from minitf.distributions.distribution import NOT_REPARAMETERIZED, OfScalars
from minitf.distributions.normal import Normal
from minitf.ops.array.basics import (
    broadcast_dynamic_shape,
    broadcast_static_shape,
    fill,
    ones,
    reshape,
    shape,
    size,
    zeros,
)
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.sequences import linspace
from minitf.ops.array.sequences import range as numbers
from minitf.ops.math.elementwise import cast, exp, log
from minitf.ops.math.operators import abs as magnitude
from minitf.ops.random.draws import salted
from minitf.ops.random.sampling import random_poisson
from minitf.ops.reduction.reduce import reduce_logsumexp, reduce_prod


def quadrature_scheme_lognormal_gauss_hermite(
    loc, scale, quadrature_size, validate_args=False, name=None
):
    """(grid [..., quadrature_size], probs [quadrature_size]) for a normal distribution, by the
    quadrature of Gauss and Hermite."""
    with name_scope(name, "vector_diffeomixture_quadrature_gauss_hermite", [loc, scale]):
        grid, probs = gauss_hermite(quadrature_size, loc.dtype)
        return loc[..., None] + math.sqrt(2.0) * scale[..., None] * grid, probs


def quadrature_scheme_lognormal_quantiles(
    loc, scale, quadrature_size, validate_args=False, name=None
):
    """(grid [..., quadrature_size], probs [quadrature_size]) for a log-normal distribution: the
    middles between its quantiles, equally likely."""
    with name_scope(name, "quadrature_scheme_lognormal_quantiles", [loc, scale]):
        normal = Normal(loc=loc, scale=scale)
        lognormal = TransformedDistribution(normal, Exp(), validate_args=validate_args)
        return between_quantiles(lognormal, quadrature_size, lognormal.quantile)


def gauss_hermite(size, dtype):
    """The places and weights of the quadrature, the weights as shares of 1."""
    places, weights = np.polynomial.hermite.hermgauss(deg=size)
    kind = dtype.as_numpy_dtype
    return places.astype(kind), constant((weights / weights.sum()).astype(kind), name="probs")


def between_quantiles(distribution, size, quantile):
    """(grid, probs): the middles between so many quantiles of a batch, as its last axis."""
    ndims = rank_of(distribution)
    edges = linspace(zeros([], dtype=distribution.dtype), 1.0, size + 3)[1:-1]
    edges = reshape(edges, concat([[-1], ones([ndims], dtype=int32)], axis=0))
    found = rotate_transpose(quantile(edges), -1)
    grid = (found[..., :-1] + found[..., 1:]) / 2.0
    return grid, fill([size], 1.0 / cast(size, distribution.dtype))


def rank_of(distribution):
    """How many axes its batch has: a number, or a tensor where it is not known."""
    ndims = distribution.batch_shape.ndims
    return size(distribution.batch_shape_tensor()) if ndims is None else ndims


class PoissonLogNormalQuadratureCompound(OfScalars):
    """Counts of events whose rate is the exponential of a normal number of mean `loc` and standard
    deviation `scale`: as a mixture of Poisson distributions, of rates and weights that
    `quadrature_fn(loc, scale, quadrature_size, validate_args)` gives.

    TypeError for a grid and weights of different types.
    """

    def __init__(
        self,
        loc,
        scale,
        quadrature_size=8,
        quadrature_fn=quadrature_scheme_lognormal_quantiles,
        validate_args=False,
        allow_nan_stats=True,
        name="PoissonLogNormalQuadratureCompound",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[loc, scale]) as name:
            loc = optional_tensor(loc, "loc")
            if scale is not None:
                scale = convert_to_tensor(scale, dtype=loc.dtype if loc is not None else None,
                                          name="scale")  # fmt: skip
            grid, probs = quadrature_fn(loc, scale, quadrature_size, validate_args)
            if grid.dtype.base_dtype != probs.dtype.base_dtype:
                raise TypeError(f"Quadrature grid dtype ({grid.dtype.name}) does not match "
                                f"quadrature probs dtype ({probs.dtype.name}).")  # fmt: skip
            self._distribution = Poisson(log_rate=grid, validate_args=validate_args,
                                         allow_nan_stats=allow_nan_stats)  # fmt: skip
            self._mixture_distribution = Categorical(logits=log(probs), validate_args=validate_args,
                                                     allow_nan_stats=allow_nan_stats)  # fmt: skip
            self._loc, self._scale, self._quadrature_size = loc, scale, quadrature_size
            super().__init__(grid.dtype, NOT_REPARAMETERIZED, validate_args, allow_nan_stats,
                             parameters, [loc, scale], name)  # fmt: skip

    @property
    def mixture_distribution(self):
        """What chooses a rate."""
        return self._mixture_distribution

    @property
    def distribution(self):
        """The Poisson distributions that are chosen from."""
        return self._distribution

    @property
    def loc(self):
        """The mean of the logarithm of the rate."""
        return self._loc

    @property
    def scale(self):
        """Its standard deviation."""
        return self._scale

    @property
    def quadrature_size(self):
        """How many rates there are."""
        return self._quadrature_size

    def _batch_shape_tensor(self):
        sizes = shape(self.mixture_distribution.logits)
        return broadcast_dynamic_shape(self.distribution.batch_shape_tensor(), sizes)[:-1]

    def _batch_shape(self):
        sizes = self.mixture_distribution.logits.shape
        return broadcast_static_shape(self.distribution.batch_shape, sizes)[:-1]

    def _sample_n(self, n, seed=None):
        batch = self.batch_shape_tensor()
        count = reduce_prod(batch)
        each = pick_vector(self.mixture_distribution.is_scalar_batch(), [count],
                           constant([], dtype=int32))  # fmt: skip
        chosen = self.mixture_distribution.sample(
            concat([[n], each], 0), seed=salted(seed, "poisson_lognormal_quadrature_compound")
        )
        places = reshape(chosen, [n, -1]) + self._quadrature_size * numbers(0, count)
        rates = gather(reshape(self.distribution.rate, [-1]), places)
        rates = reshape(rates, concat([[n], batch], 0))
        return random_poisson(rates, [], dtype=self.dtype, seed=seed)

    def _log_prob(self, x):
        each = self.distribution.log_prob(x[..., None])
        return reduce_logsumexp(self.mixture_distribution.logits + each, axis=-1)

    def _mean(self):
        weighted = self.mixture_distribution.logits + self.distribution.log_rate
        return exp(reduce_logsumexp(weighted, axis=-1))

    def _variance(self):
        return exp(self._log_variance())

    def _stddev(self):
        return exp(0.5 * self._log_variance())

    def _log_variance(self):
        apart = magnitude(self.distribution.mean() - self._mean()[..., None])
        parts = stack([self.distribution.log_rate, 2.0 * log(apart)], axis=-1)
        weighted = self.mixture_distribution.logits[..., None] + parts
        return reduce_logsumexp(weighted, axis=[-2, -1])
