"""Random numbers: `tf.random_normal`, `tf.random_uniform`, `tf.random_shuffle`, ..."""
import numpy as np

from minitf.core import dtypes
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, float32, int32, int64
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.literals import element, integer, ints
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, Real, Static, TypeAttr
from minitf.core.shape_rules import same, sizes
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import as_shape, is_static
from minitf.ops.array import shape as shape_of
from minitf.ops.control import Assert, with_dependencies
from minitf.ops.elementwise import add_op
from minitf.ops.reduce import reduce_all
from minitf.ops.slicing import slice_

DEFAULT_GRAPH_SEED = 87654321
_LIMIT = 2**31 - 1  # seeds are cut to 31 bits

Integers = TypeAttr("Tout", (int32, int64))

# -- seeds ----------------------------------------------------------------------------------------


def get_seed(op_seed):
    """The two seeds of a new op, from the graph's seed and its own; (None, None): not repeatable.

    With a graph seed alone, the op's place in the graph is its seed.
    """
    graph = get_default_graph()
    if graph.seed is not None:
        op_seed = graph._last_id if op_seed is None else op_seed
        seeds = graph.seed % _LIMIT, op_seed % _LIMIT
    elif op_seed is not None:
        seeds = DEFAULT_GRAPH_SEED, op_seed % _LIMIT
    else:
        return None, None
    # Two zeros would mean: not repeatable.
    return (0, _LIMIT) if seeds == (0, 0) else seeds


def generator(operation):
    """The generator that a Session keeps for a node: its sequence goes on from run to run."""
    seeds = operation.attrs["seed"], operation.attrs["seed2"]
    return np.random.Generator(np.random.Philox(None if seeds == (0, 0) else seeds))


def _seeds(seed):
    first, second = get_seed(seed)
    return {"seed": first or 0, "seed2": second or 0}


# -- kernels --------------------------------------------------------------------------------------


def _random(type, **traits):
    """Declare an op that draws: never shared, never folded, without a gradient."""
    return op(type, grad=NOT_DIFFERENTIABLE, stateful=True, state=generator, **traits)


def _shape(shape, *_, **__):
    return sizes(shape)


def _drawn(xp, draw, shape, dtype, out=None):
    """float32 and float64 are drawn as such, others rounded from float32."""
    native = dtype.numpy if dtype.numpy.itemsize >= 4 else np.dtype(np.float32)
    if isinstance(out, np.ndarray) and out.dtype == native:
        return draw(dtype=native, out=out)
    values = xp.asarray(draw(ints(shape), dtype=native).astype(dtype.numpy, copy=False))
    if out is None:
        return values
    out[...] = values
    return out


@_random("RandomUniform", shape=_shape)
def random_uniform_op(
    xp, state, shape: Static, out=None, *, dtype, seed=0, seed2=0
) -> Attr("dtype"):
    """Uniform in [0, 1)."""
    return _drawn(xp, state.random, shape, dtype, out)


@_random("RandomUniformInt", shape=_shape)
def random_uniform_int(
    xp, state, shape: Static, minval: Integers, maxval: Integers, *, seed=0, seed2=0
) -> Integers:
    """Uniform integers in [minval, maxval)."""
    if not minval < maxval:
        raise ValueError(f"Need minval < maxval, got {minval} >= {maxval}")
    return xp.asarray(state.integers(minval, maxval, ints(shape), dtype=minval.dtype))


@_random("RandomStandardNormal", shape=_shape)
def random_standard_normal(
    xp, state, shape: Static, out=None, *, dtype, seed=0, seed2=0
) -> Attr("dtype"):
    """Normal with mean 0 and standard deviation 1."""
    return _drawn(xp, state.standard_normal, shape, dtype, out)


@_random("TruncatedNormal", shape=_shape)
def truncated_normal_op(xp, state, shape: Static, *, dtype, seed=0, seed2=0) -> Attr("dtype"):
    """Standard normal, what is beyond 2 drawn again."""
    values = _drawn(np, state.standard_normal, shape, dtype).reshape(-1)
    far = np.flatnonzero(np.abs(values) > 2)
    while far.size:
        values[far] = _drawn(np, state.standard_normal, (far.size,), dtype)
        far = far[np.abs(values[far]) > 2]
    return xp.asarray(values.reshape(ints(shape)))


@_random("RandomShuffle", shape=same)
def random_shuffle_op(xp, state, value, *, seed=0, seed2=0):
    """The rows of value in a random order."""
    return value[xp.asarray(state.permutation(len(value)))] if value.ndim else value


def _multinomial_shape(logits, num_samples, **_):
    if logits is not None and len(logits) != 2:
        raise ValueError(f"logits must be a matrix [batch, classes], got {list(logits)}")
    return (None if logits is None else logits[0], element(num_samples))


