"""What the convolutions in C share: vectors, the panels of a filter, bands of a padded image.

Windows slide along three axes: planes, rows and columns. An image is a volume of one plane, and a
sequence an image of one row.
"""
from __future__ import annotations

import numpy as np

from minitf.nn.windows import Axis

C_TYPES = {"float32": "float", "float64": "double"}
PADDED = 1 << 18  # bytes: a band of the padded image and the outputs of it stay in the L2 cache
PANEL = 1 << 14  # bytes: a part of the filter, or of the gradients, that stays in the L1 cache
ITEMS = 8  # pieces of work, so that there is one for each thread even where the batch is small
PARALLEL = 1 << 19  # multiplications: from here on, more than one thread
WIDEST = 64  # bytes: a vector of the widest kind
FEW = 8  # channels: the loops over them are short
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

# What a kernel is for is in its text: the sizes need not say it.
KNOWN = """\
typedef struct { char none; } NAME_shape;
NAME_inline NAME_shape NAME_shape_of(const int64_t *n) { return (NAME_shape){0}; }
enum { NAME_whole = NAME_count % NAME_lanes == 0 };
"""

# `tall` times `vectors` are the sums of a tile; `panels` as wide as a tile hold all `count`.
PANELS = """\
enum {
  NAME_all = (NAME_like + NAME_lanes - 1) / NAME_lanes,
  NAME_most = NAME_registers / 8,
  NAME_groups = (NAME_all + NAME_most - 1) / NAME_most,
  NAME_vectors = (NAME_all + NAME_groups - 1) / NAME_groups,
  NAME_width = NAME_vectors * NAME_lanes,
  NAME_fitting = NAME_registers * 3 / 4 / NAME_vectors,
  NAME_tall = NAME_fitting < 12 ? NAME_fitting : 12
};
#define NAME_panels ((NAME_count + NAME_width - 1) / NAME_width)
#define NAME_packed (NAME_count != NAME_width)

/* The pixels that the windows of so many outputs reach over. */
NAME_inline int64_t NAME_reach(const NAME_axis *a, int64_t outputs) {
  int64_t reach = (outputs - 1) * a->stride + NAME_max(a->window - 1, 0) * a->dilation + 1;
  return outputs ? reach : 0;
}

/* Rows of `count` values in panels: [panel][row][width], zeros behind the last value. */
NAME_inline void NAME_pack(const NAME_shape *s, const NAME_real *from, int64_t row, int64_t rows,
                           NAME_real *to) {
  for (int64_t panel = 0; panel < NAME_panels; panel++) {
    int64_t used = NAME_min(NAME_width, NAME_count - panel * NAME_width);
    NAME_real *line = to + (panel * rows + row) * NAME_width;
    memcpy(line, from + row * NAME_count + panel * NAME_width, used * sizeof *line);
    memset(line + used, 0, (NAME_width - used) * sizeof *line);
  }
}
"""

# Work is shared out by bands of outputs. Axes stand in the order planes, rows, columns.
BANDS = """\
/* Outputs: of some planes, some rows. */
typedef struct { int64_t plane, planes, row, rows; } NAME_band;
typedef struct { int64_t plane, row; } NAME_pitch;

NAME_inline int64_t NAME_bands(const NAME_axis *axes, NAME_band most) {
  return NAME_ceil(axes[0].output, most.planes) * NAME_ceil(axes[1].output, most.rows);
}

NAME_inline NAME_band NAME_nth(const NAME_axis *axes, NAME_band most, int64_t number) {
  int64_t rows = NAME_ceil(axes[1].output, most.rows);
  int64_t plane = number / rows * most.planes, row = number % rows * most.rows;
  return (NAME_band){plane, NAME_min(most.planes, axes[0].output - plane), row,
                     NAME_min(most.rows, axes[1].output - row)};
}

/* Pixels from (z, y) on, so many planes of so many rows, with zeros around. */
static void NAME_pad(const NAME_shape *s, const NAME_real *image, const NAME_axis *axes, int64_t z,
                     int64_t planes, int64_t y, int64_t height, NAME_real *row) {
  const NAME_axis *columns = axes + 2;
  int64_t width = NAME_reach(columns, columns->output);
  int64_t start = NAME_min(NAME_max(columns->before, 0), width);
  int64_t stop = NAME_max(start, NAME_min(columns->before + columns->size, width));
  const int64_t pixel = NAME_depth * sizeof(NAME_real);
  for (int64_t i = z; i < z + planes; i++)
    for (int64_t j = y; j < y + height; j++, row += width * NAME_depth) {
      if (i < 0 || i >= axes[0].size || j < 0 || j >= axes[1].size) {
        memset(row, 0, width * pixel);
        continue;
      }
      int64_t from = (i * axes[1].size + j) * columns->size + start - columns->before;
      memset(row, 0, start * pixel);
      memcpy(row + start * NAME_depth, image + from * NAME_depth, (stop - start) * pixel);
      memset(row + stop * NAME_depth, 0, (width - stop) * pixel);
    }
}

/* Where the windows of a band find the image, and how far apart its planes and rows are there: in
   the image itself, if they stay inside, or in the copy `padded`. */
static const NAME_real *NAME_around(const NAME_shape *s, const NAME_real *image,
                                    const NAME_axis *axes, NAME_band band, NAME_real *padded,
                                    NAME_pitch *pitch) {
  int64_t z = band.plane * axes[0].stride - axes[0].before, x = -axes[2].before;
  int64_t y = band.row * axes[1].stride - axes[1].before;
  int64_t planes = NAME_reach(axes, band.planes), rows = NAME_reach(axes + 1, band.rows);
  int64_t width = NAME_reach(axes + 2, axes[2].output);
  if (z >= 0 && y >= 0 && x >= 0 && z + planes <= axes[0].size && y + rows <= axes[1].size
      && x + width <= axes[2].size) {
    pitch->row = axes[2].size * NAME_depth;
    pitch->plane = axes[1].size * pitch->row;
    return image + ((z * axes[1].size + y) * axes[2].size + x) * NAME_depth;
  }
  NAME_pad(s, image, axes, z, planes, y, rows, padded);
  pitch->row = width * NAME_depth;
  pitch->plane = rows * pitch->row;
  return padded;
}
"""

