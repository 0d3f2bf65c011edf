"""`tf.compat.v2.initializers`: called with a shape and a type; they have no type of their own."""
from minitf.core.constant import constant
from minitf.core.dtypes import as_dtype, float32
from minitf.ops.array.basics import ones, zeros
from minitf.ops.random import draws, stateless
from minitf.ops.state import initializers


class Initializer:
    """The base: `initializer(shape, dtype)` returns a Tensor."""

    def __call__(self, shape, dtype=float32):
        raise NotImplementedError

    def get_config(self):
        """The arguments, as `from_config` takes them."""
        return {}

    @classmethod
    def from_config(cls, config):
        config.pop("dtype", None)
        return cls(**config)


def _drawn(kind, seed, shape, first, second, dtype):
    """Random numbers: with a seed the same ones in each run."""
    if seed is None:
        return getattr(draws, f"random_{kind}")(shape, first, second, dtype)
    draw = getattr(stateless, f"stateless_random_{kind}")
    return draw(shape, [seed, 0], first, second, dtype)


class zeros_initializer(Initializer):
    """Zeros (empty strings, False)."""

    def __call__(self, shape, dtype=float32):
        return zeros(shape, dtype)


class ones_initializer(Initializer):
    """Ones."""

    def __call__(self, shape, dtype=float32):
        return ones(shape, dtype)


class constant_initializer(Initializer):
    """A number, or as many values as the shape holds. TypeError for anything else."""

    def __init__(self, value=0):
        self.value = initializers.Constant(value).value

    def __call__(self, shape, dtype=None):
        return constant(self.value, dtype, shape)

    def get_config(self):
        return {"value": self.value}


class random_uniform_initializer(Initializer):
    """Uniform in [minval, maxval). ValueError for anything but floats and integers."""

    def __init__(self, minval=-0.05, maxval=0.05, seed=None):
        self.minval, self.maxval, self.seed = minval, maxval, seed

    def __call__(self, shape, dtype=float32):
        dtype = as_dtype(dtype)
        if not (dtype.is_floating or dtype.is_integer):
            raise ValueError(f"Expected float or integer dtype, got {dtype}.")
        return _drawn("uniform", self.seed, shape, self.minval, self.maxval, dtype)

    def get_config(self):
        return {"minval": self.minval, "maxval": self.maxval, "seed": self.seed}


class random_normal_initializer(Initializer):
    """Normal with this mean and standard deviation. ValueError for anything but floats."""

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        self.mean, self.stddev, self.seed = mean, stddev, seed

    def __call__(self, shape, dtype=float32):
        dtype = as_dtype(dtype)
        if not dtype.is_floating:
            raise ValueError(f"Expected floating point type, got {dtype}.")
        return _drawn("normal", self.seed, shape, self.mean, self.stddev, dtype)

    def get_config(self):
        return {"mean": self.mean, "stddev": self.stddev, "seed": self.seed}
