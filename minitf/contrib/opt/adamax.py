"""AdaMax, a kin of Adam (Kingma and Ba 2015): `tf.contrib.opt.AdaMaxOptimizer`."""
from minitf.core.graph import control_dependencies, get_default_graph
from minitf.ops.array.indexing import gather
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, maximum
from minitf.ops.math.operators import abs as abs_
from minitf.ops.state.assign import assign, assign_add, assign_sub, scatter_sub, scatter_update
from minitf.train.adam import AdamOptimizer


class AdaMaxOptimizer(AdamOptimizer):
    """Adam with the greatest of the latest gradients in place of the mean of their squares.

        m += (1 - beta1) * (gradient - m)
        v = max(beta2 * v, |gradient|)
        w -= learning_rate / (1 - beta1**t) * m / (v + epsilon)

    Rows that have no gradient are left alone.
    """

    def __init__(self, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8,
                 use_locking=False, name="AdaMax"):  # fmt: skip
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)

    def _create_slots(self, var_list):
        first = min(var_list, key=lambda var: var.name)
        self._create_non_slot_variable(self._beta1, "beta1_power", first)
        for var in var_list:
            self._zeros_slot(var, "m", self._name)
            self._zeros_slot(var, "v", self._name)
        self._dtypes = list(dict.fromkeys(var.dtype.base_dtype for var in var_list))

    def _get_beta_accumulators(self):
        return self._get_non_slot_variable("beta1_power", get_default_graph())

    def _corrected_rate(self, dtype):
        return cast(self._lr_t, dtype) / (1 - cast(self._get_beta_accumulators(), dtype))

    def _apply_dense(self, grad, var):
        rate, beta1, beta2, epsilon = self._constants(var)
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        m = assign_add(m, (grad - m) * (1 - beta1))
        v = assign(v, maximum(v * beta2, abs_(grad)))
        return assign_sub(var, rate * (m / (v + epsilon)), name="ApplyAdaMax").op

    def _apply_sparse(self, grad, var):
        rate, beta1, beta2, epsilon = self._constants(var)
        m, v, rows = self.get_slot(var, "m"), self.get_slot(var, "v"), grad.indices
        new_m = gather(m, rows) * beta1 + grad.values * (1 - beta1)
        new_v = maximum(gather(v, rows) * beta2, abs_(grad.values))
        kept = scatter_update(m, rows, new_m), scatter_update(v, rows, new_v)
        return group(scatter_sub(var, rows, rate * (new_m / (new_v + epsilon))), *kept)

    def _finish(self, update_ops, name_scope):
        power = self._get_beta_accumulators()
        with control_dependencies(update_ops), get_default_graph().colocate_with(power):
            update = power.assign(power * self._beta1_t)
        return group(*update_ops, update, name=name_scope)
