"""Random numbers of given distributions: `tf.multinomial`, `tf.random_gamma`, `tf.random_poisson`.
"""
import functools

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import IEEE_FLOATS, as_dtype, float32, int32, int64
from minitf.core.graph import name_scope
from minitf.core.kernel import Array, Kernel
from minitf.core.literals import integer, ints, length
from minitf.core.native_rows import rows
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, IeeeFloat, Real, TypeAttr, static
from minitf.core.shape_rules import sizes
from minitf.ops.array.basics import size, zeros_like
from minitf.ops.array.sequences import range as numbers
from minitf.ops.math.elementwise import maximum
from minitf.ops.math.gamma import random_gamma_grad
from minitf.ops.random import philox
from minitf.ops.random.draws import random, seeds
from minitf.ops.random.rejection import check_rates, gamma, poisson
from minitf.ops.random.rejection_kernel import drawn
from minitf.ops.random.stateless import Seed
from minitf.ops.reduction.reduce import reduce_sum

Count = TypeAttr("_", (int32,), static=True)
Rate = TypeAttr("R", (*IEEE_FLOATS, int32, int64))

# -- classes --------------------------------------------------------------------------------------


def _classes_shape(logits, num_samples, *_, **__):
    if logits is not None and len(logits) != 2:
        raise ValueError(f"logits must be a matrix [batch, classes], got {list(logits)}")
    return (None if logits is None else logits[0], length(num_samples))


