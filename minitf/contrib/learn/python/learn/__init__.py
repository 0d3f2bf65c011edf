"""`tensorflow.contrib.learn.python.learn`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.learn import datasets, io, preprocessing
