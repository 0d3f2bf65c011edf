"""The sum over all paths of `ctc_paths` in C, a sequence at a time."""
import numpy as np

from minitf.core.kernel import Kernel

# n: time, batch, classes, sequences, most labels of one, whether what is repeated is written once.
# A state is a label, or the blank before, between or after them: those of even number.
SOURCE = """\
#include <stdlib.h>

typedef struct { const int64_t *n; void *const *p; } NAME_task;

static inline double NAME_either(double a, double b) {
  const double more = a < b ? b : a, less = a < b ? a : b;
  return less == -INFINITY ? more : more + log1p(exp(less - more));
}

/* The logarithms of the probabilities. */
static void NAME_softmax(const TYPE *x, double *y, int64_t classes) {
  double most = -INFINITY, sum = 0;
  for (int64_t k = 0; k < classes; k++) most = x[k] > most ? x[k] : most;
  for (int64_t k = 0; k < classes; k++) sum += exp((double)x[k] - most);
  const double log_sum = log(sum);
  for (int64_t k = 0; k < classes; k++) y[k] = (double)x[k] - most - log_sum;
}

typedef struct { const int32_t *labels; int64_t states; int32_t blank; int merge; } NAME_states;

static inline int32_t NAME_class(const NAME_states *s, int64_t u) {
  return u % 2 ? s->labels[u / 2] : s->blank;
}

/* Whether a path may go on from the state two before, and whether it may stay. */
static inline int NAME_skips(const NAME_states *s, int64_t u) {
  return u % 2 && u > 2 && u < s->states && !(s->merge && s->labels[u / 2] == s->labels[u / 2 - 1]);
}
static inline int NAME_stays(const NAME_states *s, int64_t u) { return s->merge || u % 2 == 0; }

static void NAME_sequence(const NAME_task *task, int64_t b, NAME_states s, int64_t length,
                          double *logs, double *before, double *after, double *later) {
  const int64_t *n = task->n, batch = n[1], classes = n[2], count = s.states;
  const TYPE *x = task->p[0];
  TYPE *loss = task->p[5], *gradient = task->p[6];
  for (int64_t t = 0; t < length; t++) {
    double *now = before + t * count, *log_of = logs + t * classes;
    const double *last = now - count;
    NAME_softmax(x + (t * batch + b) * classes, log_of, classes);
    for (int64_t u = 0; u < count; u++) {
      double total = t ? -INFINITY : u < 2 ? 0 : -INFINITY;
      if (t && NAME_stays(&s, u)) total = last[u];
      if (t && u) total = NAME_either(total, last[u - 1]);
      if (t && NAME_skips(&s, u)) total = NAME_either(total, last[u - 2]);
      now[u] = total + log_of[NAME_class(&s, u)];
    }
  }
  const double *end = before + (length - 1) * count;
  const double total = count > 1 ? NAME_either(end[count - 1], end[count - 2]) : end[count - 1];
  loss[b] = (TYPE)-total;
  for (int64_t u = 0; u < count; u++) after[u] = u >= count - 2 ? 0 : -INFINITY;
  for (int64_t t = length - 1; t >= 0; t--) {
    double *log_of = logs + t * classes;
    TYPE *slope = gradient + (t * batch + b) * classes;
    const double *now = before + t * count;
    for (int64_t u = 0; u < count; u++) later[u] = after[u] + log_of[NAME_class(&s, u)];
    for (int64_t k = 0; k < classes; k++) log_of[k] = exp(log_of[k]);
    if (total > -INFINITY)
      for (int64_t u = 0; u < count; u++)
        log_of[NAME_class(&s, u)] -= exp(now[u] + after[u] - total);
    for (int64_t k = 0; k < classes; k++) slope[k] = (TYPE)log_of[k];
    for (int64_t u = 0; u < count; u++) {
      double sum = NAME_stays(&s, u) ? later[u] : -INFINITY;
      if (u + 1 < count) sum = NAME_either(sum, later[u + 1]);
      if (u + 2 < count && NAME_skips(&s, u + 2)) sum = NAME_either(sum, later[u + 2]);
      after[u] = sum;
    }
  }
}

static void NAME_one(void *context, int64_t i) {
  const NAME_task *task = context;
  const int64_t *n = task->n, *counts = task->p[3];
  const int64_t b = ((const int64_t *)task->p[1])[i], states = 2 * counts[i] + 1;
  const int64_t length = ((const int32_t *)task->p[4])[b];
  const NAME_states s = {(const int32_t *)task->p[2] + i * n[4], states, (int32_t)n[2] - 1,
                         n[5] != 0};
  double *room = malloc((length * (n[2] + states) + 2 * states) * sizeof(double));
  if (!room) {
    *(int64_t *)task->p[7] = 1;
    return;
  }
  double *before = room + length * n[2], *after = before + length * states;
  NAME_sequence(task, b, s, length, room, before, after, after + states);
  free(room);
}

static void NAME(const int64_t *n, void *const *p) {
  NAME_task task = {n, p};
  parallel(NAME_one, &task, n[3]);
}
"""


def losses(run, inputs, labels, fitting, lengths, merge):
    """[loss, gradient] as by `ctc_paths.losses`, given what it finds to count; None where memory
    does not suffice."""
    time, batch, classes = inputs.shape
    loss, gradient = np.zeros(batch, inputs.dtype), np.zeros(inputs.shape, inputs.dtype)
    if not fitting:
        return [loss, gradient]
    counts = np.array([len(labels[b]) for b in fitting], np.int64)
    table = np.zeros((len(fitting), max(1, counts.max())), np.int32)
    for row, b in zip(table, fitting):
        row[: len(labels[b])] = labels[b]
    failed = np.zeros(1, np.int64)
    source = SOURCE.replace("TYPE", "float" if inputs.dtype == np.float32 else "double")
    sizes = time, batch, classes, len(fitting), table.shape[1], int(merge)
    run(Kernel(source, sizes), inputs, np.array(fitting, np.int64), table, counts, lengths, loss,
        gradient, failed)  # fmt: skip
    return None if failed[0] else [loss, gradient]
