"""The numbers of rejection.py in C: each one's draws come from blocks of its own."""
import numpy as np

from minitf.core.kernel import Kernel
from minitf.ops.random import philox
from minitf.ops.random.philox_kernel import HEADER

# n: parameters, how many numbers for each. A block gives two, of which the second is taken first.
SOURCE = """\
#ifndef DRAWS
#define DRAWS
typedef struct { uint64_t counter; const uint64_t *state; double u[2], z[2]; int us, zs; } draws;

static inline double next_uniform(draws *from) {
  if (!from->us) {
    const block x = block_at(from->counter++, from->state);
    from->u[0] = long_fraction(x.a, x.b), from->u[1] = long_fraction(x.c, x.d), from->us = 2;
  }
  return from->u[--from->us];
}

static inline double next_normal(draws *from) {
  if (!from->zs) {
    const block x = block_at(from->counter++, from->state);
    const double u = long_fraction(x.a, x.b), angle = long_fraction(x.c, x.d) * 6.283185307179586;
    const double radius = sqrt(-2.0 * log(u < 1e-7 ? 1e-7 : u));
    from->z[0] = sin(angle) * radius, from->z[1] = cos(angle) * radius, from->zs = 2;
  }
  return from->z[--from->zs];
}

static double one_gamma(double alpha, double highest, draws *from) {
  (void)highest;
  if (alpha == 1) return -log(1 - next_uniform(from));
  const double d = alpha + (alpha < 1 ? 2.0 / 3 : -1.0 / 3), c = 1.0 / 3 / sqrt(d);
  for (;;) {
    const double x = next_normal(from), root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root, u = next_uniform(from);
    if (u < 1 - 0.0331 * (x * x) * (x * x) || log(u) < 0.5 * x * x + d * (1 - v + log(v)))
      return alpha < 1 ? d * v * pow(next_uniform(from), 1 / alpha) : d * v;
  }
}

static double one_poisson(double rate, double highest, draws *from) {
  if (rate < 10) {
    const double limit = exp(-rate);
    double product = 1, count = 0;
    while ((product *= next_uniform(from)) > limit) count++;
    return count;
  }
  const double b = 0.931 + 2.53 * sqrt(rate), a = -0.059 + 0.02483 * b;
  for (;;) {
    const double u = next_uniform(from) - 0.5, v = next_uniform(from), shifted = 0.5 - fabs(u);
    const double k = floor((2 * a / shifted + b) * u + rate + 0.43);
    if (!(k <= highest)) continue;
    if (shifted >= 0.07 && v <= 0.9277 - 3.6224 / (b - 2)) return k;
    if (k < 0 || (shifted < 0.013 && v > shifted)) continue;
    const double s = log(v * (1.1239 + 1.1328 / (b - 3.4)) / (a / (shifted * shifted) + b));
    if (s <= -rate + k * log(rate) - lgamma(k + 1)) return k;
  }
}
#endif

typedef struct { const int64_t *n; void *const *p; int64_t step; } NAME_task;

static void NAME_part(void *context, int64_t part) {
  const NAME_task *task = context;
  const int64_t *n = task->n, all = n[0] * n[1], end = (part + 1) * task->step;
  const double *parameters = task->p[0], *highest = task->p[1];
  const uint64_t *state = task->p[2];
  double *y = task->p[3];
  for (int64_t i = part * task->step; i < all && i < end; i++) {
    draws from = {.counter = state[0] + (uint64_t)i * 256, .state = state + 1};
    y[i % n[1] * n[0] + i / n[1]] = ONE(parameters[i / n[1]], *highest, &from);
  }
}

static void NAME(const int64_t *n, void *const *p) {
  const int64_t all = n[0] * n[1], parts = all > 500 ? 4 * thread_count() : 1;
  NAME_task task = {n, p, (all + parts - 1) / parts};
  parallel(NAME_part, &task, parts);
}
"""


def drawn(run, kind, shape, parameters, state, highest=0.0):
    """float64 of [*shape, *that of the parameters]; `kind` is gamma or poisson."""
    count = int(np.prod(shape, dtype=np.int64))
    first = philox.reserve(state, philox.RESERVED * count * parameters.size)
    found = np.empty((*shape, *parameters.shape))
    if found.size:
        given = parameters.astype(np.float64), np.array([highest]), first
        source = HEADER + SOURCE.replace("ONE", f"one_{kind}")
        run(Kernel(source, (parameters.size, count)), *given, found)
    return found
