"""Batch normalization of NHWC images and its gradient: kernels in C.

The image is read twice: for sums per channel, each thread its own, in double so that a pass is
enough for mean and variance; then for the result.
"""
from __future__ import annotations

from minitf.core.kernel import Kernel
from minitf.nn.kernels.direct_layout import C_TYPES

PARALLEL = 1 << 15  # numbers: from here on, more than one thread

# `n` is rows, the bytes of scratch for each thread. Sums of two numbers for each channel: first
# each thread's own, then, in the first thread's place, all together.
SUMS = """\
#define NAME_own(t) ((double *)((char *)p[NAME_scratch] + (t) * n[1]))

static void NAME_summing(void *context, int64_t part) {
  const task *t = context;
  const int64_t *n = t->n, c = NAME_depth;
  void *const *p = t->p;
  const NAME_real *shift = p[NAME_shift];
  double *restrict first = NAME_own(part), *restrict second = first + c;
  for (int64_t j = 0; j < 2 * c; j++) first[j] = 0;
  for (int64_t i = first_of(t, part, n[0]); i < first_of(t, part + 1, n[0]); i++) {
    const NAME_real *restrict x = (const NAME_real *)p[NAME_x] + i * c;
    const NAME_real *restrict w = (const NAME_real *)p[NAME_w] + i * c;
    #pragma omp simd
    for (int64_t j = 0; j < c; j++) {
      double centered = (double)x[j] - shift[j], weight = NAME_weight;
      first[j] += weight;
      second[j] += weight * centered;
    }
  }
}

static void NAME_sums(const int64_t *n, void *const *p) {
  task t = {n, p};
  divide(NAME_summing, &t, n[0] * NAME_depth > NAME_parallel);
  double *total = NAME_own(0);
  for (int64_t part = 1; part < t.parts; part++)
    for (int64_t j = 0; j < 2 * NAME_depth; j++) total[j] += NAME_own(part)[j];
}
"""

# The first row is subtracted before: what is left is small where the numbers are all alike.
FORWARD = """\
static void NAME_rows(void *context, int64_t part) {
  const task *t = context;
  const int64_t *n = t->n, c = NAME_depth;
  void *const *p = t->p;
  const NAME_real *x = p[0], *beta = p[2], *mean = p[6];
  const NAME_real *factor = (const NAME_real *)(NAME_own(0) + 2 * c);
  for (int64_t i = first_of(t, part, n[0]); i < first_of(t, part + 1, n[0]); i++) {
    const NAME_real *restrict a = x + i * c;
    NAME_real *restrict y = (NAME_real *)p[5] + i * c;
    #pragma omp simd
    for (int64_t j = 0; j < c; j++) y[j] = (a[j] - mean[j]) * factor[j] + beta[j];
  }
}

static void NAME(const int64_t *n, void *const *p) {
  const int64_t c = NAME_depth, rows = n[0];
  const NAME_real *gamma = p[1], *x = p[0];
  NAME_real *mean = p[6], *unbiased = p[7], *same = p[8], *variance = p[9];
  double *total = NAME_own(0);
  if (rows) NAME_sums(n, p);
  NAME_real *factor = (NAME_real *)(total + 2 * c);
  for (int64_t j = 0; j < c; j++) {
    double off = total[j] / rows, spread = total[c + j] / rows - off * off;
    if (!rows) off = spread = NAN;
    if (spread < 0) spread = 0;
    same[j] = mean[j] = rows ? x[j] + off : NAN;
    variance[j] = spread;
    unbiased[j] = spread * ((double)rows / (rows > 1 ? rows - 1 : 1));
    factor[j] = gamma[j] / sqrt(spread + NAME_epsilon);
  }
  *(NAME_real *)p[10] = 0;
  task t = {n, p};
  divide(NAME_rows, &t, rows * c > NAME_parallel);
}
"""

INFERENCE = """\
static void NAME_rows(void *context, int64_t part) {
  const task *t = context;
  const int64_t *n = t->n, c = NAME_depth;
  void *const *p = t->p;
  const NAME_real *x = p[0], *mean = p[3];
  const NAME_real *factor = p[11], *offset = factor + c;
  for (int64_t i = first_of(t, part, n[0]); i < first_of(t, part + 1, n[0]); i++) {
    const NAME_real *restrict a = x + i * c;
    NAME_real *restrict y = (NAME_real *)p[5] + i * c;
    #pragma omp simd
    for (int64_t j = 0; j < c; j++) y[j] = (a[j] - mean[j]) * factor[j] + offset[j];
  }
}

static void NAME(const int64_t *n, void *const *p) {
  const int64_t c = NAME_depth, rows = n[0];
  const NAME_real *gamma = p[1], *beta = p[2], *mean = p[3], *variance = p[4];
  NAME_real *factor = (NAME_real *)p[11], *offset = factor + c;
  for (int64_t j = 0; j < c; j++) {
    factor[j] = gamma[j] / sqrt((double)variance[j] + NAME_epsilon);
    offset[j] = beta[j];
    ((NAME_real *)p[6])[j] = ((NAME_real *)p[8])[j] = mean[j];
    ((NAME_real *)p[7])[j] = ((NAME_real *)p[9])[j] = variance[j];
  }
  *(NAME_real *)p[10] = 0;
  task t = {n, p};
  divide(NAME_rows, &t, rows * c > NAME_parallel);
}
"""

