"""Momentum, plain and Nesterov's."""

from minitf.core.convert import convert_to_tensor
from minitf.ops.array.indexing import gather
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast
from minitf.ops.state.assign import assign, assign_sub, scatter_sub, scatter_update
from minitf.train.optimizer import Optimizer


class MomentumOptimizer(Optimizer):
    """`v = momentum * v + gradient; w -= learning_rate * v`.

    With `use_nesterov`, `w -= learning_rate * (gradient + momentum * v)` (Sutskever et al. 2013).
    """

    _nodes = ((1, 1), (8, 8))

    def __init__(
        self, learning_rate, momentum, use_locking=False, name="Momentum", use_nesterov=False
    ):
        super().__init__(use_locking, name)
        self._learning_rate, self._momentum = learning_rate, momentum
        self._use_nesterov = use_nesterov

    def _create_slots(self, var_list):
        for var in var_list:
            self._zeros_slot(var, "momentum", self._name)

    def _prepare(self):
        rate = self._call_if_callable(self._learning_rate)
        self._learning_rate_tensor = convert_to_tensor(rate, name="learning_rate")
        momentum = self._call_if_callable(self._momentum)
        self._momentum_tensor = convert_to_tensor(momentum, name="momentum")

    def _apply_dense(self, grad, var):
        slot = self.get_slot(var, "momentum")
        rate, momentum = self._constants(var)
        velocity = assign(slot, slot * momentum + grad)
        return assign_sub(var, self._step(grad, velocity, rate, momentum), name="ApplyMomentum").op

    def _apply_sparse(self, grad, var):
        slot, rows = self.get_slot(var, "momentum"), grad.indices
        rate, momentum = self._constants(var)
        velocity = gather(slot, rows) * momentum + grad.values
        kept = scatter_update(slot, rows, velocity)
        step = self._step(grad.values, velocity, rate, momentum)
        return group(kept, scatter_sub(var, rows, step), name="SparseApplyMomentum")

    def _constants(self, var):
        dtype = var.dtype.base_dtype
        return cast(self._learning_rate_tensor, dtype), cast(self._momentum_tensor, dtype)

    def _step(self, grad, velocity, rate, momentum):
        if self._use_nesterov:
            return grad * rate + velocity * momentum * rate
        return velocity * rate
