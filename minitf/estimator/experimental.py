"""`tf.estimator.experimental`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.estimator.export.receivers import build_raw_supervised_input_receiver_fn
from minitf.estimator.model_fn import call_logit_fn

missing.explain(missing.sys.modules[__name__])
