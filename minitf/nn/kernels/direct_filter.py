"""The gradient of a convolution's filter, summed in registers.

A tile of the filter, some neighbouring positions of the window times some vectors of channels,
stays in registers while the pixels pass by: each brings a value of the image for every position,
times the vectors of its gradient. Each thread has a filter of its own; the last step sums these.
[Georganas et al. 2018, "Anatomy of High-Performance Deep Learning Convolutions on SIMD
Architectures", section on the weight gradient update]
"""
from __future__ import annotations

from math import prod

import numpy as np

from minitf.core.kernel import Kernel
from minitf.nn.kernels import direct_layout as direct
from minitf.nn.windows import Axis, three

SUMS = """\
#define NAME_segments (NAME_joined ? 1 : NAME_columns)
#define NAME_length ((NAME_joined ? NAME_columns : 1) * NAME_depth)
#define NAME_steps (NAME_planes * NAME_rows * NAME_columns * NAME_depth)
#define NAME_tiles ((NAME_length + NAME_tall - 1) / NAME_tall)

NAME_inline void NAME_tile(const int positions, const NAME_shape *s, const NAME_real *x,
                           NAME_pitch pitch, const NAME_real *dy, NAME_band band, int64_t width,
                           NAME_real *sum) {
  NAME_vector sums[NAME_tall][NAME_vectors];
  #pragma GCC unroll 16
  for (int r = 0; r < positions; r++)
    #pragma GCC unroll 4
    for (int v = 0; v < NAME_vectors; v++)
      sums[r][v] = *(const NAME_memory *)(sum + r * NAME_width + v * NAME_lanes);
  for (int64_t z = 0; z < band.planes; z++)
    for (int64_t y = 0; y < band.rows; y++) {
      const NAME_real *a = x + z * pitch.plane + y * pitch.row;
      for (int64_t j = 0; j < width; j++, a += NAME_stride * NAME_depth, dy += NAME_width) {
        #pragma GCC unroll 16
        for (int r = 0; r < positions; r++)
          #pragma GCC unroll 4
          for (int v = 0; v < NAME_vectors; v++)
            sums[r][v] += a[r] * *(const NAME_memory *)(dy + v * NAME_lanes);
      }
    }
  #pragma GCC unroll 16
  for (int r = 0; r < positions; r++)
    #pragma GCC unroll 4
    for (int v = 0; v < NAME_vectors; v++)
      *(NAME_memory *)(sum + r * NAME_width + v * NAME_lanes) = sums[r][v];
}

/* Whether tiles of that height occur: nearly equal ones make up the length. */
#define NAME_occurs(k) (NAME_length / NAME_tiles == k || (NAME_length - 1) / NAME_tiles + 1 == k)

/* Adds the share of the positions in one row of the window to one panel of the filter. */
static void NAME_row(const NAME_shape *s, const NAME_real *x, NAME_pitch pitch, int64_t segment,
                     const NAME_real *dy, NAME_band band, int64_t width, NAME_real *sum) {
  const int64_t length = NAME_length, tiles = NAME_tiles, small = length / tiles;
  for (int64_t j = 0; j < NAME_segments; j++, x += segment, sum += length * NAME_width)
    for (int64_t tile = 0, first = 0; tile < tiles; tile++) {
      int64_t size = small + (tile < length - small * tiles);
      const NAME_real *a = x + first;
      NAME_real *to = sum + first * NAME_width;
      switch (size) {
#define NAME_case(k) \\
        case k: if (k <= NAME_tall && NAME_occurs(k)) \\
                  NAME_tile(k, s, a, pitch, dy, band, width, to); break;
        NAME_case(1) NAME_case(2) NAME_case(3) NAME_case(4) NAME_case(5) NAME_case(6)
        NAME_case(7) NAME_case(8) NAME_case(9) NAME_case(10) NAME_case(11) NAME_case(12)
      }
      first += size;
    }
}

/* The share of a band of an image. */
static void NAME_share(const NAME_shape *s, const NAME_axis *axes, NAME_band band,
                       const NAME_real *image, const NAME_real *dy, NAME_real *sum,
                       NAME_real *packed, NAME_real *padded) {
  int64_t width = axes[2].output, pixels = band.planes * band.rows * width;
  NAME_pitch pitch;
  const NAME_real *x = NAME_around(s, image, axes, band, padded, &pitch);
  NAME_pitch next = {axes[0].stride * pitch.plane, axes[1].stride * pitch.row};
  dy += (band.plane * axes[1].output + band.row) * width * NAME_count;
  if (NAME_packed) {
    for (int64_t k = 0; k < pixels; k++) NAME_pack(s, dy, k, pixels, packed);
    dy = packed;
  }
  for (int64_t panel = 0; panel < NAME_panels; panel++, dy += pixels * NAME_width)
    for (int64_t h = 0; h < NAME_planes; h++)
      for (int64_t i = 0; i < NAME_rows; i++, sum += NAME_segments * NAME_length * NAME_width)
        NAME_row(s, x + h * axes[0].dilation * pitch.plane + i * axes[1].dilation * pitch.row,
                 next, axes[2].dilation * NAME_depth, dy, band, width, sum);
}

static void NAME_sharing(void *context, int64_t part) {
  const task *t = context;
  const int64_t *n = t->n;
  const NAME_shape shape = NAME_shape_of(n + 25), *s = &shape;
  const NAME_axis *axes = (const NAME_axis *)(n + 7);
  const NAME_band most = {0, n[2], 0, n[3]};
  int64_t bands = NAME_bands(axes, most), items = n[1] * bands;
  int64_t image = axes[0].size * axes[1].size * axes[2].size * NAME_depth;
  int64_t outputs = axes[0].output * axes[1].output * axes[2].output * NAME_count;
  char *own = (char *)t->p[3] + part * n[4];
  memset(own, 0, NAME_panels * NAME_steps * NAME_width * sizeof(NAME_real));
  for (int64_t i = first_of(t, part, items); i < first_of(t, part + 1, items); i++)
    NAME_share(s, axes, NAME_nth(axes, most, i % bands),
               (const NAME_real *)t->p[0] + i / bands * image,
               (const NAME_real *)t->p[1] + i / bands * outputs, (NAME_real *)own,
               (NAME_real *)(own + n[5]), (NAME_real *)(own + n[6]));
}

static void NAME_adding(void *context, int64_t part) {
  const task *t = context;
  const NAME_shape shape = NAME_shape_of(t->n + 25), *s = &shape;
  for (int64_t r = first_of(t, part, NAME_steps); r < first_of(t, part + 1, NAME_steps); r++)
    for (int64_t c = 0; c < NAME_count; c++) {
      int64_t at = (c / NAME_width * NAME_steps + r) * NAME_width + c % NAME_width;
      NAME_real total = ((const NAME_real *)t->p[3])[at];
      for (int64_t other = 1; other < t->parts; other++)
        total += ((const NAME_real *)((char *)t->p[3] + other * t->n[4]))[at];
      ((NAME_real *)t->p[2])[r * NAME_count + c] = total;
    }
}

static void NAME(const int64_t *n, void *const *p) {
  task t = {n, p};
  divide(NAME_sharing, &t, n[0] > NAME_parallel);
  divide(NAME_adding, &t, n[0] > NAME_parallel);
}
"""


