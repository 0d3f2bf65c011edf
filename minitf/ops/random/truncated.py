"""Normal numbers between limits: the op ParameterizedTruncatedNormal."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import FLOATS, float32
from minitf.core.graph import name_scope
from minitf.core.literals import ints
from minitf.core.schema import TypeAttr, static
from minitf.ops.random import philox
from minitf.ops.random.draws import random, seeds, shape_drawn, shape_tensor

WIDE = 1.3  # standard deviations within the limits: enough to draw from the normal distribution
TRIES = 1000  # that may fail one after the other
BATCH = 100  # numbers, where all have the same parameters

Parameter = TypeAttr("dtype", FLOATS)


@random("ParameterizedTruncatedNormal", shape=shape_drawn, host=True)
def parameterized_truncated_normal_op(
    xp, state, shape: static("T"), means: Parameter, stdevs: Parameter, minvals: Parameter,
    maxvals: Parameter, *, seed=0, seed2=0,
) -> Parameter:  # fmt: skip
    """Normal numbers, those outside [minval, maxval] dropped. Each parameter is a number or has one
    for each row of the output. ValueError for limits that have nothing between them."""
    values = np.empty(ints(shape), means.dtype)
    given = [np.asarray(each) for each in (means, stdevs, minvals, maxvals)]
    _fill(values, given, state)
    return xp.asarray(values)


def _fill(values, given, state):
    """The rows one after the other, all from one stream; rows of another length where all are of
    the same distribution."""
    rows = values.shape[0]
    for each in given:
        if each.ndim > 1 or each.shape not in ((), (1,), (rows,)):
            raise ValueError("ParameterizedTruncatedNormal: parameters should be scalars or have "
                             f"length 1 or shape[0], got shape: {list(each.shape)}")  # fmt: skip
    length = values.size // rows if rows else 0
    if given[0].size == given[1].size == 1 and given[2].ndim == given[3].ndim == 0:
        rows, length = -(-values.size // BATCH), BATCH
    reserved = rows * 2 * TRIES * (length + 3) // 4
    stream = _Stream(philox.reserve(state, reserved), values.dtype.name)
    flat = values.reshape(-1)
    for row in range(rows):
        own = [each.reshape(-1)[row if each.size > 1 else 0] for each in given]
        _draw(flat[row * length : (row + 1) * length], *own, stream)


class _Stream:
    """Blocks of words one after the other."""

    def __init__(self, state, dtype):
        self.state, self.dtype, self.at = state, dtype, state[0]

    def groups(self, count, size):
        """The words of the next groups of `size` blocks each, which stay the next."""
        counters = self.at + np.arange(count * size, dtype=np.uint64)
        return philox.blocks(counters, self.state).reshape(count, size, 4)

    def uniform(self, words):
        return philox.UNIFORM[self.dtype](np.ascontiguousarray(words))

    def normal(self, words):
        return philox.NORMAL[self.dtype](words).astype(self.dtype, copy=False)


def _draw(out, mean, stddev, minval, maxval, stream):
    """Fill a row."""
    if not (stddev > 0 and minval < maxval and (np.isfinite(minval) or np.isfinite(maxval))):
        raise ValueError("ParameterizedTruncatedNormal: Invalid parameters: "
                         f"{stddev=}, {minval=}, {maxval=}")  # fmt: skip
    if minval == -np.inf or maxval < mean:  # the limit that is there, or is nearer, is the lower
        minval, maxval, stddev = maxval, minval, -stddev
    low, high = (minval - mean) / stddev, (maxval - mean) / stddev
    size, candidates = _method(low, high)
    done = failed = 0
    with np.errstate(divide="ignore", over="ignore"):
        while done < out.size:
            count = -(-2 * (out.size - done) // (4 * size)) + 2
            found, fits = candidates(stream.groups(count, size), low, high, stream)
            kept = np.flatnonzero(fits)[: out.size - done]
            failed = failed + fits.size if not kept.size else 0
            if failed > TRIES:
                raise RuntimeError("ParameterizedTruncatedNormal: TruncatedNormal rejection "
                                   "sampler failed to accept a sample.")  # fmt: skip
            out[done : done + kept.size] = found.reshape(-1)[kept] * stddev + mean
            done += kept.size
            if done == out.size and kept.size:
                count = kept[-1] // fits.shape[1] + 1
            stream.at += np.uint64(count * size)


def _method(low, high):
    """How many blocks a try takes, and what makes numbers of them and says which are right."""
    two = low.dtype.type(2)
    root = np.sqrt(low * low + two * two)
    cutoff = two * np.exp(low.dtype.type(0.5) + low * (low - root) / (two * two)) / (low + root)
    wide = low.dtype.type(WIDE)
    if (low < -wide and high >= 0) or (high > wide and low <= 0):
        return 1, _of_normal
    return (2, _of_uniform) if high - low < cutoff else (1, _of_exponential)


def _of_normal(words, low, high, stream):
    """From the normal distribution."""
    found = stream.normal(words[:, 0])
    return found, (found >= low) & (found <= high)


def _of_uniform(words, low, high, stream):
    """From all between the limits, kept as likely as they are; each with a block for that."""
    found = stream.uniform(words[:, 0]) * (high - low) + low
    most = low.dtype.type(0) if low < 0 else low * low
    return found, stream.uniform(words[:, 1]) <= np.exp((most - found * found) / 2)


def _of_exponential(words, low, high, stream):
    """From an exponential distribution that begins at the lower limit."""
    draws = stream.uniform(words[:, 0])
    alpha = (low + np.sqrt(low * low + 4)) / 2
    found = -np.log(draws[:, ::2]) / alpha + low
    off = alpha - found if low < alpha else low - alpha
    return found, (draws[:, 1::2] <= np.exp(-off * off / 2)) & (found < high)


def parameterized_truncated_normal(
    shape, means=0.0, stddevs=1.0, minvals=-2.0, maxvals=2.0, dtype=float32, seed=None, name=None
):
    """Normal numbers, what is outside [minvals, maxvals] drawn again. Each parameter is a number or
    has one for each row."""
    with name_scope(name, "parameterized_truncated_normal",
                    [shape, means, stddevs, minvals, maxvals]) as scope:  # fmt: skip
        given = [convert_to_tensor(value, dtype=dtype, name=what) for value, what in (
            (means, "means"), (stddevs, "stddevs"), (minvals, "minvals"), (maxvals, "maxvals"))]
        return parameterized_truncated_normal_op(shape_tensor(shape), *given, **seeds(seed),
                                                 name=scope)  # fmt: skip
