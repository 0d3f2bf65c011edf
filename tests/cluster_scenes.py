"""The rows of tests/cases.py for the ops of clustering: `play(run)` gives (got, expected)."""
import numpy as np
from cases import scene

from minitf.contrib.factorization import wals_kernels
from minitf.estimator.canned.kmeans_kernels import kmeans_plus_plus, nearest_neighbors

POINTS = np.float32([[0, 0], [3, 4], [10, 0]])


@scene("NearestNeighbors")
def nearest(run):
    places, distances = run(nearest_neighbors(POINTS, POINTS[:2] + 1, 1))
    return [(places, [[0], [1], [1]]), (distances, [[2], [2], [61]])]


@scene("KmeansPlusPlusInitialization")
def far_apart(run):
    found = run(kmeans_plus_plus(POINTS, 3, 5, 2))
    return [(found[np.argsort(found[:, 0])], POINTS)]


@scene("WALSComputePartialLhsAndRhs")
def partial_sides(run):
    """Two rows: (0, 1) is 2, (1, 0) is 3, of weights 1 + 0.5."""
    op = wals_kernels.wals_compute_partial_lhs_and_rhs
    factors, ones = np.float32([[1, 2], [0, 1]]), np.ones(2, np.float32)
    lhs, rhs = run(op(factors, ones, np.float32(0.5), ones, np.array([[0, 1], [1, 0]]),
                      np.float32([2, 3]), np.zeros(0, np.float32), np.int64(2), False))  # fmt: skip
    return [(lhs, np.float32([[[0, 0], [0, 1]], [[1, 2], [2, 4]]])),
            (rhs, np.float32([[0, 3], [4.5, 9]]))]  # fmt: skip
