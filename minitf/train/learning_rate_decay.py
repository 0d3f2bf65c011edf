"""Learning rates that fall with the number of steps: `tf.train.exponential_decay`, ..."""

import functools
import math

from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32, int64
from minitf.core.eager import executing_eagerly
from minitf.core.graph import name_scope
from minitf.ops.control_flow.branches import case, cond
from minitf.ops.math.elementwise import (
    add_op,
    cast,
    ceil,
    cos,
    equal,
    exp,
    floor,
    greater,
    less_equal,
    log,
    logical_and,
    minimum,
    mul,
    neg,
    sqrt,
)
from minitf.ops.math.operators import divide, pow
from minitf.ops.random.draws import random_normal


def _rate(learning_rate, *others):
    """The rate as a tensor, and the others in its type."""
    rate = convert_to_tensor(learning_rate, name="initial_learning_rate")
    return rate, *(cast(each, rate.dtype.base_dtype) for each in others)


def _rate_of(function):
    """Decorates a rate: where operations run at once it is a function, which gives the rate of the
    step that it is then."""

    @functools.wraps(function)
    def rate(*args, **kwargs):
        if executing_eagerly():
            return functools.partial(function, *args, **kwargs)
        return function(*args, **kwargs)

    return rate


@_rate_of
def exponential_decay(
    learning_rate, global_step, decay_steps, decay_rate, staircase=False, name=None
):
    """`learning_rate * decay_rate ** (global_step / decay_steps)`; in steps when `staircase`."""
    return _exponential(learning_rate, global_step, decay_steps, decay_rate, staircase, name)


def _exponential(learning_rate, global_step, decay_steps, decay_rate, staircase, name):
    with name_scope(name or "ExponentialDecay") as scope:
        rate, steps, factor, step = _rate(learning_rate, decay_steps, decay_rate, global_step)
        exponent = step / steps
        exponent = floor(exponent) if staircase else exponent
        return mul(rate, pow(factor, exponent), name=scope)


@_rate_of
def piecewise_constant(x, boundaries, values, name=None):
    """`values[0]` while x <= boundaries[0], `values[1]` while x <= boundaries[1], and so on.

    Raises ValueError when there is not one value more than boundaries, or types differ.
    """
    if len(boundaries) != len(values) - 1:
        raise ValueError("The length of boundaries should be 1 less than the length of values")
    with name_scope(name or "PiecewiseConstant"):
        x = convert_to_tensor(x)
        bounds = [_bound(convert_to_tensor(bound), x) for bound in boundaries]
        values = [convert_to_tensor(value) for value in values]
        for value in values[1:]:
            if value.dtype.base_dtype != values[0].dtype.base_dtype:
                raise ValueError(
                    "Values must have elements all with the same dtype "
                    f"({values[0].dtype.base_dtype} vs {value.dtype.base_dtype})."
                )
        return _piece(x, bounds, values)


def _piece(x, bounds, values):
    pieces = [(less_equal(x, bounds[0]), lambda: values[0])]
    pieces.append((greater(x, bounds[-1]), lambda: values[-1]))
    for low, high, value in zip(bounds, bounds[1:], values[1:-1]):
        within = logical_and(greater(x, low), less_equal(x, high))
        pieces.append((within, lambda value=value: value))
    return case(pieces, default=lambda: values[0], exclusive=True)


piecewise_constant_decay = piecewise_constant


def _bound(bound, x):
    found, wanted = bound.dtype.base_dtype, x.dtype.base_dtype
    if found == wanted:
        return bound
    if (found, wanted) == (int32, int64):
        return cast(bound, wanted)
    raise ValueError(f"Boundaries ({found}) must have the same dtype as x ({wanted}).")


@_rate_of
def polynomial_decay(
    learning_rate,
    global_step,
    decay_steps,
    end_learning_rate=0.0001,
    power=1.0,
    cycle=False,
    name=None,
):
    """From `learning_rate` to `end_learning_rate` in `decay_steps`, as `(1 - t) ** power`.

    With `cycle`, the time to the end is lengthened each time it is over.
    """
    with name_scope(name or "PolynomialDecay") as scope:
        rate, end, power, step, steps = _rate(
            learning_rate, end_learning_rate, power, global_step, decay_steps
        )
        if cycle:
            rounds = cond(equal(step, 0.0), lambda: 1.0, lambda: ceil(step / decay_steps))
            steps = steps * rounds
        else:
            step = minimum(step, decay_steps)
        gone = divide(step, steps)
        return add_op(mul(rate - end, pow(1.0 - gone, power)), end, name=scope)


