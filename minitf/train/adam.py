"""Adam (Kingma and Ba 2015)."""

from minitf.core.convert import convert_to_tensor
from minitf.core.graph import control_dependencies, get_default_graph, name_scope
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, sqrt, square
from minitf.ops.state.assign import assign, assign_add, assign_sub, scatter_add
from minitf.train.optimizer import Optimizer


class AdamOptimizer(Optimizer):
    """Steps scaled by running means of the gradient and of its square, corrected at the start.

        m += (1 - beta1) * (gradient - m)
        v += (1 - beta2) * (gradient ** 2 - v)
        w -= learning_rate * sqrt(1 - beta2**t) / (1 - beta1**t) * m / (sqrt(v) + epsilon)

    `epsilon` stands outside the correction ("epsilon hat"), unlike in the paper's algorithm.
    """

    _nodes = ((1, 3), (33, 42))

    def __init__(
        self,
        learning_rate=0.001,
        beta1=0.9,
        beta2=0.999,
        epsilon=1e-8,
        use_locking=False,
        name="Adam",
    ):
        super().__init__(use_locking, name)
        self._lr, self._beta1, self._beta2, self._epsilon = learning_rate, beta1, beta2, epsilon

    def _create_slots(self, var_list):
        first = min(var_list, key=lambda var: var.name)
        self._create_non_slot_variable(self._beta1, "beta1_power", first)
        self._create_non_slot_variable(self._beta2, "beta2_power", first)
        for var in var_list:
            self._zeros_slot(var, "m", self._name)
            self._zeros_slot(var, "v", self._name)
        self._dtypes = list(dict.fromkeys(var.dtype.base_dtype for var in var_list))

    def _get_beta_accumulators(self):
        graph = get_default_graph()
        names = ("beta1_power", "beta2_power")
        return tuple(self._get_non_slot_variable(name, graph) for name in names)

    def _prepare(self):
        for attribute, name in (
            ("_lr", "learning_rate"), ("_beta1", "beta1"), ("_beta2", "beta2"),
            ("_epsilon", "epsilon"),
        ):  # fmt: skip
            value = self._call_if_callable(getattr(self, attribute))
            setattr(self, f"{attribute}_t", convert_to_tensor(value, name=name))
        self._rates = {dtype: self._corrected_rate(dtype) for dtype in self._dtypes}

    def _corrected_rate(self, dtype):
        with name_scope("corrected_rate"), get_default_graph()._counting(0):
            power1, power2 = (cast(power, dtype) for power in self._get_beta_accumulators())
            return cast(self._lr_t, dtype) * sqrt(1 - power2) / (1 - power1)

    def _constants(self, var):
        dtype = var.dtype.base_dtype
        constants = (self._beta1_t, self._beta2_t, self._epsilon_t)
        return self._rates[dtype], *(cast(each, dtype) for each in constants)

    def _apply_dense(self, grad, var):
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        rate, beta1, beta2, epsilon = self._constants(var)
        m = assign_add(m, (grad - m) * (1 - beta1))
        v = assign_add(v, (square(grad) - v) * (1 - beta2))
        return assign_sub(var, m * rate / (sqrt(v) + epsilon), name="ApplyAdam").op

    def _apply_sparse(self, grad, var):
        # All rows decay and move; the gradient adds to those it has.
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        rate, beta1, beta2, epsilon = self._constants(var)
        m = _decayed(m, beta1, grad.indices, grad.values * (1 - beta1))
        v = _decayed(v, beta2, grad.indices, grad.values * grad.values * (1 - beta2))
        step = assign_sub(var, rate * m / (sqrt(v) + epsilon))
        return group(step, m, v)

    def _finish(self, update_ops, name_scope):
        with control_dependencies(update_ops):
            power1, power2 = self._get_beta_accumulators()
            with get_default_graph().colocate_with(power1):
                updates = [
                    power1.assign(power1 * self._beta1_t),
                    power2.assign(power2 * self._beta2_t),
                ]
        return group(*update_ops, *updates, name=name_scope)


def _decayed(slot, factor, indices, values):
    with control_dependencies([assign(slot, slot * factor)]):
        return scatter_add(slot, indices, values)