def convolve_filter(batch, axes: list[Axis], depth, count, dtype) -> Kernel | None:
    """The kernel of the filter's gradient [*windows, depth, count], from the image and the gradient
    of the output; for the same number of threads always the same sum."""
    if str(dtype) not in direct.C_TYPES:
        return None
    axes, item = three(axes), np.dtype(dtype).itemsize
    steps = prod(a.window for a in axes) * depth
    width = direct.padded_count(count, item) * item
    planes, rows = most = _band(batch, axes, depth, count, item)
    packed = steps * width
    padded = packed + planes * rows * axes[2].output * width
    scratch = padded + direct.padded_bytes(axes, most, depth * item)
    if scratch > direct.LIMIT:
        return None
    shape = {"depth": depth, "count": count, "stride": axes[2].stride,
             "joined": int(axes[2].dilation == 1), "planes": axes[0].window,
             "rows": axes[1].window, "columns": axes[2].window}  # fmt: skip
    work = batch * prod(a.output for a in axes) * steps * count
    sizes = (work, batch, *most, scratch, packed, padded, *axes[0], *axes[1], *axes[2])
    source = direct.head(dtype, **shape) + direct.BANDS + SUMS + direct.END
    return Kernel(source, (*sizes, *shape.values()), scratch)


def _band(batch, axes, depth, count, item):
    """The planes and rows of a band, whose gradients are read again for each tile of the filter:
    as wide as a panel, they stay in the L1 cache."""
    planes, rows = direct.band(batch, axes, depth * item, direct.PADDED)
    fitting = direct.PANEL // (max(axes[2].output, 1) * min(count * item, 256))
    return min(planes, max(1, fitting // rows)), max(1, min(fitting, rows))
