"""RMSProp (Tieleman and Hinton 2012)."""

from minitf.core.convert import convert_to_tensor
from minitf.ops.array.basics import ones_like
from minitf.ops.array.indexing import gather
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, rsqrt, sqrt, square
from minitf.ops.state.assign import assign, assign_add, assign_sub, scatter_sub, scatter_update
from minitf.ops.state.initializers import Ones
from minitf.train.optimizer import Optimizer


class RMSPropOptimizer(Optimizer):
    """Steps divided by the root of a running mean of the squared gradient.

        rms = decay * rms + (1 - decay) * gradient ** 2
        mom = momentum * mom + learning_rate * gradient / sqrt(rms + epsilon)
        w -= mom

    `centered` divides by the deviation from the running mean of the gradient instead (Graves
    2013). The mean of squares starts at one, as in TensorFlow.
    """

    _nodes = ((1, 1), (8, 8))

    def __init__(
        self,
        learning_rate,
        decay=0.9,
        momentum=0.0,
        epsilon=1e-10,
        use_locking=False,
        centered=False,
        name="RMSProp",
    ):
        super().__init__(use_locking, name)
        self._learning_rate, self._decay = learning_rate, decay
        self._momentum, self._epsilon, self._centered = momentum, epsilon, centered

    def _create_slots(self, var_list):
        for var in var_list:
            start, shape, dtype = self._first_rms(var), var.get_shape(), var.dtype.base_dtype
            self._get_or_make_slot_with_initializer(var, start, shape, dtype, "rms", self._name)
            if self._centered:
                self._zeros_slot(var, "mg", self._name)
            self._zeros_slot(var, "momentum", self._name)

    def _first_rms(self, var):
        """What the mean of squares begins with."""
        if var.get_shape().is_fully_defined():
            return Ones(var.dtype.base_dtype)
        return ones_like(var.initialized_value())

    def _prepare(self):
        for name in ("learning_rate", "decay", "momentum", "epsilon"):
            value = self._call_if_callable(getattr(self, f"_{name}"))
            setattr(self, f"_{name}_tensor", convert_to_tensor(value, name=name))

    def _constants(self, var):
        names = ("learning_rate", "decay", "momentum", "epsilon")
        return [cast(getattr(self, f"_{name}_tensor"), var.dtype.base_dtype) for name in names]

    def _apply_dense(self, grad, var):
        rms, mom = self.get_slot(var, "rms"), self.get_slot(var, "momentum")
        rate, decay, momentum, epsilon = self._constants(var)
        rms = assign_add(rms, (square(grad) - rms) * (1 - decay))
        spread, name = rms + epsilon, "ApplyRMSProp"
        if self._centered:
            mean = self.get_slot(var, "mg")
            mean = assign_add(mean, (grad - mean) * (1 - decay))
            spread, name = rms - square(mean) + epsilon, "ApplyCenteredRMSProp"
        mom = assign(mom, mom * momentum + grad * rate / sqrt(spread))
        return assign_sub(var, mom, name=name).op

    def _apply_sparse(self, grad, var):
        rows, values = grad.indices, grad.values
        rate, decay, momentum, epsilon = self._constants(var)

        def averaged(slot, new):
            mean = gather(slot, rows) * decay + new * (1 - decay)
            return mean, scatter_update(slot, rows, mean)

        rms, *kept = averaged(self.get_slot(var, "rms"), square(values))
        spread, name = rms + epsilon, "SparseApplyRMSProp"
        if self._centered:
            mean, keep = averaged(self.get_slot(var, "mg"), values)
            kept.append(keep)
            spread, name = rms + epsilon - square(mean), "SparseApplyCenteredRMSProp"
        slot = self.get_slot(var, "momentum")
        mom = gather(slot, rows) * momentum + rsqrt(spread) * rate * values
        kept += [scatter_update(slot, rows, mom), scatter_sub(var, rows, mom)]
        return group(*kept, name=name)