@_rate_of
def natural_exp_decay(
    learning_rate, global_step, decay_steps, decay_rate, staircase=False, name=None
):
    """`learning_rate * exp(-decay_rate * global_step / decay_steps)`."""
    factor = exp(neg(decay_rate))
    return _exponential(learning_rate, global_step, decay_steps, factor, staircase, name)


@_rate_of
def inverse_time_decay(
    learning_rate, global_step, decay_steps, decay_rate, staircase=False, name=None
):
    """`learning_rate / (1 + decay_rate * global_step / decay_steps)`."""
    with name_scope(name or "InverseTimeDecay") as scope:
        rate, steps, factor, step = _rate(learning_rate, decay_steps, decay_rate, global_step)
        part = step / steps
        part = floor(part) if staircase else part
        return divide(rate, cast(constant(1), rate.dtype) + factor * part, name=scope)


@_rate_of
def cosine_decay(learning_rate, global_step, decay_steps, alpha=0.0, name=None):
    """Half a cosine, from `learning_rate` to `alpha` times it (Loshchilov and Hutter 2017)."""
    with name_scope(name or "CosineDecay"):
        rate, steps, step = _rate(learning_rate, decay_steps, global_step)
        return mul(rate, (1 - alpha) * _cosine(minimum(step, steps) / steps) + alpha)


def _cosine(fraction):
    return 0.5 * (1.0 + cos(math.pi * fraction))


@_rate_of
def cosine_decay_restarts(
    learning_rate, global_step, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0, name=None
):
    """Cosine decay that starts again: each time `t_mul` times as long, `m_mul` times as high."""
    with name_scope(name or "SGDRDecay") as scope:
        rate, first, alpha, longer, higher, step = _rate(
            learning_rate, first_decay_steps, alpha, t_mul, m_mul, global_step
        )
        part = step / first
        rounds, fraction = cond(
            equal(longer, 1.0), lambda: _alike(part), lambda: _geometric(part, longer)
        )
        decayed = 0.5 * higher**rounds * (1.0 + cos(math.pi * fraction))
        return mul(rate, (1 - alpha) * decayed + alpha, name=scope)


def _alike(part):
    """(rounds that are over, how far it is in this one), where all are equally long."""
    rounds = floor(part)
    return rounds, part - rounds


def _geometric(part, longer):
    """The same where each round is `longer` times as long as the one before."""
    rounds = floor(log(1.0 - part * (1.0 - longer)) / log(longer))
    before = (1.0 - longer**rounds) / (1.0 - longer)
    return rounds, (part - before) / longer**rounds


@_rate_of
def linear_cosine_decay(
    learning_rate, global_step, decay_steps, num_periods=0.5, alpha=0.0, beta=0.001, name=None
):
    """A line times a cosine of `num_periods` periods (Bello et al. 2017)."""
    with name_scope(name or "LinearCosineDecay") as scope:
        rate, steps, periods, alpha, beta, step = _rate(
            learning_rate, decay_steps, num_periods, alpha, beta, global_step
        )
        step = minimum(step, steps)
        line = (steps - step) / steps
        return _linear_cosine(rate, line, step / steps, periods, alpha, beta, scope)


def _linear_cosine(rate, line, fraction, periods, alpha, beta, scope):
    wave = _cosine(2.0 * periods * fraction)
    return mul(rate, (alpha + line) * wave + beta, name=scope)


@_rate_of
def noisy_linear_cosine_decay(
    learning_rate,
    global_step,
    decay_steps,
    initial_variance=1.0,
    variance_decay=0.55,
    num_periods=0.5,
    alpha=0.0,
    beta=0.001,
    name=None,
):
    """`linear_cosine_decay` with normal noise, its variance falling as
    `initial_variance / (1 + step) ** variance_decay` for `decay_steps` steps."""
    with name_scope(name or "NoisyLinearCosineDecay") as scope:
        rate, steps, variance, falling, periods, alpha, beta, step = _rate(
            learning_rate, decay_steps, initial_variance, variance_decay, num_periods, alpha, beta,
            global_step,
        )  # fmt: skip
        step = minimum(step, steps)
        line = (steps - step) / steps
        deviation = sqrt(variance / pow(1.0 + step, falling))
        line += random_normal([], stddev=deviation, dtype=deviation.dtype)
        return _linear_cosine(rate, line, step / steps, periods, alpha, beta, scope)
