"""`tf.distributions`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.distributions.bernoulli import Bernoulli
from minitf.distributions.categorical import Categorical
from minitf.distributions.distribution import (
    FULLY_REPARAMETERIZED,
    NOT_REPARAMETERIZED,
    Distribution,
    ReparameterizationType,
)
from minitf.distributions.kullback_leibler import RegisterKL, kl_divergence
from minitf.distributions.normal import Normal
from minitf.distributions.uniform import Uniform
