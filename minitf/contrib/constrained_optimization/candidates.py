"""Of what was found while training, the best: the objective small, the constraints not above 0."""
import numpy as np


def find_best_candidate_distribution(objective_vector, constraints_matrix, epsilon=0.0):
    """The probabilities of the candidates [n] that give the least objective [n] on average, all
    constraints [m, n] being at most 0 on average.

    Where there are none such, the least bound, to within `epsilon`, takes the place of 0. At most
    m + 1 are not 0. ValueError for a negative epsilon, or shapes that do not fit. Asks for SciPy.
    """
    if epsilon < 0.0:
        raise ValueError("epsilon must be nonnegative")
    best = _distribution(objective_vector, constraints_matrix, 0.0)
    if best is not None:
        return best
    # Below `lower` there are none, at `upper` the best candidate alone is one.
    lower, upper = 0.0, np.min(np.amax(constraints_matrix, axis=0))
    best = _distribution(objective_vector, constraints_matrix, upper)
    assert best is not None
    while True:
        middle = 0.5 * (lower + upper)
        if middle - lower <= epsilon or upper - middle <= epsilon:
            return best
        found = _distribution(objective_vector, constraints_matrix, middle)
        if found is None:
            lower = middle
        else:
            best, upper = found, middle


def _distribution(objective, constraints, bound):
    """The best probabilities by which the constraints are at most `bound`, None for none such."""
    count, candidates = _sizes(objective, constraints)
    import scipy.optimize

    found = scipy.optimize.linprog(
        objective, A_ub=constraints, b_ub=np.full(count, bound), A_eq=np.ones((1, candidates)),
        b_eq=np.ones(1), bounds=(0, None),
    )  # fmt: skip
    return found.x if found.success else None


def _sizes(objective, constraints):
    count, candidates = np.shape(constraints)
    if (candidates,) != np.shape(objective):
        raise ValueError("objective_vector must have shape (n,), and constraints_matrix (m, n), "
                         "where n is the number of candidates, and m is the number of "
                         "constraints")  # fmt: skip
    return count, candidates


def find_best_candidate_index(objective_vector, constraints_matrix, rank_objectives=False):
    """The candidate whose worst rank, by how much it violates each of the constraints [m, n], is
    the best; of these the one with the least objective [n], the last of them.

    With `rank_objectives` the rank by the objective is one of them. ValueError for shapes that do
    not fit.
    """
    _, candidates = _sizes(objective_vector, constraints_matrix)
    ranks = [_ranks(np.maximum(0.0, constraint)) for constraint in constraints_matrix]
    objective_ranks = _ranks(objective_vector) if rank_objectives else np.zeros(candidates)
    worst = np.max([objective_ranks, *ranks], axis=0)
    return min(range(candidates), key=lambda i: (worst[i], objective_vector[i], -i))


def _ranks(values):
    """How many values are less than each."""
    return np.searchsorted(np.sort(values), values)
