"""`tf.estimator.inputs`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.estimator.inputs.numpy_io import numpy_input_fn
from minitf.estimator.inputs.pandas_io import pandas_input_fn
