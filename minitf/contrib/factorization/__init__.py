"""`tf.contrib.factorization`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.factorization.clustering import KMeansClustering
from minitf.contrib.factorization.factorization_ops import WALSModel
from minitf.contrib.factorization.gmm import GMM
from minitf.contrib.factorization.gmm_ops import GmmAlgorithm, gmm
from minitf.contrib.factorization.wals import WALSMatrixFactorization
from minitf.estimator.canned.kmeans_graph import (
    COSINE_DISTANCE,
    KMEANS_PLUS_PLUS_INIT,
    RANDOM_INIT,
    SQUARED_EUCLIDEAN_DISTANCE,
    KMeans,
)
