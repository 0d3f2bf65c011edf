"""`tf.contrib.optimizer_v2`: the optimizers of tf.train do all that these did; names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.contrib.optimizer_v2.rmsprop import RMSPropOptimizer
from minitf.train.adadelta import AdadeltaOptimizer
from minitf.train.adagrad import AdagradOptimizer
from minitf.train.adam import AdamOptimizer
from minitf.train.gradient_descent import GradientDescentOptimizer
from minitf.train.momentum import MomentumOptimizer
