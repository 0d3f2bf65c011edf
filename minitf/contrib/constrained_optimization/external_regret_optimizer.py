"""AdditiveExternalRegretOptimizer: Lagrange multipliers, which grow with what is violated."""
from minitf.contrib.constrained_optimization.constrained_optimizer import RegretOptimizer
from minitf.contrib.constrained_optimization.projections import euclidean
from minitf.core.dtypes import float32
from minitf.ops.array.basics import zeros
from minitf.ops.linalg.contraction import tensordot
from minitf.ops.math.elementwise import cast, maximum, minimum
from minitf.ops.reduction.reduce import reduce_sum


class AdditiveExternalRegretOptimizer(RegretOptimizer):
    """Minimizes objective + multipliers * proxy_constraints; the multipliers, never negative, go
    up the gradient, which are the constraints.

    With `maximum_multiplier_radius` their sum is at most that. ValueError for a negative one.
    After Cotter, Jiang and Sridharan 2018, "Two-Player Games for Efficient Non-Convex Constrained
    Optimization".
    """

    _state_name = "external_regret_optimizer_state"

    def __init__(self, optimizer, constraint_optimizer=None, maximum_multiplier_radius=None):
        super().__init__(optimizer, constraint_optimizer)
        if maximum_multiplier_radius and maximum_multiplier_radius <= 0.0:
            raise ValueError("maximum_multiplier_radius must be strictly positive")
        self._maximum_multiplier_radius = maximum_multiplier_radius

    def _initial_state(self, num_constraints):
        return zeros([num_constraints], float32)

    def _loss_and_gradient(self, state, objective, constraints, proxy_constraints):
        multipliers = cast(state, proxy_constraints.dtype)
        loss = objective + tensordot(multipliers, proxy_constraints, 1)
        return loss, cast(constraints, state.dtype.base_dtype)

    def _projected(self, state):
        if not self._maximum_multiplier_radius:
            return maximum(state, 0.0)
        return _project_multipliers_wrt_euclidean_norm(state, self._maximum_multiplier_radius)


def _project_multipliers_wrt_euclidean_norm(multipliers, radius):
    """The nearest vector that is nowhere negative and sums to `radius` at most.

    ValueError for what is no vector of known size, of floats.
    """
    if not multipliers.dtype.is_floating:
        raise ValueError("multipliers must have a floating-point dtype")
    if multipliers.shape.ndims is None:
        raise ValueError("multipliers must have known shape")
    if multipliers.shape.ndims != 1:
        raise ValueError("multipliers must be one dimensional (instead is "
                         f"{multipliers.shape.ndims}-dimensional)")  # fmt: skip
    size = multipliers.shape[0].value
    if size is None:
        raise ValueError("multipliers must have fully-known shape")

    def change(multipliers, positive):
        return minimum(0.0, (radius - reduce_sum(multipliers))
                       / maximum(1.0, reduce_sum(positive)))  # fmt: skip

    return euclidean(multipliers, size, change)
