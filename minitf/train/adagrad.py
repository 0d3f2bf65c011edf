"""Adagrad (Duchi et al. 2011)."""

from minitf.core.convert import convert_to_tensor
from minitf.ops.array.basics import fill
from minitf.ops.array.basics import shape as shape_of
from minitf.ops.array.indexing import gather
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, rsqrt, square
from minitf.ops.state.assign import assign_add, assign_sub, scatter_sub, scatter_update
from minitf.ops.state.initializers import Constant
from minitf.train.optimizer import Optimizer


class AdagradOptimizer(Optimizer):
    """Steps divided by the root of the sum of all squared gradients so far.

        accumulator += gradient ** 2
        w -= learning_rate * gradient / sqrt(accumulator)

    Raises ValueError unless `initial_accumulator_value` is positive.
    """

    _nodes = ((1, 1), (8, 8))

    def __init__(
        self, learning_rate, initial_accumulator_value=0.1, use_locking=False, name="Adagrad"
    ):
        if initial_accumulator_value <= 0.0:
            raise ValueError(
                f"initial_accumulator_value must be positive: {initial_accumulator_value}"
            )
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial_accumulator_value = initial_accumulator_value

    def _create_slots(self, var_list):
        for var in var_list:
            shape, dtype = var.get_shape(), var.dtype.base_dtype
            start = Constant(self._initial_accumulator_value, dtype)
            if not shape.is_fully_defined():
                start = self._filled(var)
            self._get_or_make_slot_with_initializer(
                var, start, shape, dtype, "accumulator", self._name
            )

    def _filled(self, var):
        sizes = shape_of(var.initialized_value())
        return fill(sizes, cast(self._initial_accumulator_value, var.dtype.base_dtype))

    def _prepare(self):
        rate = self._call_if_callable(self._learning_rate)
        self._learning_rate_tensor = convert_to_tensor(rate, name="learning_rate")

    def _apply_dense(self, grad, var):
        rate = cast(self._learning_rate_tensor, var.dtype.base_dtype)
        total = assign_add(self.get_slot(var, "accumulator"), square(grad))
        return assign_sub(var, grad * rate * rsqrt(total), name="ApplyAdagrad").op

    def _apply_sparse(self, grad, var):
        rate = cast(self._learning_rate_tensor, var.dtype.base_dtype)
        slot, rows, values = self.get_slot(var, "accumulator"), grad.indices, grad.values
        total = gather(slot, rows) + square(values)
        step = scatter_sub(var, rows, values * rate * rsqrt(total))
        return group(scatter_update(slot, rows, total), step, name="SparseApplyAdagrad")
