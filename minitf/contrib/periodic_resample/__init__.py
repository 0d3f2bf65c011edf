"""`tf.contrib.periodic_resample`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.periodic_resample.ops import periodic_resample
