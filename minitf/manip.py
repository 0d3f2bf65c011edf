"""`tf.manip`: names only."""
# ruff: noqa: F401  every import here is a public name
from minitf.ops.array import reshape
from minitf.ops.axes import reverse, roll
from minitf.ops.indexing import gather_nd, scatter_nd
from minitf.ops.padding import tile
from minitf.ops.space import batch_to_space_nd, space_to_batch_nd
