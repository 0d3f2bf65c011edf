"""`tf.contrib.stateless`: what became part of `tf.random`."""
# ruff: noqa: F401  every import here is a public name

from minitf.ops.random.sampling import stateless_multinomial
from minitf.ops.random.stateless import (
    stateless_random_normal,
    stateless_random_uniform,
    stateless_truncated_normal,
)
