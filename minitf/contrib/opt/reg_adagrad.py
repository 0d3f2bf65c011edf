"""`tf.contrib.opt.RegAdagradOptimizer`: Adagrad that can step without learning from the step."""
from contextlib import contextmanager

from minitf.ops.array.indexing import gather
from minitf.ops.math.elementwise import cast, rsqrt
from minitf.ops.state.assign import assign_sub, scatter_sub
from minitf.train.adagrad import AdagradOptimizer


class RegAdagradOptimizer(AdagradOptimizer):
    """Adagrad whose accumulators stay as they are for gradients that are applied within
    `avoid_updating_slots()`, such as those of penalties."""

    def __init__(self, learning_rate, initial_accumulator_value=0.1, use_locking=False,
                 name="RegAdagrad"):  # fmt: skip
        super().__init__(learning_rate, initial_accumulator_value, use_locking, name)
        self._should_update_slots = True

    @contextmanager
    def avoid_updating_slots(self):
        """A scope in which steps leave the accumulators alone."""
        before, self._should_update_slots = self._should_update_slots, False
        try:
            yield
        finally:
            self._should_update_slots = before

    def _apply_dense(self, grad, var):
        if self._should_update_slots:
            return super()._apply_dense(grad, var)
        rate = cast(self._learning_rate_tensor, var.dtype.base_dtype)
        return assign_sub(var, grad * rate * rsqrt(self.get_slot(var, "accumulator"))).op

    def _apply_sparse(self, grad, var):
        if self._should_update_slots:
            return super()._apply_sparse(grad, var)
        rate = cast(self._learning_rate_tensor, var.dtype.base_dtype)
        total = gather(self.get_slot(var, "accumulator"), grad.indices)
        return scatter_sub(var, grad.indices, grad.values * rate * rsqrt(total)).op
