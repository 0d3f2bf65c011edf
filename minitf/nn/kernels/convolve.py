"""Convolution and its two gradients as matrix products: the arithmetic behind `tf.nn.conv2d`.

An image is lowered along its height only: for each row of outputs, the rows that the window meets
are laid side by side in every column. The window of one output is then a contiguous run of that
copy, and the windows of all outputs in one column are the rows of a matrix that the BLAS reads in
place: a k x k window costs k copies of each pixel instead of k * k. (Cho and Brand, "MEC:
Memory-efficient Convolution for Deep Neural Network", 2017, do it along the width.)

All arrays here are NHWC; filters are [height, width, in, out]. `rows` and `columns` are the
window's Axis in each direction.
"""
import functools

import numpy as np

from minitf.nn.kernels import scattered
from minitf.nn.kernels.scratch import scratch

# Bytes of one lowered block: it should stay in the caches between the copy and the product.
BLOCK = 3 << 20
# Products of fewer rows than this are joined: the BLAS packs the filter anew for each.
FEW_ROWS = 48

def wide(function):
    """Decorator: float16 is computed as float32, faster and with sums that do not overflow."""

    @functools.wraps(function)
    def computed(xp, a, b, *axes_and_out):
        *axes, out = axes_and_out
        if out.dtype != np.float16:
            return function(xp, a, b, *axes, out)
        a, b, sums = a.astype(np.float32), b.astype(np.float32), xp.empty(out.shape, np.float32)
        out[...] = function(xp, a, b, *axes, sums)
        return out

    return computed


@wide
def convolve(xp, x, filter, rows, columns, out):
    """Fill `out` [images, height, width, out] with the convolution of x and filter."""
    if not (x.size and filter.size and out.size):
        out[...] = 0
        return out
    if is_product(x, rows, columns) and out.flags.c_contiguous:
        xp.dot(_flat(x), _flat(filter), out=_flat(out))
        return out
    y = out if out.flags.c_contiguous else scratch(xp, "outputs", out.shape, out.dtype)
    weights = _lowered_filter(xp, filter)
    for a, target in blocks(xp, x, y, rows, columns, FEW_ROWS):
        xp.matmul(a, weights, out=target)
    if y is not out:
        out[...] = y
    return out


@wide
def convolve_filter(xp, x, dy, rows, columns, out):
    """Fill `out` [height, width, in, out] with the filter's gradient."""
    if not (x.size and dy.size):
        out[...] = 0
        return out
    if is_product(x, rows, columns):
        xp.dot(_flat(x).T, _flat(dy), out=_flat(out))
        return out
    height, width, depth, count = out.shape
    total = scratch(xp, "filter", (width * height * depth, count), out.dtype)
    part, first = scratch(xp, "part", total.shape, out.dtype), True
    # Sums over many rows are worth a further copy: without it, each column adds a whole filter.
    for a, d in blocks(xp, x, xp.ascontiguousarray(dy), rows, columns, count * 16):
        for matrix, gradient in zip(a, d):
            xp.matmul(matrix.T, gradient, out=total if first else part)
            if not first:
                xp.add(total, part, out=total)
            first = False
    out[...] = total.reshape(width, height, depth, count).transpose(1, 0, 2, 3)
    return out


@wide
def convolve_input(xp, filter, dy, rows, columns, out):
    """Fill `out` [images, height, width, in] with the image's gradient.

    It is a convolution of dy with the filter turned round; of pieces of the filter, one for each
    remainder of a pixel's place by the stride.
    """
    if not (filter.size and dy.size):
        out[...] = 0
        return out
    if is_product(out, rows, columns) and out.flags.c_contiguous:
        xp.dot(_flat(dy), _flat(filter).T, out=_flat(out))
        return out
    if scattered.pays((rows, columns)):
        return scattered.scatter(xp, filter, dy, rows, columns, out)
    turned = filter.transpose(0, 1, 3, 2)
    for row_pixels, row_positions, row_axis in rows.reversed():
        for column_pixels, column_positions, column_axis in columns.reversed():
            target = out[:, row_pixels, column_pixels]
            if row_axis is None or column_axis is None:
                target[...] = 0
                continue
            piece = turned[row_positions][:, column_positions]
            convolve(xp, dy, piece, row_axis, column_axis, target)
    return out


