"""Pooling of NHWC images and its gradients: kernels in C.

The loops over the channels are the inner ones and run in vectors; the threads share out bands of
rows. A window's place is found again for the gradient from the image and the maximum, which costs
less than to write it down. Each window must meet the image.
"""
from __future__ import annotations

import numpy as np

from minitf.core.kernel import Kernel
from minitf.nn.direct_convolution import C_TYPES
from minitf.nn.windows import Axis

PARALLEL = 1 << 16  # values read: from here on, more than one thread
ITEMS = 8  # pieces of work, so that there is one for each thread even where the batch is small
BAND = 4  # windows: the least height of a band; its first and last windows are looked at twice

COMMON = """\
typedef struct { int64_t size, window, stride, dilation, before, output; } NAME_axis;
#define NAME_inline static inline __attribute__((always_inline))

/* The positions [first, last) of a window that lie on pixels [start, stop), and its first pixel. */
typedef struct { int64_t first, last, pixel; } NAME_span;

NAME_inline NAME_span NAME_met(const NAME_axis *a, int64_t output, int64_t start, int64_t stop) {
  int64_t pixel = output * a->stride - a->before;
  int64_t first = pixel < start ? start - pixel : 0, last = stop - pixel;
  if (last > a->window) last = a->window;
  return (NAME_span){first, last, pixel};
}

NAME_inline NAME_span NAME_whole(const NAME_axis *a, int64_t output) {
  return NAME_met(a, output, 0, a->size);
}
"""

# A NaN is larger than every number, and the first of equals is the largest: `better` says so once.
FORWARD = """\
#define NAME_better(x, best) (!((x) <= (best)) & ((best) == (best)))

NAME_inline void NAME_window(const NAME_real *x, NAME_real *y, NAME_span rows, NAME_span columns,
                             int64_t width) {
  #pragma omp simd
  for (int64_t c = 0; c < NAME_depth; c++) y[c] = NAME_maximum ? -INFINITY : 0;
  for (int64_t i = rows.first; i < rows.last; i++)
    for (int64_t j = columns.first; j < columns.last; j++) {
      const NAME_real *a = x + ((rows.pixel + i) * width + columns.pixel + j) * NAME_depth;
      #pragma omp simd
      for (int64_t c = 0; c < NAME_depth; c++)
        y[c] = NAME_maximum ? (NAME_better(a[c], y[c]) ? a[c] : y[c]) : y[c] + a[c];
    }
  if (NAME_maximum) return;
  NAME_real count = (rows.last - rows.first) * (columns.last - columns.first);
  #pragma omp simd
  for (int64_t c = 0; c < NAME_depth; c++) y[c] /= count;
}

static void NAME(const int64_t *n, void *const *p) {
  const NAME_axis *rows = (const NAME_axis *)(n + 2), *columns = rows + 1;
  int64_t batch = n[1];
  #pragma omp parallel for collapse(2) if(n[0] > NAME_parallel)
  for (int64_t b = 0; b < batch; b++)
    for (int64_t i = 0; i < rows->output; i++) {
      const NAME_real *x = (const NAME_real *)p[0] + b * rows->size * columns->size * NAME_depth;
      NAME_real *y = (NAME_real *)p[1] + (b * rows->output + i) * columns->output * NAME_depth;
      NAME_span row = NAME_whole(rows, i);
      for (int64_t j = 0; j < columns->output; j++, y += NAME_depth)
        NAME_window(x, y, row, NAME_whole(columns, j), columns->size);
    }
}
"""

# What of the gradient is still to be given away stands in `left`: the first pixel that is as large
# as the maximum takes it.
MAXIMUM = """\
NAME_inline void NAME_window(const NAME_real *x, const NAME_real *y, const NAME_real *dy,
                             NAME_real *dx, NAME_real *left, NAME_span rows, NAME_span band,
                             NAME_span columns, int64_t width) {
  memcpy(left, dy, NAME_depth * sizeof *left);
  for (int64_t i = rows.first; i < band.last; i++) {
    int given = i >= band.first;
    for (int64_t j = columns.first; j < columns.last; j++) {
      int64_t at = ((rows.pixel + i) * width + columns.pixel + j) * NAME_depth;
      #pragma omp simd
      for (int64_t c = 0; c < NAME_depth; c++) {
        NAME_real a = x[at + c], best = y[c], share = left[c];
        int hit = (a == best) | ((a != a) & (best != best));
        left[c] = hit ? 0 : share;
        if (given) dx[at + c] += hit ? share : 0;
      }
    }
  }
}
"""

AVERAGE = """\
NAME_inline void NAME_window(const NAME_real *dy, NAME_real *dx, NAME_real *left, NAME_span rows,
                             NAME_span band, NAME_span columns, int64_t width) {
  NAME_real count = (rows.last - rows.first) * (columns.last - columns.first);
  #pragma omp simd
  for (int64_t c = 0; c < NAME_depth; c++) left[c] = dy[c] / count;
  for (int64_t i = band.first; i < band.last; i++)
    for (int64_t j = columns.first; j < columns.last; j++) {
      NAME_real *to = dx + ((rows.pixel + i) * width + columns.pixel + j) * NAME_depth;
      #pragma omp simd
      for (int64_t c = 0; c < NAME_depth; c++) to[c] += left[c];
    }
}
"""

