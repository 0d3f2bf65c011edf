"""Grayscale dilation of images and its gradients: kernels in C.

The loops over the channels are the inner ones and run in vectors. The gradients find the largest
sum of each window again.
"""
from __future__ import annotations

import numpy as np

from minitf.core.kernel import Kernel
from minitf.nn.kernels.direct_layout import C_TYPES, END, LIMIT, VECTORS, constants
from minitf.nn.windows import Axis

COMMON = """\
typedef struct { int64_t first, last, pixel; } NAME_span;

/* The positions of a window that lie on the image, and the pixel of position 0. */
NAME_inline NAME_span NAME_met(const NAME_axis *a, int64_t output) {
  int64_t pixel = output * a->stride - a->before;
  int64_t first = pixel < 0 ? NAME_ceil(-pixel, a->dilation) : 0;
  int64_t last = pixel < a->size ? (a->size - 1 - pixel) / a->dilation + 1 : 0;
  return (NAME_span){first, NAME_min(last, a->window), pixel};
}

NAME_inline int64_t NAME_place(const NAME_axis *axes, NAME_span row, int64_t i, NAME_span column,
                               int64_t j) {
  int64_t y = row.pixel + i * axes[0].dilation, x = column.pixel + j * axes[1].dilation;
  return (y * axes[1].size + x) * NAME_depth;
}
"""

# A NaN is larger than every number.
FORWARD = """\
static void NAME_lines(void *context, int64_t part) {
  const task *t = context;
  void *const *p = t->p;
  const NAME_axis *axes = (const NAME_axis *)(t->n + 2);
  int64_t image = axes[0].size * axes[1].size * NAME_depth, lines = t->n[1] * axes[0].output;
  for (int64_t line = first_of(t, part, lines); line < first_of(t, part + 1, lines); line++)
    for (int64_t ox = 0; ox < axes[1].output; ox++) {
      NAME_span row = NAME_met(axes, line % axes[0].output), column = NAME_met(axes + 1, ox);
      NAME_real *y = (NAME_real *)p[2] + (line * axes[1].output + ox) * NAME_depth;
      #pragma omp simd
      for (int64_t c = 0; c < NAME_depth; c++) y[c] = -INFINITY;
      for (int64_t i = row.first; i < row.last; i++)
        for (int64_t j = column.first; j < column.last; j++) {
          const NAME_real *a = (const NAME_real *)p[0] + line / axes[0].output * image
                               + NAME_place(axes, row, i, column, j);
          const NAME_real *f = (const NAME_real *)p[1] + (i * axes[1].window + j) * NAME_depth;
          #pragma omp simd
          for (int64_t c = 0; c < NAME_depth; c++) {
            NAME_real sum = a[c] + f[c];
            y[c] = !(sum <= y[c]) & (y[c] == y[c]) ? sum : y[c];
          }
        }
    }
}

static void NAME(const int64_t *n, void *const *p) {
  task t = {n, p};
  divide(NAME_lines, &t, n[0] > NAME_parallel);
}
"""

