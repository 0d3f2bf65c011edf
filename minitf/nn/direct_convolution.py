"""Convolution of NHWC images without im2col: kernels in C that sum in registers.

A tile of outputs, some neighbouring pixels times some vectors of channels, stays in registers
while the window's values pass by: each is one value of the image times a vector of the filter.
The image is copied into zeros first, band by band, so that no tile asks where the image ends; the
filter is laid out in panels as wide as a tile. [Georganas et al. 2018, "Anatomy of
High-Performance Deep Learning Convolutions on SIMD Architectures"]
"""
from __future__ import annotations

import numpy as np

from minitf.core.kernel import Kernel
from minitf.nn.windows import Axis

C_TYPES = {"float32": "float", "float64": "double"}
PADDED = 1 << 18  # bytes: a band of the padded image and the outputs of it stay in the L2 cache
PANEL = 1 << 14  # bytes: a part of the filter, or of the gradients, that stays in the L1 cache
ITEMS = 8  # pieces of work, so that there is one for each thread even where the batch is small
PARALLEL = 1 << 19  # multiplications: from here on, more than one thread
LIMIT = 1 << 26  # bytes of scratch for each thread: beyond, there is no kernel

# Vectors of the widest kind. The flags of all kernels forbid to join a product and a sum: where all
# are sums of products that would double the work, so here it is allowed.
VECTORS = """\
#pragma GCC push_options
#pragma GCC optimize("fp-contract=fast")
#ifdef __clang__
#pragma clang fp contract(fast)
#endif
#if defined(__AVX512F__)
enum { NAME_bytes = 64, NAME_registers = 32 };
#elif defined(__AVX__)
enum { NAME_bytes = 32, NAME_registers = 16 };
#elif defined(__aarch64__)
enum { NAME_bytes = 16, NAME_registers = 32 };
#else
enum { NAME_bytes = 16, NAME_registers = 16 };
#endif
enum { NAME_lanes = NAME_bytes / sizeof(NAME_real) };
typedef NAME_real NAME_vector __attribute__((vector_size(NAME_bytes)));
typedef NAME_real NAME_memory
    __attribute__((vector_size(NAME_bytes), aligned(sizeof(NAME_real)), may_alias));
typedef struct { int64_t size, window, stride, dilation, before, output; } NAME_axis;
#define NAME_inline static inline __attribute__((always_inline))

NAME_inline int64_t NAME_min(int64_t a, int64_t b) { return a < b ? a : b; }
NAME_inline int64_t NAME_max(int64_t a, int64_t b) { return a > b ? a : b; }
NAME_inline int64_t NAME_ceil(int64_t a, int64_t b) { return (a + b - 1) / b; }

NAME_inline NAME_vector NAME_load(const NAME_real *from, int64_t valid) {
  NAME_vector value = {0};
  if (valid >= NAME_lanes) return *(const NAME_memory *)from;
  if (valid > 0) memcpy(&value, from, valid * sizeof *from);
  return value;
}

NAME_inline void NAME_store(NAME_real *to, NAME_vector value, int64_t valid) {
  if (valid >= NAME_lanes) *(NAME_memory *)to = value;
  else if (valid > 0) memcpy(to, &value, valid * sizeof *to);
}
"""

