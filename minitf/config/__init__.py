"""`tf.config`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.config import experimental
