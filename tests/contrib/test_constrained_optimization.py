"""tf.contrib.constrained_optimization: what TensorFlow leaves to its threads, what asks for SciPy.
"""
import numpy as np
import pytest

import minitf as tf
from minitf.contrib.constrained_optimization import (
    AdditiveExternalRegretOptimizer,
    ConstrainedMinimizationProblem,
    find_best_candidate_distribution,
)

OBJECTIVE = np.array([1.0, 0.4, 0.2, 0.7])
CONSTRAINTS = np.array([[-0.5, 0.3, 0.5, -0.1], [-0.1, -0.3, 0.2, 0.1]])


# What TensorFlow finds.
@pytest.mark.parametrize(("chosen", "more", "found"), [
    (slice(0, 4), 0.0, [0.4773, 0.1136, 0.4091, 0.0]),
    (slice(1, 4), 0.2, [0.25, 0.0, 0.75]),  # none keeps within: the least violation of all
    (slice(0, 3), -1.0, [0.0, 0.0, 1.0]),
])
def test_the_best_probabilities(chosen, more, found):
    pytest.importorskip("scipy")
    best = find_best_candidate_distribution(
        OBJECTIVE[chosen], CONSTRAINTS[:, chosen] + more, epsilon=1e-6
    )
    np.testing.assert_allclose(best, found, atol=1e-4)


def test_what_is_refused():
    with pytest.raises(ValueError, match="epsilon must be nonnegative"):
        find_best_candidate_distribution(OBJECTIVE, CONSTRAINTS, epsilon=-1.0)
    with pytest.raises(ValueError, match="objective_vector must have shape"):
        find_best_candidate_distribution(OBJECTIVE, CONSTRAINTS[:, :2])


class Problem(ConstrainedMinimizationProblem):
    """The least square of x, which is to be 1 at least."""

    objective = property(lambda self: self.x**2)
    constraints = property(lambda self: tf.reshape(1.0 - self.x, [1]))

    def __init__(self):
        self.x = tf.Variable(0.5)


def test_one_optimizer_makes_both_steps_by_what_was_before_them():
    """TensorFlow may read the multipliers after their step."""
    sgd, found = tf.train.GradientDescentOptimizer(0.1), []
    for optimizers in ([sgd], [sgd, sgd]):
        problem = Problem()
        step = AdditiveExternalRegretOptimizer(*optimizers).minimize(problem)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for _ in range(20):
                sess.run(step)
            found.append(sess.run(problem.x))
    x, multiplier = 0.5, 0.0
    for _ in range(20):
        x, multiplier = x - 0.1 * (2 * x - multiplier), max(multiplier + 0.1 * (1 - x), 0)
    np.testing.assert_allclose(found, [x, x], rtol=1e-6)
