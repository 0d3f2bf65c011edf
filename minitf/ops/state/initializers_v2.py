"""Initializers of version 2: called with a shape and a type; they have no type of their own."""
from minitf.core.constant import constant as constant_of
from minitf.core.dtypes import as_dtype, float32
from minitf.ops.array.basics import ones as ones_of
from minitf.ops.array.basics import zeros as zeros_of
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
    name = kind if kind == "truncated_normal" else f"random_{kind}"
    if seed is None:
        return getattr(draws, name)(shape, first, second, dtype)
    draw = getattr(stateless, f"stateless_{name}")
    return draw(shape, [seed, 0], first, second, dtype)


class Zeros(Initializer):
    """Zeros (empty strings, False)."""

    def __call__(self, shape, dtype=float32):
        return zeros_of(shape, dtype)


class Ones(Initializer):
    """Ones."""

    def __call__(self, shape, dtype=float32):
        return ones_of(shape, dtype)


class Constant(Initializer):
    """A number, or as many values as the shape holds. TypeError for anything else."""

    def __init__(self, value=0):
        self.value = initializers.Constant(value).value

    def __call__(self, shape, dtype=None):
        return constant_of(self.value, dtype, shape)

    def get_config(self):
        return {"value": self.value}


class RandomUniform(Initializer):
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


class RandomNormal(Initializer):
    """Normal with this mean and standard deviation. ValueError for anything but floats."""

    _kind = "normal"

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        self.mean, self.stddev, self.seed = mean, stddev, seed

    def __call__(self, shape, dtype=float32):
        return _drawn(self._kind, self.seed, shape, self.mean, self.stddev, _float(dtype))

    def get_config(self):
        return {"mean": self.mean, "stddev": self.stddev, "seed": self.seed}


def _float(dtype):
    dtype = as_dtype(dtype)
    if not dtype.is_floating:
        raise ValueError(f"Expected floating point type, got {dtype}.")
    return dtype


class TruncatedNormal(RandomNormal):
    """Normal, values further than two standard deviations from the mean drawn again."""

    _kind = "truncated_normal"


class VarianceScaling(Initializer):
    """Random with variance `scale / n`: n the number of inputs, outputs or their mean. ValueError
    for anything but floats."""

    def __init__(self, scale=1.0, mode="fan_in", distribution="truncated_normal", seed=None):
        self._made = initializers.VarianceScaling(scale, mode, distribution, seed)
        self.scale, self.mode, self.distribution, self.seed = scale, mode, distribution, seed

    def __call__(self, shape, dtype=float32):
        kind, *limits = self._made.drawn_from(shape)
        return _drawn(kind, self.seed, shape, *limits, _float(dtype))

    def get_config(self):
        names = ("scale", "mode", "distribution", "seed")
        return {name: getattr(self, name) for name in names}


class GlorotUniform(VarianceScaling):
    """Uniform with variance 2 / (inputs + outputs)."""

    def __init__(self, seed=None):
        super().__init__(1.0, "fan_avg", "uniform", seed)

    def get_config(self):
        return {"seed": self.seed}


class GlorotNormal(VarianceScaling):
    """Truncated normal with variance 2 / (inputs + outputs)."""

    def __init__(self, seed=None):
        super().__init__(1.0, "fan_avg", "truncated_normal", seed)

    def get_config(self):
        return {"seed": self.seed}


class Orthogonal(Initializer):
    """A random matrix of orthogonal rows or columns, times `gain`. ValueError for less than two
    axes, and for anything but floats."""

    def __init__(self, gain=1.0, seed=None):
        self.gain, self.seed = gain, seed

    def __call__(self, shape, dtype=float32):
        dtype = _float(dtype)
        return initializers.Orthogonal(self.gain).of_drawn(
            shape, lambda tall: _drawn("normal", self.seed, tall, 0.0, 1.0, dtype)
        )

    def get_config(self):
        return {"gain": self.gain, "seed": self.seed}


class Identity(Initializer):
    """The identity matrix times `gain`. ValueError unless the shape is that of a matrix."""

    def __init__(self, gain=1.0):
        self.gain = gain

    def __call__(self, shape, dtype=float32):
        return initializers.Identity(self.gain)(shape, _float(dtype))

    def get_config(self):
        return {"gain": self.gain}


def lecun_normal(seed=None):
    """Truncated normal with variance 1 / inputs."""
    return VarianceScaling(1.0, "fan_in", "truncated_normal", seed)


def lecun_uniform(seed=None):
    """Uniform with variance 1 / inputs."""
    return VarianceScaling(1.0, "fan_in", "uniform", seed)


def he_normal(seed=None):
    """Truncated normal with variance 2 / inputs."""
    return VarianceScaling(2.0, "fan_in", "truncated_normal", seed)


def he_uniform(seed=None):
    """Uniform with variance 2 / inputs."""
    return VarianceScaling(2.0, "fan_in", "uniform", seed)


zero = zeros = zeros_initializer = Zeros
one = ones = ones_initializer = Ones
constant = constant_initializer = Constant
uniform = random_uniform = random_uniform_initializer = RandomUniform
normal = random_normal = random_normal_initializer = RandomNormal
truncated_normal = TruncatedNormal
glorot_uniform, glorot_normal = GlorotUniform, GlorotNormal
orthogonal, identity = Orthogonal, Identity
