"""`tf.contrib.learn`: the data sets and texts, under the names of TensorFlow 1's tutorials."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.contrib.learn import datasets, preprocessing

missing.explain(missing.sys.modules[__name__])