# Windows overlap: a band of the image's rows takes from every window that reaches into it.
BACKWARD = """\
static void NAME_band(const int64_t *n, void *const *p, int64_t b, int64_t start, int64_t stop) {
  const NAME_axis *rows = (const NAME_axis *)(n + 4), *columns = rows + 1;
  int64_t image = b * rows->size * columns->size * NAME_depth;
  NAME_real *dx = (NAME_real *)p[NAME_dx] + image;
  NAME_real *left = (NAME_real *)((char *)p[NAME_dx + 1] + omp_get_thread_num() * n[3]);
  int64_t pixel = columns->size * NAME_depth;
  memset(dx + start * pixel, 0, (stop - start) * pixel * sizeof *dx);
  int64_t first = start + rows->before - rows->window + 1, last = stop - 1 + rows->before;
  first = first > 0 ? (first + rows->stride - 1) / rows->stride : 0;
  last = last < 0 ? 0 : last / rows->stride + 1;
  if (last > rows->output) last = rows->output;
  for (int64_t i = first; i < last; i++) {
    NAME_span row = NAME_whole(rows, i), band = NAME_met(rows, i, start, stop);
    int64_t at = (b * rows->output + i) * columns->output * NAME_depth;
    for (int64_t j = 0; j < columns->output; j++, at += NAME_depth) {
      NAME_span column = NAME_whole(columns, j);
#if NAME_MAXIMUM
      NAME_window((const NAME_real *)p[0] + image, (const NAME_real *)p[1] + at,
                  (const NAME_real *)p[2] + at, dx, left, row, band, column, columns->size);
#else
      NAME_window((const NAME_real *)p[0] + at, dx, left, row, band, column, columns->size);
#endif
    }
  }
}

static void NAME(const int64_t *n, void *const *p) {
  int64_t size = n[4], height = n[2], bands = (size + height - 1) / height;
  #pragma omp parallel for collapse(2) if(n[0] > NAME_parallel)
  for (int64_t b = 0; b < n[1]; b++)
    for (int64_t k = 0; k < bands; k++)
      NAME_band(n, p, b, k * height, (k + 1) * height < size ? (k + 1) * height : size);
}
"""


def max_pool(batch, rows: Axis, columns: Axis, depth, dtype) -> Kernel | None:
    """The kernel of max pooling, from x [batch, rows.size, columns.size, depth]. NaN wins."""
    return _forward(batch, rows, columns, depth, dtype, maximum=1)


def average_pool(batch, rows: Axis, columns: Axis, depth, dtype) -> Kernel | None:
    """The kernel of average pooling, over the pixels that each window meets."""
    return _forward(batch, rows, columns, depth, dtype, maximum=0)


def max_pool_gradient(batch, rows: Axis, columns: Axis, depth, dtype) -> Kernel | None:
    """The kernel of max pooling's gradient, from x, y and dy: the first of equals takes it all."""
    return _backward(batch, rows, columns, depth, dtype, maximum=1)


def average_pool_gradient(batch, rows: Axis, columns: Axis, depth, dtype) -> Kernel | None:
    """The kernel of average pooling's gradient, from dy."""
    return _backward(batch, rows, columns, depth, dtype, maximum=0)


def _forward(batch, rows, columns, depth, dtype, maximum):
    if not _possible(rows, columns, dtype):
        return None
    head = _head(dtype, depth=depth, maximum=maximum)
    work = batch * rows.output * columns.output * rows.window * columns.window * depth
    return Kernel(head + COMMON + FORWARD, (work, batch, *rows, *columns))


def _backward(batch, rows, columns, depth, dtype, maximum):
    if not _possible(rows, columns, dtype):
        return None
    head = _head(dtype, depth=depth, dx=3 if maximum else 1)
    head += f"#define NAME_MAXIMUM {maximum}\n"
    bands = -(-ITEMS // max(batch, 1))
    height = max(-(-rows.size // bands), BAND * max(rows.stride, rows.window))
    scratch = -(-depth * np.dtype(dtype).itemsize // 64) * 64
    work = batch * rows.output * columns.output * rows.window * columns.window * depth
    sizes = (work, batch, height, scratch, *rows, *columns)
    return Kernel(head + COMMON + (MAXIMUM if maximum else AVERAGE) + BACKWARD, sizes, scratch)


def _possible(rows, columns, dtype):
    return str(dtype) in C_TYPES and rows.dilation == columns.dilation == 1


def _head(dtype, **values):
    listed = ", ".join(f"NAME_{k} = {v}" for k, v in {**values, "parallel": PARALLEL}.items())
    return f"typedef {C_TYPES[str(dtype)]} NAME_real;\nenum {{ {listed} }};\n"
