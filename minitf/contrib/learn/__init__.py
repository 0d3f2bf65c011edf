"""`tf.contrib.learn`: estimators from before tf.estimator, data sets and texts."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.contrib.learn import datasets, io, preprocessing
from minitf.contrib.learn.columns import (
    infer_real_valued_columns_from_input,
    infer_real_valued_columns_from_input_fn,
)
from minitf.contrib.learn.estimator import Estimator, MetricSpec, ModeKeys, ModelFnOps, SKCompat
from minitf.contrib.learn.models import (
    DNNClassifier,
    DNNRegressor,
    LinearClassifier,
    LinearRegressor,
)
from minitf.contrib.learn.run_config import RunConfig

missing.explain(missing.sys.modules[__name__])
