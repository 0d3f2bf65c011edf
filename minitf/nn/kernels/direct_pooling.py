"""Pooling of NHWC images and its gradients: kernels in C.

Windows slide along three axes: for an image, whose rows are the outer one, nothing moves along the
middle one. The loops over the channels are the inner ones and run in vectors; the threads share out
bands of the outer axis. A window's place is found again for the gradient from the image and the
maximum, which costs less than to write it down. Each window must meet the image.
"""
from __future__ import annotations

from math import prod

from minitf.core.kernel import Kernel
from minitf.nn.kernels.direct_layout import C_TYPES, END, VECTORS, constants
from minitf.nn.windows import STILL, Axis

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

NAME_inline int64_t NAME_extent(NAME_span s) { return s.last - s.first; }

/* Where in its image a row of the window is. */
NAME_inline int64_t NAME_place(const NAME_axis *axes, NAME_span outer, int64_t h, NAME_span middle,
                               int64_t i, NAME_span inner) {
  int64_t line = NAME_flat ? outer.pixel + h
                           : (outer.pixel + h) * axes[1].size + middle.pixel + i;
  return (line * axes[2].size + inner.pixel) * NAME_depth;
}

/* The middle axis of an image, along which nothing moves. */
NAME_inline NAME_span NAME_middle(const NAME_axis *axes, int64_t output) {
  return NAME_flat ? (NAME_span){0, 1, 0} : NAME_whole(axes + 1, output);
}
"""

# A NaN is larger than every number, and the first of equals is the largest: `better` says so once.
FORWARD = """\
#define NAME_better(x, best) (!((x) <= (best)) & ((best) == (best)))

NAME_inline void NAME_window(const NAME_real *x, NAME_real *y, const NAME_axis *axes,
                             NAME_span outer, NAME_span middle, NAME_span inner) {
  #pragma omp simd
  for (int64_t c = 0; c < NAME_depth; c++) y[c] = NAME_maximum ? -INFINITY : 0;
  for (int64_t h = outer.first; h < outer.last; h++)
    for (int64_t i = middle.first; i < middle.last; i++) {
      const NAME_real *row = x + NAME_place(axes, outer, h, middle, i, inner);
      for (int64_t j = inner.first; j < inner.last; j++) {
        const NAME_real *a = row + j * NAME_depth;
        #pragma omp simd
        for (int64_t c = 0; c < NAME_depth; c++)
          y[c] = NAME_maximum ? (NAME_better(a[c], y[c]) ? a[c] : y[c]) : y[c] + a[c];
      }
    }
  if (NAME_maximum) return;
  NAME_real count = NAME_extent(outer) * NAME_extent(middle) * NAME_extent(inner);
  #pragma omp simd
  for (int64_t c = 0; c < NAME_depth; c++) y[c] /= count;
}

static void NAME_lines(void *context, int64_t part) {
  const task *t = context;
  void *const *p = t->p;
  const NAME_axis *axes = (const NAME_axis *)(t->n + 2);
  int64_t image = axes[0].size * axes[1].size * axes[2].size * NAME_depth;
  int64_t lines = t->n[1] * axes[0].output * axes[1].output;
  for (int64_t line = first_of(t, part, lines); line < first_of(t, part + 1, lines); line++) {
    int64_t b = line / axes[1].output / axes[0].output;
    NAME_span outer = NAME_whole(axes, line / axes[1].output % axes[0].output);
    NAME_span middle = NAME_middle(axes, line % axes[1].output);
    NAME_real *y = (NAME_real *)p[1] + line * axes[2].output * NAME_depth;
    for (int64_t k = 0; k < axes[2].output; k++, y += NAME_depth)
      NAME_window((const NAME_real *)p[0] + b * image, y, axes, outer, middle,
                  NAME_whole(axes + 2, k));
  }
}

