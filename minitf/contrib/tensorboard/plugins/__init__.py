"""`tf.contrib.tensorboard.plugins`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.tensorboard.plugins import projector