# `tall` times `vectors` are the sums of a tile; `panels` as wide as a tile hold all `count`.
PANELS = """\
enum {
  NAME_all = (NAME_count + NAME_lanes - 1) / NAME_lanes,
  NAME_most = NAME_registers / 8,
  NAME_panels = (NAME_all + NAME_most - 1) / NAME_most,
  NAME_vectors = (NAME_all + NAME_panels - 1) / NAME_panels,
  NAME_width = NAME_vectors * NAME_lanes,
  NAME_fitting = NAME_registers * 3 / 4 / NAME_vectors,
  NAME_tall = NAME_fitting < 12 ? NAME_fitting : 12,
  NAME_packed = NAME_count != NAME_width
};

/* The pixels that the windows of so many outputs reach over. */
NAME_inline int64_t NAME_reach(const NAME_axis *a, int64_t outputs) {
  int64_t reach = (outputs - 1) * a->stride + NAME_max(a->window - 1, 0) * a->dilation + 1;
  return outputs ? reach : 0;
}

/* Rows of `count` values in panels: [panel][row][width], zeros behind the last value. */
NAME_inline void NAME_pack(const NAME_real *from, int64_t row, int64_t rows, NAME_real *to) {
  for (int64_t panel = 0; panel < NAME_panels; panel++) {
    int64_t used = NAME_min(NAME_width, NAME_count - panel * NAME_width);
    NAME_real *line = to + (panel * rows + row) * NAME_width;
    memcpy(line, from + row * NAME_count + panel * NAME_width, used * sizeof *line);
    memset(line + used, 0, (NAME_width - used) * sizeof *line);
  }
}

static void NAME_pad(const NAME_real *image, const NAME_axis *rows, const NAME_axis *columns,
                     int64_t first, int64_t height, NAME_real *row) {
  int64_t width = NAME_reach(columns, columns->output);
  int64_t start = NAME_min(NAME_max(columns->before, 0), width);
  int64_t stop = NAME_max(start, NAME_min(columns->before + columns->size, width));
  const int64_t pixel = NAME_depth * sizeof(NAME_real);
  for (int64_t y = first - rows->before; height-- > 0; y++, row += width * NAME_depth) {
    if (y < 0 || y >= rows->size) {
      memset(row, 0, width * pixel);
      continue;
    }
    int64_t from = y * columns->size + start - columns->before;
    memset(row, 0, start * pixel);
    memcpy(row + start * NAME_depth, image + from * NAME_depth, (stop - start) * pixel);
    memset(row + stop * NAME_depth, 0, (width - stop) * pixel);
  }
}

/* Where the windows of `height` rows of outputs find the image, and how long its rows are there:
   in the image itself, if they stay inside, or in the copy `padded`. */
static const NAME_real *NAME_band(const NAME_real *image, const NAME_axis *rows,
                                  const NAME_axis *columns, int64_t first, int64_t height,
                                  NAME_real *padded, int64_t *pitch) {
  int64_t start = first * rows->stride, reach = NAME_reach(rows, height);
  int64_t y = start - rows->before, x = -columns->before;
  int64_t width = NAME_reach(columns, columns->output);
  if (y >= 0 && x >= 0 && y + reach <= rows->size && x + width <= columns->size) {
    *pitch = columns->size * NAME_depth;
    return image + (y * columns->size + x) * NAME_depth;
  }
  NAME_pad(image, rows, columns, start, reach, padded);
  *pitch = width * NAME_depth;
  return padded;
}
"""

END = """\
#ifdef __clang__
#pragma clang fp contract(off)
#endif
#pragma GCC pop_options
"""