static void NAME(const int64_t *n, void *const *p) {
  task t = {n, p};
  divide(NAME_lines, &t, n[0] > NAME_work);
}
"""

# The same for the maximum, with the place of the first of equals in its image, or among all images.
ARGMAX = FORWARD[: FORWARD.index("NAME_inline")] + """\
static void NAME_window(const NAME_real *x, NAME_real *y, NAME_index *place, int64_t from,
                        const NAME_axis *axes, NAME_span outer, NAME_span middle,
                        NAME_span inner) {
  int begun = 0;
  for (int64_t h = outer.first; h < outer.last; h++)
    for (int64_t i = middle.first; i < middle.last; i++)
      for (int64_t j = inner.first; j < inner.last; j++, begun = 1) {
        int64_t at = NAME_place(axes, outer, h, middle, i, inner) + j * NAME_depth;
        const NAME_real *a = x + at;
        #pragma omp simd
        for (int64_t c = 0; c < NAME_depth; c++) {
          int better = !begun | NAME_better(a[c], y[c]);
          y[c] = better ? a[c] : y[c];
          place[c] = better ? (NAME_index)(from + at + c) : place[c];
        }
      }
}
""" + FORWARD[FORWARD.index("\nstatic void NAME_lines(") :].replace(
    "NAME_window((const NAME_real *)p[0] + b * image, y,",
    """NAME_window((const NAME_real *)p[0] + b * image, y,
                  (NAME_index *)p[2] + (y - (NAME_real *)p[1]), NAME_batch * b * image,""",
)

# What of the gradient is still to be given away stands in `left`: the first pixel that is as large
# as the maximum takes it; if `every`, each of them.
MAXIMUM = """\
typedef __typeof__((NAME_vector){0} == (NAME_vector){0}) NAME_mask;

NAME_inline void NAME_block(void *const *p, int64_t from, int64_t c, const NAME_axis *axes,
                            NAME_span outer, NAME_span band, NAME_span middle, NAME_span inner,
                            int64_t valid) {
  const NAME_real *x = p[0];
  NAME_real *dx = p[3];
  NAME_vector best = NAME_load((const NAME_real *)p[1] + from, valid);
  NAME_vector left = NAME_load((const NAME_real *)p[2] + from, valid);
  for (int64_t h = NAME_every ? band.first : outer.first; h < band.last; h++)
    for (int64_t i = middle.first; i < middle.last; i++) {
      int64_t at = NAME_place(axes, outer, h, middle, i, inner) + c + inner.first * NAME_depth;
      for (int64_t j = inner.first; j < inner.last; j++, at += NAME_depth) {
        NAME_vector a = NAME_load(x + at, valid);
        NAME_mask hit = a == best;
        if (!NAME_every) hit |= (a != a) & (best != best);
        if (h >= band.first) {
          NAME_vector share = (NAME_vector)((NAME_mask)left & hit);
          NAME_store(dx + at, NAME_load(dx + at, valid) + share, valid);
        }
        if (!NAME_every) left = (NAME_vector)((NAME_mask)left & ~hit);
      }
    }
}
"""

AVERAGE = """\
NAME_inline void NAME_block(void *const *p, int64_t from, int64_t c, const NAME_axis *axes,
                            NAME_span outer, NAME_span band, NAME_span middle, NAME_span inner,
                            int64_t valid) {
  NAME_real *dx = p[1], count = NAME_extent(outer) * NAME_extent(middle) * NAME_extent(inner);
  NAME_vector share = NAME_load((const NAME_real *)p[0] + from, valid) / count;
  for (int64_t h = band.first; h < band.last; h++)
    for (int64_t i = middle.first; i < middle.last; i++) {
      NAME_real *to = dx + NAME_place(axes, outer, h, middle, i, inner) + c
                      + inner.first * NAME_depth;
      for (int64_t j = inner.first; j < inner.last; j++, to += NAME_depth)
        NAME_store(to, NAME_load(to, valid) + share, valid);
    }
}
"""

# Windows overlap: a band of the image takes from every window that reaches into it.
BACKWARD = """\
static void NAME_line(const NAME_axis *axes, void *const *p, int64_t from, NAME_span outer,
                      NAME_span band, NAME_span middle) {
  const int64_t rest = NAME_depth % NAME_lanes, full = NAME_depth - rest;
  for (int64_t k = 0; k < axes[2].output; k++, from += NAME_depth) {
    NAME_span inner = NAME_whole(axes + 2, k);
    for (int64_t c = 0; c < full; c += NAME_lanes)
      NAME_block(p, from + c, c, axes, outer, band, middle, inner, NAME_lanes);
    if (rest) NAME_block(p, from + full, full, axes, outer, band, middle, inner, rest);
  }
}

static void NAME_band(const NAME_axis *axes, void *const *p, int64_t b, int64_t start,
                      int64_t stop) {
  int64_t slice = axes[1].size * axes[2].size * NAME_depth, image = b * axes[0].size;
  NAME_real *dx = (NAME_real *)p[NAME_dx] + (image + start) * slice;
  memset(dx, 0, (stop - start) * slice * sizeof *dx);
  int64_t first = start + axes->before - axes->window + 1, last = stop - 1 + axes->before;
  first = NAME_ceil(NAME_max(first, 0), axes->stride);
  last = last < 0 ? 0 : NAME_min(last / axes->stride + 1, axes->output);
  for (int64_t i = first; i < last; i++) {
    NAME_span outer = NAME_whole(axes, i), band = NAME_met(axes, i, start, stop);
    outer.pixel += image;
    for (int64_t j = 0; j < axes[1].output; j++) {
      int64_t line = (b * axes[0].output + i) * axes[1].output + j;
      NAME_line(axes, p, line * axes[2].output * NAME_depth, outer, band, NAME_middle(axes, j));
    }
  }
}

static void NAME_bands(void *context, int64_t part) {
  task *t = context;
  const NAME_axis *axes = (const NAME_axis *)(t->n + 3);
  int64_t height = t->n[2], bands = NAME_ceil(axes->size, height), items = t->n[1] * bands;
  for (int64_t item = take(t); item < items; item = take(t)) {
    int64_t k = item % bands;
    NAME_band(axes, t->p, item / bands, k * height, NAME_min((k + 1) * height, axes->size));
  }
}

static void NAME(const int64_t *n, void *const *p) {
  task t = {n, p};
  divide(NAME_bands, &t, n[0] > NAME_work);
}
"""


def max_pool(batch, axes: list[Axis], depth, dtype) -> Kernel | None:
    """The kernel of max pooling along two or three axes, from x [batch, *sizes, depth]. NaN wins.
    """
    return _forward(batch, axes, depth, dtype, maximum=1)


def max_pool_places(batch, axes: list[Axis], depth, dtype, index, through_batch) -> Kernel | None:
    """The kernel of max pooling that makes, of the integers `index`, also the places of the maxima
    in each image, or counted `through_batch`."""
    if not _possible(axes, dtype):
        return None
    head = _head(dtype, axes, depth=depth, batch=int(through_batch))
    head += f"typedef {index}_t NAME_index;\n"
    sizes = (_work(batch, axes, depth), batch, *_numbers(axes))
    return Kernel(head + VECTORS + COMMON + ARGMAX + END, sizes)


def average_pool(batch, axes: list[Axis], depth, dtype) -> Kernel | None:
    """The kernel of average pooling, over the pixels that each window meets."""
    return _forward(batch, axes, depth, dtype, maximum=0)


def max_pool_gradient(batch, axes: list[Axis], depth, dtype) -> Kernel | None:
    """The kernel of max pooling's gradient, from x, y and dy: the first of equals takes it all."""
    return _backward(MAXIMUM, batch, axes, depth, dtype, dx=3, every=0)


def max_pool_gradient_to_all(batch, axes: list[Axis], depth, dtype) -> Kernel | None:
    """The same, where each of equals takes it; but a NaN, which equals nothing, none."""
    return _backward(MAXIMUM, batch, axes, depth, dtype, dx=3, every=1)


def average_pool_gradient(batch, axes: list[Axis], depth, dtype) -> Kernel | None:
    """The kernel of average pooling's gradient, from dy."""
    return _backward(AVERAGE, batch, axes, depth, dtype, dx=1)


def _forward(batch, axes, depth, dtype, maximum):
    if not _possible(axes, dtype):
        return None
    head = _head(dtype, axes, depth=depth, maximum=maximum)
    sizes = (_work(batch, axes, depth), batch, *_numbers(axes))
    return Kernel(head + VECTORS + COMMON + FORWARD + END, sizes)


def _backward(text, batch, axes, depth, dtype, **known):
    if not _possible(axes, dtype):
        return None
    head, outer = _head(dtype, axes, depth=depth, **known), axes[0]
    bands = -(-ITEMS // max(batch, 1))
    height = max(-(-outer.size // bands), BAND * max(outer.stride, outer.window))
    sizes = (_work(batch, axes, depth), batch, height, *_numbers(axes))
    return Kernel(head + VECTORS + COMMON + text + BACKWARD + END, sizes)


def _work(batch, axes, depth):
    return batch * depth * prod(a.output * a.window for a in axes)


def _numbers(axes):
    """Those of the outer, the middle and the inner axis."""
    outer, *middle, inner = axes
    return [n for a in (outer, *(middle or [STILL]), inner) for n in a]


def _possible(axes, dtype):
    return str(dtype) in C_TYPES and all(a.dilation == 1 for a in axes)


def _head(dtype, axes, **known):
    return constants(dtype, flat=int(len(axes) == 2), work=PARALLEL, **known)
