"""The product of a sparse and a dense matrix in C: each place adds a row of the dense one."""
from minitf.core.cuda.threads import NUMBERS
from minitf.core.kernel import Kernel

# n: places, rows and columns of the product, rows of the dense matrix, and how far apart its rows
# and its columns are. Each thread has rows of its own, and so each sum is in the places' order.
TEMPLATE = """\
typedef struct { const int64_t *n; void *const *p; int64_t parts; } NAME_task;

static void NAME_part(void *context, int64_t part) {
  const NAME_task *c = context;
  const int64_t *n = c->n, columns = n[2], down = n[4], across = n[5];
  const int64_t first = n[1] * part / c->parts, last = n[1] * (part + 1) / c->parts;
  const int64_t *at = c->p[0];
  const ELEMENT *values = c->p[1], *b = c->p[2];
  ELEMENT *y = c->p[3];
  memset(y + first * columns, 0, (last - first) * columns * sizeof(ELEMENT));
  for (int64_t k = 0; k < n[0]; k++) {
    const int64_t row = at[2 * k + ROW];
    if (row < first || row >= last) continue;
    const ELEMENT value = values[k], *from = b + at[2 * k + 1 - ROW] * down;
    ELEMENT *to = y + row * columns;
    if (across == 1)
      for (int64_t j = 0; j < columns; j++) to[j] += value * from[j];
    else
      for (int64_t j = 0; j < columns; j++) to[j] += value * from[j * across];
  }
}

static void NAME(const int64_t *n, void *const *p) {
  const int64_t *at = p[0];
  for (int64_t k = 0; k < 2 * n[0]; k++) {
    const int64_t size = k % 2 == ROW ? n[1] : n[3];
    if (at[k] < 0 || at[k] >= size) {
      outside(k / 2, at[k], size);
      return;
    }
  }
  const int64_t parts = n[0] * n[2] > LONG ? thread_count() : 1;
  NAME_task task = {n, p, parts < n[1] ? parts : n[1]};
  if (task.parts) parallel(NAME_part, &task, task.parts);
}
"""
LONG = 50_000  # products of numbers: from here on threads share the rows among them


def product(inputs, outputs, *, adjoint_a, adjoint_b):
    """None for types that C has not."""
    places, _, _, b = inputs
    if b.dtype.name not in NUMBERS:
        return None
    rows, columns = outputs[0].shape
    depth, across = b.shape[:: -1 if adjoint_b else 1][0], b.shape[1] if adjoint_b else 1
    words = {"ELEMENT": NUMBERS[b.dtype.name], "ROW": str(int(adjoint_a)), "LONG": str(LONG)}
    text = TEMPLATE
    for word, value in words.items():
        text = text.replace(word, value)
    down = 1 if adjoint_b else b.shape[1]
    return Kernel(text, (places.shape[0], rows, columns, depth, down, across))