def _drawn_classes(search, logits, count, state):
    """For each row of logits, `count` classes with the probabilities softmax(row)."""
    batch, classes = logits.shape
    if not classes:
        raise ValueError("num_classes should be positive, got 0")
    first = philox.reserve(state, philox.RESERVED * batch * -(-count // 4) * 8)
    draws = philox.uniform_double(philox.stream(first, 2 * batch * count)).reshape(batch, count)
    found = np.empty((batch, count), np.int64)
    search(logits, draws, found)
    return found


def _limits(logits):
    """The sums of the probabilities of the classes up to each, not yet divided by their total."""
    finite = np.isfinite(logits)
    greatest = np.max(logits, 1, keepdims=True, where=finite, initial=np.finfo(logits.dtype).min)
    weights = np.exp(np.subtract(logits, greatest, dtype=np.float64))
    return np.cumsum(np.where(finite, weights, 0), 1)


def _search(logits, draws, found):
    """Of each row, the first limit above each of the draws, as shares of the last."""
    for places, row, values in zip(found, _limits(np.asarray(logits)), draws):
        places[...] = np.searchsorted(row, values * row[-1], "right")


# The limits of a row take the place of its logits.
SEARCH = """\
    double *limits = (double *)x0 + row * classes, most = -INFINITY, total = 0;
    const double *draws = x1 + row * length;
    for (int64_t k = 0; k < classes; k++)
      if (isfinite(limits[k]) && limits[k] > most) most = limits[k];
    for (int64_t k = 0; k < classes; k++)
      limits[k] = total += isfinite(limits[k]) ? exp(limits[k] - most) : 0;
    for (int64_t j = 0; j < length; j++) {
      const double draw = draws[j] * total;
      int64_t first = 0, end = classes;
      while (first < end) {
        const int64_t middle = (first + end) / 2;
        if (limits[middle] > draw) end = middle;
        else first = middle + 1;
      }
      y0[row * length + j] = first;
    }"""


@functools.lru_cache(maxsize=1)
def _searching():
    real, place = Array((), np.dtype(np.float64)), Array((), np.dtype(np.int64))
    return rows(SEARCH, [real, real], [place], 0, 0, sizes={"classes": 0}).source


def _search_by(run):
    """The same in C."""

    def search(logits, draws, found):
        limits = np.array(logits, np.float64, order="C")
        run(Kernel(_searching(), (*found.shape, limits.shape[1])), limits, draws, found)

    return search


@random("Multinomial", shape=_classes_shape, host=True)
def multinomial_op(
    xp, state, logits: Real, num_samples: Count, *, seed=0, seed2=0, output_dtype=int64
) -> Attr("output_dtype"):
    """For each row of logits, classes drawn with the probabilities softmax(row)."""
    found = _drawn_classes(_search, logits, integer(num_samples), state)
    return xp.asarray(found.astype(output_dtype.numpy))


@multinomial_op.trait
def quick(run, state, logits, num_samples, *, seed, seed2, output_dtype):
    found = _drawn_classes(_search_by(run), logits, integer(num_samples), state)
    return found.astype(output_dtype.numpy)


@op("StatelessMultinomial", shape=_classes_shape, grad=NOT_DIFFERENTIABLE, host=True)
def stateless_multinomial_op(
    xp, logits: Real, num_samples: Count, seed: Seed, *, output_dtype=int64
) -> Attr("output_dtype"):
    """For each row of logits, classes drawn with the probabilities softmax(row), of one seed."""
    found = _drawn_classes(_search, logits, integer(num_samples), philox.scrambled(ints(seed)))
    return xp.asarray(found.astype(output_dtype.numpy))


@stateless_multinomial_op.trait
def quick(run, logits, num_samples, seed, *, output_dtype):  # noqa: F811  as that of the other one
    state = philox.scrambled(ints(seed))
    found = _drawn_classes(_search_by(run), logits, integer(num_samples), state)
    return found.astype(output_dtype.numpy)


@op("MultinomialOfSeeds", shape=lambda logits, seeds: None if seeds is None else (seeds[0],),
    grad=NOT_DIFFERENTIABLE, host=True)  # fmt: skip
def multinomial_of_seeds(xp, logits: Real, seeds: int64) -> int64:
    """For each of several seeds [n, 2], what StatelessMultinomial draws of one row of logits."""
    row = _limits(logits)[0]
    draws = philox.uniform_double(philox.first_blocks(seeds)[:, :2].ravel())
    return xp.asarray(np.searchsorted(row, draws * row[-1], "right"))


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
                              **seeds(seed))  # fmt: skip


def stateless_multinomial(logits, num_samples, seed, output_dtype=int64, name=None):
    """As `tf.multinomial`, but equal values of `seed`, two integers, give equal classes."""
    return _stateless("stateless_multinomial", logits, num_samples, seed, output_dtype, name)


def stateless_categorical(logits, num_samples, seed, dtype=int64, name=None):
    """As `tf.random.categorical`, but equal values of `seed`, two integers, give equal classes."""
    return _stateless("stateless_categorical", logits, num_samples, seed, dtype, name)


def _stateless(default_name, logits, num_samples, seed, dtype, name):
    with name_scope(name, default_name, [logits, seed]):
        logits = convert_to_tensor(logits, name="logits")
        return stateless_multinomial_op(logits, num_samples, seed, output_dtype=as_dtype(dtype))


# -- gamma and Poisson ----------------------------------------------------------------------------


def _samples_shape(shape, parameters, **_):
    """As many samples as `shape` says for each of the parameters."""
    lead = sizes(shape)
    return None if lead is None or parameters is None else (*lead, *parameters)


def _samples(draw, shape, parameters, *arguments):
    """The samples `draw(parameter of each, *arguments)`, each parameter's one after the other."""
    shape, parameters = ints(shape), np.asarray(parameters)
    count = int(np.prod(shape, dtype=np.int64))
    drawn = draw(np.repeat(parameters.astype(np.float64).ravel(), count), *arguments)
    return drawn.reshape(parameters.size, count).T.reshape((*shape, *parameters.shape))


@random("RandomGamma", shape=_samples_shape, grad=None, host=True)
def random_gamma_op(xp, state, shape: static("S"), alpha: IeeeFloat, *, seed=0, seed2=0):
    """`shape` numbers from the gamma distribution for each shape parameter alpha."""
    return xp.asarray(_samples(gamma, shape, alpha, state).astype(alpha.dtype))


@random_gamma_op.gradient
def _(y, dy, shape, alpha, **attrs):
    return None, reduce_sum(dy * random_gamma_grad(alpha, y), axis=numbers(0, size(shape)))


@random_gamma_op.trait
def quick(run, state, shape, alpha, *, seed, seed2):  # noqa: F811
    return drawn(run, "gamma", ints(shape), alpha, state).astype(alpha.dtype)


@random("RandomPoissonV2", shape=_samples_shape, host=True, grad=None)
def random_poisson_op(
    xp, state, shape: static("S"), rate: Rate, *, seed=0, seed2=0, dtype=int64
) -> Attr("dtype"):
    """`shape` counts from the Poisson distribution for each rate."""
    counts = _samples(poisson, shape, rate, state, _highest(dtype))
    return xp.asarray(counts.astype(dtype.numpy))


def _highest(dtype):
    return float((np.iinfo if dtype.is_integer else np.finfo)(dtype.numpy).max)


@random_poisson_op.trait
def quick(run, state, shape, rate, *, seed, seed2, dtype):  # noqa: F811
    check_rates(rate)
    counts = drawn(run, "poisson", ints(shape), rate, state, _highest(dtype))
    return counts.astype(dtype.numpy)


def random_gamma(shape, alpha, beta=None, dtype=float32, seed=None, name=None):
    """Numbers from the gamma distributions of shape `alpha` and rate `beta` (1 when not given).

    There are `shape` of them for each pair, which broadcast: [*shape, *that of alpha + beta].
    Gradients flow to both: each number moves so that its quantile stays the same.
    """
    with name_scope(name, "random_gamma", [shape, alpha, beta]):
        shape = convert_to_tensor(shape, name="shape", dtype=int32)
        alpha = convert_to_tensor(alpha, name="alpha", dtype=dtype)
        beta = convert_to_tensor(1 if beta is None else beta, name="beta", dtype=dtype)
        alpha = alpha + zeros_like(beta)
        least = np.finfo(alpha.dtype.as_numpy_dtype).tiny
        return maximum(least, random_gamma_op(shape, alpha, **seeds(seed)) / beta)


def random_poisson(lam, shape, dtype=float32, seed=None, name=None):
    """Counts from the Poisson distributions of the rates `lam`: [*shape, *that of lam].

    InvalidArgumentError in the run for a rate that is not finite.
    """
    with name_scope(name, "random_poisson", [lam, shape]):
        shape = convert_to_tensor(shape, name="shape", dtype=int32)
        return random_poisson_op(shape, lam, dtype=as_dtype(dtype), **seeds(seed))
