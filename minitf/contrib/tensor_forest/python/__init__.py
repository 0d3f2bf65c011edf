"""`tensorflow.contrib.tensor_forest.python`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.tensor_forest.python import tensor_forest
from minitf.contrib.tensor_forest.python.ops import (
    data_ops,
    model_ops,
    stats_ops,
    tensor_forest_ops,
)