def is_product(x, rows, columns):
    """Whether a window of one pixel meets each pixel once: a plain product of matrices."""
    return x.flags.c_contiguous and all(
        a.window == a.stride == 1 and a.size == a.output and a.before == 0 for a in (rows, columns)
    )


def _flat(array):
    return array.reshape(-1, array.shape[-1])


def _lowered_filter(xp, filter):
    """The filter as a matrix, its rows in the order of a lowered window."""
    height, width, depth, count = filter.shape
    weights = scratch(xp, "weights", (width, height, depth, count), filter.dtype)
    weights[...] = filter.transpose(1, 0, 2, 3)
    return weights.reshape(-1, count)


def blocks(xp, x, y, rows, columns, few):
    """Pairs of stacks of matrices: the windows of a block, and the outputs that belong to them.

    Each block is lowered into the same memory. Columns with fewer than `few` windows in a block
    are joined to one matrix.
    """
    images, outputs = y.shape[0], y.reshape(-1, *y.shape[2:])
    depth, dtype = x.shape[3], x.dtype
    for chosen, stride, pixels in columns.undilated():
        row_size = pixels.output * rows.window * depth * dtype.itemsize
        joined = chosen.step == 1 and _rows_in_block(images, rows, row_size) < few
        row_size *= 1 + columns.window * joined
        for first, last, part in _parts(images, rows, max(1, BLOCK // max(row_size, 1))):
            shape = (last - first, part.output, pixels.output, rows.window, depth)
            lowered = lower(x[first:last], part, pixels, scratch(xp, "lowered", shape, dtype))
            start = first * rows.output + (rows.before - part.before) // rows.stride
            target = outputs[start : start + shape[0] * shape[1], chosen].transpose(1, 0, 2)
            a = _windows(xp, lowered, columns.window, stride, target.shape[0])
            yield _joined(xp, a, target) if joined else (a, target)


def _rows_in_block(images, rows, row_size):
    return min(images * rows.output, BLOCK // max(row_size, 1))


def _parts(images, rows, most):
    """(first image, last image, rows) of blocks of at most `most` rows of outputs."""
    if most >= rows.output:
        count = most // max(rows.output, 1)
        return [(i, min(i + count, images), rows) for i in range(0, images, count)]
    parts = [rows.part(j, min(j + most, rows.output)) for j in range(0, rows.output, most)]
    return [(i, i + 1, part) for i in range(images) for part in parts]


def lower(x, rows, pixels, out):
    """Fill `out` [images, rows, columns, window's height, depth]: side by side, in each column,
    the pixels that the window of each row of outputs meets.

    `pixels` says which columns of x are taken; what lies outside of x is zero.
    """
    inside, taken = pixels.inside(0)
    out[:, :, : inside.start] = 0
    out[:, :, inside.stop :] = 0
    for i in range(rows.window):
        to, from_ = rows.inside(i)
        out[:, : to.start, :, i] = 0
        out[:, to.stop :, :, i] = 0
        out[:, to, inside, i] = x[:, from_, taken]
    return out


def _windows(xp, lowered, width, stride, count):
    """A matrix for each column of outputs, whose rows are windows: a view, they overlap."""
    images, rows, columns, height, depth = lowered.shape
    step = height * depth * lowered.dtype.itemsize
    return xp.lib.stride_tricks.as_strided(
        lowered,
        (count, images * rows, width * height * depth),
        (stride * step, columns * step, lowered.dtype.itemsize),
    )


def _joined(xp, a, target):
    """The same with the columns joined: one matrix."""
    count, rows, size = a.shape
    copy = scratch(xp, "joined", (rows, count, size), a.dtype)
    copy[...] = a.transpose(1, 0, 2)
    whole = target.transpose(1, 0, 2)
    return copy.reshape(1, -1, size), whole.reshape(1, -1, whole.shape[2])
