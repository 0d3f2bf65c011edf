"""`tf.contrib.linear_optimizer`: linear models, trained by stochastic dual coordinate ascent."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.linear_optimizer.sdca_ops import SdcaModel
from minitf.contrib.linear_optimizer.sdca_optimizer import SDCAOptimizer
from minitf.train.sdca_model import SparseFeatureColumn
