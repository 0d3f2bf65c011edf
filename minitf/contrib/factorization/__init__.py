"""`tf.contrib.factorization`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.factorization.clustering import KMeansClustering
from minitf.contrib.factorization.kmeans import (
    COSINE_DISTANCE,
    KMEANS_PLUS_PLUS_INIT,
    RANDOM_INIT,
    SQUARED_EUCLIDEAN_DISTANCE,
    KMeans,
)