# What the forward convolution and the gradient of the image share: sums over the window.
SUMS = """\
/* A part of the window, which one pass over the outputs adds to them: rows of segments of
   neighbouring values; how far apart those lie in the image, and the segments in the panel. */
typedef struct { int64_t rows, segments, steps, row, segment, panel; } NAME_part;

NAME_inline void NAME_tile(const int pixels, const NAME_part *part, const NAME_real *x,
                           const NAME_real *filter, NAME_real *out, int64_t valid, int more) {
  const int next = NAME_apart * NAME_count;
  NAME_vector sums[NAME_tall][NAME_vectors];
  #pragma GCC unroll 16
  for (int p = 0; p < pixels; p++)
    #pragma GCC unroll 4
    for (int v = 0; v < NAME_vectors; v++)
      sums[p][v] = more ? NAME_load(out + p * next + v * NAME_lanes, valid - v * NAME_lanes)
                        : (NAME_vector){0};
  for (int64_t i = 0; i < part->rows; i++)
    for (int64_t j = 0; j < part->segments; j++) {
      const NAME_real *a = x + i * part->row + j * part->segment;
      const NAME_real *f = filter + (i * part->segments + j) * part->panel;
      for (int64_t r = 0; r < part->steps; r++, a++, f += NAME_width) {
        #pragma GCC unroll 16
        for (int p = 0; p < pixels; p++)
          #pragma GCC unroll 4
          for (int v = 0; v < NAME_vectors; v++)
            sums[p][v] += a[p * NAME_stride * NAME_depth]
                          * *(const NAME_memory *)(f + v * NAME_lanes);
      }
    }
  #pragma GCC unroll 16
  for (int p = 0; p < pixels; p++)
    #pragma GCC unroll 4
    for (int v = 0; v < NAME_vectors; v++)
      NAME_store(out + p * next + v * NAME_lanes, sums[p][v], valid - v * NAME_lanes);
}

/* A row of outputs, in tiles of nearly equal size. */
static void NAME_row(const NAME_part *part, const NAME_real *x, const NAME_real *filter,
                     NAME_real *out, int64_t width, int64_t valid, int more) {
  int64_t tiles = NAME_ceil(width, NAME_tall);
  if (NAME_panels == 1) valid = NAME_count;
  for (int64_t tile = 0, first = 0; tile < tiles; tile++) {
    int64_t last = (tile + 1) * width / tiles;
    const NAME_real *a = x + first * NAME_stride * NAME_depth;
    NAME_real *o = out + first * NAME_apart * NAME_count;
    switch (last - first) {
#define NAME_case(k) \\
      case k: if (k <= NAME_tall) NAME_tile(k, part, a, filter, o, valid, more); break;
      NAME_case(1) NAME_case(2) NAME_case(3) NAME_case(4) NAME_case(5) NAME_case(6)
      NAME_case(7) NAME_case(8) NAME_case(9) NAME_case(10) NAME_case(11) NAME_case(12)
    }
    first = last;
  }
}

/* Some rows of outputs. A part of a panel stays in cache while all of them pass by. */
static void NAME_rows(const NAME_real *x, int64_t pitch, const NAME_axis *rows,
                      const NAME_axis *columns, int64_t height, const NAME_real *filter,
                      NAME_real *out, int64_t out_pitch) {
  int64_t joined = columns->dilation == 1;
  int64_t segments = joined ? 1 : columns->window;
  int64_t length = joined ? columns->window * NAME_depth : NAME_depth;
  int64_t steps = NAME_max(NAME_panel / NAME_width / NAME_max(segments, 1), 8);
  int64_t group = NAME_max(1, steps / NAME_max(length, 1));
  int64_t chunk = NAME_max(NAME_ceil(length, NAME_max(NAME_ceil(length, steps), 1)), 1);
  int64_t row = segments * length * NAME_width;
  for (int64_t panel = 0; panel < NAME_panels; panel++, filter += rows->window * row)
    for (int64_t i = 0; i == 0 || i < rows->window; i += group)
      for (int64_t r = 0; r == 0 || r < length; r += chunk) {
        NAME_part part = {NAME_min(group, rows->window - i), segments, NAME_min(chunk, length - r),
                          rows->dilation * pitch, columns->dilation * NAME_depth,
                          length * NAME_width};
        for (int64_t y = 0; y < height; y++)
          NAME_row(&part, x + (y * rows->stride + i * rows->dilation) * pitch + r,
                   filter + i * row + r * NAME_width, out + y * out_pitch + panel * NAME_width,
                   columns->output, NAME_count - panel * NAME_width, i || r);
      }
}

/* All images, shared out among the threads in bands of `height` rows of outputs. */
static void NAME_images(int64_t batch, int64_t height, const NAME_real *x, const NAME_axis *rows,
                        const NAME_axis *columns, const NAME_real *filter, NAME_real *out,
                        int64_t out_pitch, int64_t out_image, NAME_real *padded) {
  int64_t bands = NAME_ceil(rows->output, height), image = rows->size * columns->size * NAME_depth;
  #pragma omp for collapse(2) schedule(dynamic) nowait
  for (int64_t b = 0; b < batch; b++)
    for (int64_t band = 0; band < bands; band++) {
      int64_t first = band * height, some = NAME_min(height, rows->output - first), pitch;
      const NAME_real *from =
          NAME_band(x + b * image, rows, columns, first, some, padded, &pitch);
      NAME_rows(from, pitch, rows, columns, some, filter,
                out + b * out_image + first * out_pitch, out_pitch);
    }
}
"""

