"""Boosted trees as estimators: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.estimator.canned.boosted_trees.estimators import (
    BoostedTreesClassifier,
    BoostedTreesEstimator,
    BoostedTreesRegressor,
)
from minitf.estimator.canned.boosted_trees.resources import (
    PruningMode,
    QuantileAccumulator,
    TreeEnsemble,
)
