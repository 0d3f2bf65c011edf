"""Initializers: what a variable starts with, given its shape and type.

`tf.zeros_initializer()`, `tf.random_normal_initializer(stddev=0.1)`, ... are objects to be called
with a shape; `tf.get_variable` does it.
"""

import math

import numpy as np

from minitf.core.constant import constant
from minitf.core.dtypes import as_dtype, float32
from minitf.core.tensor_shape import TensorShape
from minitf.ops.array.basics import ones, reshape, zeros
from minitf.ops.array.slicing import slice_
from minitf.ops.linalg.diagonal import diag_part, eye
from minitf.ops.linalg.factorise import qr
from minitf.ops.math.elementwise import sign
from minitf.ops.random.draws import random_normal, random_uniform, truncated_normal
from minitf.ops.reduction.axes import matrix_transpose


class Initializer:
    """The base of initializers: `initializer(shape, dtype)` returns a Tensor."""

    def __call__(self, shape, dtype=None, partition_info=None):
        raise NotImplementedError

    def get_config(self):
        """The arguments, as `from_config` takes them."""
        return {}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


class Zeros(Initializer):
    """Zeros (empty strings, False)."""

    def __init__(self, dtype=float32):
        self.dtype = as_dtype(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        return zeros(shape, dtype or self.dtype)

    def get_config(self):
        return {"dtype": self.dtype.name}


class Ones(Zeros):
    """Ones."""

    def __call__(self, shape, dtype=None, partition_info=None):
        return ones(shape, dtype or self.dtype)


class Constant(Initializer):
    """A number, or values that fill the shape row by row; the last repeats when there are too few.

    Raises TypeError for anything but numbers, lists and arrays; when called, for fewer values with
    `verify_shape`; ValueError for more values than the shape holds.
    """

    def __init__(self, value=0, dtype=float32, verify_shape=False):
        if not (np.isscalar(value) or isinstance(value, (list, tuple, np.ndarray))):
            raise TypeError(
                f"Invalid type for initial value: {type(value)} (expected Python scalar, list or "
                "tuple of values, or numpy.ndarray)."
            )
        self.value = value
        self.dtype = as_dtype(dtype)
        self._verify_shape = verify_shape

    def __call__(self, shape, dtype=None, partition_info=None, verify_shape=None):
        verify = self._verify_shape if verify_shape is None else verify_shape
        return constant(self.value, dtype or self.dtype, shape=shape, verify_shape=verify)

    def get_config(self):
        return {"value": self.value, "dtype": self.dtype.name}


class RandomUniform(Initializer):
    """Uniform in [minval, maxval); `maxval` is 1 for floats when not given."""

    def __init__(self, minval=0, maxval=None, seed=None, dtype=float32):
        self.minval, self.maxval, self.seed = minval, maxval, seed
        self.dtype = as_dtype(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        return random_uniform(shape, self.minval, self.maxval, dtype or self.dtype, seed=self.seed)

    def get_config(self):
        config = {"minval": self.minval, "maxval": self.maxval}
        return config | {"seed": self.seed, "dtype": self.dtype.name}


class RandomNormal(Initializer):
    """Normal with this mean and standard deviation."""

    draw = staticmethod(random_normal)

    def __init__(self, mean=0.0, stddev=1.0, seed=None, dtype=float32):
        self.mean, self.stddev, self.seed = mean, stddev, seed
        self.dtype = _float(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        return self.draw(shape, self.mean, self.stddev, dtype or self.dtype, seed=self.seed)

    def get_config(self):
        config = {"mean": self.mean, "stddev": self.stddev}
        return config | {"seed": self.seed, "dtype": self.dtype.name}


class TruncatedNormal(RandomNormal):
    """Normal, values further than two standard deviations from the mean drawn again."""

    draw = staticmethod(truncated_normal)


class UniformUnitScaling(Initializer):
    """Uniform, so that a matrix product keeps the scale of its input (times `factor`)."""

    def __init__(self, factor=1.0, seed=None, dtype=float32):
        self.factor, self.seed = factor, seed
        self.dtype = _float(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        inputs = max(math.prod(float(size) for size in _whole(shape, partition_info)[:-1]), 1.0)
        limit = math.sqrt(3 / inputs) * self.factor
        return random_uniform(shape, -limit, limit, dtype or self.dtype, seed=self.seed)

    def get_config(self):
        return {"factor": self.factor, "seed": self.seed, "dtype": self.dtype.name}


# The standard deviation of a unit normal that is truncated at 2.
_TRUNCATED_DEVIATION = 0.87962566103423978


class VarianceScaling(Initializer):
    """Random with variance `scale / n`: n the number of inputs, outputs or their mean.

    `mode` is "fan_in", "fan_out" or "fan_avg"; `distribution` "truncated_normal" (or "normal",
    its older name), "untruncated_normal" or "uniform". Raises ValueError for others, and for a
    scale that is not positive.
    """

    def __init__(
        self, scale=1.0, mode="fan_in", distribution="truncated_normal", seed=None, dtype=float32
    ):
        if scale <= 0.0:
            raise ValueError("`scale` must be positive float.")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError("Invalid `mode` argument:", mode)
        distribution = distribution.lower()
        if distribution not in ("normal", "uniform", "truncated_normal", "untruncated_normal"):
            raise ValueError("Invalid `distribution` argument:", distribution)
        self.scale, self.mode, self.distribution, self.seed = scale, mode, distribution, seed
        self.dtype = _float(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        kind, *limits = self.drawn_from(_whole(shape, partition_info))
        draw = {"uniform": random_uniform, "normal": random_normal}.get(kind, truncated_normal)
        return draw(shape, *limits, dtype or self.dtype, seed=self.seed)

    def drawn_from(self, shape):
        """The distribution for a shape: its kind, and limits or mean and standard deviation."""
        variance = self.scale / max(1.0, self._fan(shape))
        if self.distribution == "uniform":
            limit = math.sqrt(3.0 * variance)
            return "uniform", -limit, limit
        if self.distribution == "untruncated_normal":
            return "normal", 0.0, math.sqrt(variance)
        return "truncated_normal", 0.0, math.sqrt(variance) / _TRUNCATED_DEVIATION

    def _fan(self, shape):
        fan_in, fan_out = fans(shape)
        return {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]

    def get_config(self):
        config = {"scale": self.scale, "mode": self.mode, "distribution": self.distribution}
        return config | {"seed": self.seed, "dtype": self.dtype.name}


def fans(shape):
    """The number of inputs and of outputs of a layer whose weights have this shape."""
    sizes = [int(size) for size in shape]
    if len(sizes) < 2:
        size = sizes[0] if sizes else 1
        return size, size
    field = math.prod(sizes[:-2])  # of a convolution
    return sizes[-2] * field, sizes[-1] * field


class GlorotUniform(VarianceScaling):
    """Uniform with variance 2 / (inputs + outputs), after Glorot and Bengio: "Xavier"."""

    def __init__(self, seed=None, dtype=float32):
        super().__init__(1.0, "fan_avg", "uniform", seed, dtype)

    def get_config(self):
        return {"seed": self.seed, "dtype": self.dtype.name}


class GlorotNormal(VarianceScaling):
    """Truncated normal with variance 2 / (inputs + outputs), after Glorot and Bengio."""

    def __init__(self, seed=None, dtype=float32):
        super().__init__(1.0, "fan_avg", "truncated_normal", seed, dtype)

    def get_config(self):
        return {"seed": self.seed, "dtype": self.dtype.name}


class Orthogonal(Initializer):
    """A random matrix of orthogonal rows or columns, times `gain` (Saxe et al. 2014).

    With more than two dimensions, all but the last are taken as rows. Raises ValueError when
    called with fewer than two.
    """

    def __init__(self, gain=1.0, seed=None, dtype=float32):
        self.gain, self.seed = gain, seed
        self.dtype = _float(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        dtype = dtype or self.dtype
        return self.of_drawn(shape, lambda tall: random_normal(tall, dtype=dtype, seed=self.seed))

    def of_drawn(self, shape, draw):
        """The matrix that comes of the normal numbers which `draw(shape)` returns."""
        if len(shape) < 2:
            raise ValueError("The tensor to initialize must be at least two-dimensional")
        rows, columns = math.prod(int(size) for size in shape[:-1]), int(shape[-1])
        q, r = qr(draw((max(rows, columns), min(rows, columns))))
        q *= sign(diag_part(r))  # else q is not uniform over all orthogonal matrices
        if rows < columns:
            q = matrix_transpose(q)
        return self.gain * reshape(q, shape)

    def get_config(self):
        return {"gain": self.gain, "seed": self.seed, "dtype": self.dtype.name}


class Identity(Initializer):
    """The identity matrix times `gain`. Raises ValueError unless the shape is that of a matrix."""

    def __init__(self, gain=1.0, dtype=float32):
        self.gain = gain
        self.dtype = _float(dtype)

    def __call__(self, shape, dtype=None, partition_info=None):
        whole = _whole(shape, partition_info)
        if len(whole) != 2:
            raise ValueError("Identity matrix initializer can only be used for 2D matrices.")
        rows, columns = TensorShape(whole).as_list()
        matrix = eye(rows, columns, dtype=dtype or self.dtype)
        if partition_info is not None:
            matrix = slice_(matrix, partition_info.var_offset, shape)
        return self.gain * matrix

    def get_config(self):
        return {"gain": self.gain, "dtype": self.dtype.name}


def _whole(shape, partition_info):
    """The shape of the variable that a part of this shape belongs to."""
    return shape if partition_info is None else partition_info.full_shape


def lecun_normal(seed=None):
    """Truncated normal with variance 1 / inputs (LeCun et al. 1998)."""
    return VarianceScaling(1.0, "fan_in", "truncated_normal", seed)


def lecun_uniform(seed=None):
    """Uniform with variance 1 / inputs (LeCun et al. 1998)."""
    return VarianceScaling(1.0, "fan_in", "uniform", seed)


def he_normal(seed=None):
    """Truncated normal with variance 2 / inputs: for relu (He et al. 2015)."""
    return VarianceScaling(2.0, "fan_in", "truncated_normal", seed)


def he_uniform(seed=None):
    """Uniform with variance 2 / inputs: for relu (He et al. 2015)."""
    return VarianceScaling(2.0, "fan_in", "uniform", seed)


def _float(dtype):
    dtype = as_dtype(dtype)
    if not dtype.is_floating:
        raise ValueError(f"Expected floating point type, got {dtype}.")
    return dtype


constant_initializer = Constant
zeros_initializer = Zeros
ones_initializer = Ones
random_uniform_initializer = RandomUniform
random_normal_initializer = RandomNormal
truncated_normal_initializer = TruncatedNormal
uniform_unit_scaling_initializer = UniformUnitScaling
variance_scaling_initializer = VarianceScaling
glorot_uniform_initializer = GlorotUniform
glorot_normal_initializer = GlorotNormal
orthogonal_initializer = Orthogonal
identity_initializer = Identity
