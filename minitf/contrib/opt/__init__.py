"""`tf.contrib.opt`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.opt.adam import LazyAdamOptimizer, NadamOptimizer
from minitf.contrib.opt.moving_average_optimizer import MovingAverageOptimizer
