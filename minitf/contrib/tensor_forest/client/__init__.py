"""`tensorflow.contrib.tensor_forest.client`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.tensor_forest.client import eval_metrics, random_forest
