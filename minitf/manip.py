"""`tf.manip`: names only."""
# ruff: noqa: F401  every import here is a public name
from minitf.ops.array.basics import reshape
from minitf.ops.array.indexing import gather_nd, scatter_nd
from minitf.ops.array.padding import tile
from minitf.ops.array.space import batch_to_space_nd, space_to_batch_nd
from minitf.ops.reduction.axes import reverse, roll
