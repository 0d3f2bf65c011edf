"""Convolution of each channel by itself, and its gradients: kernels in C.

A vector of channels of some neighbouring outputs stays in registers while the window passes by. The
image is copied into zeros first, band by band, each channel as often as it has filters: all three
kernels then go channel by channel. So does the gradient by the image, a convolution of its own for
each remainder of a pixel's place by the stride, and adds the filters of a channel up at the end.
"""
from __future__ import annotations

from itertools import product

import numpy as np

from minitf.core.kernel import Kernel
from minitf.nn.kernels import direct_layout as direct
from minitf.nn.windows import STILL, Axis

WIDEST = 64  # bytes of a vector, at most
BAND = 1 << 16  # bytes: a band of the padded image is read by all positions of the window

COMMON = """\
enum {
  NAME_blocks = (NAME_channels + NAME_lanes - 1) / NAME_lanes,
  NAME_width = NAME_blocks * NAME_lanes, /* of a padded pixel, with zeros behind the channels */
  NAME_depth = NAME_channels / NAME_spread
};

NAME_inline int64_t NAME_reach(const NAME_axis *a, int64_t outputs) {
  int64_t reach = (outputs - 1) * a->stride + NAME_max(a->window - 1, 0) * a->dilation + 1;
  return outputs ? reach : 0;
}

/* Pixels, each channel `spread` times, as padded ones. */
static void NAME_spread_out(const NAME_real *from, int64_t pixels, NAME_real *to) {
  if (NAME_depth == NAME_width) {
    memcpy(to, from, pixels * NAME_width * sizeof *to);
    return;
  }
  for (; pixels-- > 0; from += NAME_depth, to += NAME_width) {
    for (int64_t c = 0; c < NAME_depth; c++)
      for (int64_t k = 0; k < NAME_spread; k++) to[c * NAME_spread + k] = from[c];
    for (int64_t c = NAME_channels; c < NAME_width; c++) to[c] = 0;
  }
}

/* The rows that the windows of `height` rows of outputs meet, with zeros around. */
static void NAME_pad(const NAME_real *image, const NAME_axis *rows, const NAME_axis *columns,
                     int64_t first, int64_t height, NAME_real *row) {
  int64_t width = NAME_reach(columns, columns->output), y = first * rows->stride - rows->before;
  int64_t start = NAME_min(NAME_max(columns->before, 0), width);
  int64_t stop = NAME_max(start, NAME_min(columns->before + columns->size, width));
  const int64_t pixel = NAME_width * sizeof(NAME_real);
  for (int64_t last = y + NAME_reach(rows, height); y < last; y++, row += width * NAME_width) {
    if (y < 0 || y >= rows->size) {
      memset(row, 0, width * pixel);
      continue;
    }
    int64_t from = y * columns->size + start - columns->before;
    memset(row, 0, start * pixel);
    NAME_spread_out(image + from * NAME_depth, stop - start, row + start * NAME_width);
    memset(row + stop * NAME_width, 0, (width - stop) * pixel);
  }
}
"""

