"""Convolution of NHWC images without im2col: kernels in C that sum in registers.

A tile of outputs, some neighbouring pixels times some vectors of channels, stays in registers
while the window's values pass by: each is one value of the image times a vector of the filter.
The image is copied into zeros first, band by band, so that no tile asks where the image ends; the
filter is laid out in panels as wide as a tile. [Georganas et al. 2018, "Anatomy of
High-Performance Deep Learning Convolutions on SIMD Architectures"]

What is said of images here holds for volumes and for sequences: there are one to three axes.
"""
from __future__ import annotations

from itertools import product
from math import prod

import numpy as np

from minitf.core.kernel import Kernel
from minitf.nn.kernels.direct_layout import (
    BANDS,
    C_TYPES,
    END,
    LIMIT,
    PADDED,
    band,
    head,
    padded_bytes,
    padded_count,
    pieces,
)
from minitf.nn.windows import Axis, three

# What the forward convolution and the gradient of the image share: sums over the window.
SUMS = """\
/* A part of the window, which one pass over the outputs adds to them: rows of segments of
   neighbouring values in some planes; how far apart those lie in the image, and the segments in the
   panel. */
typedef struct {
  int64_t planes, rows, segments, steps, plane, row, segment, panel;
} NAME_part;

NAME_inline void NAME_tile(const int pixels, const NAME_shape *s, const NAME_part *part,
                           const NAME_real *x, const NAME_real *filter, NAME_real *out,
                           int64_t valid, int more) {
  const int64_t next = NAME_apart * NAME_count, step = NAME_stride * NAME_depth;
  NAME_vector sums[NAME_tall][NAME_vectors];
  #pragma GCC unroll 4
  for (int v = 0; v < NAME_vectors; v++) {
    int64_t left = valid - v * NAME_lanes;
    #pragma GCC unroll 16
    for (int p = 0; p < pixels; p++) sums[p][v] = (NAME_vector){0};
    if (more && left > 0)
      #pragma GCC unroll 16
      for (int p = 0; p < pixels; p++)
        sums[p][v] = NAME_load(out + p * next + v * NAME_lanes, NAME_whole ? NAME_lanes : left);
  }
  for (int64_t h = 0; h < part->planes; h++)
    for (int64_t i = 0; i < part->rows; i++)
      for (int64_t j = 0; j < part->segments; j++) {
        const NAME_real *a = x + h * part->plane + i * part->row + j * part->segment;
        const NAME_real *b = a + 6 * step;  /* twelve addresses would not fit in the registers */
        const NAME_real *f = filter + ((h * part->rows + i) * part->segments + j) * part->panel;
        for (int64_t r = 0; r < part->steps; r++, a++, b++, f += NAME_width) {
          #pragma GCC unroll 16
          for (int p = 0; p < pixels; p++)
            #pragma GCC unroll 4
            for (int v = 0; v < NAME_vectors; v++)
              sums[p][v] += (p < 6 ? a : b)[p % 6 * step]
                            * *(const NAME_memory *)(f + v * NAME_lanes);
        }
      }
  #pragma GCC unroll 4
  for (int v = 0; v < NAME_vectors; v++) {
    int64_t left = valid - v * NAME_lanes;
    if (left > 0)
      #pragma GCC unroll 16
      for (int p = 0; p < pixels; p++)
        NAME_store(out + p * next + v * NAME_lanes, sums[p][v], NAME_whole ? NAME_lanes : left);
  }
}

/* A row of outputs, in tiles of nearly equal size. */
static void NAME_row(const NAME_shape *s, const NAME_part *part, const NAME_real *x,
                     const NAME_real *filter, NAME_real *out, int64_t width, int64_t valid,
                     int more) {
  int64_t tiles = NAME_ceil(width, NAME_tall);
  if (NAME_panels == 1) valid = NAME_count;
  for (int64_t tile = 0, first = 0; tile < tiles; tile++) {
    int64_t last = (tile + 1) * width / tiles;
    const NAME_real *a = x + first * NAME_stride * NAME_depth;
    NAME_real *o = out + first * NAME_apart * NAME_count;
    switch (last - first) {
#define NAME_case(k) \\
      case k: if (k <= NAME_tall) NAME_tile(k, s, part, a, filter, o, valid, more); break;
      NAME_case(1) NAME_case(2) NAME_case(3) NAME_case(4) NAME_case(5) NAME_case(6)
      NAME_case(7) NAME_case(8) NAME_case(9) NAME_case(10) NAME_case(11) NAME_case(12)
    }
    first = last;
  }
}

/* A band. A part of a panel stays in cache while all of its rows pass by. */
static void NAME_rows(const NAME_shape *s, const NAME_real *x, NAME_pitch pitch,
                      const NAME_axis *axes, NAME_band band, const NAME_real *filter,
                      NAME_real *out, NAME_pitch out_pitch) {
  const NAME_axis *planes = axes, *rows = axes + 1, *columns = axes + 2;
  int64_t joined = columns->dilation == 1;
  int64_t segments = joined ? 1 : columns->window;
  int64_t length = joined ? columns->window * NAME_depth : NAME_depth;
  int64_t steps = NAME_max(NAME_panel / NAME_width / NAME_max(segments, 1), 8);
  int64_t group = NAME_max(1, steps / NAME_max(length, 1));
  int64_t deep = NAME_max(1, group / NAME_max(rows->window, 1));
  int64_t chunk = NAME_max(NAME_ceil(length, NAME_max(NAME_ceil(length, steps), 1)), 1);
  int64_t row = segments * length * NAME_width, plane = rows->window * row;
  for (int64_t panel = 0; panel < NAME_panels; panel++, filter += planes->window * plane)
    for (int64_t h = 0; h == 0 || h < planes->window; h += deep)
      for (int64_t i = 0; i == 0 || i < rows->window; i += group)
        for (int64_t r = 0; r == 0 || r < length; r += chunk) {
          NAME_part part = {NAME_min(deep, planes->window - h), NAME_min(group, rows->window - i),
                            segments, NAME_min(chunk, length - r), planes->dilation * pitch.plane,
                            rows->dilation * pitch.row, columns->dilation * NAME_depth,
                            length * NAME_width};
          const NAME_real *from = x + h * part.plane + i * part.row + r;
          NAME_pitch next = {planes->stride * pitch.plane, rows->stride * pitch.row};
          const NAME_real *weights = filter + h * plane + i * row + r * NAME_width;
          NAME_real *to = out + panel * NAME_width;
          for (int64_t z = 0; z < band.planes; z++)
            for (int64_t y = 0; y < band.rows; y++)
              NAME_row(s, &part, from + z * next.plane + y * next.row, weights,
                       to + z * out_pitch.plane + y * out_pitch.row, columns->output,
                       NAME_count - panel * NAME_width, h || i || r);
        }
}

/* The band number `item` of all images. */
static void NAME_item(const NAME_shape *s, int64_t item, NAME_band most, const NAME_real *x,
                      const NAME_axis *axes, const NAME_real *filter, NAME_real *out,
                      NAME_pitch out_pitch, int64_t out_image, NAME_real *padded) {
  int64_t bands = NAME_bands(axes, most), b = item / bands;
  int64_t image = axes[0].size * axes[1].size * axes[2].size * NAME_depth;
  NAME_band band = NAME_nth(axes, most, item % bands);
  NAME_pitch pitch;
  const NAME_real *from = NAME_around(s, x + b * image, axes, band, padded, &pitch);
  NAME_rows(s, from, pitch, axes, band, filter,
            out + b * out_image + band.plane * out_pitch.plane + band.row * out_pitch.row,
            out_pitch);
}
"""

