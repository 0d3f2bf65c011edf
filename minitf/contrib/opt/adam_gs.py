"""Adam that counts by the global step: `tf.contrib.opt.AdamGSOptimizer`, `LazyAdamGSOptimizer`."""
from minitf.contrib.opt.adam import LazyAdamOptimizer
from minitf.core.dtypes import float32
from minitf.ops.array.basics import identity
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast
from minitf.train.adam import AdamOptimizer


class AdamGSOptimizer(AdamOptimizer):
    """Adam whose correction at the start follows `global_step`, a variable, instead of two
    variables of its own: on workers with parameter servers these would be written by all."""

    def __init__(self, global_step=0, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8,
                 use_locking=False, name="Adam"):  # fmt: skip
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)
        self._global_step = global_step

    def _create_slots(self, var_list):
        for var in var_list:
            self._zeros_slot(var, "m", self._name)
            self._zeros_slot(var, "v", self._name)
        self._dtypes = list(dict.fromkeys(var.dtype.base_dtype for var in var_list))

    def _prepare(self):
        self._step_t = cast(identity(self._global_step) + 1, float32)
        super()._prepare()

    def _get_beta_accumulators(self):
        return self._beta1_t**self._step_t, self._beta2_t**self._step_t

    def _finish(self, update_ops, name_scope):
        return group(*update_ops, name=name_scope)


class LazyAdamGSOptimizer(AdamGSOptimizer):
    """The same, leaving rows alone which have no gradient."""

    _apply_sparse = LazyAdamOptimizer._apply_sparse
