"""The gradients of fractional pooling: kernels in C.

Where the windows begin are arrays of int64, the rows' and the columns'. The threads share out the
images.
"""
from __future__ import annotations

from minitf.core.kernel import Kernel
from minitf.nn.kernels.direct_layout import C_TYPES, END, VECTORS, constants

# GIVE stands for what a window gives to its pixels.
TEXT = """\
typedef struct { int64_t first, last; } NAME_span;

/* The pixels of a window: those of the sequences that are on the image. */
NAME_inline NAME_span NAME_window(const int64_t *starts, int64_t i, int64_t size) {
  int64_t last = NAME_min(starts[i + 1] + NAME_overlapping, size);
  return (NAME_span){NAME_max(starts[i], 0), last};
}

static void NAME_images(void *context, int64_t part) {
  const task *t = context;
  const int64_t *n = t->n;
  void *const *p = t->p;
  int64_t out_height = n[2], out_width = n[3], height = n[4], width = n[5];
  const int64_t *row_starts = p[NAME_starts], *column_starts = p[NAME_starts + 1];
  for (int64_t b = first_of(t, part, n[1]); b < first_of(t, part + 1, n[1]); b++) {
    NAME_real *dx = (NAME_real *)p[NAME_starts + 2] + b * height * width * NAME_depth;
    const int64_t image = b * height * width * NAME_depth;
    memset(dx, 0, height * width * NAME_depth * sizeof *dx);
    for (int64_t oy = 0; oy < out_height; oy++)
      for (int64_t ox = 0; ox < out_width; ox++) {
        int64_t from = ((b * out_height + oy) * out_width + ox) * NAME_depth;
        NAME_span rows = NAME_window(row_starts, oy, height);
        NAME_span columns = NAME_window(column_starts, ox, width);
GIVE      }
  }
}

static void NAME(const int64_t *n, void *const *p) {
  task t = {n, p};
  divide(NAME_images, &t, n[0] > NAME_parallel);
}
"""
EACH = """\
        for (int64_t y = rows.first; y < rows.last; y++)
          for (int64_t x = columns.first; x < columns.last; x++) {
            int64_t at = (y * width + x) * NAME_depth;
"""
MAXIMUM = f"""\
        const NAME_real *best = (const NAME_real *)p[1] + from;
        NAME_real left[NAME_depth];
        memcpy(left, (const NAME_real *)p[2] + from, sizeof left);
{EACH}\
            const NAME_real *a = (const NAME_real *)p[0] + image + at;
            #pragma omp simd
            for (int64_t c = 0; c < NAME_depth; c++) {{
              dx[at + c] += a[c] == best[c] ? left[c] : 0;
              left[c] = a[c] == best[c] ? 0 : left[c];
            }}
          }}
"""
AVERAGE = f"""\
        const NAME_real *dy = (const NAME_real *)p[0] + from;
        NAME_real count = (rows.last - rows.first) * (columns.last - columns.first);
{EACH}\
            #pragma omp simd
            for (int64_t c = 0; c < NAME_depth; c++) dx[at + c] += dy[c] / count;
          }}
"""
MOST = 1 << 12  # channels, which lie on the stack


def max_pool_gradient(images, outputs, dtype, overlapping) -> Kernel | None:
    """The kernel of the gradient, from x, y, dy and where windows begin."""
    return _kernel(MAXIMUM, images, outputs, dtype, starts=3, overlapping=int(overlapping))


def average_pool_gradient(images, outputs, dtype, overlapping) -> Kernel | None:
    """The kernel of the gradient of means, from dy and where windows begin."""
    return _kernel(AVERAGE, images, outputs, dtype, starts=1, overlapping=int(overlapping))


def _kernel(text, images, outputs, dtype, **known):
    batch, height, width, depth = images
    if str(dtype) not in C_TYPES or not 0 < depth <= MOST:
        return None
    sizes = (batch * height * width * depth, batch, *outputs[1:3], height, width)
    head = constants(dtype, depth=depth, **known)
    return Kernel(head + VECTORS + TEXT.replace("GIVE", text) + END, sizes)
