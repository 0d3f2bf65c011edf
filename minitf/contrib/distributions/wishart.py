"""`tf.contrib.distributions.WishartCholesky` and WishartFull."""
import math

from minitf.contrib.distributions.util import rotate_transpose
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import name_scope
from minitf.core.static import constant_value
from minitf.core.tensor_shape import TensorShape, dimension_value
from minitf.distributions.distribution import FULLY_REPARAMETERIZED, Distribution
from minitf.ops.array.basics import ones, rank, reshape, shape, size
from minitf.ops.array.joining import concat, stack
from minitf.ops.array.rearrange import where_v2
from minitf.ops.array.sequences import linspace
from minitf.ops.control_flow.check import assert_equal, assert_less_equal, assert_positive
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.linalg.bands import matrix_band_part
from minitf.ops.linalg.diagonal import matrix_diag_part, matrix_set_diag
from minitf.ops.linalg.linear_operators import LinearOperatorLowerTriangular
from minitf.ops.linalg.products import matmul
from minitf.ops.linalg.solve import cholesky
from minitf.ops.math.elementwise import cast, log, sqrt, square
from minitf.ops.math.special import digamma, lgamma
from minitf.ops.random.draws import random_normal, salted
from minitf.ops.random.sampling import random_gamma
from minitf.ops.reduction.axes import expand_dims, matrix_transpose
from minitf.ops.reduction.reduce import reduce_sum


class _WishartLinearOperator(Distribution):
    """The distributions of X X^T for X = scale_operator Z, of `df` columns of standard normal
    numbers; with `cholesky_input_output_matrices` values are their Cholesky factors.

    TypeError, ValueError unless the operator is of floats and square, and for less degrees of
    freedom than it has rows.
    """

    def __init__(
        self,
        df,
        scale_operator,
        cholesky_input_output_matrices=False,
        validate_args=False,
        allow_nan_stats=True,
        name=None,
    ):
        parameters = dict(locals())
        self._cholesky_input_output_matrices = cholesky_input_output_matrices
        with name_scope(name) as name, name_scope("init", values=[df]):
            if not scale_operator.dtype.is_floating:
                raise TypeError(f"scale_operator.dtype={scale_operator.dtype} is not a "
                                "floating-point type")  # fmt: skip
            if not scale_operator.is_square:
                raise ValueError("scale_operator must be square.")
            self._scale_operator, dtype = scale_operator, scale_operator.dtype
            self._df = convert_to_tensor(df, dtype=dtype, name="df")
            self._dimension = cast(scale_operator.domain_dimension_tensor(), dtype,
                                   name="dimension")  # fmt: skip
            self._check_df(validate_args)
        super().__init__(dtype, FULLY_REPARAMETERIZED, validate_args, allow_nan_stats, parameters,
                         [self._df, self._dimension, *scale_operator.graph_parents],
                         name)  # fmt: skip

    def _check_df(self, validate_args):
        said = (f"Degrees of freedom (df = {self._df}) cannot be less than dimension of scale "
                f"matrix (scale.dimension = {self._dimension})")  # fmt: skip
        df, size = constant_value(self._df), dimension_value(self.scale_operator.domain_dimension)
        if df is not None and size is not None:
            if (df < size).any():
                raise ValueError(said)
        elif validate_args:
            check = assert_less_equal(self._dimension, self._df, message=said)
            self._df = with_dependencies([check], self._df)

    @property
    def df(self):
        """The degrees of freedom."""
        return self._df

    def scale(self):
        """The scale matrix, or its Cholesky factor if values are."""
        if self.cholesky_input_output_matrices:
            return self.scale_operator.to_dense()
        return self._squared_scale()

    @property
    def scale_operator(self):
        """The LinearOperator that normal numbers are multiplied by."""
        return self._scale_operator

    @property
    def cholesky_input_output_matrices(self):
        """Whether values are Cholesky factors."""
        return self._cholesky_input_output_matrices

    @property
    def dimension(self):
        """The number of rows."""
        return self._dimension

    def _squared_scale(self):
        return self.scale_operator.matmul(self.scale_operator.to_dense(), adjoint_arg=True)

    def _event_shape_tensor(self):
        return stack([self.scale_operator.domain_dimension_tensor()] * 2)

    def _event_shape(self):
        return TensorShape([self.scale_operator.domain_dimension] * 2)

    def _batch_shape_tensor(self):
        return self.scale_operator.batch_shape_tensor()

    def _batch_shape(self):
        return self.scale_operator.batch_shape

    def _sample_n(self, n, seed=None):
        """By Bartlett's decomposition: of a triangular matrix of normal and chi numbers."""
        sizes = concat([[n], self.batch_shape_tensor(), self.event_shape_tensor()], 0)
        x = random_normal(sizes, 0.0, 1.0, dtype=self.dtype, seed=seed)
        df = self.df * ones(self.batch_shape_tensor(), dtype=self.dtype)
        diag = random_gamma([n], self._sequence(0.5 * df), 0.5, dtype=self.dtype,
                            seed=salted(seed, "wishart"))  # fmt: skip
        x = matrix_set_diag(matrix_band_part(x, -1, 0), sqrt(diag))
        x = self._on_columns(self.scale_operator.matmul, x)
        return x if self.cholesky_input_output_matrices else matmul(x, x, adjoint_b=True)

    def _on_columns(self, function, x):
        """A function of matrices [batch, rows, columns] of all samples' columns together."""
        sizes, ndims = shape(x), size(self.batch_shape_tensor()) + 2
        lead = rank(x) - ndims
        turned = rotate_transpose(x, -lead)
        wide = reshape(turned, concat([sizes[lead:-1], [-1]], 0))
        found = reshape(function(wide), concat([sizes[lead:], sizes[:lead]], 0))
        return rotate_transpose(found, lead)

    def _log_prob(self, x):
        factor = x if self.cholesky_input_output_matrices else cholesky(x)
        inner = self._on_columns(self.scale_operator.solve, factor)
        trace = reduce_sum(square(inner), axis=[-2, -1])
        half_log_det = reduce_sum(log(matrix_diag_part(factor)), axis=[-1])
        found = (self.df - self.dimension - 1.0) * half_log_det - 0.5 * trace
        return found - self.log_normalization()

    def _entropy(self):
        half, half_df = 0.5 * self.dimension + 0.5, 0.5 * self.df
        return (self.dimension * (half_df + half * math.log(2.0))
                + 2 * half * self.scale_operator.log_abs_determinant()
                + self._multi_lgamma(half_df)
                + (half - half_df) * self._multi_digamma(half_df))  # fmt: skip

    def _mean(self):
        if self.cholesky_input_output_matrices:
            return sqrt(self.df) * self.scale_operator.to_dense()
        return self.df * self._squared_scale()

    def _variance(self):
        x = sqrt(self.df) * self._squared_scale()
        diag = expand_dims(matrix_diag_part(x), -1)
        found = square(x) + matmul(diag, diag, adjoint_b=True)
        return cholesky(found) if self.cholesky_input_output_matrices else found

    def _stddev(self):
        if self.cholesky_input_output_matrices:
            raise ValueError("Computing std. dev. when is cholesky_input_output_matrices=True does "
                             "not make sense.")  # fmt: skip
        return cholesky(self.variance())

    def _mode(self):
        count = self.df - self.dimension - 1.0
        count = where_v2(count < 0.0, constant(math.nan, dtype=self.dtype, name="nan"), count)
        if self.cholesky_input_output_matrices:
            return sqrt(count) * self.scale_operator.to_dense()
        return count * self._squared_scale()

    def mean_log_det(self, name="mean_log_det"):
        """The mean of the logarithm of the determinant."""
        with self._name_scope(name):
            return (self._multi_digamma(0.5 * self.df) + self.dimension * math.log(2.0)
                    + 2 * self.scale_operator.log_abs_determinant())  # fmt: skip

    def log_normalization(self, name="log_normalization"):
        """The logarithm of what densities are divided by."""
        with self._name_scope(name):
            return (self.df * self.scale_operator.log_abs_determinant()
                    + 0.5 * self.df * self.dimension * math.log(2.0)
                    + self._multi_lgamma(0.5 * self.df))  # fmt: skip

    def _sequence(self, a):
        """a, a - 1/2, a - 1, ..., of as many numbers as there are rows."""
        p = self.dimension
        steps = linspace(constant(0.0, dtype=self.dtype), 0.5 - 0.5 * p, cast(p, int32))
        return steps + expand_dims(a, -1)

    def _multi_lgamma(self, a):
        p = self.dimension
        total = reduce_sum(lgamma(self._sequence(a)), axis=[-1])
        return 0.25 * p * (p - 1.0) * math.log(math.pi) + total

    def _multi_digamma(self, a):
        return reduce_sum(digamma(self._sequence(a)), axis=[-1])


