"""`tf.contrib.constrained_optimization`: the least of a function where others are not above 0."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.constrained_optimization.candidates import (
    find_best_candidate_distribution,
    find_best_candidate_index,
)
from minitf.contrib.constrained_optimization.constrained_minimization_problem import (
    ConstrainedMinimizationProblem,
)
from minitf.contrib.constrained_optimization.constrained_optimizer import ConstrainedOptimizer
from minitf.contrib.constrained_optimization.external_regret_optimizer import (
    AdditiveExternalRegretOptimizer,
)
from minitf.contrib.constrained_optimization.swap_regret_optimizer import (
    AdditiveSwapRegretOptimizer,
    MultiplicativeSwapRegretOptimizer,
)
