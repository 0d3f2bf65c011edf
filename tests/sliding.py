"""Convolution and pooling by the book: what minitf's are compared with."""
import math

import numpy as np


def places(size, window, stride, padding, dilation=1, around=(0, 0)):
    """For each output along an axis, the pixel at each position of its window, None outside."""
    reach = (window - 1) * dilation + 1
    if padding == "SAME":
        count = math.ceil(size / stride)
        before = max((count - 1) * stride + reach - size, 0) // 2
    else:
        count, before = (size + sum(around) - reach) // stride + 1, around[0]
    starts = [i * stride - before for i in range(count)]
    reached = [[start + k * dilation for k in range(window)] for start in starts]
    return [[p if 0 <= p < size else None for p in row] for row in reached]


def meets(size, window, *rest):
    """[output, position, pixel]: 1 where this position of the output's window is on the pixel."""
    found = places(size, window, *rest)
    matrix = np.zeros((len(found), window, size))
    for i, row in enumerate(found):
        for k, pixel in enumerate(row):
            if pixel is not None:
                matrix[i, k, pixel] = 1
    return matrix


class Convolution:
    """A convolution of NHWC images with a filter, and its gradients."""

    def __init__(self, image, filter, strides, padding, dilations=(1, 1), around=((0, 0), (0, 0))):
        """`image` and `filter` are the sizes of height and width."""
        self.rows, self.columns = (
            meets(n, k, s, padding, d, zeros)
            for n, k, s, d, zeros in zip(image, filter, strides, dilations, around)
        )

    def outputs(self, x, filter):
        return np.einsum("okp,qlr,npri,klij->noqj", self.rows, self.columns, x, filter)

    def of_input(self, filter, dy):
        return np.einsum("okp,qlr,klij,noqj->npri", self.rows, self.columns, filter, dy)

    def of_filter(self, x, dy):
        return np.einsum("okp,qlr,npri,noqj->klij", self.rows, self.columns, x, dy)


class Depthwise(Convolution):
    """The same of each channel by itself, the filter's last axis being a multiplier."""

    def outputs(self, x, filter):
        y = np.einsum("okp,qlr,npri,klim->noqim", self.rows, self.columns, x, filter)
        return y.reshape(*y.shape[:3], y.shape[3] * y.shape[4])

    def of_input(self, filter, dy):
        dy = dy.reshape(*dy.shape[:3], *filter.shape[2:])
        return np.einsum("okp,qlr,klim,noqim->npri", self.rows, self.columns, filter, dy)

    def of_filter(self, x, dy):
        depth = x.shape[3]
        dy = dy.reshape(*dy.shape[:3], depth, dy.shape[3] // max(depth, 1))
        return np.einsum("okp,qlr,npri,noqim->klim", self.rows, self.columns, x, dy)


def convolution(
    x, filter, stride=1, padding="SAME", dilation=1, around=((0, 0), (0, 0)), kind=Convolution
):
    """The Convolution of such arrays, one stride and dilation for both axes."""
    pairs = (stride, stride), padding, (dilation, dilation), around
    return kind(x.shape[1:3], filter.shape[:2], *pairs)


class Pooling:
    """Pooling of NHWC images: the windows one by one, as lists of pixels in row-major order."""

    def __init__(self, image, window, strides, padding):
        rows, columns = (
            places(n, k, s, padding) for n, k, s in zip(image, window, strides)
        )
        self.size = len(rows), len(columns)
        self.windows = [
            [(p, q) for p in row if p is not None for q in column if q is not None]
            for row in rows
            for column in columns
        ]

    def _per_window(self, x, function):
        """[batch, outputs, depth]: the function of the pixels [batch, pixels, depth] of each."""
        found = [function(x[:, list(ps), list(qs)]) for ps, qs in self._indices()]
        return np.stack(found, 1).reshape(len(x), *self.size, x.shape[3])

    def _indices(self):
        return [zip(*window) for window in self.windows]

    def largest(self, x):
        return self._per_window(x, lambda pixels: pixels.max(1))

    def mean(self, x):
        return self._per_window(x, lambda pixels: pixels.mean(1))

    def of_largest(self, x, dy):
        """The gradient of `largest`: to the first of the largest."""
        dx = np.zeros_like(x)
        for window, first, slope in self._firsts(x, dy):
            for n, c in np.ndindex(first.shape):
                dx[(n, *window[first[n, c]], c)] += slope[n, c]
        return dx

    def at_largest(self, x, g):
        """What g holds at the first of the largest pixels of each window."""
        found = np.zeros((len(x), len(self.windows), x.shape[3]))
        for i, (window, first, _) in enumerate(self._firsts(x)):
            for n, c in np.ndindex(first.shape):
                found[n, i, c] = g[(n, *window[first[n, c]], c)]
        return found.reshape(len(x), *self.size, x.shape[3])

    def _firsts(self, x, dy=None):
        slopes = np.zeros((len(self.windows), 1)) if dy is None else self._slopes(dy)
        for window, (ps, qs), slope in zip(self.windows, self._indices(), slopes):
            yield window, x[:, list(ps), list(qs)].argmax(1), slope

    def _slopes(self, dy):
        return dy.reshape(len(dy), len(self.windows), dy.shape[3]).swapaxes(0, 1)

    def of_mean(self, image, dy):
        """The gradient of `mean` for images of the shape `image`."""
        dx = np.zeros(image)
        for window, slope in zip(self.windows, self._slopes(dy)):
            for p, q in window:
                dx[:, p, q] += slope / len(window)
        return dx


def pooling(x, size, stride, padding="SAME"):
    """The Pooling of such an array, one size and stride for both axes."""
    return Pooling(x.shape[1:3], (size, size), (stride, stride), padding)


def first(array):
    """NCHW, from NHWC."""
    return np.asarray(array).transpose(0, 3, 1, 2)


def last(array):
    """NHWC, from NCHW."""
    return np.asarray(array).transpose(0, 2, 3, 1)