END = """\
#ifdef __clang__
#pragma clang fp contract(off)
#endif
#pragma GCC pop_options
"""


# -- layout ---------------------------------------------------------------------------------------


def head(dtype, **shape):
    """The text of a kernel that sums in panels, up to `PANELS`: for this shape (its `count` is that
    of the channels summed at once), or, where the channels are whole vectors, for all shapes that
    have as many of them in a panel. Then the shape is in its sizes."""
    unit, count = WIDEST // np.dtype(dtype).itemsize, shape["count"]
    if count % unit or not count or shape["depth"] < FEW:
        return constants(dtype, like=count, **shape) + VECTORS + KNOWN + PANELS
    panels = -(-count // (4 * unit))
    like = -(-count // (panels * unit)) * unit
    return constants(dtype, like=like) + VECTORS + _given(shape) + PANELS


def _given(names):
    """Where a kernel finds its shape that is in the sizes."""
    lines = [f"typedef struct {{ int64_t {', '.join(names)}; }} NAME_shape;",
             "NAME_inline NAME_shape NAME_shape_of(const int64_t *n) { return *(NAME_shape *)n; }",
             *[f"#define NAME_{name} s->{name}" for name in names],
             "enum { NAME_whole = 1 };", ""]  # fmt: skip
    return "\n".join(lines)


def constants(dtype, **values):
    """The head of a kernel's text: its type, and what it knows when it is compiled."""
    values |= {"panel": PANEL // np.dtype(dtype).itemsize, "parallel": PARALLEL}
    listed = ", ".join(f"NAME_{name} = {value}" for name, value in values.items())
    return f"typedef {C_TYPES[str(dtype)]} NAME_real;\nenum {{ {listed} }};\n"


def padded_count(count, item):
    """At most so many values take the place of `count` in panels, on each kind of processor."""
    unit = 256 // item  # the widest panel: four vectors of 64 bytes
    return -(-count // unit) * unit


def band(batch, axes, pixel, budget):
    """(planes, rows) of outputs to work on at a time: their part of the image stays within
    `budget`, and several planes are taken only whole."""
    planes, rows, columns = axes
    items = -(-ITEMS // max(batch, 1))
    width = max(reach(columns, columns.output), 1) * pixel
    height = _fitting(rows, -(-items // max(planes.output, 1)), reach(planes, 1) * width, budget)
    if height < rows.output:
        return 1, height
    return _fitting(planes, items, max(reach(rows, height), 1) * width, budget), height


def _fitting(axis, items, line, budget):
    """The outputs at a time along an axis, at least `items` times, of lines of so many bytes."""
    fitting = (budget // max(line, 1) - reach(axis, 1) + axis.stride) // axis.stride
    size = max(1, min(fitting, -(-axis.output // items)))
    return -(-axis.output // max(-(-axis.output // size), 1)) or 1


def reach(axis, outputs):
    """The pixels that the windows of so many outputs reach over."""
    last = (outputs - 1) * axis.stride + max(axis.window - 1, 0) * axis.dilation
    return last + 1 if outputs else 0


def padded_bytes(axes, band, pixel):
    """The memory for a padded band, a multiple of 64."""
    planes, rows, columns = axes
    size = reach(planes, band[0]) * reach(rows, band[1]) * reach(columns, columns.output) * pixel
    return -(-size // 64) * 64


def pieces(axis):
    """For each piece of the gradient: its Axis, its first pixel, and the window's positions it
    meets as the first of them and the step from each to the next."""
    made = []
    for pixels, positions, found in axis.reversed():
        count = len(range(*pixels.indices(axis.size)))
        if found is None:
            found = Axis(axis.output, 0, 1, 1, 0, count)
        first, second = (*positions, 0, 0)[:2]
        made.append((found, pixels.start, first, second - first))
    return made
