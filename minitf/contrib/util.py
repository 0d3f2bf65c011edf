"""`tf.contrib.util`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.core.proto.tensor import make_ndarray, make_tensor_proto
from minitf.core.static import constant_value
from minitf.graph_util.used_ops import ops_used_by_graph_def, stripped_op_list_for_graph
