"""Optimizers whose mixture of objective and constraints is the stationary distribution of a
matrix, each column of which sums to 1."""
import abc
import math

from minitf.contrib.constrained_optimization.constrained_optimizer import RegretOptimizer
from minitf.contrib.constrained_optimization.projections import euclidean
from minitf.core.constant import constant
from minitf.core.dtypes import float32
from minitf.ops.array.basics import ones, ones_like, zeros
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.while_loop import while_loop
from minitf.ops.linalg.contraction import tensordot
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import cast, exp, greater, less, log, logical_and, maximum
from minitf.ops.math.operators import abs
from minitf.ops.reduction.axes import expand_dims
from minitf.ops.reduction.norms import norm
from minitf.ops.reduction.reduce import reduce_max, reduce_sum


class _SwapRegretOptimizer(RegretOptimizer):
    """Minimizes the mixture of objective and proxy constraints by the distribution; the matrix goes
    up the gradient of that of the constraints."""

    _state_name = "swap_regret_optimizer_state"

    @abc.abstractmethod
    def _stochastic_matrix(self, state):
        """The matrix [1 + constraints, 1 + constraints]."""

    def _distribution(self, state):
        found = abs(_maximal_eigenvector_power_method(self._stochastic_matrix(state)))
        return found / reduce_sum(found)

    def _loss_and_gradient(self, state, objective, constraints, proxy_constraints):
        violations = concat([zeros([1], constraints.dtype), constraints], 0)
        minimized = concat([expand_dims(objective, 0), proxy_constraints], 0)
        distribution = self._distribution(state)
        loss = tensordot(cast(distribution, minimized.dtype), minimized, 1)
        column = expand_dims(cast(violations, distribution.dtype), 1)
        return loss, matmul(column, expand_dims(distribution, 0))


class AdditiveSwapRegretOptimizer(_SwapRegretOptimizer):
    """The state is the matrix, which at the start has the objective alone.

    After Cotter, Jiang and Sridharan 2018, "Two-Player Games for Efficient Non-Convex Constrained
    Optimization".
    """

    def _initial_state(self, num_constraints):
        size = num_constraints + 1
        return concat([ones([1, size]), zeros([size - 1, size])], 0)

    def _stochastic_matrix(self, state):
        return state

    def _projected(self, state):
        return _project_stochastic_matrix_wrt_euclidean_norm(state)


class MultiplicativeSwapRegretOptimizer(_SwapRegretOptimizer):
    """The state is the logarithm of the matrix; none of whose elements is less than
    `minimum_multiplier_radius` / (1 + constraints), and those of constraints are
    `initial_multiplier_radius` (or else the minimum) / (1 + constraints) at the start.

    ValueError for a radius that is not between 0 and 1, or an initial one below the minimum. After
    the same paper.
    """

    def __init__(
        self, optimizer, constraint_optimizer=None, minimum_multiplier_radius=1e-3,
        initial_multiplier_radius=None,
    ):  # fmt: skip
        super().__init__(optimizer, constraint_optimizer)
        least, first = minimum_multiplier_radius, initial_multiplier_radius
        if not 0.0 < least < 1.0:
            raise ValueError("minimum_multiplier_radius must be in the range (0,1)")
        if first is not None and first < least:
            raise ValueError("initial_multiplier_radius must be in the range "
                             "[minimum_multiplier_radius,1]")  # fmt: skip
        self._minimum_multiplier_radius = least
        self._initial_multiplier_radius = least if first is None else first

    def _initial_state(self, num_constraints):
        size, radius = num_constraints + 1, self._initial_multiplier_radius
        most, rest = math.log(1.0 - radius * (size - 1) / size), math.log(radius / size)
        return concat([constant(most, float32, [1, size]),
                       constant(rest, float32, [size - 1, size])], 0)  # fmt: skip

    def _stochastic_matrix(self, state):
        return exp(state)

    def _projected(self, state):
        size = float(state.shape[0].value)
        least = log(self._minimum_multiplier_radius / constant(size, float32))
        return maximum(_project_log_stochastic_matrix_wrt_kl_divergence(state), least)


def _maximal_eigenvector_power_method(matrix, epsilon=1e-6, maximum_iterations=100):
    """The eigenvector of the largest eigenvalue, of length 1, by products until it moves by less
    than `epsilon`, at most so many times."""
    if not matrix.dtype.is_floating:
        raise ValueError("multipliers must have a floating-point dtype")
    if epsilon <= 0.0:
        raise ValueError("epsilon must be strictly positive")
    if maximum_iterations <= 0:
        raise ValueError("maximum_iterations must be strictly positive")

    def step(i, vector, _):
        product = matmul(matrix, expand_dims(vector, 1))[:, 0]
        return i + 1, product / norm(product), vector

    def goes_on(i, vector, before):
        return logical_and(less(i, maximum_iterations), greater(norm(vector - before), epsilon))

    vector = ones_like(matrix[:, 0])
    vector = vector / norm(vector)
    first = step(constant(0), vector, vector)
    return while_loop(goes_on, step, first, name="power_method")[1]


def _project_stochastic_matrix_wrt_euclidean_norm(matrix):
    """The nearest matrix that is nowhere negative and whose columns sum to 1.

    ValueError for what is no square matrix of known size, of floats.
    """
    if not matrix.dtype.is_floating:
        raise ValueError("multipliers must have a floating-point dtype")
    shape = matrix.shape
    if shape.ndims is None:
        raise ValueError("matrix must have known shape")
    if shape.ndims != 2:
        raise ValueError(f"matrix must be two dimensional (instead is {shape.ndims}-dimensional)")
    if shape[0] != shape[1]:
        raise ValueError(f"matrix must be square (instead has shape ({shape[0]},{shape[1]}))")
    if shape[0].value is None:
        raise ValueError("matrix must have fully-known shape")

    def change(matrix, positive):
        missing = 1.0 - reduce_sum(matrix, 0, keepdims=True)
        return missing / maximum(1.0, reduce_sum(positive, 0, keepdims=True))

    return euclidean(matrix, shape[0].value, change)


def _project_log_stochastic_matrix_wrt_kl_divergence(log_matrix):
    """The logarithm of a matrix, as scaled that its columns sum to 1."""
    log_matrix = log_matrix - reduce_max(log_matrix, 0, keepdims=True)
    return log_matrix - log(reduce_sum(exp(log_matrix), 0, keepdims=True))
