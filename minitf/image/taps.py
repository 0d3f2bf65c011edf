"""Where along an axis each pixel of a resized image comes from: indices and weights.

The positions are TensorFlow 1.15's, in float32, so that the values are too.
"""
from functools import lru_cache
from typing import NamedTuple

import numpy as np

F = np.float32


class Taps(NamedTuple):
    """Output o is the sum over k of weights[k, o] times pixel indices[k, o]."""

    indices: np.ndarray
    weights: np.ndarray
    scale: np.float32

    def turns(self):
        """(pixels, their outputs, the weights), in turns in which no pixel comes twice.

        From output to output the pixels go up: those of one pixel stand together.
        """
        for indices, weights in zip(self.indices, self.weights):
            new = np.diff(indices, prepend=-1) != 0
            turn = np.arange(len(indices)) - np.flatnonzero(new)[np.cumsum(new) - 1]
            for number in range(turn.max() + 1):
                outputs = np.flatnonzero(turn == number)
                yield indices[outputs], outputs, weights[outputs]


def scale_of(size, outputs, align_corners):
    """Pixels of the image for each pixel of the result."""
    if align_corners and outputs > 1:
        return F(size - 1) / F(outputs - 1)
    return F(size) / F(outputs)


def places(size, outputs, align_corners, half_pixel_centers):
    """Where the outputs are, counted in pixels of the image."""
    steps, scale = np.arange(outputs, dtype=F), scale_of(size, outputs, align_corners)
    return (steps + F(0.5)) * scale - F(0.5) if half_pixel_centers else steps * scale


@lru_cache(256)
def nearest(size, outputs, align_corners, half_pixel_centers):
    """One pixel for each output."""
    scale = scale_of(size, outputs, align_corners)
    at = (np.arange(outputs, dtype=F) + F(0.5 if half_pixel_centers else 0)) * scale
    at = np.floor(at.astype(float) + 0.5) if align_corners else np.floor(at)
    indices = np.clip(at.astype(np.int64), 0, size - 1)[None]
    return Taps(indices, np.ones(indices.shape, F), scale)


@lru_cache(256)
def bilinear(size, outputs, align_corners, half_pixel_centers):
    """The two neighbours, the nearer one counting more."""
    at = places(size, outputs, align_corners, half_pixel_centers)
    floor = np.floor(at)
    lower = np.maximum(floor.astype(np.int64), 0)
    upper = np.minimum(np.ceil(at).astype(np.int64), size - 1)
    share = at - floor
    return Taps(np.stack([lower, upper]), np.stack([1 - share, share]), F(1))


STEPS = 1 << 10  # TensorFlow looks the cubic up in a table


@lru_cache(2)
def cubic_table(a):
    """The convolution kernel of Keys at distances [0, 1] and [1, 2]."""
    near = np.arange(STEPS + 1, dtype=F) / F(STEPS)
    inner = ((a + 2) * near.astype(float) - (a + 3)) * near * near + 1
    far = (near + F(1)).astype(float)
    outer = ((a * far - 5 * a) * far + 8 * a) * far - 4 * a
    return inner.astype(F), outer.astype(F)


@lru_cache(256)
def bicubic(size, outputs, align_corners, half_pixel_centers):
    """Four neighbours. With half-pixel centers those off the image do not count."""
    at = places(size, outputs, align_corners, half_pixel_centers)
    floor = np.floor(at).astype(np.int64)
    step = np.rint((at - floor.astype(F)) * F(STEPS)).astype(np.int64)
    inner, outer = cubic_table(-0.5 if half_pixel_centers else -0.75)
    weights = np.stack([outer[step], inner[step], inner[STEPS - step], outer[STEPS - step]])
    wanted = floor + np.arange(-1, 3)[:, None]
    indices = np.clip(wanted, 0, size - 1)
    if half_pixel_centers:
        weights = np.where(indices == wanted, weights, F(0))
        weights = weights * (F(1) / weights.sum(0, dtype=F))
    return Taps(indices, weights, F(1))


@lru_cache(256)
def area(size, outputs, align_corners, half_pixel_centers=False):
    """All pixels that an output covers, each by the part that is covered."""
    scale = scale_of(size, outputs, align_corners)
    start = np.arange(outputs, dtype=F) * scale
    end = np.arange(1, outputs + 1, dtype=F) * scale
    first, last = np.floor(start).astype(np.int64), np.ceil(end).astype(np.int64)
    at = first + np.arange((last - first).max())[:, None]
    pixel = at.astype(F)
    over = pixel + 1 > end
    begun = np.where(over, scale, pixel + 1 - start)
    whole = np.where(over, end - pixel, F(1))
    weights = np.where(pixel < start, begun, whole)
    weights = np.where(at < last, weights, F(0)).astype(F)
    return Taps(np.clip(at, 0, size - 1), weights, F(scale))
