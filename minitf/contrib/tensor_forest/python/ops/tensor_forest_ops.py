"""`tensorflow.contrib.tensor_forest.python.ops.tensor_forest_ops`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.tensor_forest.kernels.text import reinterpret_string_to_float