# GIVE stands for what is done with the gradient of each output, whose largest sum is at `tap`.
BACKWARD = """\
static void NAME_images(void *context, int64_t part) {
  const task *t = context;
  void *const *p = t->p;
  const NAME_axis *axes = (const NAME_axis *)(t->n + 3);
  int64_t width = axes[1].window, taps = axes[0].window * width * NAME_depth;
  int64_t image = axes[0].size * axes[1].size * NAME_depth;
  NAME_real *own = (NAME_real *)((char *)p[4] + part * t->n[2]);
  NAME_real *best = own + NAME_sums * taps;
  NAME_index *tap = (NAME_index *)(best + NAME_depth);
  memset(own, 0, NAME_sums * taps * sizeof *own);
  for (int64_t b = first_of(t, part, t->n[1]); b < first_of(t, part + 1, t->n[1]); b++) {
    NAME_real *dx = (NAME_real *)p[3] + b * image;
    if (!NAME_sums) memset(dx, 0, image * sizeof *dx);
    for (int64_t oy = 0; oy < axes[0].output; oy++)
      for (int64_t ox = 0; ox < axes[1].output; ox++) {
        NAME_span row = NAME_met(axes, oy), column = NAME_met(axes + 1, ox);
        int64_t at = (b * axes[0].output + oy) * axes[1].output + ox;
        const NAME_real *dy = (const NAME_real *)p[2] + at * NAME_depth;
        for (int64_t c = 0; c < NAME_depth; c++) best[c] = -INFINITY, tap[c] = -1;
        for (int64_t i = row.first; i < row.last; i++)
          for (int64_t j = column.first; j < column.last; j++) {
            const NAME_real *a = (const NAME_real *)p[0] + b * image
                                 + NAME_place(axes, row, i, column, j);
            const NAME_real *f = (const NAME_real *)p[1] + (i * width + j) * NAME_depth;
            NAME_index number = i * width + j;
            #pragma omp simd
            for (int64_t c = 0; c < NAME_depth; c++) {
              NAME_real sum = a[c] + f[c];
              tap[c] = sum > best[c] ? number : tap[c];
              best[c] = sum > best[c] ? sum : best[c];
            }
          }
        for (int64_t c = 0; c < NAME_depth; c++)
          if (tap[c] >= 0) GIVE
      }
  }
}

static void NAME_adding(void *context, int64_t part) {
  const task *t = context;
  const NAME_axis *axes = (const NAME_axis *)(t->n + 3);
  int64_t taps = axes[0].window * axes[1].window * NAME_depth;
  for (int64_t k = first_of(t, part, taps); k < first_of(t, part + 1, taps); k++) {
    NAME_real total = 0;
    for (int64_t other = 0; other < t->parts; other++)
      total += ((const NAME_real *)((char *)t->p[4] + other * t->n[2]))[k];
    ((NAME_real *)t->p[3])[k] = total;
  }
}

static void NAME(const int64_t *n, void *const *p) {
  task t = {n, p};
  divide(NAME_images, &t, n[0] > NAME_parallel);
  if (NAME_sums) divide(NAME_adding, &t, n[0] > NAME_parallel);
}
"""
TO_PIXEL = "dx[NAME_place(axes, row, tap[c] / width, column, tap[c] % width) + c] += dy[c];"
TO_POSITION = "own[tap[c] * NAME_depth + c] += dy[c];"


def dilate(batch, rows: Axis, columns: Axis, depth, dtype) -> Kernel | None:
    """The kernel of the dilation, of x [batch, height, width, depth] and the filter."""
    if not _possible(depth, dtype):
        return None
    sizes = (_work(batch, rows, columns, depth), batch, *rows, *columns)
    return Kernel(constants(dtype, depth=depth) + VECTORS + COMMON + FORWARD + END, sizes)


def dilate_input(batch, rows: Axis, columns: Axis, depth, dtype) -> Kernel | None:
    """The kernel of its gradient by the images, of x, the filter and dy."""
    text = BACKWARD.replace("GIVE", TO_PIXEL)
    return _backward(text, batch, rows, columns, depth, dtype, 0)


def dilate_filter(batch, rows: Axis, columns: Axis, depth, dtype) -> Kernel | None:
    """The kernel of its gradient by the filter; for as many threads always the same sum."""
    text = BACKWARD.replace("GIVE", TO_POSITION)
    return _backward(text, batch, rows, columns, depth, dtype, 1)


def _backward(text, batch, rows, columns, depth, dtype, sums):
    if not _possible(depth, dtype):
        return None
    count = (sums * rows.window * columns.window + 2) * depth
    scratch = -(-count * np.dtype(dtype).itemsize // 64) * 64
    if scratch > LIMIT:
        return None
    index = "int32_t" if np.dtype(dtype).itemsize == 4 else "int64_t"
    head = constants(dtype, depth=depth, sums=sums) + f"typedef {index} NAME_index;\n"
    sizes = (_work(batch, rows, columns, depth), batch, scratch, *rows, *columns)
    return Kernel(head + VECTORS + COMMON + text + END, sizes, scratch)


def _work(batch, rows, columns, depth):
    return batch * depth * rows.output * columns.output * rows.window * columns.window


def _possible(depth, dtype):
    return str(dtype) in C_TYPES and depth > 0
