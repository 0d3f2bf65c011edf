"""`tf.contrib.timeseries`: models of series, trained on windows of them."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.contrib.timeseries import (
    ar_model,
    estimators,
    feature_keys,
    head,
    input_pipeline,
    math_utils,
    model,
    model_utils,
    saved_model_utils,
    state_management,
)
from minitf.contrib.timeseries.ar_model import ARModel
from minitf.contrib.timeseries.estimators import ARRegressor
from minitf.contrib.timeseries.feature_keys import FilteringResults, TrainEvalFeatures
from minitf.contrib.timeseries.head import OneShotPredictionHead
from minitf.contrib.timeseries.input_pipeline import (
    CSVReader,
    NumpyReader,
    RandomWindowInputFn,
    WholeDatasetInputFn,
    predict_continuation_input_fn,
)
from minitf.contrib.timeseries.regressor import TimeSeriesRegressor

missing.explain(missing.sys.modules[__name__])
