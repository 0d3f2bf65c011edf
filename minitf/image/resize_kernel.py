"""Images resized in C, row by row; the taps of `minitf.image.taps` come among a kernel's sizes."""
import numpy as np

from minitf.core.cuda.threads import MOVED, NUMBERS
from minitf.core.kernel import Kernel

# n: images, height, width, depth, new height, new width, taps of rows, taps of columns, bytes to
# work in; then for each tap of rows the pixels and the bits of the weights, then those of columns.
START = """\
typedef struct { const int64_t *n; void *const *p; int64_t step; } NAME_task;

static inline float NAME_weight(const int64_t *bits) { return float_of((int32_t)*bits); }

static void NAME_part(void *context, int64_t part) {
  const NAME_task *c = context;
  const int64_t *n = c->n, h = n[1], w = n[2], depth = n[3], rows = n[4], columns = n[5];
  const int64_t k = n[6], m = n[7], *row_at = n + 9, *column_at = row_at + 2 * k * rows;
  const int64_t *row_weight = row_at + k * rows, *column_weight = column_at + m * columns;
  const int64_t wide = columns * depth;
  const PIXEL *x = c->p[0];
  RESULT *y = c->p[OUT];
  (void)row_weight, (void)column_weight, (void)wide, (void)k, (void)m, (void)h;
"""
END = """
}

static void NAME(const int64_t *n, void *const *p) {
  int64_t all = COUNT, parts = all * n[3] * n[5] * n[4] > 20000 ? thread_count() : 1;
  NAME_task task = {n, p, (all + parts - 1) / parts};
  parallel(NAME_part, &task, parts);
}
"""
EACH_ROW = """\
  int64_t end = (part + 1) * c->step;
  if (end > n[0] * rows) end = n[0] * rows;
  for (int64_t i = part * c->step; i < end; i++) {
    const int64_t image = i / rows, row = i % rows;
    RESULT *to = y + i * wide;
"""
NEAREST = EACH_ROW + """\
    const PIXEL *from = x + (image * h + row_at[row]) * w * depth;
    for (int64_t q = 0; q < columns; q++)
      for (int64_t d = 0; d < depth; d++) to[q * depth + d] = from[column_at[q] * depth + d];
  }"""

# The lines of the image that a row is made of, resized, are kept for the rows that follow.
LINES = """\
  float *lines = (float *)((char *)c->p[OUT + 1] + part * n[8]);
  int64_t kept[k];
  for (int64_t t = 0; t < k; t++) kept[t] = -1;
""" + EACH_ROW + """\
    float *line[k];
    for (int64_t t = 0; t < k; t++) {
      const int64_t at = image * h + row_at[t * rows + row], slot = at % k;
      line[t] = lines + slot * wide;
      if (kept[slot] == at) continue;
      kept[slot] = at;
      const PIXEL *from = x + at * w * depth;
      float *made = line[t];
COLUMNS
    }
ROWS
  }"""
BILINEAR = """\
      for (int64_t q = 0; q < columns; q++) {
        const float share = NAME_weight(column_weight + columns + q);
        const PIXEL *a = from + column_at[q] * depth, *b = from + column_at[columns + q] * depth;
        for (int64_t d = 0; d < depth; d++)
          made[q * depth + d] = ((float)b[d] - (float)a[d]) * share + (float)a[d];
      }""", """\
    const float share = NAME_weight(row_weight + rows + row), *a = line[0], *b = line[1];
    #pragma omp simd
    for (int64_t j = 0; j < wide; j++) to[j] = (b[j] - a[j]) * share + a[j];"""
AREA = """\
      for (int64_t q = 0; q < columns; q++)
        for (int64_t d = 0; d < depth; d++) {
          float sum = (float)from[column_at[q] * depth + d] * NAME_weight(column_weight + q);
          for (int64_t u = 1; u < m; u++)
            sum += (float)from[column_at[u * columns + q] * depth + d]
                   * NAME_weight(column_weight + u * columns + q);
          made[q * depth + d] = sum;
        }""", """\
    const float last = NAME_weight(n + 9 + 2 * k * rows + 2 * m * columns);
    for (int64_t j = 0; j < wide; j++) to[j] = line[0][j] * NAME_weight(row_weight + row);
    for (int64_t t = 1; t < k; t++) {
      const float weight = NAME_weight(row_weight + t * rows + row), *from = line[t];
      for (int64_t j = 0; j < wide; j++) to[j] += from[j] * weight;
    }
    for (int64_t j = 0; j < wide; j++) to[j] *= last;"""

