"""The rows of tests/cases.py for the ops of clustering: `play(run)` gives (got, expected)."""
import numpy as np
from cases import scene

from minitf.contrib.factorization.kernels import kmeans_plus_plus, nearest_neighbors

POINTS = np.float32([[0, 0], [3, 4], [10, 0]])


@scene("NearestNeighbors")
def nearest(run):
    places, distances = run(nearest_neighbors(POINTS, POINTS[:2] + 1, 1))
    return [(places, [[0], [1], [1]]), (distances, [[2], [2], [61]])]


@scene("KmeansPlusPlusInitialization")
def far_apart(run):
    found = run(kmeans_plus_plus(POINTS, 3, 5, 2))
    return [(found[np.argsort(found[:, 0])], POINTS)]
