"""`tf.sets`: names only."""
# ruff: noqa: F401  every import here is a public name
from minitf.ops.sparse.sets import set_difference, set_intersection, set_size, set_union
from minitf.ops.sparse.sets import set_difference as difference
from minitf.ops.sparse.sets import set_intersection as intersection
from minitf.ops.sparse.sets import set_size as size
from minitf.ops.sparse.sets import set_union as union
