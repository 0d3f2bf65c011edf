"""Convolution of each channel by itself, and its gradients, in CUDA.

A thread makes one output, or one pixel's gradient. The filter's gradient is the sum over all
outputs: a block takes some of them, and a thread of it all positions of the window for one channel.
"""
from __future__ import annotations

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
from minitf.nn.windows import Axis

MOST_TAPS = 25  # positions of the window that a thread sums at a time
LANES = 32  # channels that neighbouring threads take where these lie side by side

# Where an element stands whose number is `at`, the innermost axis first.
PLACE = """\
  const int a = NAME_divided(at, by_0), b = NAME_divided(a, by_1), c = NAME_divided(b, by_2);
  const int inner = at - a * size_0, middle = a - b * size_1, outer = b - c * size_2;
  const int channel = NAME_first ? outer : inner, batch = c;
  const int x = NAME_first ? inner : middle, y = NAME_first ? middle : outer;
"""

FORWARD = PLACE + """\
  const int top = y * NAME_stride_y - before_y, left = x * NAME_stride_x - before_x;
  const NAME_real *image = input + batch * image_size
      + NAME_divided(channel, by_multiplier) * image_plane;
  NAME_real sum = 0;
  for (int i = 0; i < NAME_window_y; i++) {
    const int row = top + i * NAME_dilation_y;
    if (row < 0 || row >= image_height) continue;
    #pragma unroll
    for (int j = 0; j < NAME_window_x; j++) {
      const int column = left + j * NAME_dilation_x;
      if (column >= 0 && column < image_width)
        sum += image[(row * image_width + column) * image_pixel]
            * filter[(i * NAME_window_x + j) * channels + channel];
    }
  }
  out[at] = sum;
"""

BACKWARD = PLACE + """\
  const NAME_real *gradient = dy + batch * output_size + channel * multiplier * output_plane;
  NAME_real sum = 0;
  for (int i = 0; i < NAME_window_y; i++) {
    const int down = y + before_y - i * NAME_dilation_y, row = down / NAME_stride_y;
    if (down < 0 || down % NAME_stride_y != 0 || row >= height) continue;
    #pragma unroll
    for (int j = 0; j < NAME_window_x; j++) {
      const int across = x + before_x - j * NAME_dilation_x, column = across / NAME_stride_x;
      if (across < 0 || across % NAME_stride_x != 0 || column >= width) continue;
      const NAME_real *from = gradient + (row * width + column) * output_pixel;
      const NAME_real *weights = filter + (i * NAME_window_x + j) * channels
          + channel * multiplier;
      for (int k = 0; k < multiplier; k++) sum += from[k * output_plane] * weights[k];
    }
  }
  out[at] = sum;
"""

# A block's number says which positions of the window, which channels and which part of the outputs.
FILTER = """\
  __shared__ NAME_real shared[NAME_threads];
  const int lane = threadIdx.x % NAME_lanes, phase = threadIdx.x / NAME_lanes;
  int job = blockIdx.x;
  const int first_tap = job % NAME_tap_groups * NAME_taps;
  job /= NAME_tap_groups;
  const int channel = job % groups * NAME_lanes + lane, part = job / groups;
  const int last = (part + 1) * length < outputs ? (part + 1) * length : outputs;
  NAME_real sums[NAME_taps] = {};
  if (channel < channels)
    for (int k = part * length + phase; k < last; k += NAME_threads / NAME_lanes) {
      const int rows = NAME_divided(k, by_width), batch = NAME_divided(rows, by_height);
      const int y = rows - batch * height, x = k - rows * width;
      const NAME_real gradient = dy[batch * output_size + (y * width + x) * output_pixel
                                    + channel * output_plane];
      const int top = y * NAME_stride_y - before_y, left = x * NAME_stride_x - before_x;
      const NAME_real *image = input + batch * image_size
          + NAME_divided(channel, by_multiplier) * image_plane;
      #pragma unroll
      for (int t = 0; t < NAME_taps; t++) {
        const int tap = first_tap + t;
        const int row = top + tap / NAME_window_x * NAME_dilation_y;
        const int column = left + tap % NAME_window_x * NAME_dilation_x;
        if (row >= 0 && row < image_height && column >= 0 && column < image_width)
          sums[t] += image[(row * image_width + column) * image_pixel] * gradient;
      }
    }
  NAME_real *to = (NAME_real *)TARGET + (int64_t)part * (NAME_window_y * NAME_window_x * channels);
  #pragma unroll
  for (int t = 0; t < NAME_taps; t++) {
    __syncthreads();
    shared[threadIdx.x] = sums[t];
    for (int half = NAME_threads / NAME_lanes / 2; half > 0; half /= 2) {
      __syncthreads();
      if (phase < half) shared[threadIdx.x] += shared[threadIdx.x + half * NAME_lanes];
    }
    const int tap = first_tap + t;
    if (phase == 0 && channel < channels && tap < NAME_window_y * NAME_window_x)
      to[tap * channels + channel] = shared[threadIdx.x];
  }
"""


