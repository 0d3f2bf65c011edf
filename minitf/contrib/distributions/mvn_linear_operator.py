"""Normal distributions of vectors, scaled by a LinearOperator."""
from minitf.contrib.distributions.on_vectors import is_diagonal
from minitf.contrib.distributions.vectors import OfVectors
from minitf.core.graph import name_scope
from minitf.distributions.kullback_leibler import RegisterKL
from minitf.distributions.normal import Normal
from minitf.ops.array.basics import broadcast_static_shape, ones, zeros
from minitf.ops.math.elementwise import cast, square
from minitf.ops.reduction.reduce import reduce_sum


class MultivariateNormalLinearOperator(OfVectors):
    """The normal distributions of mean `loc`, 0 when it is None, and covariance scale scale^T, for
    the LinearOperator `scale`. ValueError, TypeError without one of floats."""

    def __init__(
        self,
        loc=None,
        scale=None,
        validate_args=False,
        allow_nan_stats=True,
        name="MultivariateNormalLinearOperator",
    ):
        super().__init__(_standard, loc, scale, validate_args, name, dict(locals()))


def _standard(dtype):
    return Normal(loc=zeros([], dtype=dtype), scale=ones([], dtype=dtype))


@RegisterKL(MultivariateNormalLinearOperator, MultivariateNormalLinearOperator)
def _(a, b, name=None):
    parents = [a.loc, b.loc, *a.scale.graph_parents, *b.scale.graph_parents]
    with name_scope(name, "kl_mvn", values=parents):
        if is_diagonal(a.scale) and is_diagonal(b.scale):
            ratio = (a.stddev() / b.stddev())[..., None]
        else:
            ratio = b.scale.solve(a.scale.to_dense())
        apart = b.scale.solve((b.mean() - a.mean())[..., None])
        count = cast(a.scale.domain_dimension_tensor(), a.dtype)
        spread = b.scale.log_abs_determinant() - a.scale.log_abs_determinant()
        found = spread + 0.5 * (-count + _squared_norm(ratio) + _squared_norm(apart))
        found.set_shape(broadcast_static_shape(a.batch_shape, b.batch_shape))
        return found


def _squared_norm(x):
    return reduce_sum(square(x), axis=[-2, -1])
