"""`tf.contrib.compiler`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.compiler import jit
