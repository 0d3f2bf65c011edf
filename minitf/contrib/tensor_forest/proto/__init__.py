"""The protocol messages of forests."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.tensor_forest.proto import fertile_stats_pb2, tensor_forest_params_pb2
