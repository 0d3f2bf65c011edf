"""Fractional pooling, after Graham 2014: `tf.nn.fractional_max_pool`, `tf.nn.fractional_avg_pool`.

Windows are of two sizes that follow each other at random, so that the sizes shrink by any ratio.
Where the windows begin is what an op returns beside the outputs: its gradient needs it.
"""
import math
from typing import Any, NamedTuple

import numpy as np

from minitf.core.dtypes import float32, float64, int32, int64
from minitf.core.op import op
from minitf.core.schema import TypeAttr
from minitf.core.tensor_shape import printed
from minitf.nn.kernels import direct_fractional
from minitf.nn.windows import ranked
from minitf.ops.array.basics import shape
from minitf.ops.random import philox
from minitf.ops.random.draws import random

T = TypeAttr("T", (float32, float64, int32, int64))
Sizes = TypeAttr("_", (int64,), static=True)

# -- where the windows are ------------------------------------------------------------------------


def _starts(size, count, state, pseudo_random):
    """The first pixels of `count` windows, and the end of the last: TensorFlow's, of one seed."""
    if pseudo_random:
        return _evenly(size, count, philox.reserve(state, 1))
    steps, larger = [size // count] * count, size % count
    steps[:larger] = [step + 1 for step in steps[:larger]]
    words = philox.stream(philox.reserve(state, -(-count // 4)), count).tolist()
    for i in range(count - 1):
        other = i + words[i] % (count - i)
        steps[i], steps[other] = steps[other], steps[i]
    return np.concatenate([[0], np.cumsum(steps)])


def _evenly(size, count, state):
    ratio, step = size / count, size // count
    limit = min((step + 2) / ratio - 1, (size + 1 - step) / ratio - (count - 1))
    offset = philox.uniform_double(philox.stream(state, 2))[0] * limit
    inner = [math.ceil(ratio * (i + offset)) - 1 for i in range(1, count)]
    return np.array([0, *inner, size])


def _windows(starts, size, overlapping):
    """(first, last) pixel of each window."""
    last = starts[1:] - (0 if overlapping else 1)
    return starts[:-1], np.minimum(last, size - 1)


def _steps(starts, size, overlapping):
    """For each position of a window: the windows that reach so far, and their pixels there."""
    first, last = _windows(starts, size, overlapping)
    for i in range(int((last - first).max()) + 1):
        inside = first + i <= last
        yield slice(None) if inside.all() else np.nonzero(inside)[0], (first + i)[inside]


def _counts(shape, rows, columns, overlapping):
    """How many pixels each window has."""
    height, width = (
        last - first + 1
        for first, last in (
            _windows(starts, size, overlapping)
            for starts, size in ((rows, shape[1]), (columns, shape[2]))
        )
    )
    return (height[:, None] * width[None, :])[:, :, None]


# -- along one axis -------------------------------------------------------------------------------


def _on(axis, index):
    """The index of a piece of an axis."""
    return (*(slice(None),) * axis, index)


def _reduced(ufunc, x, axis, starts, overlapping):
    """A ufunc of the pixels in each window along an axis."""
    steps = _steps(starts, x.shape[axis], overlapping)
    _, pixels = next(steps)
    out = x.take(pixels, axis)
    for windows, pixels in steps:
        part = out[_on(axis, windows)]
        out[_on(axis, windows)] = ufunc(part, x.take(pixels, axis))
    return out


def _to_first(dy, x, largest, axis, starts, overlapping):
    """For each pixel, the sum of dy over the windows of which it is the first largest."""
    found, free = np.zeros(x.shape, dy.dtype), np.ones(largest.shape, bool)
    for windows, pixels in _steps(starts, x.shape[axis], overlapping):
        to = _on(axis, windows)
        here = free[to] & (x.take(pixels, axis) == largest[to])
        free[to] &= ~here
        found[_on(axis, pixels)] += dy[to] * here
    return found


def _spread(dy, size, axis, starts, overlapping):
    """For each pixel, the sum of dy over the windows that it is in."""
    found = np.zeros((*dy.shape[:axis], size, *dy.shape[axis + 1 :]), dy.dtype)
    for windows, pixels in _steps(starts, size, overlapping):
        found[_on(axis, pixels)] += dy[_on(axis, windows)]
    return found


# -- the ops --------------------------------------------------------------------------------------


def _shapes(value, *, pooling_ratio, **_):
    value = ranked(value, "value")
    if len(pooling_ratio) != 4:
        raise ValueError(f"pooling_ratio field must specify 4 dimensions, got {pooling_ratio}")
    if (pooling_ratio[0], pooling_ratio[3]) != (1, 1):
        raise ValueError("Fractional pooling is not yet supported on the batch nor channel "
                         f"dimension: pooling_ratio={list(pooling_ratio)}")  # fmt: skip
    if min(pooling_ratio) < 1:
        raise ValueError(f"pooling_ratio cannot be smaller than 1, got {list(pooling_ratio)}")
    sizes = tuple(None if n is None else int(n / r) for n, r in zip(value, pooling_ratio))
    starts = [(None,) if n is None else (n + 1,) for n in sizes[1:3]]
    return [sizes, *starts]


def _sequences(state, value, ratio, pseudo_random, deterministic, seed, seed2):
    """The starts of the rows of windows and of the columns; always the same if deterministic."""
    if not deterministic and (seed or seed2):
        raise ValueError("Both seed and seed2 should be 0 if deterministic is false.")
    state = state.copy() if deterministic else state
    sizes = [int(n / r) for n, r in zip(value.shape, ratio)]
    if min(sizes[1:3]) < 1:
        raise ValueError(f"value {printed(value.shape)} is too small for pooling_ratio={ratio}")
    return [_starts(n, count, state, pseudo_random)
            for n, count in zip(value.shape[1:3], sizes[1:3])]  # fmt: skip


@random("FractionalMaxPool", shape=_shapes, grad=None, host=True)
def fractional_max_pool_op(
    xp, state, value: T, *, pooling_ratio, pseudo_random=False, overlapping=False,
    deterministic=False, seed=0, seed2=0,
) -> [T, int64, int64]:  # fmt: skip
    """(largest of each window, first rows of the windows, first columns)."""
    starts = _sequences(state, value, pooling_ratio, pseudo_random, deterministic, seed, seed2)
    rows, columns = starts
    largest = _reduced(np.maximum, value, 1, rows, overlapping)
    largest = _reduced(np.maximum, largest, 2, columns, overlapping)
    return [xp.asarray(each) for each in (largest, rows, columns)]


@fractional_max_pool_op.gradient
def _(ys, dys, value, *, overlapping, **_):
    return (fractional_max_pool_grad(value, ys[0], dys[0], ys[1], ys[2], overlapping=overlapping),)


@op("FractionalMaxPoolGrad", shape=lambda orig_input, *_, **__: ranked(orig_input, "orig_input"),
    host=True)  # fmt: skip
def fractional_max_pool_grad(
    xp, orig_input: T, orig_output: T, out_backprop: T, row_pooling_sequence: int64,
    col_pooling_sequence: int64, *, overlapping=False,
):  # fmt: skip
    """The gradient: each goes to the first of the largest elements in its window."""
    rows, columns = (1, row_pooling_sequence), (2, col_pooling_sequence)
    # The largest of each row first: the first of equals is that of row-major order.
    inner = _reduced(np.maximum, orig_input, *columns, overlapping)
    grad = _to_first(out_backprop, inner, orig_output, *rows, overlapping)
    return xp.asarray(_to_first(grad, orig_input, inner, *columns, overlapping))


@random("FractionalAvgPool", shape=_shapes, grad=None, host=True)
def fractional_avg_pool_op(
    xp, state, value: T, *, pooling_ratio, pseudo_random=False, overlapping=False,
    deterministic=False, seed=0, seed2=0,
) -> [T, int64, int64]:  # fmt: skip
    """(mean of each window, first rows of the windows, first columns)."""
    starts = _sequences(state, value, pooling_ratio, pseudo_random, deterministic, seed, seed2)
    rows, columns = starts
    total = _reduced(np.add, value, 1, rows, overlapping)
    total = _reduced(np.add, total, 2, columns, overlapping)
    mean = (total / _counts(value.shape, rows, columns, overlapping)).astype(value.dtype)
    return [xp.asarray(each) for each in (mean, rows, columns)]


@fractional_avg_pool_op.gradient
def _(ys, dys, value, *, overlapping, **_):
    sizes = shape(value, out_type=int64)
    return (fractional_avg_pool_grad(sizes, dys[0], ys[1], ys[2], overlapping=overlapping),)


def _given_shape(sizes, *_, **__):
    return (None,) * 4 if sizes is None else tuple(None if n is None else int(n) for n in sizes)


@op("FractionalAvgPoolGrad", shape=_given_shape, host=True)
def fractional_avg_pool_grad(
    xp, orig_input_tensor_shape: Sizes, out_backprop: T, row_pooling_sequence: int64,
    col_pooling_sequence: int64, *, overlapping=False,
):  # fmt: skip
    """The gradient: each goes in equal parts to the elements of its window."""
    sizes = tuple(int(n) for n in orig_input_tensor_shape)
    rows, columns = row_pooling_sequence, col_pooling_sequence
    counts = _counts(sizes, rows, columns, overlapping)
    share = np.true_divide(out_backprop, counts).astype(out_backprop.dtype)
    share = _spread(share, sizes[2], 2, columns, overlapping)
    return xp.asarray(_spread(share, sizes[1], 1, rows, overlapping))


# -- the gradients in C ---------------------------------------------------------------------------


@fractional_max_pool_grad.trait
def native(inputs, outputs, *, overlapping):
    images, pooled, *_ = inputs
    make = direct_fractional.max_pool_gradient
    return make(images.shape, pooled.shape, images.dtype, overlapping)


@fractional_avg_pool_grad.trait
def native(inputs, outputs, *, overlapping):  # noqa: F811
    _, dy, *_ = inputs
    (images,) = outputs
    make = direct_fractional.average_pool_gradient
    return make(images.shape, dy.shape, dy.dtype, overlapping)


# -- TF1's functions ------------------------------------------------------------------------------


class FractionalMaxPool(NamedTuple):
    """What `tf.nn.fractional_max_pool` returns."""

    output: Any
    row_pooling_sequence: Any
    col_pooling_sequence: Any


class FractionalAvgPool(NamedTuple):
    """What `tf.nn.fractional_avg_pool` returns."""

    output: Any
    row_pooling_sequence: Any
    col_pooling_sequence: Any


def _pooled(operation, value, ratio, pseudo_random, overlapping, deterministic, seed, seed2, name):
    if not isinstance(ratio, (list, tuple)):
        raise TypeError(f"Expected list for 'pooling_ratio' argument, not {ratio!r}.")
    return operation(
        value, pooling_ratio=[float(each) for each in ratio], pseudo_random=bool(pseudo_random),
        overlapping=bool(overlapping), deterministic=bool(deterministic), seed=int(seed or 0),
        seed2=int(seed2 or 0), name=name,
    )  # fmt: skip


def fractional_max_pool(
    value, pooling_ratio, pseudo_random=False, overlapping=False, deterministic=False, seed=0,
    seed2=0, name=None,
):  # fmt: skip
    """(output, row_pooling_sequence, col_pooling_sequence): the largest element of each of the
    windows that make images smaller by `pooling_ratio`, a list of 4 with 1 for batch and depth.

    The windows' sizes are shuffled, or `pseudo_random`, evenly spread from a random start; with
    `overlapping` a window has the next one's first pixels too; `deterministic` ones are the same in
    each run, those of `seed` and `seed2`, which must be 0 otherwise. The sequences say where
    windows begin. Raises ValueError for ratios below 1.
    """
    return FractionalMaxPool(*_pooled(fractional_max_pool_op, value, pooling_ratio, pseudo_random,
                                      overlapping, deterministic, seed, seed2, name))  # fmt: skip


def fractional_avg_pool(
    value, pooling_ratio, pseudo_random=False, overlapping=False, deterministic=False, seed=0,
    seed2=0, name=None,
):  # fmt: skip
    """As `fractional_max_pool`, the mean of each window."""
    return FractionalAvgPool(*_pooled(fractional_avg_pool_op, value, pooling_ratio, pseudo_random,
                                      overlapping, deterministic, seed, seed2, name))  # fmt: skip