SUMS = """\
typedef struct { NAME_axis axis; int64_t pixel, position, step; } NAME_piece;

/* A vector of channels of some outputs. */
NAME_inline void NAME_tile(const int pixels, const NAME_real *x, int64_t pitch,
                           const NAME_piece *rows, const NAME_piece *columns,
                           const NAME_real *filter, int64_t row, NAME_vector *sums) {
  #pragma GCC unroll 8
  for (int p = 0; p < pixels; p++) sums[p] = (NAME_vector){0};
  for (int64_t i = 0; i < rows->axis.window; i++)
    for (int64_t j = 0; j < columns->axis.window; j++) {
      const NAME_real *a = x + i * rows->axis.dilation * pitch
                           + j * columns->axis.dilation * NAME_width;
      NAME_vector f = *(const NAME_memory *)(filter + i * rows->step * row
                                             + j * columns->step * NAME_width);
      #pragma GCC unroll 8
      for (int p = 0; p < pixels; p++)
        sums[p] += *(const NAME_memory *)(a + p * NAME_stride * NAME_width) * f;
    }
}

/* A row of outputs, `apart` pixels from each other. */
static void NAME_row(const NAME_real *x, int64_t pitch, const NAME_piece *rows,
                     const NAME_piece *columns, const NAME_real *filter, int64_t row,
                     NAME_real *out, NAME_real *line) {
  const int64_t next = NAME_fold == 1 ? NAME_apart * NAME_channels : NAME_width;
  NAME_real *to = NAME_fold == 1 ? out : line;
  filter += rows->position * row + columns->position * NAME_width;
  for (int64_t block = 0; block < NAME_blocks; block++) {
    int64_t c = block * NAME_lanes, valid = NAME_fold == 1 ? NAME_channels - c : NAME_lanes;
    for (int64_t first = 0; first < columns->axis.output; first += 8) {
      const NAME_real *a = x + first * NAME_stride * NAME_width + c;
      int64_t pixels = NAME_min(8, columns->axis.output - first);
      NAME_vector sums[8];
      if (pixels == 8) NAME_tile(8, a, pitch, rows, columns, filter + c, row, sums);
      else
        for (int64_t p = 0; p < pixels; p++)
          NAME_tile(1, a + p * NAME_stride * NAME_width, pitch, rows, columns, filter + c, row,
                    sums + p);
      for (int64_t p = 0; p < pixels; p++)
        NAME_store(to + (first + p) * next + c, sums[p], valid);
    }
  }
  if (NAME_fold == 1) return;
  for (int64_t p = 0; p < columns->axis.output; p++, line += NAME_width)
    for (int64_t c = 0; c < NAME_channels / NAME_fold; c++) {
      NAME_real sum = 0;
      for (int64_t k = 0; k < NAME_fold; k++) sum += line[c * NAME_fold + k];
      out[p * NAME_apart * (NAME_channels / NAME_fold) + c] = sum;
    }
}

static void NAME_laying(void *context, int64_t part) {
  const task *t = context;
  int64_t taps = t->n[9];
  NAME_real *filter = t->p[3];
  for (int64_t k = first_of(t, part, taps); k < first_of(t, part + 1, taps); k++) {
    const NAME_real *from = (const NAME_real *)t->p[NAME_filter] + k * NAME_channels;
    memcpy(filter + k * NAME_width, from, NAME_channels * sizeof *from);
    for (int64_t c = NAME_channels; c < NAME_width; c++) filter[k * NAME_width + c] = 0;
  }
}

/* Some rows of outputs, from `first` on, of image number i. */
static void NAME_band(const task *t, const NAME_piece *a, const NAME_piece *b, int64_t i,
                      int64_t first, NAME_real *band, NAME_real *line) {
  const int64_t *n = t->n;
  int64_t size_y = n[6], size_x = n[7], stride = n[8], pixel = NAME_channels / NAME_fold;
  int64_t pitch = NAME_reach(&b->axis, b->axis.output) * NAME_width;
  int64_t some = NAME_min(n[2], a->axis.output - first);
  const NAME_real *image = (const NAME_real *)t->p[1 - NAME_filter]
                           + i * a->axis.size * b->axis.size * NAME_depth;
  NAME_pad(image, &a->axis, &b->axis, first, some, band);
  for (int64_t j = 0; j < some; j++) {
    int64_t place = i * size_y + a->pixel + (first + j) * stride;
    NAME_row(band + j * a->axis.stride * pitch, pitch, a, b, t->p[3], n[10] * NAME_width,
             (NAME_real *)t->p[2] + (place * size_x + b->pixel) * pixel, line);
  }
}

static void NAME_summing(void *context, int64_t part) {
  task *t = context;
  const int64_t *n = t->n;
  int64_t ys = n[11], xs = n[12], item = take(t), before = 0;
  const NAME_piece *y = (const NAME_piece *)(n + 13), *x = y + ys;
  char *own = (char *)t->p[3] + part * n[3];
  for (int64_t piece = 0; piece < ys * xs; piece++) {
    const NAME_piece *a = y + piece / xs, *b = x + piece % xs;
    int64_t bands = NAME_ceil(a->axis.output, n[2]), items = n[1] * bands;
    for (; item < before + items; item = take(t))
      NAME_band(t, a, b, (item - before) / bands, (item - before) % bands * n[2],
                (NAME_real *)(own + n[4]), (NAME_real *)(own + n[5]));
    before += items;
  }
}

static void NAME(const int64_t *n, void *const *p) {
  task t = {n, p};
  divide(NAME_laying, &t, n[0] > NAME_parallel);
  divide(NAME_summing, &t, n[0] > NAME_parallel);
}
"""

