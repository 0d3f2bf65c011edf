"""`tf.contrib.tensorboard`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.tensorboard import plugins
