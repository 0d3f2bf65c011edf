"""`tf.random`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.core.graph import set_random_seed
from minitf.nn.candidate_sampling import (
    all_candidate_sampler,
    fixed_unigram_candidate_sampler,
    learned_unigram_candidate_sampler,
    log_uniform_candidate_sampler,
    uniform_candidate_sampler,
)
from minitf.ops.random.draws import get_seed, truncated_normal
from minitf.ops.random.draws import random_normal as normal
from minitf.ops.random.draws import random_shuffle as shuffle
from minitf.ops.random.draws import random_uniform as uniform
from minitf.ops.random.sampling import (
    categorical,
    multinomial,
    stateless_categorical,
    stateless_multinomial,
)
from minitf.ops.random.sampling import random_gamma as gamma
from minitf.ops.random.sampling import random_poisson as poisson
from minitf.ops.random.stateless import stateless_random_normal as stateless_normal
from minitf.ops.random.stateless import stateless_random_uniform as stateless_uniform
from minitf.ops.random.stateless import stateless_truncated_normal
from minitf.ops.random.truncated import parameterized_truncated_normal_op as _
