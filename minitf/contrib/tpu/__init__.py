"""`tf.contrib.tpu`: what programs for TPUs need to run without one, `use_tpu=False`."""
# ruff: noqa: F401  every import here is a public name

from minitf import missing
from minitf.contrib.tpu.config import InputPipelineConfig, RunConfig, TPUConfig
from minitf.contrib.tpu.estimator import TPUEstimator
from minitf.contrib.tpu.spec import TPUEstimatorSpec

missing.explain(missing.sys.modules[__name__])
