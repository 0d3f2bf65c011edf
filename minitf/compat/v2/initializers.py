"""`tf.compat.v2.initializers`: called with a shape and a type; they have no type of their own."""
from minitf.compat.v2.later import public
from minitf.core.dtypes import as_dtype, float32
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


def _numbers(dtype, bools=False):
    """The type. ValueError for one that is not of numbers, or, with `bools`, of truth values."""
    dtype = as_dtype(dtype)
    if not ((dtype.is_numpy_compatible and dtype.name != "string") or (bools and dtype.is_bool)):
        raise ValueError(f"Expected numeric or boolean dtype, got {dtype}.")
    return dtype


def _floats(dtype):
    dtype = as_dtype(dtype)
    if not dtype.is_floating:
        raise ValueError(f"Expected floating point type, got {dtype}.")
    return dtype


class zeros_initializer(Initializer):
    """Zeros. ValueError for strings."""

    def __call__(self, shape, dtype=float32):
        return initializers.Zeros()(shape, _numbers(dtype, True))


class ones_initializer(Initializer):
    """Ones. ValueError for strings."""

    def __call__(self, shape, dtype=float32):
        return initializers.Ones()(shape, _numbers(dtype, True))


class constant_initializer(Initializer):
    """A number, or as many values as the shape holds. ValueError for anything else."""

    def __init__(self, value=0):
        try:
            self._made = initializers.Constant(value)
        except TypeError as error:
            raise ValueError(*error.args) from error
        self.value = value

    def __call__(self, shape, dtype=None):
        return self._made(shape, as_dtype(float32 if dtype is None else dtype))

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
        return initializers.RandomUniform(self.minval, self.maxval, self.seed)(shape, dtype)

    def get_config(self):
        return {"minval": self.minval, "maxval": self.maxval, "seed": self.seed}


class random_normal_initializer(Initializer):
    """Normal with this mean and standard deviation. ValueError for anything but floats."""

    _kind = initializers.RandomNormal

    def __init__(self, mean=0.0, stddev=0.05, seed=None):
        self.mean, self.stddev, self.seed = mean, stddev, seed

    def __call__(self, shape, dtype=float32):
        return self._kind(self.mean, self.stddev, self.seed)(shape, _floats(dtype))

    def get_config(self):
        return {"mean": self.mean, "stddev": self.stddev, "seed": self.seed}


class TruncatedNormal(random_normal_initializer):
    """Normal, values further than two standard deviations from the mean drawn again."""

    _kind = initializers.TruncatedNormal


class _OfArguments(Initializer):
    """What TensorFlow 1 makes of the arguments, of floats alone."""

    def __init__(self, **arguments):
        self._made = self._kind(**arguments)
        vars(self).update(arguments)
        self._arguments = arguments

    def __call__(self, shape, dtype=float32):
        return self._made(shape, _floats(dtype))

    def get_config(self):
        return dict(self._arguments)


class VarianceScaling(_OfArguments):
    """Random with variance `scale / n`: n the number of inputs, outputs or their mean."""

    _kind = initializers.VarianceScaling

    def __init__(self, scale=1.0, mode="fan_in", distribution="truncated_normal", seed=None):
        super().__init__(scale=scale, mode=mode, distribution=distribution, seed=seed)


class GlorotUniform(_OfArguments):
    """Uniform with variance 2 / (inputs + outputs)."""

    _kind = initializers.GlorotUniform

    def __init__(self, seed=None):
        super().__init__(seed=seed)


class GlorotNormal(GlorotUniform):
    """Truncated normal with variance 2 / (inputs + outputs)."""

    _kind = initializers.GlorotNormal


class Orthogonal(_OfArguments):
    """A random matrix of orthogonal rows or columns, times `gain`."""

    _kind = initializers.Orthogonal

    def __init__(self, gain=1.0, seed=None):
        super().__init__(gain=gain, seed=seed)


class Identity(_OfArguments):
    """The identity matrix times `gain`. ValueError unless the shape is that of a matrix."""

    _kind = initializers.Identity

    def __init__(self, gain=1.0):
        super().__init__(gain=gain)


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


Zeros = zeros = zeros_initializer
Ones = ones = ones_initializer
Constant = constant = constant_initializer
RandomUniform, RandomNormal = random_uniform_initializer, random_normal_initializer
glorot_uniform, glorot_normal = GlorotUniform, GlorotNormal
orthogonal, identity = Orthogonal, Identity


def __getattr__(name):
    if name in ("deserialize", "get", "serialize"):
        return public(f"keras.initializers.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
