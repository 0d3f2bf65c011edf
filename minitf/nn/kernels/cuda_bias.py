"""Adding a bias to channels that come first, and its gradient, in CUDA."""
from __future__ import annotations

from math import prod

import numpy as np

from minitf.core.cuda.kernels import (
    LIMIT,
    REALS,
    THREADS,
    added,
    divisor,
    for_each,
    kernel,
    parts_of,
)

FORWARD = """\
  const int plane = NAME_divided(at, by_area);
  out[at] = value[at] + bias[plane - NAME_divided(plane, by_channels) * channels];
"""

# A block sums a part of a channel.
BACKWARD = """\
  __shared__ NAME_real shared[NAME_threads];
  const int channel = blockIdx.x % channels, part = blockIdx.x / channels;
  const int last = (part + 1) * length < all ? (part + 1) * length : all;
  NAME_real sum = 0;
  for (int i = part * length + threadIdx.x; i < last; i += NAME_threads) {
    const int image = NAME_divided(i, by_area);
    sum += dy[(image * channels + channel) * area + i - image * area];
  }
  shared[threadIdx.x] = sum;
  for (int half = NAME_threads / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half) shared[threadIdx.x] += shared[threadIdx.x + half];
  }
  if (threadIdx.x == 0) ((NAME_real *)TARGET)[part * channels + channel] = shared[0];
"""


def bias_add(shape, dtype):
    """The launch for a value of such a shape, channels behind the batch; of it and the bias."""
    if not _possible(shape, dtype):
        return None
    area = prod(shape[2:])
    sizes = {"channels": shape[1], "by_channels": divisor(shape[1]), "by_area": divisor(area)}
    return for_each(FORWARD, prod(shape), sizes, "value bias out", dtype)


def bias_add_gradient(shape, dtype):
    """The launches for a gradient of such a shape."""
    if not _possible(shape, dtype):
        return None
    batch, channels, *pixels = shape
    area, arrays = prod(pixels), "dy out"
    parts, length = parts_of(batch * area, channels, 4 * THREADS)
    scratch = parts * channels * np.dtype(dtype).itemsize if parts > 1 else 0
    sizes = {"channels": channels, "length": length, "all": batch * area, "area": area,
             "by_area": divisor(area)}  # fmt: skip
    text = BACKWARD.replace("TARGET", "scratch" if scratch else "out")
    sums = kernel(text, sizes, arrays, dtype, parts * channels, scratch=scratch)
    return [sums, added(channels, parts, arrays, dtype, scratch)] if scratch else sums


def _possible(shape, dtype):
    return str(dtype) in REALS and 0 < prod(shape) < LIMIT