FORWARD = """\
static void NAME_packing(void *context, int64_t part) {
  const task *t = context;
  const NAME_shape shape = NAME_shape_of(t->n + 6), *s = &shape;
  const NAME_axis *axes = (const NAME_axis *)(t->n + 10);
  int64_t steps = axes[0].window * axes[1].window * axes[2].window * NAME_depth;
  for (int64_t r = first_of(t, part, steps); r < first_of(t, part + 1, steps); r++)
    NAME_pack(s, t->p[1], r, steps, t->p[3]);
}

NAME_inline int NAME_packs(const NAME_shape *s, void *const *p) {
  return NAME_packed || (uintptr_t)p[1] % NAME_bytes;
}

static void NAME_summing(void *context, int64_t part) {
  task *t = context;
  const int64_t *n = t->n;
  const NAME_shape shape = NAME_shape_of(n + 6), *s = &shape;
  const NAME_axis *axes = (const NAME_axis *)(n + 10);
  const NAME_band most = {0, n[2], 0, n[3]};
  int64_t items = n[1] * NAME_bands(axes, most);
  int64_t pitch = axes[2].output * NAME_count, plane = axes[1].output * pitch;
  NAME_real *padded = (NAME_real *)((char *)t->p[3] + part * n[4] + n[5]);
  for (int64_t item = take(t); item < items; item = take(t))
    NAME_item(s, item, most, t->p[0], axes, NAME_packs(s, t->p) ? t->p[3] : t->p[1], t->p[2],
              (NAME_pitch){plane, pitch}, axes[0].output * plane, padded);
}

static void NAME(const int64_t *n, void *const *p) {
  const NAME_shape shape = NAME_shape_of(n + 6), *s = &shape;
  task t = {n, p};
  if (NAME_packs(s, p)) divide(NAME_packing, &t, n[0] > NAME_parallel);
  divide(NAME_summing, &t, n[0] > NAME_parallel);
}
"""