# Of the rows first: a line as long as the image is wide.
BICUBIC = """\
  float *line = (float *)((char *)c->p[OUT + 1] + part * n[8]);
""" + EACH_ROW + """\
    for (int64_t t = 0; t < k; t++) {
      const float weight = NAME_weight(row_weight + t * rows + row);
      const PIXEL *from = x + (image * h + row_at[t * rows + row]) * w * depth;
      if (t) for (int64_t j = 0; j < w * depth; j++) line[j] += (float)from[j] * weight;
      else for (int64_t j = 0; j < w * depth; j++) line[j] = (float)from[j] * weight;
    }
    for (int64_t q = 0; q < columns; q++) {
      const float a = NAME_weight(column_weight + q);
      const float b = NAME_weight(column_weight + columns + q);
      const float e = NAME_weight(column_weight + 2 * columns + q);
      const float f = NAME_weight(column_weight + 3 * columns + q);
      const float *g = line + column_at[q] * depth, *h_ = line + column_at[columns + q] * depth;
      const float *i_ = line + column_at[2 * columns + q] * depth;
      const float *j_ = line + column_at[3 * columns + q] * depth;
      for (int64_t d = 0; d < depth; d++)
        to[q * depth + d] = g[d] * a + h_[d] * b + i_[d] * e + j_[d] * f;
    }
  }"""

# Each row of gradients is shared out along the columns, then among the rows it came from.
SPREAD = """\
  float *line = (float *)((char *)c->p[OUT + 1] + part * n[8]);
  int64_t end = (part + 1) * c->step;
  if (end > n[0]) end = n[0];
  for (int64_t image = part * c->step; image < end; image++) {
    RESULT *whole = y + image * h * w * depth;
    memset(whole, 0, h * w * depth * sizeof(RESULT));
    for (int64_t row = 0; row < rows; row++) {
      const PIXEL *from = x + (image * rows + row) * wide;
      memset(line, 0, w * depth * sizeof(float));
      for (int64_t t = 0; t < m; t++)
        for (int64_t q = 0; q < columns; q++) {
          const float weight = NAME_weight(column_weight + t * columns + q);
          float *to = line + column_at[t * columns + q] * depth;
          for (int64_t d = 0; d < depth; d++) to[d] += from[q * depth + d] * weight;
        }
      for (int64_t t = 0; t < k; t++) {
        const float weight = NAME_weight(row_weight + t * rows + row);
        RESULT *to = whole + row_at[t * rows + row] * w * depth;
        #pragma omp simd
        for (int64_t j = 0; j < w * depth; j++) to[j] += line[j] * weight;
      }
    }
  }"""


def resized(kind, image, outputs, rows, columns):
    """The kernel that makes the output; `kind` is nearest, bilinear, bicubic or area."""
    target = outputs[0]
    types = MOVED if kind == "nearest" else NUMBERS
    taps = len(rows.indices), len(columns.indices)
    if image.dtype.name not in types or 0 in (*target.shape, *taps):
        return None
    width = target.shape[2] if kind in ("bilinear", "area") else image.shape[2]
    lines = {"nearest": 0, "bicubic": 1}.get(kind, taps[0])
    if kind == "nearest":
        body = NEAREST
    elif kind == "bicubic":
        body = BICUBIC
    else:
        parts = BILINEAR if kind == "bilinear" else AREA
        body = LINES.replace("COLUMNS", parts[0]).replace("ROWS", parts[1])
    extra = [_bits(np.float32(1 / (rows.scale * columns.scale)))] if kind == "area" else []
    return _kernel(body, image, target, image.shape, target.shape[1:3], rows, columns,
                   lines * width * image.shape[3] * 4, types, extra, COUNT="n[0] * n[4]",
                   OUT="1")  # fmt: skip


def spread(inputs, outputs, rows, columns):
    """The kernel of the gradient."""
    grads, target = inputs[0], outputs[0]
    if {grads.dtype.name, target.dtype.name} != {"float32"} or 0 in grads.shape:
        return None
    scratch = target.shape[2] * target.shape[3] * 4
    return _kernel(SPREAD, grads, target, target.shape, grads.shape[1:3], rows, columns, scratch,
                   NUMBERS, [], COUNT="n[0]", OUT=str(len(inputs)))  # fmt: skip


def _kernel(body, source, target, image, size, rows, columns, scratch, types, extra, **words):
    scratch = -(-scratch // 64) * 64
    sizes = [*image, *size, len(rows.indices), len(columns.indices), scratch]
    for along in (rows, columns):
        sizes += along.indices.reshape(-1).tolist()
        sizes += along.weights.astype(np.float32).view(np.int32).reshape(-1).tolist()
    words |= {"PIXEL": types[source.dtype.name], "RESULT": types[target.dtype.name]}
    text = START + body + END
    for word, value in words.items():
        text = text.replace(word, value)
    return Kernel(text, (*sizes, *extra), scratch)


def _bits(number):
    return int(number.view(np.int32))
