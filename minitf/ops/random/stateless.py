"""Random numbers of a seed that is a tensor: `tf.random.stateless_uniform`, ..."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, float32, int32, int64
from minitf.core.graph import name_scope
from minitf.core.literals import ints
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, TypeAttr, static
from minitf.ops.math.elementwise import add_op
from minitf.ops.random import philox
from minitf.ops.random.draws import (
    Integers,
    between_numbers,
    check_uniform,
    filled,
    ordered,
    shape_drawn,
    shape_tensor,
    uniform_of,
)

Seed = TypeAttr("Tseed", (int64, int32), static=True)

# -- kernels --------------------------------------------------------------------------------------


def _shape(shape, seed, *_, **__):
    if isinstance(seed, np.ndarray) and seed.shape != (2,):
        raise ValueError(f"seed must have shape [2], not {list(seed.shape)}")
    return shape_drawn(shape)


def _stateless(type, shape=_shape):
    return op(type, shape=shape, grad=NOT_DIFFERENTIABLE)


def _between(shape, seed, minval, maxval, **_):
    return between_numbers(_shape(shape, seed), minval, maxval)


def _state(seed):
    seed = ints(seed)
    if len(seed) != 2:
        raise ValueError(f"seed must have shape [2], not [{len(seed)}]")
    return philox.scrambled(seed)


@_stateless("StatelessRandomUniform")
def stateless_random_uniform_op(
    xp, shape: static("T"), seed: Seed, out=None, *, dtype=float32
) -> Attr("dtype"):
    """Uniform in [0, 1)."""
    return filled(xp, uniform_of(dtype), shape, dtype.numpy, _state(seed), out=out)


@_stateless("StatelessRandomNormal")
def stateless_random_normal_op(
    xp, shape: static("T"), seed: Seed, out=None, *, dtype=float32
) -> Attr("dtype"):
    """Normal with mean 0 and standard deviation 1."""
    return filled(xp, philox.normal, shape, dtype.numpy, _state(seed), out=out)


@_stateless("StatelessTruncatedNormal")
def stateless_truncated_normal_op(
    xp, shape: static("T"), seed: Seed, out=None, *, dtype=float32
) -> Attr("dtype"):
    """Standard normal, what is beyond 2 dropped."""
    return filled(xp, philox.truncated_normal, shape, dtype.numpy, _state(seed), out=out)


Limit = Integers._replace(attr="dtype")


@_stateless("StatelessRandomUniformInt", _between)
def stateless_random_uniform_int(
    xp, shape: static("T"), seed: Seed, minval: Limit, maxval: Limit, *, dtype
) -> Attr("dtype"):
    """Uniform integers in [minval, maxval)."""
    limits = ordered(shape, minval, maxval)
    return filled(xp, philox.integers, shape, dtype.numpy, _state(seed), *limits)


# -- TF1's functions ------------------------------------------------------------------------------


def stateless_random_uniform(shape, seed, minval=0, maxval=None, dtype=float32, name=None):
    """As `tf.random_uniform`, but equal values of `seed`, two integers, give equal numbers."""
    dtype, maxval = check_uniform(dtype, maxval)
    with name_scope(name, "stateless_random_uniform", [shape, seed, minval, maxval]) as scope:
        shape = shape_tensor(shape)
        minval = convert_to_tensor(minval, dtype=dtype, name="min")
        maxval = convert_to_tensor(maxval, dtype=dtype, name="max")
        if dtype.is_integer:
            return stateless_random_uniform_int(
                shape, seed, minval, maxval, dtype=dtype, name=scope
            )
        drawn = stateless_random_uniform_op(shape, seed, dtype=dtype)
        return add_op(drawn * (maxval - minval), minval, name=scope)


def _normal(operation, default_name, shape, seed, mean, stddev, dtype, name):
    dtype = as_dtype(dtype)
    with name_scope(name, default_name, [shape, seed, mean, stddev]) as scope:
        shape = shape_tensor(shape)
        mean = convert_to_tensor(mean, dtype=dtype, name="mean")
        stddev = convert_to_tensor(stddev, dtype=dtype, name="stddev")
        return add_op(operation(shape, seed, dtype=dtype) * stddev, mean, name=scope)


def stateless_random_normal(shape, seed, mean=0.0, stddev=1.0, dtype=float32, name=None):
    """As `tf.random_normal`, but equal values of `seed`, two integers, give equal numbers."""
    return _normal(stateless_random_normal_op, "stateless_random_normal",
                   shape, seed, mean, stddev, dtype, name)  # fmt: skip


def stateless_truncated_normal(shape, seed, mean=0.0, stddev=1.0, dtype=float32, name=None):
    """As `tf.truncated_normal`, but equal values of `seed`, two integers, give equal numbers."""
    return _normal(stateless_truncated_normal_op, "stateless_truncated_normal",
                   shape, seed, mean, stddev, dtype, name)  # fmt: skip
