"""`tf.contrib.util`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.core.proto.tensor import make_ndarray, make_tensor_proto
from minitf.core.static import constant_value
