"""`tf.contrib.sparsemax`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.sparsemax.sparsemax import sparsemax, sparsemax_loss
