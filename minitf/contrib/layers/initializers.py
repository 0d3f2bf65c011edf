"""Initializers of `tf.contrib.layers`: `xavier_initializer`, `variance_scaling_initializer`."""

import math

from minitf.core.dtypes import as_dtype, float32
from minitf.ops.random.draws import random_uniform, truncated_normal


def xavier_initializer(uniform=True, seed=None, dtype=float32):
    """Random with variance 2 / (inputs + outputs), after Glorot and Bengio 2010."""
    return variance_scaling_initializer(1.0, "FAN_AVG", uniform, seed, dtype)


xavier_initializer_conv2d = xavier_initializer


def variance_scaling_initializer(
    factor=2.0, mode="FAN_IN", uniform=False, seed=None, dtype=float32
):
    """A function of a shape: random with variance `factor / n`.

    n is the number of inputs ("FAN_IN"), outputs ("FAN_OUT") or their mean ("FAN_AVG"). Raises
    TypeError for another mode or a type that is not float.
    """
    _check_float(dtype)
    if mode not in ("FAN_IN", "FAN_OUT", "FAN_AVG"):
        raise TypeError(f"Unknown mode {mode} [FAN_IN, FAN_OUT, FAN_AVG]")

    def _initializer(shape, dtype=dtype, partition_info=None):
        _check_float(dtype)
        size = _size(shape, mode)
        if uniform:
            limit = math.sqrt(3.0 * factor / size)
            return random_uniform(shape, -limit, limit, dtype, seed=seed)
        # 1.3 makes up for the variance that truncation takes.
        return truncated_normal(shape, 0.0, math.sqrt(1.3 * factor / size), dtype, seed=seed)

    return _initializer


def _size(shape, mode):
    sizes = [float(size) for size in shape] or [1.0]
    field = math.prod(sizes[:-2])
    inputs = sizes[-2 if len(sizes) > 1 else -1] * field
    outputs = sizes[-1] * field
    return {"FAN_IN": inputs, "FAN_OUT": outputs, "FAN_AVG": (inputs + outputs) / 2.0}[mode]


def _check_float(dtype):
    if not as_dtype(dtype).is_floating:
        raise TypeError("Cannot create initializer for non-floating point type.")
