"""`tf.contrib.resampler`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.resampler.resampler import resampler