# The gradient of the pixels q, q + stride, ... is a convolution of its own (Axis.reversed).
BACKWARD = """\
typedef struct { NAME_axis axis; int64_t pixel, position, step; } NAME_piece;
typedef struct { int64_t size, stride, window, pieces; } NAME_side;

/* The filter of a piece, turned and transposed: `count` are the channels of the image here. */
static NAME_real *NAME_turn(const NAME_shape *s, const task *t, int64_t part,
                            const NAME_side *sides, const NAME_piece *const *piece,
                            NAME_real *to) {
  const NAME_real *filter = t->p[0];
  int64_t height = piece[1]->axis.window, width = piece[2]->axis.window;
  int64_t window = piece[0]->axis.window * height * width, steps = window * NAME_depth;
  for (int64_t k = first_of(t, part, window); k < first_of(t, part + 1, window); k++) {
    int64_t h = piece[0]->position + k / width / height * piece[0]->step;
    int64_t i = piece[1]->position + k / width % height * piece[1]->step;
    int64_t j = piece[2]->position + k % width * piece[2]->step;
    int64_t place = (h * sides[1].window + i) * sides[2].window + j;
    const NAME_real *from = filter + place * NAME_count * NAME_depth;
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

/* The piece number k of each axis. */
NAME_inline void NAME_pieces(const NAME_piece *all, const NAME_side *sides, int64_t k,
                             const NAME_piece **piece) {
  piece[2] = all + sides[0].pieces + sides[1].pieces + k % sides[2].pieces;
  piece[1] = all + sides[0].pieces + k / sides[2].pieces % sides[1].pieces;
  piece[0] = all + k / sides[2].pieces / sides[1].pieces;
}

static void NAME_turning(void *context, int64_t part) {
  const task *t = context;
  const NAME_shape shape = NAME_shape_of(t->n + 6), *s = &shape;
  const NAME_side *sides = (const NAME_side *)(t->n + 10);
  const NAME_piece *all = (const NAME_piece *)(t->n + 22), *piece[3];
  NAME_real *end = t->p[3];
  for (int64_t k = 0; k < sides[0].pieces * sides[1].pieces * sides[2].pieces; k++) {
    NAME_pieces(all, sides, k, piece);
    end = NAME_turn(s, t, part, sides, piece, end);
  }
}

static void NAME_summing(void *context, int64_t part) {
  task *t = context;
  const int64_t *n = t->n;
  const NAME_shape shape = NAME_shape_of(n + 6), *s = &shape;
  const NAME_side *sides = (const NAME_side *)(n + 10);
  const NAME_piece *all = (const NAME_piece *)(n + 22), *piece[3];
  const NAME_band most = {0, n[2], 0, n[3]};
  int64_t pitch = sides[2].size * NAME_count, plane = sides[1].size * pitch;
  NAME_real *padded = (NAME_real *)((char *)t->p[3] + part * n[4] + n[5]);
  const NAME_real *filter = t->p[3];
  int64_t item = take(t), before = 0;
  for (int64_t k = 0; k < sides[0].pieces * sides[1].pieces * sides[2].pieces; k++) {
    NAME_pieces(all, sides, k, piece);
    const NAME_axis axes[3] = {piece[0]->axis, piece[1]->axis, piece[2]->axis};
    NAME_real *out = (NAME_real *)t->p[2] + piece[0]->pixel * plane + piece[1]->pixel * pitch
                     + piece[2]->pixel * NAME_count;
    int64_t items = n[1] * NAME_bands(axes, most);
    for (; item < before + items; item = take(t))
      NAME_item(s, item - before, most, t->p[1], axes, filter, out,
                (NAME_pitch){sides[0].stride * plane, sides[1].stride * pitch},
                sides[0].size * plane, padded);
    before += items;
    filter += NAME_panels * axes[0].window * axes[1].window * axes[2].window * NAME_depth
              * NAME_width;
  }
}

static void NAME(const int64_t *n, void *const *p) {
  task t = {n, p};
  divide(NAME_turning, &t, n[0] > NAME_parallel);
  divide(NAME_summing, &t, n[0] > NAME_parallel);
}
"""