@_random("Multinomial", shape=_multinomial_shape)
def multinomial_op(
    xp, state, logits: Real, num_samples: TypeAttr("_", (int32,), static=True), *,
    seed=0, seed2=0, output_dtype=int64,
) -> Attr("output_dtype"):  # fmt: skip
    """For each row of logits, classes drawn with the probabilities softmax(row)."""
    weights = np.exp(np.subtract(logits, np.max(logits, 1, keepdims=True), dtype=np.float64))
    limits = np.cumsum(weights, 1)
    draws = state.random((len(logits), integer(num_samples))) * limits[:, -1:]
    found = np.stack([np.searchsorted(row, draw, "right") for row, draw in zip(limits, draws)]) \
        if len(limits) else np.zeros(draws.shape)  # fmt: skip
    return xp.asarray(found.astype(output_dtype.numpy))


# -- TF1's functions ------------------------------------------------------------------------------


def _shape_tensor(shape):
    """A shape of numbers, of tensors, or of both, as a tensor named as in TF1."""
    if isinstance(shape, Tensor):
        return shape
    dtype = None
    if isinstance(shape, (list, tuple)) and not any(hasattr(n, "op") for n in shape):
        sizes = as_shape(shape)
        if is_static(sizes):
            shape, dtype = list(sizes), int32
    return convert_to_tensor(shape, dtype=dtype, dtype_hint=int32, name="shape")


def _normal(operation, default_name, shape, mean, stddev, dtype, seed, name):
    dtype = as_dtype(dtype)
    with name_scope(name, default_name, [shape, mean, stddev]) as scope:
        shape = _shape_tensor(shape)
        mean = convert_to_tensor(mean, dtype=dtype, name="mean")
        stddev = convert_to_tensor(stddev, dtype=dtype, name="stddev")
        drawn = operation(shape, dtype=dtype, **_seeds(seed))
        return add_op(drawn * stddev, mean, name=scope)


def random_normal(shape, mean=0.0, stddev=1.0, dtype=float32, seed=None, name=None):
    """Numbers from the normal distribution, drawn anew in each run.

    A Session gives the same sequence again when `seed` or tf.set_random_seed says which.
    """
    return _normal(random_standard_normal, "random_normal", shape, mean, stddev, dtype, seed, name)


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=float32, seed=None, name=None):
    """As `tf.random_normal`, but what is beyond two standard deviations is drawn again."""
    return _normal(truncated_normal_op, "truncated_normal", shape, mean, stddev, dtype, seed, name)


def random_uniform(shape, minval=0, maxval=None, dtype=float32, seed=None, name=None):
    """Numbers from [minval, maxval), all equally likely; floats or integers, as `dtype` says.

    `maxval` is 1 for floats; ValueError when it is missing for integers.
    """
    dtype = as_dtype(dtype)
    if dtype not in (*dtypes.FLOATS, int32, int64):
        raise ValueError(f"Invalid dtype {dtype!r}")
    if maxval is None and dtype.is_integer:
        raise ValueError(f"Must specify maxval for integer dtype {dtype!r}")
    maxval = 1 if maxval is None else maxval
    with name_scope(name, "random_uniform", [shape, minval, maxval]) as scope:
        shape = _shape_tensor(shape)
        minval = convert_to_tensor(minval, dtype=dtype, name="min")
        maxval = convert_to_tensor(maxval, dtype=dtype, name="max")
        if dtype.is_integer:
            return random_uniform_int(shape, minval, maxval, **_seeds(seed), name=scope)
        drawn = random_uniform_op(shape, dtype=dtype, **_seeds(seed))
        return add_op(drawn * (maxval - minval), minval, name=scope)


def random_shuffle(value, seed=None, name=None):
    """The rows of `value` in a random order, another one in each run."""
    return random_shuffle_op(value, **_seeds(seed), name=name)


def multinomial(logits, num_samples, seed=None, name=None, output_dtype=None):
    """`num_samples` classes for each row of `logits`, drawn with probabilities softmax(row)."""
    return _categorical("multinomial", logits, num_samples, output_dtype, seed, name)


def categorical(logits, num_samples, dtype=None, seed=None, name=None):
    """`num_samples` classes for each row of `logits`, drawn with probabilities softmax(row)."""
    return _categorical("categorical", logits, num_samples, dtype, seed, name)


def _categorical(default_name, logits, num_samples, dtype, seed, name):
    with name_scope(name, default_name, [logits]):
        logits = convert_to_tensor(logits, name="logits")
        return multinomial_op(logits, num_samples, output_dtype=as_dtype(dtype or int64),
                              **_seeds(seed))  # fmt: skip


def random_crop(value, size, seed=None, name=None):
    """A part of `value` of the given size, from a random place.

    InvalidArgumentError in the run when `value` is smaller.
    """
    with name_scope(name, "random_crop", [value, size]) as scope:
        value = convert_to_tensor(value, name="value")
        size = convert_to_tensor(size, dtype=int32, name="size")
        shape = shape_of(value)
        check = Assert(reduce_all(shape >= size),
                       ["Need value.shape >= size, got ", shape, size], summarize=1000)  # fmt: skip
        shape = with_dependencies([check], shape)
        limit = shape - size + 1
        drawn = random_uniform(shape_of(shape), dtype=int32, maxval=int32.max, seed=seed)
        return slice_(value, drawn % limit, size, name=scope)
