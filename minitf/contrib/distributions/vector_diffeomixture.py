"""`tf.contrib.distributions.VectorDiffeomixture` and the grids it is made on."""
import functools
import math
import operator

from minitf.contrib.distributions.bijectors.affine_linear_operator import AffineLinearOperator
from minitf.contrib.distributions.bijectors.softmax_centered import SoftmaxCentered
from minitf.contrib.distributions.on_vectors import is_diagonal
from minitf.contrib.distributions.poisson_lognormal import between_quantiles, gauss_hermite
from minitf.contrib.distributions.sinh_arcsinh import scalar_checks
from minitf.contrib.distributions.util import pick_vector
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.core.tensor_shape import TensorShape, dimension_value
from minitf.distributions.categorical import Categorical
from minitf.distributions.distribution import FULLY_REPARAMETERIZED, Distribution
from minitf.distributions.normal import Normal
from minitf.nn.activation import softmax
from minitf.ops.array.basics import (
    broadcast_dynamic_shape,
    broadcast_static_shape,
    ones,
    reshape,
    shape,
    zeros_like,
)
from minitf.ops.array.indexing import gather
from minitf.ops.array.joining import concat, stack, unstack
from minitf.ops.array.sequences import range as numbers
from minitf.ops.control_flow.check import assert_equal
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.linalg.diagonal import matrix_diag_part
from minitf.ops.linalg.linear_operator_identity import (
    LinearOperatorIdentity,
    LinearOperatorScaledIdentity,
)
from minitf.ops.linalg.linear_operators import (
    LinearOperatorDiag,
    LinearOperatorFullMatrix,
    LinearOperatorLowerTriangular,
)
from minitf.ops.math.elementwise import log
from minitf.ops.random.draws import salted
from minitf.ops.reduction.reduce import reduce_logsumexp, reduce_prod, reduce_sum
from minitf.ops.reduction.scan import add_n


def quadrature_scheme_softmaxnormal_gauss_hermite(
    normal_loc, normal_scale, quadrature_size, validate_args=False, name=None
):
    """(grid [..., 2, quadrature_size], probs [quadrature_size]) for the softmax of normal numbers,
    by the quadrature of Gauss and Hermite."""
    given = [normal_loc, normal_scale]
    with name_scope(name, "quadrature_scheme_softmaxnormal_gauss_hermite", given):
        loc, scale = _mixing(normal_loc, normal_scale, validate_args)
        grid, probs = gauss_hermite(quadrature_size, loc.dtype)
        logits = loc[..., None] + math.sqrt(2.0) * scale[..., None] * grid
        return softmax(concat([zeros_like(logits), -logits], axis=-2), axis=-2), probs


def quadrature_scheme_softmaxnormal_quantiles(
    normal_loc, normal_scale, quadrature_size, validate_args=False, name=None
):
    """(grid [..., 2, quadrature_size], probs [quadrature_size]) for the softmax of normal numbers:
    the middles between its quantiles, equally likely."""
    with name_scope(name, "softmax_normal_grid_and_probs", [normal_loc, normal_scale]):
        loc, scale = _mixing(normal_loc, normal_scale, validate_args)
        normal = Normal(loc=loc, scale=scale)

        def quantile(edges):
            return SoftmaxCentered().forward(normal.quantile(edges))

        return between_quantiles(normal, quadrature_size, quantile)


def _mixing(loc, scale, validate_args):
    """Both as tensors, whose last axis is that of the components but one: NotImplementedError for
    more than two of them."""
    loc = convert_to_tensor(loc, name="normal_loc")
    scale = convert_to_tensor(scale, dtype=loc.dtype.base_dtype, name="normal_scale")
    if scale.shape.ndims == 0:
        raise ValueError("Mixing params must be a (batch of) vector; normal_scale.rank=0 is not at "
                         "least one.")  # fmt: skip
    count = dimension_value(scale.shape.with_rank_at_least(1)[-1])
    said = f"Currently only bimixtures are supported; normal_scale.shape[-1]={count} is not 1."
    if count not in (None, 1):
        raise NotImplementedError(said)
    if count is None and validate_args:
        scale = with_dependencies([assert_equal(shape(scale)[-1], 1, message=said)], scale)
    return loc, scale


