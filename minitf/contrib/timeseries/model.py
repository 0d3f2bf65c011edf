"""`tf.contrib.timeseries`: the models that others are made of."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.timeseries.base_model import TimeSeriesModel
from minitf.contrib.timeseries.outputs import ModelOutputs
from minitf.contrib.timeseries.sequential import SequentialTimeSeriesModel
