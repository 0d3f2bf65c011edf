"""Softmax and its kin in C: one pass over each row, its exponentials kept where they are needed.

Of narrow rows many are taken at once: vectors are full where the exponentials are made, and some
rows go on together where each element waits for the one before.
"""
from minitf.core.kernel import Kernel

# Elements of a row, and of the rows taken at once; rows that go on together.
NARROW, SPACE, TOGETHER = 64, 2048, 16
REALS = {"float32": ("float", "f"), "float64": ("double", "")}

TEMPLATE = """\
typedef struct { const int64_t *n; void *const *p; int64_t step; } NAME_context;

/* The greatest of each of some rows, or their sums. */
#define ACROSS(START, COMBINED) \\
  for (int64_t from = 0; from < count; from += TOGETHER) { \\
    const int64_t lanes = count - from < TOGETHER ? count - from : TOGETHER; \\
    REAL all[TOGETHER]; \\
    for (int64_t r = 0; r < TOGETHER; r++) all[r] = START; \\
    for (int64_t j = 0; j < classes; j++) { \\
      _Pragma("omp simd") \\
      for (int64_t r = 0; r < lanes; r++) { \\
        const REAL old = all[r], each = x[(from + r) * classes + j]; \\
        all[r] = COMBINED; \\
      } \\
    } \\
    for (int64_t r = 0; r < lanes; r++) found[from + r] = all[r]; \\
  }
static void NAME_greatest(const REAL *x, int64_t count, int64_t classes, REAL *found) {
  ACROSS(-INFINITY, largerF(old, each))
}
static void NAME_sums(const REAL *x, int64_t count, int64_t classes, REAL *found) {
  ACROSS(0, old + each)
}
#undef ACROSS

static void NAME_rows(void *context, int64_t part) {
  const NAME_context *c = context;
  void *const *p = c->p;
  const int64_t classes = c->n[1], many = classes > NARROW ? 1 : SPACE / classes;
  int64_t last = (part + 1) * c->step;
  if (last > c->n[0]) last = c->n[0];
  REAL first[SPACE], sums[SPACE], logs[SPACE], made[SPACE]; /* of rows, and the exponentials */
  (void)logs;
  for (int64_t start = part * c->step; start < last; start += many) {
    const int64_t count = last - start < many ? last - start : many;
    const REAL *all = (const REAL *)p[0] + start * classes;
    if (classes > NARROW) {
      REAL greatest = -INFINITY;
      #pragma omp simd reduction(larger : greatest)
      for (int64_t j = 0; j < classes; j++) greatest = largerF(greatest, all[j]);
      first[0] = greatest;
    } else {
      NAME_greatest(all, count, classes, first);
      for (int64_t r = 0; r < count; r++)
        for (int64_t j = 0; j < classes; j++)
          made[r * classes + j] = all[r * classes + j] - first[r];
      #pragma omp simd
      for (int64_t j = 0; j < count * classes; j++) made[j] = exponentialF(made[j]);
      NAME_sums(made, count, classes, sums);
LOGARITHMS
    }
    for (int64_t i = start; i < start + count; i++) {
      const REAL *x = (const REAL *)p[0] + i * classes, *weights = made + (i - start) * classes;
ARRAYS
      const REAL greatest = first[i - start];
      (void)greatest;
      REAL sum = 0;
      if (classes > NARROW) {
        #pragma omp simd reduction(+ : sum)
        for (int64_t j = 0; j < classes; j++) {
          const REAL weight = exponentialF(x[j] - greatest);
KEEP
          sum += weight;
        }
      } else {
        for (int64_t j = 0; j < classes; j++) {
          const REAL weight = weights[j];
          (void)weight;
KEEP
        }
        sum = sums[i - start];
      }
LOGARITHM
ENDING
    }
  }
}

static void NAME(const int64_t *n, void *const *p) {
CHECK
  int64_t parts = n[0] * n[1] > 20000 ? thread_count() : 1;
  NAME_context context = {n, p, (n[0] + parts - 1) / parts};
  parallel(NAME_rows, &context, parts);
}
"""

ROW = "    REAL *w = (REAL *)p[1] + i * classes;"
KEPT = "      w[j] = weight;"
SOFTMAX = ROW, KEPT, """\
    #pragma omp simd
    for (int64_t j = 0; j < classes; j++) w[j] /= sum;"""
LOG_SOFTMAX = ROW, "", """\
    #pragma omp simd
    for (int64_t j = 0; j < classes; j++) w[j] = x[j] - greatest - log_sum;"""
CROSS_ENTROPY = """\
    const REAL *labels = (const REAL *)p[1] + i * classes;
    REAL *w = (REAL *)p[3] + i * classes;""", KEPT, """\
    REAL loss = 0;
    #pragma omp simd reduction(+ : loss)
    for (int64_t j = 0; j < classes; j++) {
      loss += labels[j] * (x[j] - greatest - log_sum);
      w[j] = w[j] / sum - labels[j];
    }
    ((REAL *)p[2])[i] = -loss;"""
SPARSE_CROSS_ENTROPY = """\
    const int64_t label = ((const LABEL *)p[1])[i];
    REAL *w = (REAL *)p[3] + i * classes;""", KEPT, """\
    ((REAL *)p[2])[i] = -(x[label] - greatest - log_sum);
    #pragma omp simd
    for (int64_t j = 0; j < classes; j++) w[j] /= sum;
    w[label] -= 1;"""
# Of many sums at once, where there is an ending that wants it.
LOGARITHMS = """\
      #pragma omp simd
      for (int64_t r = 0; r < count; r++) logs[r] = logarithmF(sums[r]);"""
LOGARITHM = "      const REAL log_sum = classes > NARROW ? logarithmF(sum) : logs[i - start];"
LABELS = """\
  const LABEL *label = p[1];
  for (int64_t i = 0; i < n[0]; i++)
    if (label[i] < 0 || label[i] >= n[1]) {
      refuse("Received a label value of %lld which is outside the valid range of [0, %lld).",
             label[i], n[1], 0);
      return;
    }"""


def sparse_kernel(features, labels):
    """The kernel of the cross-entropy with labels that are the numbers of the classes."""
    return row_kernel(SPARSE_CROSS_ENTROPY, features.shape, features.dtype, check=LABELS,
                      words={"LABEL": f"{labels.dtype.name}_t"})  # fmt: skip


def row_kernel(parts, shape, dtype, check="", words=None):
    """The kernel for an array of rows; None where there is none for the type.

    `parts` are what is declared, what is kept of each exponential, and what is done in the end;
    `check` comes before all rows, and `words` are put into all of these.
    """
    if dtype.name not in REALS or not shape or not shape[-1]:
        return None
    arrays, kept, ending = parts
    c_type, suffix = REALS[dtype.name]
    text = TEMPLATE.replace("ARRAYS", arrays).replace("KEEP", kept).replace("ENDING", ending)
    logarithms = "log_sum" in ending
    text = text.replace("LOGARITHMS", LOGARITHMS if logarithms else "")
    text = text.replace("LOGARITHM", LOGARITHM if logarithms else "").replace("CHECK", check)
    for word, value in (words or {}).items():
        text = text.replace(word, value)
    text = text.replace("NARROW", str(NARROW)).replace("SPACE", str(SPACE))
    text = text.replace("TOGETHER", str(TOGETHER))
    for word in ("larger", "exponential", "logarithm"):
        text = text.replace(f"{word}F(", f"{word}{suffix}(")
    rows = 1
    for size in shape[:-1]:
        rows *= size
    return Kernel(text.replace("REAL", c_type), (rows, shape[-1]))
