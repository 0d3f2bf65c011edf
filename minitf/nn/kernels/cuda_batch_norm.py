"""Batch normalization of NHWC images and its gradient in CUDA.

The sums for each channel are taken in parts, by blocks of 32 channels and 8 rows at a time; then
put together; then each element is made.
"""
from __future__ import annotations

from math import prod

import numpy as np

from minitf.core.cuda.kernels import DIVIDED, LIMIT, REALS, THREADS, divisor, parts_of
from minitf.core.kernel import Launch

LANES, ROWS = 32, THREADS // 32

# Numbers are less a `shift`: sums of what is left round little. SUMMED and WEIGHT say of what.
PARTS = """\
  __shared__ double first[NAME_threads], second[NAME_threads];
  const int lane = threadIdx.x % NAME_lanes, row = threadIdx.x / NAME_lanes;
  const int groups = (channels + NAME_lanes - 1) / NAME_lanes;
  const int part = blockIdx.x / groups, channel = blockIdx.x % groups * NAME_lanes + lane;
  const int last = (part + 1) * length < rows ? (part + 1) * length : rows;
  NAME_real weights = 0, products = 0;
  if (channel < channels) {
    const NAME_real shift = SHIFT;
    for (int i = part * length + row; i < last; i += NAME_threads / NAME_lanes) {
      const int at = i * channels + channel;
      const NAME_real centered = x[at] - shift, weight = WEIGHT;
      weights += weight;
      products += weight * centered;
    }
  }
  first[threadIdx.x] = weights;
  second[threadIdx.x] = products;
  __syncthreads();
  if (row == 0 && channel < channels) {
    double a = 0, b = 0;
    for (int i = lane; i < NAME_threads; i += NAME_lanes) {
      a += first[i];
      b += second[i];
    }
    double *sums = (double *)scratch + (int64_t)2 * part * channels;
    sums[channel] = a;
    sums[channels + channel] = b;
  }
"""

# `a` and `b` are the two sums of a channel.
TOGETHER = """\
  const int channel = blockIdx.x * NAME_threads + threadIdx.x;
  if (channel >= channels) return;
  double a = 0, b = 0;
  for (int i = 0; i < parts; i++) {
    const double *sums = (const double *)scratch + (int64_t)2 * i * channels;
    a += sums[channel];
    b += sums[channels + channel];
  }
"""
MOMENTS = TOGETHER + """\
  const double off = a / rows, spread = b / rows - off * off;
  const double biased = spread > 0 ? spread : 0;
  mean[channel] = same[channel] = x[channel] + off;
  variance[channel] = biased;
  unbiased[channel] = biased * ((double)rows / (rows > 1 ? rows - 1 : 1));
  if (channel == 0) *nothing = 0;
"""
SLOPES = TOGETHER + """\
  const double inverse = 1 / sqrt((double)variance[channel] + NAME_epsilon);
  doffset[channel] = a;
  dscale[channel] = b * inverse;
"""

CHANNEL = """\
  const int at = blockIdx.x * NAME_threads + threadIdx.x;
  if (at >= count) return;
  const int channel = at - NAME_divided(at, by_channels) * channels;
"""
NORMALIZED = CHANNEL + """\
  const NAME_real inverse = 1 / sqrt(variance[channel] + (NAME_real)NAME_epsilon);
  y[at] = (x[at] - mean[channel]) * (scale[channel] * inverse) + offset[channel];
"""
GIVEN = CHANNEL + """\
  const NAME_real inverse = 1 / sqrt(known_variance[channel] + (NAME_real)NAME_epsilon);
  y[at] = (x[at] - known_mean[channel]) * (scale[channel] * inverse) + offset[channel];
  if (at < channels) {
    mean[at] = same[at] = known_mean[at];
    variance[at] = unbiased[at] = known_variance[at];
  }
  if (at == 0) *nothing = 0;
"""
BACKWARD = CHANNEL + """\
  const NAME_real inverse = 1 / sqrt(variance[channel] + (NAME_real)NAME_epsilon);
  const NAME_real x_hat = (x[at] - mean[channel]) * inverse;
  const NAME_real rest = doffset[channel] / rows + x_hat * (dscale[channel] / rows);
  dx[at] = scale[channel] * inverse * (dy[at] - rest);
"""