class WishartCholesky(_WishartLinearOperator):
    """The Wishart distributions of `df` degrees of freedom and scale L L^T, for the lower
    triangular matrix L = `scale`.

    With `cholesky_input_output_matrices` values are Cholesky factors. `validate_args` lets a scale
    raise in the run that is not square, or whose diagonal is not positive.
    """

    def __init__(
        self,
        df,
        scale,
        cholesky_input_output_matrices=False,
        validate_args=False,
        allow_nan_stats=True,
        name="WishartCholesky",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[scale]) as name:
            with name_scope("init", values=[scale]):
                scale = convert_to_tensor(scale)
                if validate_args:
                    said = "scale must be positive definite"
                    checks = [assert_positive(matrix_diag_part(scale), message=said),
                              assert_equal(shape(scale)[-1], shape(scale)[-2],
                                           message="scale must be square")]  # fmt: skip
                    scale = with_dependencies(checks, scale)
            super().__init__(df, _lower(scale), cholesky_input_output_matrices, validate_args,
                             allow_nan_stats, name)  # fmt: skip
        self._parameters = parameters


class WishartFull(_WishartLinearOperator):
    """The Wishart distributions of `df` degrees of freedom and the scale matrix `scale`.

    With `cholesky_input_output_matrices` values are Cholesky factors. `validate_args` lets a scale
    raise in the run that is not symmetric.
    """

    def __init__(
        self,
        df,
        scale,
        cholesky_input_output_matrices=False,
        validate_args=False,
        allow_nan_stats=True,
        name="WishartFull",
    ):
        parameters = dict(locals())
        with name_scope(name) as name, name_scope("init", values=[scale]):
            scale = convert_to_tensor(scale)
            if validate_args:
                same = assert_equal(scale, matrix_transpose(scale))
                scale = with_dependencies([same], scale)
            factor = cholesky(scale)
            if validate_args:
                factor = with_dependencies([assert_positive(matrix_diag_part(factor))], factor)
        super().__init__(df, _lower(factor), cholesky_input_output_matrices, validate_args,
                         allow_nan_stats, name)  # fmt: skip
        self._parameters = parameters


def _lower(tril):
    return LinearOperatorLowerTriangular(tril, is_non_singular=True, is_positive_definite=True,
                                         is_square=True)  # fmt: skip
