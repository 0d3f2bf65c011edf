"""`tf.contrib.distributions.bijectors.FillTriangular`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector
from minitf.contrib.distributions.util import (
    fill_triangular,
    fill_triangular_inverse,
    side_of_triangle,
)
from minitf.core.dtypes import float32
from minitf.core.tensor_shape import dimension_value
from minitf.ops.array.basics import zeros_like
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.check import assert_equal
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.math.elementwise import cast, floor, sqrt


class FillTriangular(Bijector):
    """Vectors as lower triangular matrices, or upper ones, filled in a spiral: see
    `tf.contrib.distributions.fill_triangular`."""

    def __init__(self, upper=False, validate_args=False, name="fill_triangular"):
        self._upper = upper
        super().__init__(forward_min_event_ndims=1, inverse_min_event_ndims=2,
                         validate_args=validate_args, name=name)  # fmt: skip

    def _forward(self, x):
        return fill_triangular(x, upper=self._upper)

    def _inverse(self, y):
        return fill_triangular_inverse(y, upper=self._upper)

    def _forward_log_det_jacobian(self, x):
        return zeros_like(x[..., 0])

    def _inverse_log_det_jacobian(self, y):
        return zeros_like(y[..., 0, 0])

    def _forward_event_shape(self, input_shape):
        length = dimension_value(input_shape.with_rank_at_least(1)[-1])
        n = None if length is None else side_of_triangle(length)
        return input_shape[:-1].concatenate([n, n])

    def _inverse_event_shape(self, output_shape):
        sizes = output_shape.with_rank_at_least(2)
        rows, columns = dimension_value(sizes[-2]), dimension_value(sizes[-1])
        if rows is None or columns is None:
            return output_shape[:-2].concatenate([None])
        if rows != columns:
            raise ValueError(f"Matrix must be square. (saw [{rows}, {columns}])")
        return output_shape[:-2].concatenate([rows * (rows + 1) // 2])

    def _forward_event_shape_tensor(self, input_shape):
        n = self._side(input_shape[-1])
        return concat([input_shape[:-1], [n, n]], axis=0)

    def _side(self, length):
        n = (-1.0 + sqrt(1 + 8.0 * cast(length, float32))) / 2.0
        if self.validate_args:
            check = assert_equal(floor(n), n, message="Vector length is not a triangular number")
            n = with_dependencies([check], n)
        return cast(n, length.dtype)

    def _inverse_event_shape_tensor(self, output_shape):
        n = output_shape[-1]
        if self.validate_args:
            check = assert_equal(n, output_shape[-2], message="Matrix must be square.")
            n = with_dependencies([check], n)
        return concat([output_shape[:-2], [n * (n + 1) // 2]], axis=0)
