"""Pooling of NHWC images and its gradients: kernels in C.

The loops over the channels are the inner ones and run in vectors; the threads share out bands of
rows. A window's place is found again for the gradient from the image and the maximum, which costs
less than to write it down. Each window must meet the image.
"""
from __future__ import annotations

from minitf.core.kernel import Kernel
from minitf.nn.direct_convolution import C_TYPES, END, VECTORS
from minitf.nn.windows import Axis

PARALLEL = 1 << 16  # values read: from here on, more than one thread
ITEMS = 8  # pieces of work, so that there is one for each thread even where the batch is small
BAND = 4  # windows: the least height of a band; its first and last windows are looked at twice

COMMON = """\
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
typedef __typeof__((NAME_vector){0} == (NAME_vector){0}) NAME_mask;

NAME_inline void NAME_block(void *const *p, int64_t from, int64_t c, NAME_span rows,
                            NAME_span band, NAME_span columns, int64_t width, int64_t valid) {
  const NAME_real *x = p[0];
  NAME_real *dx = p[3];
  NAME_vector best = NAME_load((const NAME_real *)p[1] + from, valid);
  NAME_vector left = NAME_load((const NAME_real *)p[2] + from, valid);
  for (int64_t i = rows.first; i < band.last; i++)
    for (int64_t j = columns.first; j < columns.last; j++) {
      int64_t at = ((rows.pixel + i) * width + columns.pixel + j) * NAME_depth + c;
      NAME_vector a = NAME_load(x + at, valid);
      NAME_mask hit = (a == best) | ((a != a) & (best != best));
      if (i >= band.first) {
        NAME_vector share = (NAME_vector)((NAME_mask)left & hit);
        NAME_store(dx + at, NAME_load(dx + at, valid) + share, valid);
      }
      left = (NAME_vector)((NAME_mask)left & ~hit);
    }
}
"""

AVERAGE = """\
NAME_inline void NAME_block(void *const *p, int64_t from, int64_t c, NAME_span rows,
                            NAME_span band, NAME_span columns, int64_t width, int64_t valid) {
  NAME_real *dx = p[1], count = (rows.last - rows.first) * (columns.last - columns.first);
  NAME_vector share = NAME_load((const NAME_real *)p[0] + from, valid) / count;
  for (int64_t i = band.first; i < band.last; i++)
    for (int64_t j = columns.first; j < columns.last; j++) {
      NAME_real *to = dx + ((rows.pixel + i) * width + columns.pixel + j) * NAME_depth + c;
      NAME_store(to, NAME_load(to, valid) + share, valid);
    }
}
"""

# Windows overlap: a band of the image's rows takes from every window that reaches into it.
BACKWARD = """\
static void NAME_band(const int64_t *n, void *const *p, int64_t b, int64_t start, int64_t stop) {
  const NAME_axis *rows = (const NAME_axis *)(n + 3), *columns = rows + 1;
  const int64_t rest = NAME_depth % NAME_lanes, full = NAME_depth - rest;
  int64_t pixel = columns->size * NAME_depth, image = b * rows->size;
  NAME_real *dx = (NAME_real *)p[NAME_dx] + (image + start) * pixel;
  memset(dx, 0, (stop - start) * pixel * sizeof *dx);
  int64_t first = start + rows->before - rows->window + 1, last = stop - 1 + rows->before;
  first = NAME_ceil(NAME_max(first, 0), rows->stride);
  last = last < 0 ? 0 : NAME_min(last / rows->stride + 1, rows->output);
  for (int64_t i = first; i < last; i++) {
    NAME_span row = NAME_whole(rows, i), band = NAME_met(rows, i, start, stop);
    row.pixel += image;
    for (int64_t j = 0; j < columns->output; j++) {
      NAME_span column = NAME_whole(columns, j);
      int64_t from = ((b * rows->output + i) * columns->output + j) * NAME_depth;
      for (int64_t c = 0; c < full; c += NAME_lanes)
        NAME_block(p, from + c, c, row, band, column, columns->size, NAME_lanes);
      if (rest) NAME_block(p, from + full, full, row, band, column, columns->size, rest);
    }
  }
}

static void NAME(const int64_t *n, void *const *p) {
  int64_t size = n[3], height = n[2], bands = NAME_ceil(size, height);
  #pragma omp parallel for collapse(2) if(n[0] > NAME_parallel)
  for (int64_t b = 0; b < n[1]; b++)
    for (int64_t k = 0; k < bands; k++)
      NAME_band(n, p, b, k * height, NAME_min((k + 1) * height, size));
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
    return Kernel(head + VECTORS + COMMON + FORWARD + END, (work, batch, *rows, *columns))


def _backward(batch, rows, columns, depth, dtype, maximum):
    if not _possible(rows, columns, dtype):
        return None
    head = _head(dtype, depth=depth, dx=3 if maximum else 1)
    bands = -(-ITEMS // max(batch, 1))
    height = max(-(-rows.size // bands), BAND * max(rows.stride, rows.window))
    work = batch * rows.output * columns.output * rows.window * columns.window * depth
    source = head + VECTORS + COMMON + (MAXIMUM if maximum else AVERAGE) + BACKWARD + END
    return Kernel(source, (work, batch, height, *rows, *columns))


def _possible(rows, columns, dtype):
    return str(dtype) in C_TYPES and rows.dilation == columns.dilation == 1


def _head(dtype, **values):
    listed = ", ".join(f"NAME_{k} = {v}" for k, v in {**values, "parallel": PARALLEL}.items())
    return f"typedef {C_TYPES[str(dtype)]} NAME_real;\nenum {{ {listed} }};\n"