FILTER = """\
/* Adds the share of some rows of outputs to the positions in one row of the window. */
NAME_inline void NAME_tile(const int positions, const NAME_real *x, int64_t pitch,
                           const NAME_real *dy, int64_t height, int64_t width, NAME_real *sum) {
  NAME_vector sums[8];
  #pragma GCC unroll 8
  for (int j = 0; j < positions; j++) sums[j] = *(const NAME_memory *)(sum + j * NAME_width);
  for (int64_t y = 0; y < height; y++, x += pitch) {
    const NAME_real *a = x;
    for (int64_t k = 0; k < width; k++, a += NAME_stride * NAME_width, dy += NAME_width) {
      NAME_vector slope = *(const NAME_memory *)dy;
      #pragma GCC unroll 8
      for (int j = 0; j < positions; j++)
        sums[j] += *(const NAME_memory *)(a + j * NAME_dilation * NAME_width) * slope;
    }
  }
  #pragma GCC unroll 8
  for (int j = 0; j < positions; j++) *(NAME_memory *)(sum + j * NAME_width) = sums[j];
}

static void NAME_share(const NAME_axis *rows, const NAME_axis *columns, const NAME_real *x,
                       const NAME_real *dy, int64_t height, NAME_real *sum) {
  int64_t width = columns->output, pitch = NAME_reach(columns, width) * NAME_width;
  for (int64_t c = 0; c < NAME_width; c += NAME_lanes)
    for (int64_t i = 0; i < rows->window; i++)
      for (int64_t j = 0; j < NAME_window; j += 8) {
        const NAME_real *a = x + i * rows->dilation * pitch + j * NAME_dilation * NAME_width + c;
        NAME_real *to = sum + (i * NAME_window + j) * NAME_width + c;
        int64_t next = rows->stride * pitch;
        if (j + 8 <= NAME_window) NAME_tile(8, a, next, dy + c, height, width, to);
        else NAME_tile(NAME_window % 8, a, next, dy + c, height, width, to);
      }
}

static void NAME_sharing(void *context, int64_t part) {
  const task *t = context;
  const int64_t *n = t->n;
  const NAME_axis *rows = (const NAME_axis *)(n + 6), *columns = rows + 1;
  int64_t height = n[2], bands = NAME_ceil(rows->output, height), items = n[1] * bands;
  int64_t image = rows->size * columns->size * NAME_depth;
  char *own = (char *)t->p[3] + part * n[3];
  NAME_real *slopes = (NAME_real *)(own + n[4]), *band = (NAME_real *)(own + n[5]);
  memset(own, 0, rows->window * NAME_window * NAME_width * sizeof(NAME_real));
  for (int64_t item = first_of(t, part, items); item < first_of(t, part + 1, items); item++) {
    int64_t b = item / bands, first = item % bands * height;
    int64_t some = NAME_min(height, rows->output - first);
    int64_t pixels = some * columns->output, at = (b * rows->output + first) * columns->output;
    const NAME_real *dy = (const NAME_real *)t->p[1] + at * NAME_channels;
    if (NAME_channels != NAME_width) {
      for (int64_t i = 0; i < pixels; i++) {
        memcpy(slopes + i * NAME_width, dy + i * NAME_channels, NAME_channels * sizeof *dy);
        for (int64_t c = NAME_channels; c < NAME_width; c++) slopes[i * NAME_width + c] = 0;
      }
      dy = slopes;
    }
    NAME_pad((const NAME_real *)t->p[0] + b * image, rows, columns, first, some, band);
    NAME_share(rows, columns, band, dy, some, (NAME_real *)own);
  }
}

static void NAME_adding(void *context, int64_t part) {
  const task *t = context;
  const NAME_axis *rows = (const NAME_axis *)(t->n + 6);
  int64_t taps = rows->window * NAME_window;
  for (int64_t r = first_of(t, part, taps); r < first_of(t, part + 1, taps); r++)
    for (int64_t c = 0; c < NAME_channels; c++) {
      NAME_real total = ((const NAME_real *)t->p[3])[r * NAME_width + c];
      for (int64_t other = 1; other < t->parts; other++)
        total += ((const NAME_real *)((char *)t->p[3] + other * t->n[3]))[r * NAME_width + c];
      ((NAME_real *)t->p[2])[r * NAME_channels + c] = total;
    }
}

static void NAME(const int64_t *n, void *const *p) {
  task t = {n, p};
  divide(NAME_sharing, &t, n[0] > NAME_parallel);
  divide(NAME_adding, &t, n[0] > NAME_parallel);
}
"""


