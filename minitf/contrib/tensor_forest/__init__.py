"""`tf.contrib.tensor_forest`: random forests."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.tensor_forest import client, python
from minitf.contrib.tensor_forest.client import eval_metrics, random_forest
from minitf.contrib.tensor_forest.python import (
    data_ops,
    model_ops,
    stats_ops,
    tensor_forest,
    tensor_forest_ops,
)
