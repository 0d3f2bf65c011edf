"""`tf.test`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.test.gradient_checker import compute_gradient, compute_gradient_error
