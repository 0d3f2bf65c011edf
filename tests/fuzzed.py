"""What tests/test_fuzz.py asks: ops by name, how they are built, and by the book what they give.

`want(xs, *arguments)` gives NumPy's value or raises Refused where TensorFlow refuses: by its rules,
which were held against TensorFlow 1.15 on the examples that the test draws. TensorFlow 1.15 lets
some mistakes pass which are refused here all the same, as later versions refuse them: sizes that do
not broadcast where the result is empty, a size of -1 beside a 0. Axes named twice in reductions are
not asked for.
"""
import math
from typing import Any, NamedTuple

import numpy as np


class Refused(Exception):
    """Which exception TensorFlow raises: with all shapes known, and with no rank known.

    ValueError is raised while building, InvalidArgumentError in the run.
    """

    def __init__(self, known="ValueError", unknown="InvalidArgumentError"):
        super().__init__(known, unknown)
        self.known, self.unknown = known, unknown


class InRun(Refused):
    """What only the values tell."""

    def __init__(self):
        super().__init__("InvalidArgumentError")


class Built(Refused):
    """What the arguments alone tell."""

    def __init__(self):
        super().__init__(unknown="ValueError")


class Fuzzed(NamedTuple):
    build: Any  # of (tf, tensors, arguments)
    want: Any  # of (arrays, arguments)


def refuse(when, refusal=Refused):
    if when:
        raise refusal()


def axis_of(axis, rank):
    refuse(not -rank <= axis < rank)
    return axis % rank


# -- element by element ---------------------------------------------------------------------------


def together(function):
    def want(xs):
        refuse(xs[0].dtype != xs[1].dtype, lambda: Refused("TypeError", "TypeError"))
        try:
            np.broadcast_shapes(*(x.shape for x in xs))
        except ValueError:
            raise Refused from None
        return function(*xs)

    return want


def divided(function):
    def guarded(x, y):
        refuse(x.dtype.kind == "i" and (y == 0).any() and np.broadcast(x, y).size, InRun)
        with np.errstate(all="ignore"):
            return function(x, y)

    return together(guarded)


PAIRS = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "maximum": np.maximum,
    "minimum": np.minimum, "less": np.less, "greater_equal": np.greater_equal, "equal": np.equal,
    "not_equal": np.not_equal, "squared_difference": lambda x, y: (x - y) * (x - y),
}  # fmt: skip
ELEMENTWISE = {
    name: Fuzzed(lambda tf, xs, name=name: getattr(tf, name)(*xs), together(function))
    for name, function in PAIRS.items()
}
for name, function in (("floordiv", np.floor_divide), ("floormod", np.mod)):
    ELEMENTWISE[name] = Fuzzed(lambda tf, xs, name=name: getattr(tf, name)(*xs), divided(function))
SINGLE = {
    name: Fuzzed(lambda tf, xs, name=name: getattr(tf, name)(*xs), lambda xs, f=function: f(*xs))
    for name, function in (("negative", np.negative), ("abs", np.abs), ("square", np.square),
                           ("sign", np.sign), ("identity", lambda x: x))
}  # fmt: skip

# -- reductions -----------------------------------------------------------------------------------


def reduced(function):
    def want(xs, axis, keepdims):
        (x,), axes = xs, axis
        if axis is not None:
            axes = [axis_of(n, x.ndim) for n in (axis if isinstance(axis, list) else [axis])]
        with np.errstate(all="ignore"):
            return function(x, None if axis is None else tuple(axes), keepdims)

    return want


def extreme(name):
    def function(x, axes, keepdims):
        lowest = -np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).min
        highest = np.inf if x.dtype.kind == "f" else np.iinfo(x.dtype).max
        start = lowest if name == "max" else highest
        return getattr(np, name)(x, axes, keepdims=keepdims, initial=start)

    return function


def summed(function):
    return lambda x, axes, keepdims: function(x, axes, dtype=x.dtype, keepdims=keepdims)


def mean(x, axes, keepdims):
    axes = tuple(range(x.ndim)) if axes is None else axes
    count = math.prod(x.shape[n] for n in axes)
    return np.divide(x.sum(axes, keepdims=keepdims), x.dtype.type(count))


def reducing(name):
    return lambda tf, xs, axis, keepdims: getattr(tf, f"reduce_{name}")(*xs, axis, keepdims)


REDUCTIONS = {
    "sum": Fuzzed(reducing("sum"), reduced(summed(np.sum))),
    "prod": Fuzzed(reducing("prod"), reduced(summed(np.prod))),
    "max": Fuzzed(reducing("max"), reduced(extreme("max"))),
    "min": Fuzzed(reducing("min"), reduced(extreme("min"))),
}
MEAN = Fuzzed(reducing("mean"), reduced(mean))
TRUTHS = {
    name: Fuzzed(reducing(name), reduced(lambda x, axes, keepdims, f=function:
                                         f(x, axes, keepdims=keepdims)))
    for name, function in (("all", np.all), ("any", np.any))
}  # fmt: skip


def at_best(function):
    def want(xs, axis):
        (x,) = xs
        axis = axis_of(axis, x.ndim)
        refuse(x.shape[axis] == 0, InRun)
        return function(x, axis).astype(np.int64)

    return want


def along(function):
    def want(xs, axis):
        (x,) = xs
        return function(x, axis_of(axis, x.ndim), dtype=x.dtype)

    return want


