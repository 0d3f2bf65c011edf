"""`tf.lookup.experimental`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.ops.tables.mutable import DenseHashTable
