"""Proximal optimizers: after the step, shrink towards zero (Duchi and Singer 2009)."""

from minitf.core.convert import convert_to_tensor
from minitf.ops.array.indexing import gather
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, maximum, rsqrt, sign, square
from minitf.ops.math.operators import abs as absolute
from minitf.ops.state.assign import assign, assign_add, scatter_update
from minitf.ops.state.initializers import Constant
from minitf.train.optimizer import Optimizer

_CONSTANTS = ("learning_rate", "l1_regularization_strength", "l2_regularization_strength")


def _shrunk(moved, rate, l1, l2):
    """The point nearest to `moved` under the penalty l1 |w| + l2/2 w**2, weighted by the rate."""
    return sign(moved) * maximum(absolute(moved) - rate * l1, 0.0) / (1.0 + l2 * rate)


def _convert_constants(optimizer):
    for name in _CONSTANTS:
        value = convert_to_tensor(getattr(optimizer, f"_{name}"), name=name)
        setattr(optimizer, f"_{name}_tensor", value)


def _constants(optimizer, var):
    dtype = var.dtype.base_dtype
    return [cast(getattr(optimizer, f"_{name}_tensor"), dtype) for name in _CONSTANTS]


class ProximalGradientDescentOptimizer(Optimizer):
    """Gradient descent under an L1 and L2 penalty that makes weights exactly zero."""

    _nodes = ((1, 1), (8, 8))

    def __init__(
        self,
        learning_rate,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        use_locking=False,
        name="ProximalGradientDescent",
    ):
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._l1_regularization_strength = l1_regularization_strength
        self._l2_regularization_strength = l2_regularization_strength

    def _prepare(self):
        _convert_constants(self)

    def _apply_dense(self, grad, var):
        rate, l1, l2 = _constants(self, var)
        moved = _shrunk(var - grad * rate, rate, l1, l2)
        return assign(var, moved, name="ApplyProximalGradientDescent").op

    def _apply_sparse(self, grad, var):
        rate, l1, l2 = _constants(self, var)
        rows = grad.indices
        moved = _shrunk(gather(var, rows) - grad.values * rate, rate, l1, l2)
        return scatter_update(var, rows, moved, name="SparseApplyProximalGradientDescent").op


class ProximalAdagradOptimizer(Optimizer):
    """Adagrad under an L1 and L2 penalty that makes weights exactly zero.

    Raises ValueError unless `initial_accumulator_value` is positive.
    """

    _nodes = ((1, 1), (8, 8))

    def __init__(
        self,
        learning_rate,
        initial_accumulator_value=0.1,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        use_locking=False,
        name="ProximalAdagrad",
    ):
        if initial_accumulator_value <= 0.0:
            raise ValueError(
                f"initial_accumulator_value must be positive: {initial_accumulator_value}"
            )
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._initial_accumulator_value = initial_accumulator_value
        self._l1_regularization_strength = l1_regularization_strength
        self._l2_regularization_strength = l2_regularization_strength

    def _create_slots(self, var_list):
        for var in var_list:
            dtype = var.dtype.base_dtype
            start = Constant(self._initial_accumulator_value, dtype)
            self._get_or_make_slot_with_initializer(
                var, start, var.get_shape(), dtype, "accumulator", self._name
            )

    def _prepare(self):
        _convert_constants(self)

    def _apply_dense(self, grad, var):
        rate, l1, l2 = _constants(self, var)
        rates = rate * rsqrt(assign_add(self.get_slot(var, "accumulator"), square(grad)))
        moved = _shrunk(var - grad * rates, rates, l1, l2)
        return assign(var, moved, name="ApplyProximalAdagrad").op

    def _apply_sparse(self, grad, var):
        rate, l1, l2 = _constants(self, var)
        slot, rows = self.get_slot(var, "accumulator"), grad.indices
        total = gather(slot, rows) + square(grad.values)
        rates = rate * rsqrt(total)
        moved = _shrunk(gather(var, rows) - grad.values * rates, rates, l1, l2)
        kept = scatter_update(slot, rows, total), scatter_update(var, rows, moved)
        return group(*kept, name="SparseApplyProximalAdagrad")
