"""`tf.compat.v2.random`: random numbers."""
from minitf.compat.v2.later import public, rest
from minitf.core.dtypes import float32


def poisson(shape, lam, dtype=float32, seed=None, name=None):
    """Draws from Poisson distributions: `shape` for each of the rates `lam`."""
    return public("random.poisson")(lam, shape, dtype, seed, name)


def set_seed(seed):
    """Set the seed of the graph."""
    public("set_random_seed")(seed)


__getattr__ = rest(__name__)