def convolve(batch, axes: list[Axis], depth, count, dtype) -> Kernel | None:
    """The kernel of a convolution: images [batch, *sizes, depth] with a filter [*windows, depth,
    count] to [batch, *outputs, count], those of each Axis."""
    if str(dtype) not in C_TYPES:
        return None
    axes, item = three(axes), np.dtype(dtype).itemsize
    steps = prod(a.window for a in axes) * depth
    packed = steps * padded_count(count, item) * item
    most = band(batch, axes, depth * item, PADDED)
    scratch = packed + padded_bytes(axes, most, depth * item)
    work = batch * prod(a.output for a in axes) * steps * count
    shape = {"depth": depth, "count": count, "stride": axes[2].stride, "apart": 1}
    sizes = (work, batch, *most, scratch, packed, *shape.values(), *axes[0], *axes[1], *axes[2])
    return _kernel(head(dtype, **shape), FORWARD, sizes, scratch)


def convolve_input(batch, axes: list[Axis], depth, count, dtype) -> Kernel | None:
    """The kernel of the image's gradient, from the filter and the gradient of the output."""
    if str(dtype) not in C_TYPES:
        return None
    axes, item = three(axes), np.dtype(dtype).itemsize
    turned = [pieces(a) for a in axes]
    steps = prod(a.window for a in axes) * count
    packed = steps * padded_count(depth, item) * item
    each = [[axis for axis, *_ in piece] for piece in product(*turned)]
    bands = [band(batch, a, count * item, PADDED) for a in each] or [(1, 1)]
    most = [min(sizes) for sizes in zip(*bands)]
    scratch = packed + max([padded_bytes(a, most, count * item) for a in each], default=0)
    work = batch * prod(a.output for a in axes) * steps * depth
    shape = {"depth": count, "count": depth, "stride": 1, "apart": axes[2].stride}
    sides = [(a.size, a.stride, a.window, len(of_axis)) for a, of_axis in zip(axes, turned)]
    sizes = (work, batch, *most, scratch, packed, *shape.values())
    sizes += tuple(n for side in sides for n in side)
    sizes += tuple(n for of_axis in turned for axis, *rest in of_axis for n in (*axis, *rest))
    return _kernel(head(dtype, **shape), BACKWARD, sizes, scratch)


def _kernel(start, main, sizes, scratch):
    if scratch > LIMIT:
        return None
    return Kernel(start + BANDS + SUMS + main + END, sizes, scratch)
