"""`tf.estimator.experimental`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.estimator.canned.dnn import dnn_logit_fn_builder
from minitf.estimator.canned.kmeans import KMeansClustering as KMeans
from minitf.estimator.canned.linear import linear_logit_fn_builder
from minitf.estimator.canned.sdca import LinearSDCA
from minitf.estimator.early_stopping import (
    make_early_stopping_hook,
    make_stop_at_checkpoint_step_hook,
    stop_if_higher_hook,
    stop_if_lower_hook,
    stop_if_no_decrease_hook,
    stop_if_no_increase_hook,
)
from minitf.estimator.export.receivers import build_raw_supervised_input_receiver_fn
from minitf.estimator.in_memory import InMemoryEvaluatorHook
from minitf.estimator.model_fn import call_logit_fn

missing.explain(missing.sys.modules[__name__])