FORWARD = """\
static void NAME(const int64_t *n, void *const *p) {
  const NAME_axis *rows = (const NAME_axis *)(n + 5), *columns = rows + 1;
  int64_t work = n[0], batch = n[1], height = n[2], scratch = n[3], packed = n[4];
  const NAME_real *filter = p[1];
  int64_t steps = rows->window * columns->window * NAME_depth;
  int64_t pitch = columns->output * NAME_count;
  int packs = NAME_packed || (uintptr_t)filter % NAME_bytes;
  #pragma omp parallel if(work > NAME_parallel)
  {
    if (packs) {
      #pragma omp for
      for (int64_t r = 0; r < steps; r++) NAME_pack(filter, r, steps, p[3]);
    }
    char *own = (char *)p[3] + omp_get_thread_num() * scratch;
    NAME_images(batch, height, p[0], rows, columns, packs ? p[3] : filter, p[2], pitch,
                rows->output * pitch, (NAME_real *)(own + packed));
  }
}
"""

# The gradient of the pixels q, q + stride, ... is a convolution of its own (Axis.reversed).
BACKWARD = """\
typedef struct { NAME_axis axis; int64_t pixel, position, step; } NAME_piece;

/* The filter of a piece, turned and transposed: `count` are the channels of the image here. */
static NAME_real *NAME_turn(const NAME_real *filter, int64_t columns, const NAME_piece *y,
                            const NAME_piece *x, NAME_real *to) {
  int64_t window = y->axis.window * x->axis.window, steps = window * NAME_depth;
  #pragma omp for
  for (int64_t k = 0; k < window; k++) {
    int64_t i = y->position + k / x->axis.window * y->step;
    int64_t j = x->position + k % x->axis.window * x->step;
    const NAME_real *from = filter + (i * columns + j) * NAME_count * NAME_depth;
    for (int64_t panel = 0; panel < NAME_panels; panel++)
      for (int64_t c = 0; c < NAME_depth; c++)
        for (int64_t d = 0; d < NAME_width; d++) {
          int64_t channel = panel * NAME_width + d;
          to[(panel * steps + k * NAME_depth + c) * NAME_width + d] =
              channel < NAME_count ? from[channel * NAME_depth + c] : 0;
        }
  }
  return to + NAME_panels * steps * NAME_width;
}

static void NAME(const int64_t *n, void *const *p) {
  int64_t work = n[0], batch = n[1], height = n[2], scratch = n[3], packed = n[4];
  int64_t size = n[5], size_x = n[6], stride = n[7], window_x = n[8], ys = n[9], xs = n[10];
  const NAME_piece *y = (const NAME_piece *)(n + 11), *x = y + ys;
  int64_t pitch = size_x * NAME_count;
  #pragma omp parallel if(work > NAME_parallel)
  {
    NAME_real *end = p[3];
    for (int64_t k = 0; k < ys * xs; k++)
      end = NAME_turn(p[0], window_x, y + k / xs, x + k % xs, end);
    char *own = (char *)p[3] + omp_get_thread_num() * scratch;
    const NAME_real *filter = p[3];
    for (int64_t k = 0; k < ys * xs; k++) {
      const NAME_piece *a = y + k / xs, *b = x + k % xs;
      NAME_images(batch, height, p[1], &a->axis, &b->axis, filter,
                  (NAME_real *)p[2] + a->pixel * pitch + b->pixel * NAME_count, stride * pitch,
                  size * pitch, (NAME_real *)(own + packed));
      filter += NAME_panels * a->axis.window * b->axis.window * NAME_depth * NAME_width;
    }
  }
}
"""


