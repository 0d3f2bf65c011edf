"""Convolution and pooling of volumes by the book: what minitf's are compared with."""
import itertools

import numpy as np
from sliding import meets, places


class Convolution3D:
    """A convolution of NDHWC volumes with a filter, and its gradients."""

    def __init__(self, volume, filter, stride, padding, dilation=1):
        """`volume` and `filter` are the sizes of depth, height and width."""
        self.axes = [
            meets(n, k, stride, padding, dilation) for n, k in zip(volume, filter)
        ]

    def _sum(self, letters, x, y):
        return np.einsum(f"okp,qlr,smt,{letters}", *self.axes, x, y, optimize=True)

    def outputs(self, x, filter):
        return self._sum("nprti,klmij->noqsj", x, filter)

    def of_input(self, filter, dy):
        return self._sum("klmij,noqsj->nprti", filter, dy)

    def of_filter(self, x, dy):
        return self._sum("nprti,noqsj->klmij", x, dy)


class Pooling3D:
    """Pooling of NDHWC volumes: the windows one by one, as lists of pixels in row-major order."""

    def __init__(self, volume, window, stride, padding):
        axes = [places(n, window, stride, padding) for n in volume]
        self.size = tuple(map(len, axes))
        self.windows = [
            list(zip(*itertools.product(*([p for p in row if p is not None] for row in rows))))
            for rows in itertools.product(*axes)
        ]

    def _pixels(self, x):
        return [x[:, list(p), list(q), list(r)] for p, q, r in self.windows]

    def _together(self, found):
        return np.stack(found, 1).reshape(len(found[0]), *self.size, -1)

    def largest(self, x):
        return self._together([pixels.max(1) for pixels in self._pixels(x)])

    def mean(self, x):
        return self._together([pixels.mean(1) for pixels in self._pixels(x)])

    def _slopes(self, dy):
        return dy.reshape(len(dy), len(self.windows), -1).swapaxes(0, 1)

    def of_largest(self, x, dy):
        dx = np.zeros_like(x)
        for window, pixels, slope in zip(self.windows, self._pixels(x), self._slopes(dy)):
            for n, c in np.ndindex(slope.shape):
                place = pixels[n, :, c].argmax()
                dx[(n, *(axis[place] for axis in window), c)] += slope[n, c]
        return dx

    def at_largest(self, x, g):
        return self._together([
            np.take_along_axis(gs, xs.argmax(1)[:, None], 1)[:, 0]
            for xs, gs in zip(self._pixels(x), self._pixels(g))
        ])

    def of_mean(self, volume, dy):
        dx = np.zeros(volume)
        for (p, q, r), slope in zip(self.windows, self._slopes(dy)):
            for place in zip(p, q, r):
                dx[(slice(None), *place)] += slope / len(p)
        return dx
