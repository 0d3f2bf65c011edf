"""`tf.contrib.mixed_precision`: losses scaled up, so that small gradients do not become zero."""
import abc

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32
from minitf.core.eager import executing_eagerly
from minitf.ops.array.basics import identity
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.math.elementwise import cast, is_finite, maximum, reciprocal
from minitf.ops.reduction.reduce import reduce_all
from minitf.ops.state.assign import assign, assign_add
from minitf.ops.state.variables import Variable
from minitf.train.optimizer import Optimizer


class LossScaleManager(abc.ABC):
    """Says by how much a loss is scaled, and changes it after each step."""

    @abc.abstractmethod
    def get_loss_scale(self):
        """The scale, a float32 scalar."""

    @abc.abstractmethod
    def update_loss_scale(self, finite_grads):
        """An operation that changes it: `finite_grads`, a bool tensor, says how the step was."""


class FixedLossScaleManager(LossScaleManager):
    """The same scale always. ValueError for one below 1."""

    def __init__(self, loss_scale):
        if loss_scale < 1:
            raise ValueError("loss scale must be at least 1.")
        self._loss_scale = convert_to_tensor(loss_scale, float32)

    def get_loss_scale(self):
        return self._loss_scale

    def update_loss_scale(self, finite_grads):
        return no_op()


class ExponentialUpdateLossScaleManager(LossScaleManager):
    """Times `incr_ratio` after so many good steps, `decr_ratio` after so many bad ones in a row of
    steps without enough good ones. The scale is at least 1."""

    def __init__(self, init_loss_scale, incr_every_n_steps, decr_every_n_nan_or_inf=2,
                 incr_ratio=2, decr_ratio=0.8):
        self._incr_every_n_steps = incr_every_n_steps
        self._decr_every_n_nan_or_inf = decr_every_n_nan_or_inf
        self._incr_ratio, self._decr_ratio = incr_ratio, decr_ratio
        start = convert_to_tensor(init_loss_scale, float32)
        self._loss_scale = Variable(start, name="loss_scale", dtype=float32, trainable=False)
        self._num_good_steps = Variable(0, name="good_steps", dtype=int32, trainable=False)
        self._num_bad_steps = Variable(0, name="bad_steps", dtype=int32, trainable=False)

    def get_loss_scale(self):
        return self._loss_scale

    def update_loss_scale(self, finite_grads):
        return cond(finite_grads, self._after_good, self._after_bad)

    def _reset(self):
        return group(assign(self._num_good_steps, 0), assign(self._num_bad_steps, 0))

    def _after_good(self):
        def increase():
            larger = self._loss_scale * self._incr_ratio
            scale = cond(is_finite(larger), lambda: larger, lambda: identity(self._loss_scale))
            return group(assign(self._loss_scale, scale), self._reset())

        enough = self._num_good_steps + 1 >= self._incr_every_n_steps
        return cond(enough, increase, lambda: group(assign_add(self._num_good_steps, 1)))

    def _after_bad(self):
        def decrease():
            scale = maximum(1.0, self._loss_scale * self._decr_ratio)
            return group(assign(self._loss_scale, scale), self._reset())

        def count():
            return group(assign_add(self._num_bad_steps, 1), assign(self._num_good_steps, 0))

        return cond(self._num_bad_steps + 1 >= self._decr_every_n_nan_or_inf, decrease, count)


class LossScaleOptimizer(Optimizer):
    """An optimizer of a scaled loss: gradients are scaled back, and applied if they are finite."""

    def __init__(self, opt, loss_scale_manager):
        self._opt, self._loss_scale_manager = opt, loss_scale_manager

    def compute_gradients(self, loss, var_list=None, gate_gradients=Optimizer.GATE_OP,
                          aggregation_method=None, colocate_gradients_with_ops=False,
                          grad_loss=None):
        scale = self._loss_scale_manager.get_loss_scale()

        def scaled():
            value = loss() if callable(loss) else loss
            return value * cast(scale, value.dtype.base_dtype)

        found = self._opt.compute_gradients(
            scaled if executing_eagerly() else scaled(), var_list, gate_gradients,
            aggregation_method, colocate_gradients_with_ops, grad_loss,
        )  # fmt: skip
        back = reciprocal(scale)
        return [(grad if grad is None else grad * cast(back, grad.dtype.base_dtype), variable)
                for grad, variable in found]  # fmt: skip

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        finite = reduce_all([reduce_all(is_finite(grad)) for grad, _ in grads_and_vars])
        step = cond(finite, lambda: group(self._opt.apply_gradients(grads_and_vars, global_step,
                                                                    name)), no_op)  # fmt: skip
        return group(step, self._loss_scale_manager.update_loss_scale(finite))