def convolve(batch, rows: Axis, columns: Axis, depth, count, dtype) -> Kernel | None:
    """The kernel of a convolution: an image [batch, height, width, depth] with a filter
    [rows.window, columns.window, depth, count] to [batch, rows.output, columns.output, count]."""
    if str(dtype) not in C_TYPES:
        return None
    item, steps = np.dtype(dtype).itemsize, rows.window * columns.window * depth
    packed = steps * padded_count(count, item) * item
    height = band(batch, rows, columns, depth * item, PADDED)
    scratch = packed + padded_bytes(rows, columns, height, depth * item)
    work = batch * rows.output * columns.output * steps * count
    head = constants(dtype, depth=depth, count=count, stride=columns.stride, apart=1)
    sizes = (work, batch, height, scratch, packed, *rows, *columns)
    return _kernel(head + VECTORS + PANELS + SUMS + FORWARD + END, sizes, scratch)


def convolve_input(batch, rows: Axis, columns: Axis, depth, count, dtype) -> Kernel | None:
    """The kernel of the image's gradient, from the filter and the gradient of the output."""
    if str(dtype) not in C_TYPES:
        return None
    item, ys, xs = np.dtype(dtype).itemsize, _pieces(rows), _pieces(columns)
    steps = rows.window * columns.window * count
    packed = steps * padded_count(depth, item) * item
    axes = [(y[0], x[0]) for y in ys for x in xs]
    height = min([band(batch, y, x, count * item, PADDED) for y, x in axes], default=1)
    padded = [padded_bytes(y, x, height, count * item) for y, x in axes]
    scratch = packed + max(padded, default=0)
    work = batch * rows.output * columns.output * steps * depth
    head = constants(dtype, depth=count, count=depth, stride=1, apart=columns.stride)
    sizes = (work, batch, height, scratch, packed, rows.size, columns.size, rows.stride,
             columns.window, len(ys), len(xs))  # fmt: skip
    sizes += tuple(n for axis, *rest in ys + xs for n in (*axis, *rest))
    return _kernel(head + VECTORS + PANELS + SUMS + BACKWARD + END, sizes, scratch)


def _pieces(axis):
    """For each piece of the gradient: its Axis, its first pixel, and the window's positions it
    meets as the first of them and the step from each to the next."""
    pieces = []
    for pixels, positions, found in axis.reversed():
        count = len(range(*pixels.indices(axis.size)))
        if found is None:
            found = Axis(axis.output, 0, 1, 1, 0, count)
        first, second = (*positions, 0, 0)[:2]
        pieces.append((found, pixels.start, first, second - first))
    return pieces


def _kernel(source, sizes, scratch):
    return Kernel(source, sizes, scratch) if scratch <= LIMIT else None


# -- layout ---------------------------------------------------------------------------------------


def constants(dtype, **values):
    """The head of a kernel's text: its type, and what it knows when it is compiled."""
    values |= {"panel": PANEL // np.dtype(dtype).itemsize, "parallel": PARALLEL}
    listed = ", ".join(f"NAME_{name} = {value}" for name, value in values.items())
    return f"typedef {C_TYPES[str(dtype)]} NAME_real;\nenum {{ {listed} }};\n"


def padded_count(count, item):
    """At most so many values take the place of `count` in panels, on each kind of processor."""
    unit = 256 // item  # the widest panel: four vectors of 64 bytes
    return -(-count // unit) * unit


def band(batch, rows, columns, pixel, budget):
    """The rows of outputs to work on at a time: their part of the image stays within `budget`."""
    width = max(reach(columns, columns.output), 1) * pixel
    over = reach(rows, 1) - rows.stride
    fitting = (budget // width - over) // rows.stride
    some = -(-rows.output // -(-ITEMS // max(batch, 1)))
    height = max(1, min(fitting, some))
    return -(-rows.output // max(-(-rows.output // height), 1)) or 1


def reach(axis, outputs):
    """The pixels that the windows of so many outputs reach over."""
    last = (outputs - 1) * axis.stride + max(axis.window - 1, 0) * axis.dilation
    return last + 1 if outputs else 0


def padded_bytes(rows, columns, height, pixel):
    """The memory for a padded band, a multiple of 64."""
    size = reach(rows, height) * reach(columns, columns.output) * pixel
    return -(-size // 64) * 64
