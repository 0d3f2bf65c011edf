"""`tf.contrib.distributions`: those of `tf.distributions`."""
# ruff: noqa: F401  every import here is a public name

from minitf.distributions import (
    FULLY_REPARAMETERIZED,
    NOT_REPARAMETERIZED,
    Bernoulli,
    Categorical,
    Distribution,
    Normal,
    RegisterKL,
    ReparameterizationType,
    Uniform,
    kl_divergence,
)
