"""The sum of two sparse tensors in C, which merges them: both have their places in order."""
import numpy as np

from minitf.core.cuda.threads import NUMBERS
from minitf.core.kernel import Kernel

# n: elements of a, of b, the rank and the shape. p: places and values of a, of b, the threshold,
# places and values of the sum, and how many there are; -1 where a or b is out of order, or outside.
TEMPLATE = """\
static int NAME_order(const int64_t *a, const int64_t *b, int64_t rank) {
  for (int64_t i = 0; i < rank; i++)
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  return 0;
}

static int NAME_wrong(const int64_t *at, int64_t count, const int64_t *n) {
  for (int64_t k = 0; k < count; k++, at += n[2]) {
    for (int64_t i = 0; i < n[2]; i++)
      if (at[i] < 0 || at[i] >= n[3 + i]) return 1;
    if (k && NAME_order(at - n[2], at, n[2]) >= 0) return 1;
  }
  return 0;
}

static void NAME(const int64_t *n, void *const *p) {
  const int64_t *a = p[0], *b = p[2], rank = n[2];
  const ELEMENT *x = p[1], *y = p[3], least = *(const ELEMENT *)p[4];
  int64_t *at = p[5], *count = p[7];
  ELEMENT *sum = p[6];
  *count = -1;
  if (NAME_wrong(a, n[0], n) || NAME_wrong(b, n[1], n)) return;
  *count = 0;
  for (int64_t i = 0, j = 0; i < n[0] || j < n[1];) {
    const int64_t *of_a = a + i * rank, *of_b = b + j * rank;
    const int order = i == n[0] ? 1 : j == n[1] ? -1 : NAME_order(of_a, of_b, rank);
    ELEMENT value = order < 0 ? x[i] : y[j];
    if (!order) {
      value = x[i] + y[j];
      if (!((value < 0 ? -value : value) >= least)) { i++, j++; continue; }
    }
    memcpy(at + *count * rank, order > 0 ? of_b : of_a, rank * sizeof(int64_t));
    sum[(*count)++] = value;
    i += order <= 0, j += order >= 0;
  }
}
"""


def merged(run, shape, a_indices, a_values, b_indices, b_values, least):
    """(places, values) of the sum, without those of both whose sum is less than `least`; None where
    NumPy's kernel has to do it."""
    a_indices, b_indices = (each.astype(np.int64, copy=False) for each in (a_indices, b_indices))
    rank = len(shape)
    kind = NUMBERS.get(a_values.dtype.name)
    if kind is None or any(
        each.ndim != 2 or each.shape[1] != rank for each in (a_indices, b_indices)
    ):
        return None
    most = len(a_indices) + len(b_indices)
    places, values = np.empty((most, rank), np.int64), np.empty(most, a_values.dtype)
    count, least = np.zeros(1, np.int64), np.asarray(least, a_values.dtype).reshape(1)
    sizes = (len(a_indices), len(b_indices), rank, *shape)
    kernel = Kernel(TEMPLATE.replace("ELEMENT", kind), sizes)
    run(kernel, a_indices, a_values, b_indices, b_values, least, places, values, count)
    found = int(count[0])
    return None if found < 0 else (places[:found], values[:found])