FORWARD_ARRAYS = (
    "x scale offset known_mean known_variance", "y mean unbiased same variance nothing"
)  # fmt: skip
BACKWARD_ARRAYS = (
    "dy x scale mean variance reserved", "dx dscale doffset none_first none_second"
)  # fmt: skip


class _Channels:
    """The kernels for images of such a shape; they take the same arrays and scratch."""

    def __init__(self, shape, dtype, epsilon, arrays):
        self.count, self.channels, self.rows = prod(shape), shape[-1], prod(shape[:-1])
        self._real, self._epsilon, self._arrays = REALS[str(dtype)][0], epsilon, arrays
        self._groups = -(-self.channels // LANES)
        self._parts, self._length = parts_of(self.rows, self._groups, 16 * ROWS)
        self._scratch = self._parts * 2 * self.channels * np.dtype(np.float64).itemsize

    def _launch(self, body, sizes, blocks):
        inputs, outputs = (names.split() for names in self._arrays)
        known = "".join(
            f"  const {'int64_t' if name.startswith('by_') else 'int'} {name} = n_{name};\n"
            for name in sizes
        )
        parameters = [f"int64_t n_{name}" for name in sizes]
        parameters += [f"const {self._real} *{name}" for name in inputs]
        parameters += [f"{self._real} *{name}" for name in outputs]
        head = (
            f"typedef {self._real} NAME_real;\n#define NAME_epsilon {self._epsilon!r}\n"
            f"enum {{ NAME_threads = {THREADS}, NAME_lanes = {LANES} }};\n"
        )
        text = (
            f'extern "C" __global__ void __launch_bounds__({THREADS}) '
            f"NAME({', '.join([*parameters, 'void *scratch'])}) {{\n{known}{body}}}\n"
            "#undef NAME_epsilon\n"
        )
        return Launch(head + DIVIDED + text, tuple(sizes.values()), (blocks,), (THREADS,),
                      self._scratch)  # fmt: skip

    def parts(self, shift, weight):
        """The sums of `weight`, and of it times x - shift, in parts."""
        body = PARTS.replace("SHIFT", shift).replace("WEIGHT", weight)
        sizes = {"channels": self.channels, "rows": self.rows, "length": self._length}
        return self._launch(body, sizes, self._parts * self._groups)

    def together(self, body):
        """What is made of the sums of each channel."""
        sizes = {"channels": self.channels, "rows": self.rows, "parts": self._parts}
        return self._launch(body, sizes, -(-self.channels // THREADS))

    def each(self, body):
        """What is made of each element."""
        sizes = {"channels": self.channels, "by_channels": divisor(self.channels),
                 "rows": self.rows, "count": self.count}  # fmt: skip
        return self._launch(body, sizes, -(-self.count // THREADS))


def _possible(shape, dtype):
    return str(dtype) in REALS and 0 < prod(shape) < LIMIT


def normalize(shape, dtype, epsilon):
    """The launches in training: from x, scale, offset and two that are not read to y, mean,
    unbiased variance, mean, variance and 0."""
    if not _possible(shape, dtype):
        return None
    made = _Channels(shape, dtype, epsilon, FORWARD_ARRAYS)
    # With the weight x - shift the sums are those of it and of its square.
    return [made.parts("x[channel]", "centered"), made.together(MOMENTS), made.each(NORMALIZED)]


def normalize_by(shape, dtype, epsilon):
    """The launch by a mean and a variance that are given."""
    if not _possible(shape, dtype):
        return None
    return _Channels(shape, dtype, epsilon, FORWARD_ARRAYS).each(GIVEN)


def normalize_gradient(shape, dtype, epsilon):
    """The launches in training: from dy, x, scale, mean, variance and one that is not read to the
    gradients by x, scale, offset, and two that are empty."""
    if not _possible(shape, dtype):
        return None
    made = _Channels(shape, dtype, epsilon, BACKWARD_ARRAYS)
    return [made.parts("mean[channel]", "dy[at]"), made.together(SLOPES), made.each(BACKWARD)]
