"""Random numbers: `tf.random_normal`, `tf.random_uniform`, `tf.random_shuffle`, ..."""
import hashlib

import numpy as np

from minitf.core import dtypes
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import as_dtype, bfloat16, float32, int32, int64
from minitf.core.graph import get_default_graph, name_scope
from minitf.core.literals import element, ints
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, TypeAttr, static
from minitf.core.shape_rules import same, sizes
from minitf.core.tensor import Tensor
from minitf.core.tensor_shape import as_shape, is_static
from minitf.ops.array.basics import shape as shape_of
from minitf.ops.array.slicing import slice_
from minitf.ops.control_flow.control import Assert, with_dependencies
from minitf.ops.math.elementwise import add_op
from minitf.ops.random import philox
from minitf.ops.random import philox_kernel as kernels
from minitf.ops.reduction.reduce import reduce_all

DEFAULT_GRAPH_SEED = 87654321
_LIMIT = 2**31 - 1  # seeds are cut to 31 bits

Integers = TypeAttr("Tout", (int32, int64), static=True)

# -- seeds ----------------------------------------------------------------------------------------


def get_seed(op_seed):
    """The two seeds of a new op, from the graph's seed and its own; (None, None): not repeatable.

    With a graph seed alone, the op's place in the graph is its seed.
    """
    graph = get_default_graph()
    if graph.seed is not None:
        op_seed = _own_seed(graph) if op_seed is None else op_seed
        seeds = graph.seed % _LIMIT, op_seed % _LIMIT
    elif op_seed is not None:
        seeds = DEFAULT_GRAPH_SEED, op_seed % _LIMIT
    else:
        return None, None
    # Two zeros would mean: not repeatable.
    return (0, _LIMIT) if seeds == (0, 0) else seeds


def _own_seed(graph):
    return graph.next_seed() if graph.eager else graph._counted


def salted(seed, salt):
    """A second seed of a seed, the same each time; None for none."""
    if seed is None:
        return None
    return int(hashlib.md5(f"{seed}{salt}".encode()).hexdigest()[:8], 16) & _LIMIT


def generator(operation):
    """The state that a Session keeps for a node: its sequence goes on from run to run."""
    return philox.seeded(operation.attrs["seed"], operation.attrs["seed2"])


def seeds(seed):
    """The attributes that say the seeds of a new op."""
    first, second = get_seed(seed)
    return {"seed": first or 0, "seed2": second or 0}


# -- kernels --------------------------------------------------------------------------------------


def random(type, **traits):
    """Declare an op that draws: never shared, never folded, without a gradient.

    Its kernel gets the array `state`, which it reads and moves on.
    """
    traits = {"grad": NOT_DIFFERENTIABLE, "stateful": True, "state": generator} | traits
    return op(type, **traits)


def shape_drawn(shape, *_, **__):
    """The shape rule of ops whose first input is their shape."""
    return sizes(shape)


def between_numbers(shape, minval, maxval, *_, **__):
    """The same of ops that are given limits, too. ValueError where these are no numbers."""
    for limit in (minval, maxval):
        element(limit)
    return sizes(shape)


def filled(xp, fill, shape, dtype, *arguments, out=None):
    """An array of this shape, `out` if it is given, filled by `fill(flat array, *arguments)`."""
    fits = isinstance(out, np.ndarray) and out.flags.c_contiguous
    values = out if fits else np.empty(ints(shape), dtype)
    fill(values.reshape(-1), *arguments)
    if out is None or fits:
        return xp.asarray(values)
    out[...] = xp.asarray(values)
    return out


def uniform_of(dtype):
    """What fills an array with uniform numbers: in [0, 1) there are 128 of bfloat16."""
    return philox.uniform_of_128 if dtype is bfloat16 else philox.uniform


@random("RandomUniform", shape=shape_drawn)
def random_uniform_op(
    xp, state, shape: static("T"), out=None, *, dtype, seed=0, seed2=0
) -> Attr("dtype"):
    """Uniform in [0, 1)."""
    return filled(xp, uniform_of(dtype), shape, dtype.numpy, state, out=out)


@random("RandomStandardNormal", shape=shape_drawn)
def random_standard_normal(
    xp, state, shape: static("T"), out=None, *, dtype, seed=0, seed2=0
) -> Attr("dtype"):
    """Normal with mean 0 and standard deviation 1."""
    return filled(xp, philox.normal, shape, dtype.numpy, state, out=out)


@random("TruncatedNormal", shape=shape_drawn)
def truncated_normal_op(
    xp, state, shape: static("T"), out=None, *, dtype, seed=0, seed2=0
) -> Attr("dtype"):
    """Standard normal, what is beyond 2 dropped."""
    return filled(xp, philox.truncated_normal, shape, dtype.numpy, state, out=out)


