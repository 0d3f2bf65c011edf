"""`tf.contrib.timeseries`: from series to the inputs of an Estimator."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.timeseries.arrays import canonicalize_numpy_data as _canonicalize_numpy_data
from minitf.contrib.timeseries.continuation import predict_continuation_input_fn
from minitf.contrib.timeseries.readers import (
    CSVReader,
    NumpyReader,
    ReaderBaseTimeSeriesParser,
    TFExampleReader,
    TimeSeriesReader,
)
from minitf.contrib.timeseries.windows import (
    RandomWindowInputFn,
    TimeSeriesInputFn,
    WholeDatasetInputFn,
)
