"""Distributions of vectors loc + scale z, of independent numbers z."""
from minitf.contrib.distributions.bijectors.affine_linear_operator import AffineLinearOperator
from minitf.contrib.distributions.on_vectors import is_diagonal, shapes_of
from minitf.contrib.distributions.transformed_distribution import TransformedDistribution
from minitf.contrib.distributions.util import optional_tensor
from minitf.core.graph import name_scope
from minitf.ops.array.basics import identity, zeros
from minitf.ops.array.joining import concat
from minitf.ops.linalg.diagonal import matrix_diag, matrix_diag_part
from minitf.ops.math.elementwise import sqrt, square
from minitf.ops.math.operators import abs as magnitude


class OfVectors(TransformedDistribution):
    """`standard(dtype)` is the distribution of z, `scale` a LinearOperator of floats: ValueError,
    TypeError without one. `loc` is 0 when it is None."""

    SPREAD = 1.0  # the standard deviation of z

    def __init__(self, standard, loc, scale, validate_args, name, parameters):
        if scale is None:
            raise ValueError("Missing required `scale` parameter.")
        if not scale.dtype.is_floating:
            raise TypeError("`scale` parameter must have floating-point dtype.")
        with name_scope(name, values=[loc, *scale.graph_parents]) as name:
            loc = optional_tensor(loc, "loc")
            batch_shape, event_shape = shapes_of(loc, scale)
        bijector = AffineLinearOperator(loc, scale, validate_args)
        super().__init__(standard(scale.dtype), bijector, batch_shape, event_shape, validate_args,
                         name)  # fmt: skip
        self._parameters = parameters

    @property
    def loc(self):
        """What is added, None for 0."""
        return self.bijector.shift

    @property
    def scale(self):
        """The LinearOperator that z is multiplied by."""
        return self.bijector.scale

    def _nothing(self):
        """Zeros of the shape of one sample."""
        sizes = [self.batch_shape_tensor(), self.event_shape_tensor()]
        return zeros(concat(sizes, 0), self.dtype)

    def _mean(self):
        return self._nothing() if self.loc is None else identity(self.loc) + self._nothing()

    def _mode(self):
        return OfVectors._mean(self)

    def _covariance(self):
        if is_diagonal(self.scale):
            return matrix_diag(self._variance())
        return self._spread(self._square(), 2)

    def _variance(self):
        if is_diagonal(self.scale):
            return self._spread(square(self.scale.diag_part()), 2)
        return self._spread(matrix_diag_part(self._square()), 2)

    def _stddev(self):
        if is_diagonal(self.scale):
            return self._spread(magnitude(self.scale.diag_part()), 1)
        return self._spread(sqrt(matrix_diag_part(self._square())), 1)

    def _square(self):
        return self.scale.matmul(self.scale.to_dense(), adjoint_arg=True)

    def _spread(self, of_scale, power):
        return of_scale if self.SPREAD == 1.0 else self.SPREAD**power * of_scale