BACKWARD = """\
static void NAME_rows(void *context, int64_t part) {
  const task *t = context;
  const int64_t *n = t->n, c = NAME_depth;
  void *const *p = t->p;
  const NAME_real *mean = p[3];
  const NAME_real *factor = (const NAME_real *)(NAME_own(0) + 2 * c);
  const NAME_real *slope = factor + c, *level = slope + c;
  for (int64_t i = first_of(t, part, n[0]); i < first_of(t, part + 1, n[0]); i++) {
    const NAME_real *restrict dy = (const NAME_real *)p[0] + i * c;
    const NAME_real *restrict x = (const NAME_real *)p[1] + i * c;
    NAME_real *restrict dx = (NAME_real *)p[6] + i * c;
    #pragma omp simd
    for (int64_t j = 0; j < c; j++)
      dx[j] = factor[j] * (dy[j] - level[j] - (x[j] - mean[j]) * slope[j]);
  }
}

static void NAME(const int64_t *n, void *const *p) {
  const int64_t c = NAME_depth, rows = n[0];
  const NAME_real *gamma = p[2], *variance = p[4];
  NAME_real *dgamma = p[7], *dbeta = p[8];
  double *total = NAME_own(0);
  for (int64_t j = 0; j < 2 * c; j++) total[j] = 0;
  if (rows) NAME_sums(n, p);
  NAME_real *factor = (NAME_real *)(total + 2 * c), *slope = factor + c, *level = slope + c;
  for (int64_t j = 0; j < c; j++) {
    double inverse = 1 / sqrt((double)variance[j] + NAME_epsilon);
    dbeta[j] = total[j];
    dgamma[j] = total[c + j] * inverse;
    factor[j] = gamma[j] * inverse;
    level[j] = rows ? total[j] / rows : 0;
    slope[j] = rows ? total[c + j] * inverse * inverse / rows : 0;
  }
  task t = {n, p};
  divide(NAME_rows, &t, rows * c > NAME_parallel);
}
"""


def _kernel(text, rows, depth, dtype, epsilon, weight, **places):
    """The kernel for NHWC images of so many pixels; None where there is none for the type."""
    if str(dtype) not in C_TYPES or not depth:
        return None
    values = {**places, "depth": depth, "parallel": PARALLEL}
    listed = ", ".join(f"NAME_{name} = {value}" for name, value in values.items())
    head = (
        f"typedef {C_TYPES[str(dtype)]} NAME_real;\nenum {{ {listed} }};\n"
        f"#define NAME_weight {weight}\n#define NAME_epsilon {epsilon!r}\n"
    )
    end = "\n#undef NAME_own\n#undef NAME_weight\n#undef NAME_epsilon\n"
    scratch = -(-(5 * 8 * depth) // 64) * 64
    sums = "" if text is INFERENCE else SUMS
    return Kernel(head + sums + text + end, (rows, scratch), scratch)


def normalize(rows, depth, dtype, epsilon) -> Kernel | None:
    """In training: from x, scale, offset and two that are not read to y, mean, unbiased variance,
    mean, variance and 0."""
    # With the weight x - shift the sums are those of it and of its square.
    return _kernel(FORWARD, rows, depth, dtype, epsilon, "centered", x=0, w=0, shift=0, scratch=11)


def normalize_by(rows, depth, dtype, epsilon) -> Kernel | None:
    """Not in training: from x, scale, offset, mean and variance to y, mean, variance, both again
    and 0."""
    return _kernel(INFERENCE, rows, depth, dtype, epsilon, "0", scratch=11)


def normalize_gradient(rows, depth, dtype, epsilon) -> Kernel | None:
    """In training: from dy, x, scale, mean, variance and one that is not read to the gradients by
    x, scale, offset, and two that are empty."""
    return _kernel(BACKWARD, rows, depth, dtype, epsilon, "w[j]", x=1, w=0, shift=3, scratch=11)
