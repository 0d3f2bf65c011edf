"""Convolution of volumes and its two gradients: the arithmetic behind `tf.nn.conv3d`.

A volume is lowered along its depth: for each plane of outputs, the planes that the window meets
are laid side by side in the channels. What is left is a convolution of images with that many more
channels, one product for the whole window.

All arrays here are NDHWC; filters are [depth, height, width, in, out]. `planes`, `rows` and
`columns` are the window's Axis in each direction. With CuPy, which makes matrix products of copies,
it goes position by position of the window.
"""
import numpy as np

from minitf.nn.kernels.convolve import convolve, convolve_filter, convolve_input, wide
from minitf.nn.kernels.scratch import scratch

# Bytes of the copy that is made at once.
BLOCK = 32 << 20


@wide
def convolve3d(xp, x, filter, planes, rows, columns, out):
    """Fill `out` [volumes, depth, height, width, out] with the convolution of x and filter."""
    if xp is not np:
        out[...] = 0
        for position, to, from_ in _positions(planes, rows, columns):
            out[to] += xp.matmul(x[from_], filter[position])
        return out
    y = out if out.flags.c_contiguous else xp.empty(out.shape, out.dtype)
    weights = _flat_filter(xp, filter)
    for part in _parts(x, planes):
        convolve(xp, _lowered(xp, x[part], planes), weights, rows, columns, _images(y[part]))
    if y is not out:
        out[...] = y
    return out


@wide
def convolve_filter3d(xp, x, dy, planes, rows, columns, out):
    """Fill `out` [depth, height, width, in, out] with the filter's gradient."""
    if xp is not np:
        for position, to, from_ in _positions(planes, rows, columns):
            pixels, slopes = x[from_], dy[to]
            pixels = pixels.reshape(-1, pixels.shape[-1])
            out[position] = xp.matmul(pixels.T, slopes.reshape(-1, slopes.shape[-1]))
        return out
    depth, height, width, count, outputs = out.shape
    total = xp.zeros((height, width, depth * count, outputs), out.dtype)
    part_sum, dy = xp.empty(total.shape, out.dtype), xp.ascontiguousarray(dy)
    for part in _parts(x, planes):
        images = _lowered(xp, x[part], planes)
        total += convolve_filter(xp, images, _images(dy[part]), rows, columns, part_sum)
    total = total.reshape(height, width, depth, count, outputs)
    out[...] = total.transpose(2, 0, 1, 3, 4)
    return out


@wide
def convolve_input3d(xp, filter, dy, planes, rows, columns, out):
    """Fill `out` [volumes, depth, height, width, in] with the volumes' gradient."""
    out[...] = 0
    if xp is not np:
        for position, to, from_ in _positions(planes, rows, columns):
            out[from_] += xp.matmul(dy[to], filter[position].T)
        return out
    weights, dy = _flat_filter(xp, filter), xp.ascontiguousarray(dy)
    for part in _parts(out, planes):
        shape = _lowered_shape(out[part], planes)
        images = scratch(xp, "planes", (shape[0] * shape[1], *shape[2:4], weights.shape[2]),
                         out.dtype)  # fmt: skip
        convolve_input(xp, weights, _images(dy[part]), rows, columns, images)
        lowered, target = images.reshape(shape), out[part]
        for k in range(planes.window):
            to, from_ = planes.inside(k)
            target[:, from_] += lowered[:, to, :, :, k]
    return out


def _positions(*axes):
    """For each position of the window: its index, the outputs and the pixels that it connects."""
    for position in np.ndindex(*(axis.window for axis in axes)):
        pieces = [axis.inside(i) for axis, i in zip(axes, position)]
        to, from_ = zip(*pieces)
        yield position, (slice(None), *to), (slice(None), *from_)


def _flat_filter(xp, filter):
    """The filter of images whose channels are the planes of the window."""
    depth, height, width, count, outputs = filter.shape
    turned = xp.ascontiguousarray(filter.transpose(1, 2, 0, 3, 4))
    return turned.reshape(height, width, depth * count, outputs)


def _images(volumes):
    """The planes of all volumes, one after the other."""
    volumes_and_planes = volumes.shape[0] * volumes.shape[1]
    return volumes.reshape(volumes_and_planes, *volumes.shape[2:])


def _lowered_shape(x, planes):
    volumes, _, height, width, depth = x.shape
    return volumes, planes.output, height, width, planes.window, depth


def _parts(x, planes):
    """Slices of volumes: so many at once that their lowered copy is of the size of a block."""
    _, *sizes = _lowered_shape(x, planes)
    bytes_of_one = x.dtype.itemsize
    for size in sizes:
        bytes_of_one *= size
    count = max(1, BLOCK // max(bytes_of_one, 1))
    return [slice(i, i + count) for i in range(0, x.shape[0], count)]


def _lowered(xp, x, planes):
    """Images [volumes * planes, height, width, window's depth * channels]."""
    if planes.window == planes.stride == 1 and planes.before == 0 and planes.output == x.shape[1]:
        return _images(xp.ascontiguousarray(x))
    shape = _lowered_shape(x, planes)
    lowered = scratch(xp, "planes", shape, x.dtype)
    for k in range(planes.window):
        to, from_ = planes.inside(k)
        lowered[:, : to.start, :, :, k] = 0
        lowered[:, to.stop :, :, :, k] = 0
        lowered[:, to, :, :, k] = x[:, from_]
    return lowered.reshape(shape[0] * shape[1], *shape[2:4], shape[4] * shape[5])