@random("RandomUniformInt", shape=between_numbers)
def random_uniform_int(
    xp, state, shape: static("T"), minval: Integers, maxval: Integers, *, Tout, seed=0, seed2=0
) -> Attr("Tout"):
    """Uniform integers in [minval, maxval)."""
    limits = ordered(shape, minval, maxval)
    return filled(xp, philox.integers, shape, Tout.numpy, state, *limits)


@random_uniform_int.trait
def quick(run, state, shape, minval, maxval, *, Tout, seed, seed2):
    low, high = ordered(shape, minval, maxval)
    values = np.empty(ints(shape), Tout.numpy)
    if values.size:
        first = philox.reserve(state, philox.RESERVED * values.size)
        run(kernels.integers_in_c(values.size, values.dtype, low, high), first, values)
    return values


def ordered(shape, low, high):
    """The limits of what is to be drawn. ValueError when there is nothing between them."""
    if not low < high and 0 not in ints(shape):
        raise ValueError(f"Need minval < maxval, got {low} >= {high}")
    return low, high


@random_uniform_int.trait
def cuda(inputs, outputs, **_):
    return kernels.integers_in_cuda(*inputs[1:], outputs[0])


def _compile(definition, kind):
    """Declare its kernels in C and in CUDA."""

    def by(kernel):
        return lambda _, outputs, *, dtype, **__: (
            None if (kind, dtype) == ("uniform", bfloat16) else kernel(kind, outputs[0])
        )

    definition.set_trait("native", by(kernels.native))
    definition.set_trait("cuda", by(kernels.cuda))


_compile(random_uniform_op, "uniform")
_compile(random_standard_normal, "normal")
_compile(truncated_normal_op, "truncated")


@random("RandomShuffle", shape=same, grad=None)
def random_shuffle_op(xp, state, value, *, seed=0, seed2=0):
    """The rows of value in a random order: each changes places with one that follows."""
    if value.size <= 1 or len(value) == 1:
        return xp.array(value)
    count = len(value)
    words = philox.stream(philox.reserve(state, -(-(count - 1) // 4)), count - 1)
    order = list(range(count))
    for i, step in enumerate((words % np.arange(count, 1, -1, dtype=np.uint32)).tolist()):
        order[i], order[i + step] = order[i + step], order[i]
    return value[xp.asarray(order)]


random_shuffle_op.set_trait("native", lambda inputs, _, **__: kernels.shuffled(inputs[0]))

# -- TF1's functions ------------------------------------------------------------------------------


def shape_tensor(shape):
    """A shape of numbers, of tensors, or of both, as a tensor named as in TF1."""
    if isinstance(shape, Tensor):
        return shape
    dtype = None
    is_listed = isinstance(shape, (list, tuple))
    if is_listed and not any(hasattr(n, "op") or isinstance(n, float) for n in shape):
        sizes = as_shape(shape)
        if is_static(sizes):
            shape, dtype = list(sizes), int32
    return convert_to_tensor(shape, dtype=dtype, dtype_hint=int32, name="shape")


def _normal(operation, default_name, shape, mean, stddev, dtype, seed, name):
    dtype = as_dtype(dtype)
    with name_scope(name, default_name, [shape, mean, stddev]) as scope:
        shape = shape_tensor(shape)
        mean = convert_to_tensor(mean, dtype=dtype, name="mean")
        stddev = convert_to_tensor(stddev, dtype=dtype, name="stddev")
        drawn = operation(shape, dtype=dtype, **seeds(seed))
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
    dtype, maxval = check_uniform(dtype, maxval)
    with name_scope(name, "random_uniform", [shape, minval, maxval]) as scope:
        shape = shape_tensor(shape)
        minval = convert_to_tensor(minval, dtype=dtype, name="min")
        maxval = convert_to_tensor(maxval, dtype=dtype, name="max")
        if dtype.is_integer:
            return random_uniform_int(
                shape, minval, maxval, Tout=dtype, **seeds(seed), name=scope
            )
        drawn = random_uniform_op(shape, dtype=dtype, **seeds(seed))
        return add_op(drawn * (maxval - minval), minval, name=scope)


def check_uniform(dtype, maxval):
    """The type, and the upper limit, which only floats may do without."""
    dtype = as_dtype(dtype)
    if dtype not in (*dtypes.FLOATS, int32, int64):
        raise ValueError(f"Invalid dtype {dtype!r}")
    if maxval is None and dtype.is_integer:
        raise ValueError(f"Must specify maxval for integer dtype {dtype!r}")
    return dtype, 1 if maxval is None else maxval


def random_shuffle(value, seed=None, name=None):
    """The rows of `value` in a random order, another one in each run."""
    return random_shuffle_op(value, **seeds(seed), name=name)


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
