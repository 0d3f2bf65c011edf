"""The gradient of a convolution's filter, summed in registers.

A tile of the filter, some neighbouring positions of the window times some vectors of channels,
stays in registers while the pixels pass by: each brings a value of the image for every position,
times the vectors of its gradient. Each thread has a filter of its own; the last step sums these.
[Georganas et al. 2018, "Anatomy of High-Performance Deep Learning Convolutions on SIMD
Architectures", section on the weight gradient update]
"""
from __future__ import annotations

import numpy as np

from minitf.core.kernel import Kernel
from minitf.nn import direct_convolution as direct
from minitf.nn.windows import Axis

SUMS = """\
enum {
  NAME_segments = NAME_joined ? 1 : NAME_columns,
  NAME_length = NAME_joined ? NAME_columns * NAME_depth : NAME_depth,
  NAME_steps = NAME_window * NAME_columns * NAME_depth,
  NAME_tiles = (NAME_length + NAME_tall - 1) / NAME_tall,
  NAME_small = NAME_length / NAME_tiles,
  NAME_large = (NAME_length + NAME_tiles - 1) / NAME_tiles
};

NAME_inline void NAME_tile(const int positions, const NAME_real *x, int64_t row,
                           const NAME_real *dy, int64_t height, int64_t width, NAME_real *sum) {
  NAME_vector sums[NAME_tall][NAME_vectors];
  #pragma GCC unroll 16
  for (int r = 0; r < positions; r++)
    #pragma GCC unroll 4
    for (int v = 0; v < NAME_vectors; v++)
      sums[r][v] = *(const NAME_memory *)(sum + r * NAME_width + v * NAME_lanes);
  for (int64_t i = 0; i < height; i++, x += row) {
    const NAME_real *a = x;
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

/* Adds the share of some rows of outputs to one panel of the filter. */
static void NAME_rows(const NAME_real *x, int64_t pitch, const NAME_axis *rows,
                      const NAME_axis *columns, int64_t height, const NAME_real *dy,
                      NAME_real *sum) {
  int64_t width = columns->output, row = rows->stride * pitch;
  for (int64_t i = 0; i < NAME_window; i++)
    for (int64_t j = 0; j < NAME_segments; j++, sum += NAME_length * NAME_width) {
      const NAME_real *a =
          x + i * rows->dilation * pitch + j * columns->dilation * NAME_depth;
      for (int64_t tile = 0, first = 0; tile < NAME_tiles; tile++) {
        int64_t last = (tile + 1) * NAME_length / NAME_tiles;
        const NAME_real *b = a + first;
        NAME_real *to = sum + first * NAME_width;
        if (last - first == NAME_small) NAME_tile(NAME_small, b, row, dy, height, width, to);
        else NAME_tile(NAME_large, b, row, dy, height, width, to);
        first = last;
      }
    }
}

/* The share of some rows of an image. */
static void NAME_share(const int64_t *n, const NAME_real *image, const NAME_real *dy,
                       int64_t first, NAME_real *sum, NAME_real *packed, NAME_real *padded) {
  const NAME_axis *rows = (const NAME_axis *)(n + 6), *columns = rows + 1;
  int64_t height = NAME_min(n[2], rows->output - first), pixels = height * columns->output, pitch;
  const NAME_real *x = NAME_band(image, rows, columns, first, height, padded, &pitch);
  dy += first * columns->output * NAME_count;
  if (NAME_packed) {
    for (int64_t k = 0; k < pixels; k++) NAME_pack(dy, k, pixels, packed);
    dy = packed;
  }
  for (int64_t panel = 0; panel < NAME_panels; panel++)
    NAME_rows(x, pitch, rows, columns, height, dy + panel * pixels * NAME_width,
              sum + panel * NAME_steps * NAME_width);
}

static void NAME(const int64_t *n, void *const *p) {
  const NAME_axis *rows = (const NAME_axis *)(n + 6), *columns = rows + 1;
  int64_t work = n[0], batch = n[1], scratch = n[3], bands = NAME_ceil(rows->output, n[2]);
  int64_t image = rows->size * columns->size * NAME_depth;
  int64_t outputs = rows->output * columns->output * NAME_count;
  #pragma omp parallel if(work > NAME_parallel)
  {
    char *own = (char *)p[3] + omp_get_thread_num() * scratch;
    memset(own, 0, NAME_panels * NAME_steps * NAME_width * sizeof(NAME_real));
    #pragma omp for collapse(2) schedule(static)
    for (int64_t b = 0; b < batch; b++)
      for (int64_t band = 0; band < bands; band++)
        NAME_share(n, (const NAME_real *)p[0] + b * image, (const NAME_real *)p[1] + b * outputs,
                   band * n[2], (NAME_real *)own, (NAME_real *)(own + n[4]),
                   (NAME_real *)(own + n[5]));
    #pragma omp for schedule(static)
    for (int64_t r = 0; r < NAME_steps; r++)
      for (int64_t c = 0; c < NAME_count; c++) {
        int64_t at = (c / NAME_width * NAME_steps + r) * NAME_width + c % NAME_width;
        NAME_real total = ((const NAME_real *)p[3])[at];
        for (int t = 1; t < omp_get_num_threads(); t++)
          total += ((const NAME_real *)((char *)p[3] + t * scratch))[at];
        ((NAME_real *)p[2])[r * NAME_count + c] = total;
      }
  }
}
"""


def convolve_filter(batch, rows: Axis, columns: Axis, depth, count, dtype) -> Kernel | None:
    """The kernel of the filter's gradient [rows.window, columns.window, depth, count], from the
    image and the gradient of the output; for the same number of threads always the same sum."""
    if str(dtype) not in direct.C_TYPES:
        return None
    item, steps = np.dtype(dtype).itemsize, rows.window * columns.window * depth
    width = direct.padded_count(count, item) * item
    # The gradients of one band, as wide as a panel, are read again for each tile of the filter.
    fitting = direct.PANEL // (max(columns.output, 1) * min(count * item, 256))
    height = max(1, min(fitting, direct.band(batch, rows, columns, depth * item, direct.PADDED)))
    packed = steps * width
    padded = packed + height * columns.output * width
    scratch = padded + direct.padded_bytes(rows, columns, height, depth * item)
    if scratch > direct.LIMIT:
        return None
    head = direct.constants(
        dtype, depth=depth, count=count, window=rows.window, columns=columns.window,
        stride=columns.stride, joined=int(columns.dilation == 1),
    )  # fmt: skip
    work = batch * rows.output * columns.output * steps * count
    sizes = (work, batch, height, scratch, packed, padded, *rows, *columns)
    source = head + direct.VECTORS + direct.PANELS + SUMS + direct.END
    return Kernel(source, sizes, scratch)
