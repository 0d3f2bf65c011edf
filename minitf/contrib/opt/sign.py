"""Optimizers that step farther where a gradient has the sign of the mean of those before (Bello et
al. 2017): `tf.contrib.opt.AddSignOptimizer`, `PowerSignOptimizer`."""
import math

from minitf.core.convert import convert_to_tensor
from minitf.ops.array.indexing import gather
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, exp, sign
from minitf.ops.state.assign import assign, assign_sub, scatter_sub
from minitf.train.optimizer import Optimizer


class _Sign(Optimizer):
    """`m` is a running mean of the gradients; the step is the gradient times what the agreement of
    the signs of both, -1, 0 or 1, makes of it."""

    def __init__(self, learning_rate, beta, sign_decay_fn, use_locking, name):
        super().__init__(use_locking, name)
        self._lr, self._beta, self._sign_decay_fn = learning_rate, beta, sign_decay_fn

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        """See `Optimizer.apply_gradients`; `global_step` is what `sign_decay_fn` gets."""
        if self._sign_decay_fn is not None:
            decay = self._sign_decay_fn(global_step)
            self._sign_decay_t = convert_to_tensor(decay, name="sign_decay")
        return super().apply_gradients(grads_and_vars, global_step=global_step, name=name)

    def _create_slots(self, var_list):
        for var in var_list:
            self._zeros_slot(var, "m", self._name)

    def _prepare(self):
        self._lr_t = convert_to_tensor(self._lr, name="learning_rate")
        self._beta_t = convert_to_tensor(self._beta, name="beta")
        if self._sign_decay_fn is None:
            self._sign_decay_t = convert_to_tensor(1.0, name="sign_decay")

    def _factor(self, agreement, dtype):
        """What the gradient is multiplied by; `agreement` has been decayed."""
        raise NotImplementedError

    def _apply_dense(self, grad, var):
        dtype = var.dtype.base_dtype
        m = self._mean(grad, var)
        return assign_sub(var, self._step(grad, sign(m), dtype)).op

    def _apply_sparse(self, grad, var):
        dtype, rows = var.dtype.base_dtype, grad.indices
        m = self._mean(convert_to_tensor(grad), var)
        step = self._step(grad.values, gather(sign(m), rows), dtype)
        return group(scatter_sub(var, rows, step), m)

    def _mean(self, grad, var):
        m, beta = self.get_slot(var, "m"), cast(self._beta_t, var.dtype.base_dtype)
        return assign(m, m * beta + grad * (1 - beta))

    def _step(self, grad, signs, dtype):
        agreement = cast(self._sign_decay_t, dtype) * signs * sign(grad)
        return cast(self._lr_t, dtype) * self._factor(agreement, dtype) * grad


class AddSignOptimizer(_Sign):
    """Steps of `learning_rate * (alpha + agreement) * gradient`.

    `agreement` is 1 where the gradient has the sign of its running mean, which decays by `beta`,
    and -1 where it has the other, times what `sign_decay_fn(global_step)` returns.
    """

    def __init__(self, learning_rate=0.1, alpha=1.0, beta=0.9, sign_decay_fn=None,
                 use_locking=False, name="AddSignOptimizer"):  # fmt: skip
        super().__init__(learning_rate, beta, sign_decay_fn, use_locking, name)
        self._alpha = alpha

    def _prepare(self):
        super()._prepare()
        self._alpha_t = convert_to_tensor(self._alpha, name="alpha")

    def _factor(self, agreement, dtype):
        return cast(self._alpha_t, dtype) + agreement


class PowerSignOptimizer(_Sign):
    """Steps of `learning_rate * base ** agreement * gradient`; see AddSignOptimizer."""

    def __init__(self, learning_rate=0.1, base=math.e, beta=0.9, sign_decay_fn=None,
                 use_locking=False, name="PowerSignOptimizer"):  # fmt: skip
        super().__init__(learning_rate, beta, sign_decay_fn, use_locking, name)
        self._logbase = math.log(base)

    def _prepare(self):
        super()._prepare()
        self._logbase_t = convert_to_tensor(self._logbase, name="logbase")

    def _factor(self, agreement, dtype):
        return exp(cast(self._logbase_t, dtype) * agreement)