def convolve(batch, rows: Axis, columns: Axis, depth, multiplier, dtype, first):
    """The launch of a depthwise convolution: of x and the filter."""
    count = batch * rows.output * columns.output * depth * multiplier
    if not _possible(count, batch, rows, columns, depth, dtype):
        return None
    sizes = _sizes(rows, columns, depth, multiplier, first)
    sizes |= _places(rows.output, columns.output, depth * multiplier, first)
    return for_each(FORWARD, count, sizes, "input filter out", dtype,
                    _constants(rows, columns, first))  # fmt: skip


def convolve_input(batch, rows: Axis, columns: Axis, depth, multiplier, dtype, first):
    """The launch of its gradient by the image: of the filter and dy."""
    count, outputs = batch * rows.size * columns.size * depth, batch * rows.output * columns.output
    if not _possible(outputs * depth * multiplier, batch, rows, columns, depth, dtype) or not count:
        return None
    sizes = _sizes(rows, columns, depth, multiplier, first)
    sizes |= _places(rows.size, columns.size, depth, first)
    return for_each(BACKWARD, count, sizes, "filter dy out", dtype,
                    _constants(rows, columns, first))  # fmt: skip


def convolve_filter(batch, rows: Axis, columns: Axis, depth, multiplier, dtype, first):
    """The launches of its gradient by the filter: of x and dy."""
    outputs, channels = batch * rows.output * columns.output, depth * multiplier
    if not _possible(outputs * channels, batch, rows, columns, depth, dtype) or not channels:
        return None
    taps, lanes = rows.window * columns.window, 1 if first else LANES
    at_once, groups = min(taps, MOST_TAPS), -(-channels // lanes)
    tap_groups = -(-taps // at_once)
    parts, length = parts_of(outputs, groups * tap_groups, 4 * THREADS // lanes)
    sizes = {
        **_sizes(rows, columns, depth, multiplier, first), "outputs": outputs, "length": length,
        "groups": groups, "by_width": divisor(columns.output), "by_height": divisor(rows.output),
    }  # fmt: skip
    constants = {**_constants(rows, columns, first), "taps": at_once, "tap_groups": tap_groups,
                 "lanes": lanes}  # fmt: skip
    size = taps * channels
    scratch = parts * size * np.dtype(dtype).itemsize if parts > 1 else 0
    text = FILTER.replace("TARGET", "scratch" if scratch else "out")
    sums = kernel(text, sizes, "input dy out", dtype, parts * groups * tap_groups, constants,
                  scratch)  # fmt: skip
    return [sums, added(size, parts, "input dy out", dtype, scratch)] if scratch else sums


def _possible(outputs, batch, rows, columns, depth, dtype):
    """Whether there are a filter and outputs, of a type and so few that there is a kernel."""
    images = batch * rows.size * columns.size * depth
    there = outputs and rows.window * columns.window
    return there and max(images, outputs) < LIMIT and str(dtype) in REALS


def _sizes(rows, columns, depth, multiplier, first):
    channels, outputs = depth * multiplier, rows.output * columns.output
    pixels = rows.size * columns.size
    return {
        "channels": channels, "multiplier": multiplier, "by_multiplier": divisor(multiplier),
        "height": rows.output, "width": columns.output, "output_size": outputs * channels,
        "output_pixel": 1 if first else channels, "output_plane": outputs if first else 1,
        "image_height": rows.size, "image_width": columns.size, "image_size": pixels * depth,
        "image_pixel": 1 if first else depth, "image_plane": pixels if first else 1,
        "before_y": rows.before, "before_x": columns.before,
    }  # fmt: skip


def _places(height, width, channels, first):
    """The sizes of the inner three axes, the innermost first, and what divides by them."""
    inner = (width, height, channels) if first else (channels, width, height)
    return {f"{what}_{i}": value for i, n in enumerate(inner)
            for what, value in (("size", n), ("by", divisor(n)))}  # fmt: skip


def _constants(rows, columns, first):
    return {
        "first": int(first), "window_y": rows.window, "window_x": columns.window,
        "stride_y": rows.stride, "stride_x": columns.stride, "dilation_y": rows.dilation,
        "dilation_x": columns.dilation,
    }  # fmt: skip
