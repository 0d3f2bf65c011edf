"""The image's gradient where the outputs are few for so many pixels: one matrix product gives what
each window adds to its pixels, and that is added there.

As a convolution of padded gradients of the outputs, nearly all of it would be products with zeros:
of a window as wide as the image (a text's), of one that leaves a single output.
"""
from math import prod

from minitf.nn.kernels.scratch import scratch

BLOCK = 1 << 24  # bytes of what is to be added, for some images at a time
WASTE = 3  # so many times the pixels that the outputs need, and the product is faster


def pays(axes):
    """Whether the convolution would pass by so many more pixels than there are outputs."""
    return prod(a.size for a in axes) >= WASTE * prod(a.stride * a.output for a in axes) > 0


def scatter(xp, filter, dy, rows, columns, out):
    """Fill `out` [images, height, width, in] with the image's gradient, from the filter [*windows,
    in, out] and dy [images, *outputs, out]."""
    weights = filter.reshape(-1, filter.shape[-1])
    sizes = (*dy.shape[1:3], *filter.shape[:3])
    each = max(1, BLOCK // (prod(sizes) * out.dtype.itemsize))
    out[...] = 0
    for first in range(0, len(dy), each):
        part = dy[first : first + each]
        added = scratch(xp, "added", (part.size // dy.shape[3], len(weights)), out.dtype)
        xp.dot(part.reshape(-1, dy.shape[3]), weights.T, out=added)
        # The outputs of an axis beside its positions: where one of them is a single one, the other
        # are pixels in a row.
        windows = added.reshape(len(part), *sizes).transpose(0, 1, 3, 2, 4, 5)
        target = out[first : first + each]
        for row, height in _meetings(rows):
            for column, width in _meetings(columns):
                found = windows[:, row[0], row[1], column[0], column[1]]
                pixels = target[:, height, width]
                pixels += found.reshape(pixels.shape)
    return out


def _meetings(axis):
    """Pairs of (outputs, positions of the window) and the pixels where they meet: for each
    position, or for each output where these are fewer."""
    if axis.window <= axis.output:
        found = [(axis.inside(i), slice(i, i + 1)) for i in range(axis.window)]
        return [((outputs, position), pixels) for (outputs, pixels), position in found
                if outputs.stop > outputs.start]  # fmt: skip
    # The other way round: the window is what slides.
    turned = axis._replace(window=axis.output, stride=axis.dilation, dilation=axis.stride,
                           output=axis.window)  # fmt: skip
    met = [(turned.inside(i), slice(i, i + 1)) for i in range(axis.output)]
    return [((output, positions), pixels) for (positions, pixels), output in met
            if positions.stop > positions.start]  # fmt: skip
