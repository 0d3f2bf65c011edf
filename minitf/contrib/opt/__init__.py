"""`tf.contrib.opt`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.opt.adam import LazyAdamOptimizer, NadamOptimizer
from minitf.contrib.opt.external_optimizer import (
    ExternalOptimizerInterface,
    ScipyOptimizerInterface,
)
from minitf.contrib.opt.moving_average_optimizer import MovingAverageOptimizer
from minitf.contrib.opt.weight_decay_optimizers import (
    AdamWOptimizer,
    DecoupledWeightDecayExtension,
    MomentumWOptimizer,
    extend_with_decoupled_weight_decay,
)
