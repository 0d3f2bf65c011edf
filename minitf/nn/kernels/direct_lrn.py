"""Local response normalization and its gradient: kernels in C, pixel by pixel.

The squares of a pixel lie between zeros, so that the sums over the channels around are sums of
whole rows, one for each distance.
"""
from __future__ import annotations

from math import isfinite

import numpy as np

from minitf.core.kernel import Kernel
from minitf.nn.kernels.direct_layout import C_TYPES, END, VECTORS, constants

MARGIN = 64  # bytes: rows in the scratch memory begin at multiples of it

COMMON = """\
/* x to the power of -beta. */
NAME_inline NAME_real NAME_power(NAME_real x) {
  const int is_float = sizeof(NAME_real) == 4;
  const NAME_real root = is_float ? sqrtf(x) : sqrt(x);
  if (BETA == 0.5) return 1 / root;
  if (BETA == 0.75) return 1 / (root * (is_float ? sqrtf(root) : sqrt(root)));
  return is_float ? powf(x, -(float)(BETA)) : pow(x, -(BETA));
}

/* For each channel, the sum of `row` over the channels around. */
NAME_inline void NAME_around(const NAME_real *row, NAME_real *sum) {
  for (int64_t c = 0; c < NAME_depth; c++) sum[c] = row[c];
  for (int64_t k = 1; k <= 2 * NAME_radius; k++)
    #pragma omp simd
    for (int64_t c = 0; c < NAME_depth; c++) sum[c] += row[c + k];
}

/* bias + alpha * the sum of the squares around. */
NAME_inline void NAME_norm(const NAME_real *x, NAME_real *row, NAME_real *norm) {
  #pragma omp simd
  for (int64_t c = 0; c < NAME_depth; c++) row[NAME_radius + c] = x[c] * x[c];
  NAME_around(row, norm);
  #pragma omp simd
  for (int64_t c = 0; c < NAME_depth; c++)
    norm[c] = norm[c] * (NAME_real)(ALPHA) + (NAME_real)(BIAS);
}
"""

FORWARD = """\
static void NAME_pixel(void *const *p, int64_t at, NAME_real *row, NAME_real *norm,
                       NAME_real *unused) {
  const NAME_real *x = (const NAME_real *)p[0] + at;
  NAME_real *y = (NAME_real *)p[1] + at;
  NAME_norm(x, row, norm);
  #pragma omp simd
  for (int64_t c = 0; c < NAME_depth; c++) y[c] = x[c] * NAME_power(norm[c]);
}
"""

BACKWARD = """\
static void NAME_pixel(void *const *p, int64_t at, NAME_real *row, NAME_real *norm,
                       NAME_real *sum) {
  const NAME_real *dy = (const NAME_real *)p[0] + at, *x = (const NAME_real *)p[1] + at;
  const NAME_real *y = (const NAME_real *)p[2] + at;
  NAME_real *dx = (NAME_real *)p[3] + at;
  NAME_norm(x, row, norm);
  #pragma omp simd
  for (int64_t c = 0; c < NAME_depth; c++) row[NAME_radius + c] = dy[c] * y[c] / norm[c];
  NAME_around(row, sum);
  #pragma omp simd
  for (int64_t c = 0; c < NAME_depth; c++)
    dx[c] = dy[c] * NAME_power(norm[c])
            - sum[c] * x[c] * (NAME_real)(2 * (ALPHA) * (BETA));
}
"""

MAIN = """\
static void NAME_pixels(void *context, int64_t part) {
  const task *t = context;
  const int64_t *n = t->n;
  NAME_real *row = (NAME_real *)((char *)t->p[NAME_arrays] + part * n[1]);
  NAME_real *norm = row + n[2], *sum = norm + n[2];
  memset(row, 0, n[2] * sizeof *row);
  for (int64_t i = first_of(t, part, n[0]); i < first_of(t, part + 1, n[0]); i++)
    NAME_pixel(t->p, i * NAME_depth, row, norm, sum);
}

static void NAME(const int64_t *n, void *const *p) {
  task t = {n, p};
  divide(NAME_pixels, &t, n[0] * NAME_depth * (2 * NAME_radius + 1) > NAME_parallel);
}
"""


def normalize(shape, dtype, **known) -> Kernel | None:
    """The kernel of the normalization, from x: `known` are depth_radius, bias, alpha and beta."""
    return _kernel(FORWARD, 2, shape, dtype, **known)


def normalize_gradient(shape, dtype, **known) -> Kernel | None:
    """The kernel of its gradient, from dy, x and y."""
    return _kernel(BACKWARD, 4, shape, dtype, **known)


def _kernel(text, arrays, shape, dtype, *, depth_radius, bias, alpha, beta):
    *pixels, depth = shape
    possible = str(dtype) in C_TYPES and depth and depth_radius >= 0
    if not possible or not all(map(isfinite, (bias, alpha, beta))):
        return None
    radius = min(depth_radius, depth)
    item = np.dtype(dtype).itemsize
    row = -(-(depth + 2 * radius) * item // MARGIN) * MARGIN
    head = constants(dtype, depth=depth, radius=radius, arrays=arrays)
    text = VECTORS + COMMON + text + MAIN + END
    for name, value in (("BIAS", bias), ("ALPHA", alpha), ("BETA", beta)):
        text = text.replace(name, repr(float(value)))
    sizes = (int(np.prod(pixels, dtype=np.int64)), 3 * row, row // item)
    return Kernel(head + text, sizes, 3 * row)
