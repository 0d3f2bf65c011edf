"""`tf.contrib.opt`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.opt.adam import LazyAdamOptimizer, NadamOptimizer
from minitf.contrib.opt.adam_gs import AdamGSOptimizer, LazyAdamGSOptimizer
from minitf.contrib.opt.adamax import AdaMaxOptimizer
from minitf.contrib.opt.agn_optimizer import AGNCustomGetter, AGNOptimizer
from minitf.contrib.opt.clipping import (
    MultitaskOptimizerWrapper,
    VariableClippingOptimizer,
    clip_gradients_by_global_norm,
)
from minitf.contrib.opt.drop_stale import DropStaleGradientOptimizer
from minitf.contrib.opt.elastic_average_optimizer import (
    ElasticAverageCustomGetter,
    ElasticAverageOptimizer,
)
from minitf.contrib.opt.external_optimizer import (
    ExternalOptimizerInterface,
    ScipyOptimizerInterface,
)
from minitf.contrib.opt.ggt import GGTOptimizer
from minitf.contrib.opt.lars import LARSOptimizer
from minitf.contrib.opt.model_average_optimizer import (
    ModelAverageCustomGetter,
    ModelAverageOptimizer,
)
from minitf.contrib.opt.moving_average_optimizer import MovingAverageOptimizer
from minitf.contrib.opt.reg_adagrad import RegAdagradOptimizer
from minitf.contrib.opt.shampoo import ShampooOptimizer
from minitf.contrib.opt.sign import AddSignOptimizer, PowerSignOptimizer
from minitf.contrib.opt.weight_decay_optimizers import (
    AdamWOptimizer,
    DecoupledWeightDecayExtension,
    MomentumWOptimizer,
    extend_with_decoupled_weight_decay,
)
