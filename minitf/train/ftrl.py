"""FTRL-Proximal: follow the regularized leader (McMahan et al. 2013)."""

from minitf.core.convert import convert_to_tensor
from minitf.ops.array.basics import zeros_like
from minitf.ops.array.indexing import gather
from minitf.ops.control_flow.control import group
from minitf.ops.math.elementwise import cast, greater, select, sign, sqrt, square
from minitf.ops.math.operators import abs as absolute
from minitf.ops.math.operators import pow
from minitf.ops.state.assign import assign, scatter_update
from minitf.ops.state.initializers import Constant
from minitf.train.optimizer import Optimizer

_CONSTANTS = (
    "learning_rate",
    "l1_regularization_strength",
    "l2_regularization_strength",
    "l2_shrinkage_regularization_strength",
    "learning_rate_power",
)


class FtrlOptimizer(Optimizer):
    """Online learning of sparse linear models, with L1 and L2 penalties per coordinate.

    `l2_shrinkage_regularization_strength` adds to the gradient of a coordinate when it has one.
    Raises ValueError for a negative strength, a negative initial accumulator, or a positive
    `learning_rate_power`.
    """

    _nodes = ((1, 1), (8, 8))

    def __init__(
        self,
        learning_rate,
        learning_rate_power=-0.5,
        initial_accumulator_value=0.1,
        l1_regularization_strength=0.0,
        l2_regularization_strength=0.0,
        use_locking=False,
        name="Ftrl",
        accum_name=None,
        linear_name=None,
        l2_shrinkage_regularization_strength=0.0,
    ):
        super().__init__(use_locking, name)
        strengths = {
            "initial_accumulator_value": initial_accumulator_value,
            "l1_regularization_strength": l1_regularization_strength,
            "l2_regularization_strength": l2_regularization_strength,
            "l2_shrinkage_regularization_strength": l2_shrinkage_regularization_strength,
        }
        for what, value in strengths.items():
            if value < 0.0:
                raise ValueError(f"{what} {value} needs to be positive or zero")
        if learning_rate_power > 0.0:
            raise ValueError(
                f"learning_rate_power {learning_rate_power} needs to be negative or zero"
            )
        self._learning_rate, self._learning_rate_power = learning_rate, learning_rate_power
        self._initial_accumulator_value = initial_accumulator_value
        self._l1_regularization_strength = l1_regularization_strength
        self._l2_regularization_strength = l2_regularization_strength
        self._l2_shrinkage_regularization_strength = l2_shrinkage_regularization_strength
        self._accum_name, self._linear_name = accum_name, linear_name

    def _create_slots(self, var_list):
        for var in var_list:
            dtype = var.dtype.base_dtype
            start = Constant(self._initial_accumulator_value, dtype)
            self._get_or_make_slot_with_initializer(
                var, start, var.get_shape(), dtype, "accum", self._accum_name or self._name
            )
            self._zeros_slot(var, "linear", self._linear_name or self._name)

    def _prepare(self):
        for name in _CONSTANTS:
            value = convert_to_tensor(getattr(self, f"_{name}"), name=name)
            setattr(self, f"_{name}_tensor", value)

    def _step(self, grad, w, accum, linear):
        """The new weights, accumulator and linear term."""
        dtype = w.dtype.base_dtype
        rate, l1, l2, shrinkage, power = (
            cast(getattr(self, f"_{name}_tensor"), dtype) for name in _CONSTANTS
        )
        total = accum + square(grad)
        if self._learning_rate_power == -0.5:
            new, old = sqrt(total), sqrt(accum)
        else:
            new, old = pow(total, -power), pow(accum, -power)
        if self._l2_shrinkage_regularization_strength > 0:
            grad = grad + 2 * shrinkage * w
        linear = linear + grad - (new - old) / rate * w
        solution = (sign(linear) * l1 - linear) / (new / rate + 2 * l2)
        return select(greater(absolute(linear), l1), solution, zeros_like(w)), total, linear

    def _apply_dense(self, grad, var):
        accum, linear = self.get_slot(var, "accum"), self.get_slot(var, "linear")
        w, total, line = self._step(grad, var.value(), accum.value(), linear.value())
        updates = assign(var, w), assign(accum, total), assign(linear, line)
        return group(*updates, name="ApplyFtrl")

    def _apply_sparse(self, grad, var):
        kept = [var, self.get_slot(var, "accum"), self.get_slot(var, "linear")]
        found = self._step(grad.values, *(gather(each, grad.indices) for each in kept))
        updates = [scatter_update(k, grad.indices, f) for k, f in zip(kept, found)]
        return group(*updates, name="SparseApplyFtrl")
