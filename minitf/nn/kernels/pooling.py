"""Pooling and its gradients, in NumPy: the arithmetic behind `tf.nn.max_pool`, `tf.nn.avg_pool`.

A window is the product of its axes, and so is its maximum or its sum: all goes along one axis after
the other, and along an axis position by position of the window, for all windows at once.
"""
import numpy as np

from minitf.nn.windows import axis


def sliding(shape, *, ksize, strides, padding, data_format):
    """(number, Axis) of each axis that windows slide along; of one that changes nothing if none
    does."""
    each = enumerate(zip(shape, ksize, strides))
    slid = [(i, axis(n, k, s, 1, padding)) for i, (n, k, s) in each if (k, s) != (1, 1)]
    return slid or [(len(shape) - 1, axis(shape[-1], 1, 1, 1, "SAME"))]


def _on(number, piece):
    """The index of a piece of an axis."""
    return (*(slice(None),) * number, piece)


def reduced(xp, ufunc, x, number, along, out=None):
    """A ufunc of the pixels in each window along an axis."""
    if out is None:
        out = xp.empty((*x.shape[:number], along.output, *x.shape[number + 1 :]), x.dtype)
    # At position `before` a pixel is there for every output: there is a whole piece at least.
    whole = slice(0, along.output)
    first, *pieces = sorted(map(along.inside, range(along.window)), key=lambda p: p[0] != whole)
    if pieces and pieces[0][0] == whole:
        ufunc(x[_on(number, first[1])], x[_on(number, pieces.pop(0)[1])], out=out)
    else:
        out[...] = x[_on(number, first[1])]
    for to, from_ in pieces:
        part = out[_on(number, to)]
        ufunc(part, x[_on(number, from_)], out=part)
    return out


def _firsts(xp, x, largest, number, along):
    """Which pixels are the first largest of their window: position by position of the window,
    (outputs, pixels, whether it is there for these outputs)."""
    free = xp.ones(largest.shape, bool)
    for i in range(along.window):
        to, from_ = (_on(number, piece) for piece in along.inside(i))
        if i == along.window - 1:  # what is left, be it NaN, which equals nothing
            yield to, from_, free[to]
            return
        here = xp.equal(x[from_], largest[to])
        here &= free[to]
        free[to] ^= here
        yield to, from_, here


def to_first(xp, dy, x, largest, number, along, out=None):
    """For each pixel, the sum of dy over the windows of which it is the first largest."""
    out = _before_spreading(xp, dy, x.shape[number], number, along, out)
    for to, from_, here in _firsts(xp, x, largest, number, along):
        if along.stride >= along.window:  # each pixel is in one window
            xp.multiply(dy[to], here, out=out[from_])
        else:
            out[from_] += dy[to] * here
    return out


def to_all(xp, dy, x, largest, number, along, out=None):
    """For each pixel, the sum of dy over the windows of which it is a largest."""
    out = _before_spreading(xp, dy, x.shape[number], number, along, out)
    for i in range(along.window):
        to, from_ = (_on(number, piece) for piece in along.inside(i))
        here = xp.equal(x[from_], largest[to])
        if along.stride >= along.window:
            xp.multiply(dy[to], here, out=out[from_])
        else:
            out[from_] += dy[to] * here
    return out


def at_first(xp, grad, x, largest, number, along, out=None):
    """For each window, what `grad` has in the place of its first largest pixel."""
    out = xp.empty(largest.shape, grad.dtype) if out is None else out
    out.fill(0)
    for to, from_, here in _firsts(xp, x, largest, number, along):
        out[to] += grad[from_] * here
    return out


def spread(xp, dy, size, number, along, out=None):
    """For each pixel, the sum of dy over the windows that it is in."""
    out = _before_spreading(xp, dy, size, number, along, out)
    for i in range(along.window):
        to, from_ = (_on(number, piece) for piece in along.inside(i))
        if along.stride >= along.window:
            out[from_] = dy[to]
        else:
            out[from_] += dy[to]
    return out


def _before_spreading(xp, dy, size, number, along, out):
    """A buffer for pixels, zero where they will not be written or will be added to."""
    if out is None:
        out = xp.empty((*dy.shape[:number], size, *dy.shape[number + 1 :]), dy.dtype)
    if along.stride != along.window or along.output * along.stride - along.before < size:
        out.fill(0)
    return out


def counts(xp, slid, dtype, rank=4):
    """How many pixels the windows hold, to divide by: padding does not count."""
    counts = np.ones((1,) * rank, dtype)
    for number, along in slid:
        held = np.zeros(along.output, dtype)
        for i in range(along.window):
            held[along.inside(i)[0]] += 1
        counts = counts * held.reshape(-1, *(1,) * (rank - 1 - number))
    return xp.asarray(counts)


def all_maxima(xp, x, y, slid):
    """(x, ..., y): the largest along the last axis, along the two last, ..., along all of them.

    Backwards, so that the first of equals is the one of row-major order.
    """
    found = [x]
    for number, along in slid[:0:-1]:
        found.append(reduced(xp, xp.maximum, found[-1], number, along))
    return [*found, y]
