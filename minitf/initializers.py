"""`tf.initializers`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.ops.state.initializers import Constant as constant
from minitf.ops.state.initializers import GlorotNormal as glorot_normal
from minitf.ops.state.initializers import GlorotUniform as glorot_uniform
from minitf.ops.state.initializers import Identity as identity
from minitf.ops.state.initializers import Ones as ones
from minitf.ops.state.initializers import Orthogonal as orthogonal
from minitf.ops.state.initializers import RandomNormal as random_normal
from minitf.ops.state.initializers import RandomUniform as random_uniform
from minitf.ops.state.initializers import TruncatedNormal as truncated_normal
from minitf.ops.state.initializers import UniformUnitScaling as uniform_unit_scaling
from minitf.ops.state.initializers import VarianceScaling as variance_scaling
from minitf.ops.state.initializers import Zeros as zeros
from minitf.ops.state.initializers import he_normal, he_uniform, lecun_normal, lecun_uniform
from minitf.ops.state.variable_lists import global_variables_initializer as global_variables
from minitf.ops.state.variable_lists import local_variables_initializer as local_variables
from minitf.ops.state.variable_lists import variables_initializer as variables
from minitf.ops.tables.initializers import tables_initializer
