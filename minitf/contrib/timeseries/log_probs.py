"""Log-probabilities, of which losses are made."""
import numpy as np

from minitf.ops.math.elementwise import log, log1p, square


def normal_log_prob(loc, scale, x):
    """That of `x` under a normal distribution, as 1.15 has it: log(scale), not twice that."""
    z = (x - loc) / scale
    return -0.5 * (square(z) + np.log(2.0 * np.pi) + log(scale))


def cauchy_log_prob(loc, scale, x):
    """That of `x` under a Cauchy distribution."""
    z = (x - loc) / scale
    return -np.log(np.pi) - log(scale) - log1p(square(z))
