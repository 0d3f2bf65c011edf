"""Gradient descent."""

from minitf.core.convert import convert_to_tensor
from minitf.ops.math.elementwise import cast
from minitf.ops.state.assign import assign_sub, scatter_sub
from minitf.train.optimizer import Optimizer


class GradientDescentOptimizer(Optimizer):
    """`w -= learning_rate * gradient`. The rate is a number, a Tensor or a function."""

    _nodes = ((1, 1), (2, 4))

    def __init__(self, learning_rate, use_locking=False, name="GradientDescent"):
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._learning_rate_tensor = None

    def _prepare(self):
        rate = self._call_if_callable(self._learning_rate)
        self._learning_rate_tensor = convert_to_tensor(rate, name="learning_rate")

    def _apply_dense(self, grad, var):
        rate = cast(self._learning_rate_tensor, var.dtype.base_dtype)
        return assign_sub(var, rate * grad, name="ApplyGradientDescent").op

    def _apply_sparse_duplicate_indices(self, grad, var):
        rate = cast(self._learning_rate_tensor, var.dtype.base_dtype)
        return scatter_sub(var, grad.indices, grad.values * rate).op
