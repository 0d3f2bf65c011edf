"""`tf.contrib.training`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.training.hparam import HParams, parse_values
