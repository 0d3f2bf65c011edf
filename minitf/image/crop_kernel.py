"""Parts of images resized in C: CropAndResize."""
import functools

import numpy as np

from minitf.core import native_rows
from minitf.core.cuda.threads import NUMBERS
from minitf.core.kernel import Array, Kernel

# A row is one of a box: where it lies, and how to go on along it. An empty axis has no pixel.
BEFORE = """\
static inline float NAME_start(float start, float end, int64_t count, float last) {
  return count > 1 ? start * last : 0.5f * (start + end) * last;
}

static inline float NAME_step(float start, float end, int64_t count, float last) {
  return count > 1 ? (end - start) * last / (float)(count - 1) : 0;
}
"""
BODY = """\
    const int64_t box = row / rows;
    const float *corner = x1 + 4 * box, outside = x3[0];
    const float bottom = (float)(height - 1), right = (float)(width - 1);
    const float y = NAME_start(corner[0], corner[2], rows, bottom)
                    + (float)(row % rows) * NAME_step(corner[0], corner[2], rows, bottom);
    const float start = NAME_start(corner[1], corner[3], columns, right);
    const float step = NAME_step(corner[1], corner[3], columns, right);
    const TYPE *image = x0 + (int64_t)x2[box] * height * width * depth;
    float *to = y0 + row * length;
    const int there = y >= 0 && y <= bottom;
    for (int64_t q = 0; q < columns; q++, to += depth) {
      const float x = start + (float)q * step;
      if (!there || !(x >= 0 && x <= right)) {
        for (int64_t d = 0; d < depth; d++) to[d] = outside;
        continue;
      }
PIXEL
    }"""
NEAREST = """\
      const int64_t i = (int64_t)floorf(y + 0.5f), j = (int64_t)floorf(x + 0.5f);
      const TYPE *from = image + (i * width + j) * depth;
      for (int64_t d = 0; d < depth; d++) to[d] = (float)from[d];"""
BILINEAR = """\
      const int64_t i = (int64_t)y, j = (int64_t)x;
      const float down = y - (float)i, along = x - (float)j;
      const TYPE *above = image + (i * width + j) * depth;
      const TYPE *below = down > 0 ? above + width * depth : above;
      const int64_t next = along > 0 ? depth : 0;
      for (int64_t d = 0; d < depth; d++) {
        const float a = (float)above[d], b = (float)below[d];
        const float c = a + ((float)above[d + next] - a) * along;
        to[d] = c + (b + ((float)below[d + next] - b) * along - c) * down;
      }"""


def cropped(run, image, boxes, box_ind, size, method, outside):
    """The crops; None for types that C does not know."""
    source = _source(method, image.dtype.name)
    if source is None:
        return None
    _, *sizes = image.shape
    out = np.empty((len(boxes), *size, sizes[-1]), np.float32)
    if out.size:
        counts = len(boxes) * size[0], size[1] * sizes[-1]
        run(Kernel(source, (*counts, *sizes, *size)), image, boxes, box_ind,
            np.array([outside], np.float32), out)  # fmt: skip
    return out


@functools.lru_cache
def _source(method, name):
    body = BODY.replace("PIXEL", NEAREST if method == "nearest" else BILINEAR)
    names = name, "float32", "int32", "float32", "float32"
    *inputs, output = (Array((), np.dtype(each)) for each in names)
    sizes = dict.fromkeys(["height", "width", "depth", "rows", "columns"], 0)
    made = native_rows.rows(body, inputs, [output], 0, 0, before=BEFORE, types=NUMBERS,
                            sizes=sizes)  # fmt: skip
    return made and made.source
