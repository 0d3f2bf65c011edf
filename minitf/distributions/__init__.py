"""`tf.distributions`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.distributions.bernoulli import Bernoulli
from minitf.distributions.beta import Beta
from minitf.distributions.categorical import Categorical
from minitf.distributions.dirichlet import Dirichlet
from minitf.distributions.dirichlet_multinomial import DirichletMultinomial
from minitf.distributions.distribution import (
    FULLY_REPARAMETERIZED,
    NOT_REPARAMETERIZED,
    Distribution,
    ReparameterizationType,
)
from minitf.distributions.exponential import Exponential
from minitf.distributions.gamma import Gamma
from minitf.distributions.kullback_leibler import RegisterKL, kl_divergence
from minitf.distributions.laplace import Laplace
from minitf.distributions.multinomial import Multinomial
from minitf.distributions.normal import Normal
from minitf.distributions.student_t import StudentT
from minitf.distributions.uniform import Uniform
