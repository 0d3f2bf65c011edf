"""Dual averaging with Adagrad's steps (Duchi et al. 2011)."""

from minitf.core.convert import convert_to_tensor
from minitf.core.graph import colocate_with
from minitf.ops.array.basics import identity
from minitf.ops.array.indexing import gather
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, maximum, sign, sqrt, square
from minitf.ops.math.operators import abs as absolute
from minitf.ops.state.assign import assign, assign_add, scatter_update
from minitf.ops.state.initializers import Constant
from minitf.train.optimizer import Optimizer


class AdagradDAOptimizer(Optimizer):
    """Weights anew in each step from the sums of all gradients and of their squares: sparse ones,
    with `l1_regularization_strength`. `step` counts from 1, `global_step` from 0.

        total += gradient;  squares += gradient ** 2
        w = -learning_rate * sign(total) * max(abs(total) - l1 * step, 0)
            / (l2 * step * learning_rate + sqrt(squares))

    Raises ValueError unless `initial_gradient_squared_accumulator_value` is positive.
    """

    _nodes = ((4, 4), (11, 11))

    def __init__(self, learning_rate, global_step, initial_gradient_squared_accumulator_value=0.1,
                 l1_regularization_strength=0.0, l2_regularization_strength=0.0, use_locking=False,
                 name="AdagradDA"):  # fmt: skip
        if initial_gradient_squared_accumulator_value <= 0.0:
            raise ValueError("initial_gradient_squared_accumulator_value must be positive: "
                             f"{initial_gradient_squared_accumulator_value}")  # fmt: skip
        super().__init__(use_locking, name)
        self._learning_rate, self._global_step = learning_rate, global_step
        self._initial_gradient_squared_accumulator_value = (
            initial_gradient_squared_accumulator_value
        )
        self._l1_regularization_strength = l1_regularization_strength
        self._l2_regularization_strength = l2_regularization_strength

    def _create_slots(self, var_list):
        for var in var_list:
            shape, dtype = var.get_shape(), var.dtype.base_dtype
            squares = Constant(self._initial_gradient_squared_accumulator_value, dtype)
            for name, start in (("gradient_accumulator", Constant(0.0, dtype)),
                                ("gradient_squared_accumulator", squares)):  # fmt: skip
                self._get_or_make_slot_with_initializer(
                    var, start, shape, dtype, name, self._name
                )

    def _prepare(self):
        self._learning_rate_tensor = convert_to_tensor(self._learning_rate, name="learning_rate")
        with colocate_with(self._learning_rate_tensor):
            self._global_step_on_worker = identity(self._global_step) + 1

    def _sums_of(self, var):
        names = ("gradient_accumulator", "gradient_squared_accumulator")
        return [self.get_slot(var, name) for name in names]

    def _weights(self, total, squares, dtype):
        rate, step = (cast(x, dtype) for x in (self._learning_rate_tensor,
                                               self._global_step_on_worker))  # fmt: skip
        left = maximum(absolute(total) - self._l1_regularization_strength * step, 0)
        scale = self._l2_regularization_strength * step * rate + sqrt(squares)
        return -rate * sign(total) * left / scale

    def _apply_dense(self, grad, var):
        total, squares = self._sums_of(var)
        sums = assign_add(total, grad), assign_add(squares, square(grad))
        return assign(var, self._weights(*sums, var.dtype.base_dtype), name="ApplyAdagradDA").op

    def _apply_sparse(self, grad, var):
        total, squares = self._sums_of(var)
        rows, values = grad.indices, grad.values
        sums = gather(total, rows) + values, gather(squares, rows) + square(values)
        kept = [scatter_update(slot, rows, new) for slot, new in zip((total, squares), sums)]
        weights = self._weights(*sums, var.dtype.base_dtype)
        return group(*kept, scatter_update(var, rows, weights), name="SparseApplyAdagradDA")