def convolve(batch, rows: Axis, columns: Axis, depth, multiplier, dtype) -> Kernel | None:
    """The kernel of a depthwise convolution: of images [batch, height, width, depth] and a filter
    [rows.window, columns.window, depth, multiplier]."""
    pieces = [[(rows, 0, 0, 1)], [(columns, 0, 0, 1)]]
    known = {"spread": multiplier, "fold": 1, "filter": 1, "stride": columns.stride, "apart": 1}
    return _sums(batch, rows, columns, pieces, (rows.output, columns.output, 1),
                 depth * multiplier, dtype, known)  # fmt: skip


def convolve_input(batch, rows: Axis, columns: Axis, depth, multiplier, dtype) -> Kernel | None:
    """The kernel of the image's gradient, from the filter and the gradient of the output."""
    pieces = [direct.pieces(rows), direct.pieces(columns)]
    known = {"spread": 1, "fold": multiplier, "filter": 0, "stride": 1, "apart": columns.stride}
    return _sums(batch, rows, columns, pieces, (rows.size, columns.size, rows.stride),
                 depth * multiplier, dtype, known)  # fmt: skip


def _sums(batch, rows, columns, pieces, made, channels, dtype, known):
    """The kernel that makes images of two sizes, of which a row of outputs is one in so many."""
    if not _possible(channels, dtype):
        return None
    pixel = _pixel(channels, dtype)
    packed = rows.window * columns.window * pixel
    each = [(STILL, y[0], x[0]) for y, x in product(*pieces)]
    height = min([direct.band(batch, a, pixel, BAND)[1] for a in each], default=1)
    padded = packed + max([direct.padded_bytes(a, (1, height), pixel) for a in each], default=0)
    longest = max([x.output for _, _, x in each], default=0)
    scratch = padded + longest * pixel * (known["fold"] > 1)
    work = batch * rows.output * columns.output * rows.window * columns.window * channels
    sizes = (work, batch, height, scratch, packed, padded, *made, rows.window * columns.window,
             columns.window, *map(len, pieces))  # fmt: skip
    sizes += tuple(n for along in pieces for axis, *rest in along for n in (*axis, *rest))
    return _kernel(SUMS, sizes, scratch, dtype, channels=channels, **known)


def convolve_filter(batch, rows: Axis, columns: Axis, depth, multiplier, dtype) -> Kernel | None:
    """The kernel of the filter's gradient, from the image and the gradient of the output; for the
    same number of threads always the same sum."""
    channels, axes = depth * multiplier, (STILL, rows, columns)
    if not _possible(channels, dtype):
        return None
    pixel = _pixel(channels, dtype)
    packed = rows.window * columns.window * pixel
    _, height = direct.band(batch, axes, pixel, BAND)
    padded = packed + height * columns.output * pixel
    scratch = padded + direct.padded_bytes(axes, (1, height), pixel)
    work = batch * rows.output * columns.output * rows.window * columns.window * channels
    sizes = (work, batch, height, scratch, packed, padded, *rows, *columns)
    return _kernel(FILTER, sizes, scratch, dtype, channels=channels, spread=multiplier,
                   stride=columns.stride, window=columns.window,
                   dilation=columns.dilation)  # fmt: skip


def _possible(channels, dtype):
    return str(dtype) in direct.C_TYPES and channels > 0


def _pixel(channels, dtype):
    """The bytes of a padded pixel, at most."""
    size = channels * np.dtype(dtype).itemsize
    return -(-size // WIDEST) * WIDEST


def _kernel(text, sizes, scratch, dtype, **known):
    if scratch > direct.LIMIT:
        return None
    head = direct.constants(dtype, **known)
    return Kernel(head + direct.VECTORS + COMMON + text + direct.END, sizes, scratch)
