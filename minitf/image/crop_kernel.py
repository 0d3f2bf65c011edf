"""Parts of images resized in C: CropAndResize and its gradients."""
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


# -- gradients ------------------------------------------------------------------------------------

# For each pixel of a crop that lies in the image: where, and how far to the next row and column.
EACH_PIXEL = """\
    const float *corner = boxes + 4 * box, bottom = (float)(height - 1), far = (float)(width - 1);
    const int64_t first = (int64_t)ind[box] * height * width;
    const float top = NAME_start(corner[0], corner[2], rows, bottom);
    const float left = NAME_start(corner[1], corner[3], columns, far);
    const float lower = NAME_step(corner[0], corner[2], rows, bottom);
    const float wider = NAME_step(corner[1], corner[3], columns, far);
    for (int64_t r = 0; r < rows; r++) {
      const float y = top + (float)r * lower;
      if (!(y >= 0 && y <= bottom)) continue;
      for (int64_t q = 0; q < columns; q++) {
        const float x = left + (float)q * wider;
        if (!(x >= 0 && x <= far)) continue;
        const float *from = grads + ((box * rows + r) * columns + q) * depth;
        const int64_t i = (int64_t)y, j = (int64_t)x;
        const float down = y - (float)i, right = x - (float)j;
        const int64_t at = (first + i * width + j) * depth, next = right > 0 ? depth : 0;
        const int64_t below = down > 0 ? width * depth : 0;
PIXEL
      }
    }"""
OF_IMAGE = """\
        REAL *to = out + at;
        const float a = (1 - down) * (1 - right), b = (1 - down) * right;
        const float c = down * (1 - right), d = down * right;
        for (int64_t k = 0; k < depth; k++) {
          const REAL g = (REAL)from[k];
          to[k] += g * (REAL)a, to[k + next] += g * (REAL)b;
          to[k + below] += g * (REAL)c, to[k + below + next] += g * (REAL)d;
        }"""
OF_IMAGE_NEAREST = """\
        const int64_t row = (int64_t)floorf(y + 0.5f), column = (int64_t)floorf(x + 0.5f);
        REAL *to = out + (first + row * width + column) * depth;
        (void)at, (void)next, (void)below, (void)down, (void)right;
        for (int64_t k = 0; k < depth; k++) to[k] += (REAL)from[k];"""
OF_BOXES = """\
        const TYPE *near = image + at;
        float vertical = 0, horizontal = 0;
        for (int64_t k = 0; k < depth; k++) {
          const float a = (float)near[k], b = (float)near[k + next];
          const float c = (float)near[k + below], d = (float)near[k + below + next];
          vertical += ((1 - right) * (c - a) + right * (d - b)) * from[k];
          horizontal += ((1 - down) * (b - a) + down * (d - c)) * from[k];
        }
        const double v = rows > 1 ? (double)r / (double)(rows - 1) : 0.5;
        const double h = columns > 1 ? (double)q / (double)(columns - 1) : 0.5;
        sums[0] += (double)(vertical * bottom) * (1 - v);
        sums[2] += (double)(vertical * bottom) * v;
        sums[1] += (double)(horizontal * far) * (1 - h);
        sums[3] += (double)(horizontal * far) * h;"""
# Boxes may share pixels: one after the other.
IMAGE = """\
static void NAME(const int64_t *n, void *const *p) {
  const int64_t height = n[1], width = n[2], depth = n[3], rows = n[4], columns = n[5];
  const float *grads = p[0], *boxes = p[1];
  const int32_t *ind = p[2];
  REAL *out = p[3];
  for (int64_t box = 0; box < n[0]; box++) {
EACH
  }
}
"""
BOXES = """\
    const int64_t box = row;
    const float *grads = x0, *boxes = x2;
    const TYPE *image = x1;
    const int32_t *ind = x3;
    double sums[4] = {0, 0, 0, 0};
EACH
    for (int64_t k = 0; k < 4; k++) y0[4 * row + k] = (float)sums[k];"""


def gradient_of_image(run, grads, boxes, box_ind, sizes, dtype, method):
    """That of the image, in float32 or float64."""
    out = np.zeros(sizes, dtype)
    pixel = OF_IMAGE_NEAREST if method == "nearest" else OF_IMAGE
    text = BEFORE + IMAGE.replace("EACH", EACH_PIXEL.replace("PIXEL", pixel))
    text = text.replace("REAL", "double" if out.itemsize == 8 else "float")
    if out.size and grads.size:
        run(Kernel(text, (len(boxes), *sizes[1:], *grads.shape[1:3])), grads, boxes, box_ind, out)
    return out


def gradient_of_boxes(run, grads, image, boxes, box_ind):
    """That of the boxes; None for types that C does not know."""
    source = _source_of_boxes(image.dtype.name)
    if source is None or not image.size:
        return None
    out = np.empty((len(boxes), 4), np.float32)
    pixels = grads.size // max(len(boxes), 1)
    run(Kernel(source, (len(boxes), pixels, *image.shape[1:], *grads.shape[1:3])), grads, image,
        boxes, box_ind, out)  # fmt: skip
    return out


@functools.lru_cache
def _source_of_boxes(name):
    body = BOXES.replace("EACH", EACH_PIXEL.replace("PIXEL", OF_BOXES))
    body = body.replace("TYPE", "NAME_pixel")
    names = "float32", name, "float32", "int32", "float32"
    *inputs, output = (Array((), np.dtype(each)) for each in names)
    sizes = dict.fromkeys(["height", "width", "depth", "rows", "columns"], 0)
    before = f"typedef {NUMBERS.get(name, 'float')} NAME_pixel;\n{BEFORE}"
    made = native_rows.rows(body, inputs, [output], 0, 0, before=before, types=NUMBERS,
                            sizes=sizes)  # fmt: skip
    return made and made.source