ALONG = {
    "argmax": Fuzzed(lambda tf, xs, axis: tf.argmax(*xs, axis), at_best(np.argmax)),
    "argmin": Fuzzed(lambda tf, xs, axis: tf.argmin(*xs, axis), at_best(np.argmin)),
    "cumsum": Fuzzed(lambda tf, xs, axis: tf.cumsum(*xs, axis), along(np.cumsum)),
    "cumprod": Fuzzed(lambda tf, xs, axis: tf.cumprod(*xs, axis), along(np.cumprod)),
}

# -- shapes ---------------------------------------------------------------------------------------


def reshaped(xs, shape):
    (x,) = xs
    refuse(shape.count(-1) > 1, InRun)
    known = math.prod(n for n in shape if n != -1)
    if -1 in shape:
        refuse(known == 0, Refused if x.size else InRun)
        refuse(x.size % known)
        return x.reshape([x.size // known if n == -1 else n for n in shape])
    refuse(known != x.size)
    return x.reshape(shape)


def transposed(xs, perm):
    (x,) = xs
    # Out of the range that the length of perm says, which is known where the rank is not.
    refuse(any(n >= len(perm) for n in perm), Built)
    refuse(len(perm) != x.ndim)
    refuse(sorted(perm) != list(range(x.ndim)), InRun)
    return x.transpose(perm)


def expanded(xs, axis):
    return np.expand_dims(xs[0], axis_of(axis, xs[0].ndim + 1))


def squeezed(xs, axes):
    (x,) = xs
    places = {axis_of(n, x.ndim) for n in axes} or {n for n in range(x.ndim) if x.shape[n] == 1}
    refuse(any(x.shape[n] != 1 for n in places))
    return np.squeeze(x, tuple(places))


def broadcasted(xs, shape):
    try:
        return np.broadcast_to(xs[0], shape)
    except ValueError:
        raise Refused from None


def turned(xs, axes):
    places = [axis_of(n, xs[0].ndim) for n in axes]
    refuse(len(set(places)) < len(places))
    return np.flip(xs[0], tuple(places))


def tiled(xs, multiples):
    refuse(len(multiples) != xs[0].ndim)
    refuse(min(multiples, default=0) < 0, InRun)
    return np.tile(xs[0], multiples)


def padded(xs, paddings):
    refuse(any(min(pair) < 0 for pair in paddings), Built)
    refuse(len(paddings) != xs[0].ndim)
    return np.pad(xs[0], paddings) if xs[0].ndim else xs[0]


SHAPES = {
    "reshape": Fuzzed(lambda tf, xs, shape: tf.reshape(*xs, as_ints(tf, shape)), reshaped),
    "transpose": Fuzzed(lambda tf, xs, perm: tf.transpose(*xs, as_ints(tf, perm)), transposed),
    "squeeze": Fuzzed(lambda tf, xs, axes: tf.squeeze(*xs, axes), squeezed),
    "broadcast_to": Fuzzed(
        lambda tf, xs, shape: tf.broadcast_to(*xs, as_ints(tf, shape)), broadcasted),
    "reverse": Fuzzed(lambda tf, xs, axes: tf.reverse(*xs, as_ints(tf, axes)), turned),
    "tile": Fuzzed(lambda tf, xs, multiples: tf.tile(*xs, as_ints(tf, multiples)), tiled),
}  # fmt: skip
EXPAND = Fuzzed(lambda tf, xs, axis: tf.expand_dims(*xs, axis), expanded)
PAD = Fuzzed(lambda tf, xs, pairs: tf.pad(*xs, tf.constant(pairs, tf.int32, [len(pairs), 2])),
             padded)  # fmt: skip


def as_ints(tf, numbers):
    """A list as a tensor, also where it is empty."""
    return tf.constant(numbers, tf.int32, [len(numbers)])


# -- together and apart ---------------------------------------------------------------------------


def joined(xs, axis):
    rank = xs[0].ndim
    refuse(rank == 0 or any(x.ndim != rank for x in xs))
    axis = axis_of(axis, rank)
    rest = {(*x.shape[:axis], *x.shape[axis + 1 :]) for x in xs}
    refuse(len(rest) > 1)
    return np.concatenate(xs, axis)


def stacked(xs, axis):
    refuse(len({x.shape for x in xs}) > 1)
    return np.stack(xs, axis_of(axis, xs[0].ndim + 1))


def parted(xs, count, axis):
    axis = axis_of(axis, xs[0].ndim)
    refuse(xs[0].shape[axis] % count)
    return np.split(xs[0], count, axis)


def picked(xs, axis):
    x, places = xs
    axis = axis_of(axis, x.ndim)
    refuse(((places < 0) | (places >= x.shape[axis])).any(), InRun)
    return x.take(places, axis)


def cut(xs, begin, size):
    (x,) = xs
    refuse(len(begin) != x.ndim)
    ends = [n if m == -1 else b + m for n, b, m in zip(x.shape, begin, size)]
    refuse(any(b < 0 or not b <= e <= n for n, b, e in zip(x.shape, begin, ends)), InRun)
    return x[tuple(slice(b, e) for b, e in zip(begin, ends))]


CONCAT = Fuzzed(lambda tf, xs, axis: tf.concat(xs, axis), joined)
STACK = Fuzzed(lambda tf, xs, axis: tf.stack(xs, axis), stacked)
SPLIT = Fuzzed(lambda tf, xs, count, axis: tf.split(*xs, count, axis), parted)
GATHER = Fuzzed(lambda tf, xs, axis: tf.gather(*xs, axis=axis), picked)
SLICE = Fuzzed(
    lambda tf, xs, begin, size: tf.slice(*xs, as_ints(tf, begin), as_ints(tf, size)), cut
)
