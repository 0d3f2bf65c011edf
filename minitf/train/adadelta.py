"""Adadelta (Zeiler 2012)."""

from minitf.core.convert import convert_to_tensor
from minitf.ops.array.indexing import gather
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, rsqrt, sqrt, square
from minitf.ops.state.assign import assign, assign_sub, scatter_sub, scatter_update
from minitf.train.optimizer import Optimizer


class AdadeltaOptimizer(Optimizer):
    """Steps whose size is that of the steps before, over that of the gradients before.

    accum = rho * accum + (1 - rho) * gradient ** 2
    step = sqrt(accum_update + epsilon) / sqrt(accum + epsilon) * gradient
    accum_update = rho * accum_update + (1 - rho) * step ** 2
    w -= learning_rate * step
    """

    _nodes = ((1, 1), (8, 8))

    def __init__(
        self, learning_rate=0.001, rho=0.95, epsilon=1e-8, use_locking=False, name="Adadelta"
    ):
        super().__init__(use_locking, name)
        self._lr, self._rho, self._epsilon = learning_rate, rho, epsilon

    def _create_slots(self, var_list):
        for var in var_list:
            self._zeros_slot(var, "accum", self._name)
            self._zeros_slot(var, "accum_update", self._name)

    def _prepare(self):
        for name in ("lr", "rho", "epsilon"):
            value = self._call_if_callable(getattr(self, f"_{name}"))
            setattr(self, f"_{name}_t", convert_to_tensor(value, name=name))

    def _step(self, grad, squares, steps, var):
        """The step, both running means, and the rate."""
        constants = (self._lr_t, self._rho_t, self._epsilon_t)
        rate, rho, epsilon = (cast(each, var.dtype.base_dtype) for each in constants)
        squares = squares * rho + square(grad) * (1 - rho)
        step = sqrt(steps + epsilon) * rsqrt(squares + epsilon) * grad
        return step, squares, steps * rho + square(step) * (1 - rho), rate

    def _apply_dense(self, grad, var):
        accum, accum_update = self.get_slot(var, "accum"), self.get_slot(var, "accum_update")
        step, squares, steps, rate = self._step(grad, accum.value(), accum_update.value(), var)
        moved = assign_sub(var, step * rate)
        return group(
            moved, assign(accum, squares), assign(accum_update, steps), name="ApplyAdadelta"
        )

    def _apply_sparse(self, grad, var):
        rows = grad.indices
        accum, accum_update = self.get_slot(var, "accum"), self.get_slot(var, "accum_update")
        before = gather(accum, rows), gather(accum_update, rows)
        step, squares, steps, rate = self._step(grad.values, *before, var)
        kept = scatter_update(accum, rows, squares), scatter_update(accum_update, rows, steps)
        return group(scatter_sub(var, rows, step * rate), *kept, name="SparseApplyAdadelta")