class VectorDiffeomixture(Distribution):
    """Vectors z, independent ones of `distribution`, through one of two affine functions, or
    something between: of the first one's share w and 1 - w of the other's, for

        w = softmax([0, (mix_loc + normal number) / temperature])

    taken on a grid that `quadrature_fn` gives. `loc` and `scale` are lists of two, the scales being
    LinearOperators. ValueError, NotImplementedError for another number.
    """

    def __init__(
        self,
        mix_loc,
        temperature,
        distribution,
        loc=None,
        scale=None,
        quadrature_size=8,
        quadrature_fn=quadrature_scheme_softmaxnormal_quantiles,
        validate_args=False,
        allow_nan_stats=True,
        name="VectorDiffeomixture",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[mix_loc, temperature]) as name:
            loc, dtype = _checked(loc, scale, validate_args)
            self._endpoint_affine = [
                AffineLinearOperator(shift, each, validate_args, f"endpoint_affine_{k}")
                for k, (shift, each) in enumerate(zip(loc, scale))
            ]
            mix_loc = convert_to_tensor(mix_loc, dtype=dtype, name="mix_loc")
            temperature = convert_to_tensor(temperature, dtype=dtype, name="temperature")
            self._grid, probs = quadrature_fn(mix_loc / temperature, 1.0 / temperature,
                                              quadrature_size, validate_args)  # fmt: skip
            self._mixture_distribution = Categorical(logits=log(probs), validate_args=validate_args,
                                                     allow_nan_stats=allow_nan_stats)  # fmt: skip
            checks = scalar_checks(distribution, dtype, validate_args)
            self._grid = with_dependencies(checks, self._grid) if checks else self._grid
            self._distribution = distribution
            self._interpolated_affine = [
                AffineLinearOperator(_shift_at(self._grid, loc, k), _scale_at(self._grid, scale, k),
                                     validate_args, f"interpolated_affine_{k}")
                for k in range(_grid_size(self._grid))
            ]  # fmt: skip
            parents = [*distribution._graph_parents, *(each for each in loc if each is not None),
                       *(parent for each in scale for parent in each.graph_parents)]  # fmt: skip
            super().__init__(dtype, FULLY_REPARAMETERIZED, validate_args, allow_nan_stats,
                             parameters, parents, name)  # fmt: skip

    @property
    def mixture_distribution(self):
        """What chooses a place of the grid."""
        return self._mixture_distribution

    @property
    def distribution(self):
        """That of the elements of z."""
        return self._distribution

    @property
    def grid(self):
        """The shares of both functions, [..., 2, quadrature_size]."""
        return self._grid

    @property
    def endpoint_affine(self):
        """Both functions."""
        return self._endpoint_affine

    @property
    def interpolated_affine(self):
        """What is between them, one for each place of the grid."""
        return self._interpolated_affine

    def _batch_shape_tensor(self):
        sizes = [shape(self.grid)[:-2]]
        for each in self.endpoint_affine:
            sizes += [] if each.shift is None else [shape(each.shift)[:-1]]
            sizes.append(each.scale.batch_shape_tensor())
        return functools.reduce(broadcast_dynamic_shape, sizes)

    def _batch_shape(self):
        sizes = [self.grid.shape[:-2]]
        for each in self.endpoint_affine:
            sizes += [] if each.shift is None else [each.shift.shape[:-1]]
            sizes.append(each.scale.batch_shape)
        return functools.reduce(broadcast_static_shape, sizes)

    def _event_shape_tensor(self):
        return self.endpoint_affine[0].scale.range_dimension_tensor()[None]

    def _event_shape(self):
        return TensorShape([self.endpoint_affine[0].scale.range_dimension])

    def _sample_n(self, n, seed=None):
        batch, event = self.batch_shape_tensor(), self.event_shape_tensor()
        z = self.distribution.sample(concat([[n], batch, event], 0), seed=seed)
        first, second = (each.forward(z) for each in self.endpoint_affine)
        share = self._shares(n, batch, salted(seed, "vector_diffeomixture"))
        return share * (first - second) + second

    def _shares(self, n, batch, seed):
        """[n, *batch, 1] of the first function."""
        count, own = reduce_prod(batch), self.mixture_distribution.batch_shape_tensor()
        each = pick_vector(self.is_scalar_batch(), constant([], dtype=int32),
                           [count // reduce_prod(own)])  # fmt: skip
        chosen = self.mixture_distribution.sample(concat([[n], each], 0), seed=seed)
        stride = reduce_prod(shape(self.grid)[-2:])
        places = reshape(chosen, [n, -1]) + stride * numbers(0, count)
        return reshape(gather(reshape(self.grid, [-1]), places), concat([[n], batch, [1]], 0))

    def _log_prob(self, x):
        inverses = stack([each.inverse(x) for each in self.interpolated_affine], axis=-1)
        of_z = reduce_sum(self.distribution.log_prob(inverses), axis=-2)
        log_dets = stack([each.forward_log_det_jacobian(x, event_ndims=1)
                          for each in self.interpolated_affine], axis=-1)  # fmt: skip
        weighted = self.mixture_distribution.logits - log_dets + of_z
        return reduce_logsumexp(weighted, axis=-1)

    def _of_grid(self, parts, ndims):
        """The mean of what is at each place of the grid, with so many axes for an event."""
        probs = unstack(self.mixture_distribution.probs, axis=-1, num=len(parts))
        return add_n([p[(..., *[None] * ndims)] * part for p, part in zip(probs, parts)])

    def _means(self):
        sizes = concat([self.batch_shape_tensor(), self.event_shape_tensor()], 0)
        of_z = self.distribution.mean() * ones(sizes, dtype=self.dtype)
        return [each.forward(of_z) for each in self.interpolated_affine]

    def _mean(self):
        return self._of_grid(self._means(), 1)

    def _covariance(self):
        mean, spread = self._mean(), self.distribution.variance()[..., None, None]
        apart = [each - mean for each in self._means()]
        inside = [each.scale.matmul(each.scale.to_dense(), adjoint_arg=True)
                  for each in self.interpolated_affine]  # fmt: skip
        return self._of_grid(
            [spread * own + d[..., :, None] * d[..., None, :] for own, d in zip(inside, apart)], 2
        )

    def _variance(self):
        return matrix_diag_part(self._covariance())


def _checked(loc, scale, validate_args):
    """The shifts as tensors and the type of all. ValueError, TypeError for what does not fit."""
    if not scale or len(scale) < 2:
        raise ValueError("Must specify list (or list-like object) of scale LinearOperators, one "
                         "for each component with num_component >= 2.")  # fmt: skip
    loc = [None] * len(scale) if loc is None else loc
    if len(loc) != len(scale):
        raise ValueError("loc/scale must be same-length lists (or same-length list-like objects).")
    dtype = scale[0].dtype.base_dtype
    for k, each in enumerate(scale):
        if validate_args and not each.is_positive_definite:
            raise ValueError(f"scale[{k}].is_positive_definite = {each.is_positive_definite} != "
                             "True")  # fmt: skip
        if each.dtype.base_dtype != dtype:
            raise TypeError(f'dtype mismatch; scale[{k}].base_dtype="{each.dtype.base_dtype.name}" '
                            f'!= "{dtype.name}"')  # fmt: skip
    if len(scale) != 2:
        raise NotImplementedError(f"Currently only bimixtures are supported; len(scale)="
                                  f"{len(scale)} is not 2.")  # fmt: skip
    return [each if each is None else convert_to_tensor(each, dtype=dtype, name=f"loc{k}")
            for k, each in enumerate(loc)], dtype  # fmt: skip


def _grid_size(grid):
    size = dimension_value(grid.shape.with_rank_at_least(1)[-1])
    if size is None:
        raise ValueError("Num quadrature grid points must be known prior to graph execution.")
    return size


def _shift_at(grid, loc, k):
    parts = [grid[..., i, k, None] * each for i, each in enumerate(loc) if each is not None]
    return functools.reduce(operator.add, parts) if parts else None


def _scale_at(grid, scale, k):
    """The sum of both operators with their shares, in the simplest form that both have."""
    shares = [grid[..., i, k] for i in range(2)]
    hints = {hint: all(getattr(each, hint) for each in scale) or None
             for hint in ("is_non_singular", "is_self_adjoint", "is_positive_definite")}
    multiples = [_multiplier(each) for each in scale]
    if None not in multiples:
        whole = shares[0] * multiples[0] + shares[1] * multiples[1]
        rows = scale[0].range_dimension_tensor()
        return LinearOperatorScaledIdentity(rows, whole, **hints)
    if all(is_diagonal(each) for each in scale):
        parts = [share[..., None] * each.diag_part() for share, each in zip(shares, scale)]
        return LinearOperatorDiag(parts[0] + parts[1], **hints)
    parts = [share[..., None, None] * each.to_dense() for share, each in zip(shares, scale)]
    lower = all(is_diagonal(each) or isinstance(each, LinearOperatorLowerTriangular)
                for each in scale)  # fmt: skip
    kind = LinearOperatorLowerTriangular if lower else LinearOperatorFullMatrix
    return kind(parts[0] + parts[1], **hints)


def _multiplier(operator):
    """What the identity is multiplied by, None for other operators."""
    if isinstance(operator, LinearOperatorIdentity):
        return ones([], dtype=operator.dtype)
    return operator.multiplier if isinstance(operator, LinearOperatorScaledIdentity) else None
