"""The numbers of philox.py in C and in CUDA: one text for both, which makes a group of a block."""
from minitf.core.kernel import Kernel, Launch

HEADER = """\
#ifndef PHILOX
#define PHILOX
#ifdef __CUDACC__
#define INLINE __device__ inline
#else
#define INLINE static inline __attribute__((always_inline)) /* into loops of vectors */
#endif

typedef struct { uint32_t a, b, c, d; } block;

#define ROUND { \\
    uint64_t p = (uint64_t)a * 0xD2511F53u, q = (uint64_t)c * 0xCD9E8D57u; \\
    a = (uint32_t)(q >> 32) ^ b ^ k, b = (uint32_t)q, k += 0x9E3779B9u; \\
    c = (uint32_t)(p >> 32) ^ d ^ l, d = (uint32_t)p, l += 0xBB67AE85u; \\
  }

/* `state` is the upper half of the counter, and the key. */
INLINE block block_at(uint64_t counter, const uint64_t *state) {
  uint32_t a = (uint32_t)counter, b = (uint32_t)(counter >> 32);
  uint32_t c = (uint32_t)state[0], d = (uint32_t)(state[0] >> 32);
  uint32_t k = (uint32_t)state[1], l = (uint32_t)(state[1] >> 32);
  ROUND ROUND ROUND ROUND ROUND ROUND ROUND ROUND ROUND ROUND
  block made = {a, b, c, d};
  return made;
}

INLINE float fraction(uint32_t x) { return (float)(int32_t)(x & 0x7fffff) * 0x1p-23f; }

INLINE double long_fraction(uint32_t x, uint32_t y) {
  return (double)(int64_t)((uint64_t)(x & 0xfffff) << 32 | y) * 0x1p-52;
}

#define TURN 6.283185307179586

INLINE void uniformf(float *y, uint64_t counter, const uint64_t *state) {
  block x = block_at(counter, state);
  y[0] = fraction(x.a), y[1] = fraction(x.b), y[2] = fraction(x.c), y[3] = fraction(x.d);
}

INLINE void uniform(double *y, uint64_t counter, const uint64_t *state) {
  block x = block_at(counter, state);
  y[0] = long_fraction(x.a, x.b), y[1] = long_fraction(x.c, x.d);
}

INLINE float radiusf(float u) { return sqrtf(-2.0f * logarithmf(u < 1e-7f ? 1e-7f : u)); }

INLINE void normalf(float *y, uint64_t counter, const uint64_t *state) {
  block x = block_at(counter, state);
  float r = radiusf(fraction(x.a)), s = radiusf(fraction(x.c));
  float t = (float)(TURN * (double)fraction(x.b)), u = (float)(TURN * (double)fraction(x.d));
  y[0] = sinf(t) * r, y[1] = cosinef(t) * r, y[2] = sinf(u) * s, y[3] = cosinef(u) * s;
}

INLINE void normal(double *y, uint64_t counter, const uint64_t *state) {
  block x = block_at(counter, state);
  double u = long_fraction(x.a, x.b), t = TURN * long_fraction(x.c, x.d);
  double r = sqrt(-2.0 * logarithm(u < 1e-7 ? 1e-7 : u));
  y[0] = sin(t) * r, y[1] = cosine(t) * r;
}

/* As normalf, but exact enough to agree on what lies beyond 2. */
INLINE float exact_radius(float u) {
  return sqrtf(-2.0f * (float)logarithm((double)(u < 1e-7f ? 1e-7f : u)));
}

INLINE void exact_normalf(float *y, uint64_t counter, const uint64_t *state) {
  block x = block_at(counter, state);
  float r = exact_radius(fraction(x.a)), s = exact_radius(fraction(x.c));
  double t = (float)(TURN * (double)fraction(x.b)), u = (float)(TURN * (double)fraction(x.d));
  y[0] = (float)sin(t) * r, y[1] = (float)cosine(t) * r;
  y[2] = (float)sin(u) * s, y[3] = (float)cosine(u) * s;
}

#define TRUNCATED(CUT, REAL, COUNT, DRAW) \\
  INLINE void CUT(REAL *y, uint64_t counter, const uint64_t *state) { \\
    for (int made = 0; made < COUNT; counter++) { \\
      REAL drawn[COUNT]; \\
      DRAW(drawn, counter, state); \\
      for (int i = 0; i < COUNT && made < COUNT; i++) \\
        if (drawn[i] > -2 && drawn[i] < 2) y[made++] = drawn[i]; \\
    } \\
  }
TRUNCATED(truncatedf, float, 4, exact_normalf)
TRUNCATED(truncated, double, 2, normal)

#undef INLINE
#undef ROUND
#undef TURN
#undef TRUNCATED
#endif
"""

IN_C = """
typedef struct { REAL *y; const uint64_t *state; uint64_t first; int64_t size, step; } NAME_context;

static void NAME_part(void *context, int64_t part) {
  const NAME_context *c = context;
  const uint64_t state[2] = {c->state[1], c->state[2]};
  int64_t i = part * c->step, whole = c->size / GROUP;
  int64_t end = i + c->step, last = end < whole ? end : whole;
  REAL *y = c->y;
  const uint64_t first = c->first;
  #pragma omp simd
  for (int64_t g = i; g < last; g++) FIRST(y + GROUP * g, first + (uint64_t)g * BLOCKS, state);
AGAIN
  if (end > whole && c->size > GROUP * whole) {
    REAL rest[GROUP];
    DRAW(rest, first + (uint64_t)whole * BLOCKS, state);
    memcpy(y + GROUP * whole, rest, (c->size - GROUP * whole) * sizeof(REAL));
  }
}

static void NAME(const int64_t *n, void *const *p) {
  int64_t groups = (n[0] + GROUP - 1) / GROUP, parts = groups > 2000 ? thread_count() : 1;
  uint64_t *state = p[0];
  uint64_t first = __atomic_fetch_add(state, RESERVED * (uint64_t)n[0], __ATOMIC_RELAXED);
  NAME_context context = {p[1], state, first, n[0], (groups + parts - 1) / parts};
  parallel(NAME_part, &context, parts);
}
"""

AGAIN = """\
  for (int64_t g = i; g < last; g++) {
    int far = 0;
    for (int j = 0; j < GROUP; j++) far |= !(y[GROUP * g + j] > -2 && y[GROUP * g + j] < 2);
    if (far) DRAW(y + GROUP * g, first + (uint64_t)g * BLOCKS, state);
  }
"""

IN_CUDA = """
extern "C" __global__ void NAME(int64_t size, const uint64_t *state, REAL *y) {
  int64_t g = blockIdx.x * (int64_t)blockDim.x + threadIdx.x;
  if (g * GROUP >= size) return;
  REAL made[GROUP];
  DRAW(made, state[0] + (uint64_t)g * BLOCKS, state + 1);
  for (int i = 0; i < GROUP && g * GROUP + i < size; i++) y[g * GROUP + i] = made[i];
}
"""

INTEGERS_IN_CUDA = """
extern "C" __global__ void NAME(int64_t size, int64_t low, int64_t span, const uint64_t *state,
                                INTEGER *y) {
  int64_t g = blockIdx.x * (int64_t)blockDim.x + threadIdx.x;
  block x = block_at(state[0] + (uint64_t)g, state + 1);
#if GROUP == 4
  uint32_t words[4] = {x.a, x.b, x.c, x.d};
#else
  uint64_t words[2] = {x.a | (uint64_t)x.b << 32, x.c | (uint64_t)x.d << 32};
#endif
  for (int i = 0; i < GROUP && g * GROUP + i < size; i++)
    y[g * GROUP + i] = (INTEGER)((UNSIGNED)low + words[i] % (UNSIGNED)span);
}
"""

# n: numbers, the least one, how many there are to choose from.
INTEGERS_IN_C = """
typedef struct { const int64_t *n; void *const *p; int64_t step; } NAME_task;

static void NAME_part(void *context, int64_t part) {
  const NAME_task *task = context;
  const int64_t size = task->n[0], end = (part + 1) * task->step;
  const UNSIGNED low = (UNSIGNED)task->n[1], span = (UNSIGNED)task->n[2];
  const uint64_t *state = task->p[0];
  INTEGER *y = task->p[1];
  for (int64_t g = part * task->step; g < end && g * GROUP < size; g++) {
    const block x = block_at(state[0] + (uint64_t)g, state + 1);
#if GROUP == 4
    const uint32_t words[4] = {x.a, x.b, x.c, x.d};
#else
    const uint64_t words[2] = {x.a | (uint64_t)x.b << 32, x.c | (uint64_t)x.d << 32};
#endif
    for (int i = 0; i < GROUP && g * GROUP + i < size; i++)
      y[g * GROUP + i] = (INTEGER)(low + words[i] % span);
  }
}

static void NAME(const int64_t *n, void *const *p) {
  const int64_t groups = (n[0] + GROUP - 1) / GROUP, parts = groups > 2000 ? thread_count() : 1;
  NAME_task task = {n, p, (groups + parts - 1) / parts};
  parallel(NAME_part, &task, parts);
}
"""

ADVANCE = """
extern "C" __global__ void NAME(int64_t steps, uint64_t *state, void *y) {
  state[0] += (uint64_t)steps;
}
"""

# n: rows, bytes of each. Each row changes places with one that follows; the order is made first.
SHUFFLE = """#include <stdlib.h>

static void NAME(const int64_t *n, void *const *p) {
  const int64_t count = n[0], width = n[1];
  uint64_t *state = p[0];
  const uint64_t first = __atomic_fetch_add(state, (uint64_t)((count + 2) / 4), __ATOMIC_RELAXED);
  int64_t *order = malloc(count * sizeof(int64_t));
  for (int64_t i = 0; i < count; i++) order[i] = i;
  block words = {0, 0, 0, 0};
  for (int64_t i = 0; i < count - 1; i++) {
    if (i % 4 == 0) words = block_at(first + (uint64_t)i / 4, state + 1);
    const uint32_t each[4] = {words.a, words.b, words.c, words.d}, word = each[i % 4];
    const int64_t other = i + word % (uint32_t)(count - i), kept = order[i];
    order[i] = order[other];
    order[other] = kept;
  }
  const char *x = p[1];
  char *y = p[2];
  for (int64_t i = 0; i < count; i++) COPY;
  free(order);
}
"""
COPIES = {4: "((int32_t *)y)[i] = ((const int32_t *)x)[order[i]]",
          8: "((int64_t *)y)[i] = ((const int64_t *)x)[order[i]]"}  # fmt: skip

RESERVED = 256  # blocks for each number
THREADS = 256
REALS = {"float32": ("float", "f", 4), "float64": ("double", "", 2)}
INTEGERS = {"int32": ("int32_t", "uint32_t", 4), "int64": ("int64_t", "uint64_t", 2)}


def native(kind, output):
    """The kernel in C for an Array of floats; `kind` is uniform, normal or truncated."""
    if output.dtype.name not in REALS:
        return None
    return Kernel(_filled(IN_C, kind, output.dtype), (_size(output),))


def integers_in_c(size, dtype, low, high):
    """The kernel in C of so many integers of [low, high), given the state."""
    integer, unsigned, group = INTEGERS[dtype.name]
    words = {"INTEGER": integer, "UNSIGNED": unsigned, "GROUP": group}
    low, high = int(low), int(high)
    span = (high - low + 2**63) % 2**64 - 2**63  # its bits
    return Kernel(HEADER + _replaced(INTEGERS_IN_C, words), (size, low, span))


def shuffled(value):
    """The kernel in C of RandomShuffle for an Array."""
    count, size = (value.shape or (1,))[0], _size(value)
    if size <= 1 or not 1 < count < 1 << 32:
        return None
    width = size // count * value.dtype.itemsize
    copy = COPIES.get(width, "memcpy(y + i * width, x + order[i] * width, width)")
    return Kernel(HEADER + SHUFFLE.replace("COPY", copy), (count, width))


def cuda(kind, output):
    """The launches that fill an Array of floats and advance the state."""
    if output.dtype.name not in REALS:
        return None
    text = _filled(IN_CUDA, kind, output.dtype)
    return _launches(text, (_size(output),), REALS[output.dtype.name][2])


def integers_in_cuda(low, high, output):
    """The launches that fill an Array of integers from [low, high); None for an empty range."""
    if not low < high:
        return None  # NumPy's kernel says what is wrong
    c_type, unsigned, group = INTEGERS[output.dtype.name]
    words = {"INTEGER": c_type, "UNSIGNED": unsigned, "GROUP": group}
    span = (int(high) - int(low) + 2**63) % 2**64 - 2**63
    sizes = _size(output), int(low), span
    return _launches(HEADER + _replaced(INTEGERS_IN_CUDA, words), sizes, group)


def _filled(text, kind, dtype):
    c_type, suffix, group = REALS[dtype.name]
    cut = kind == "truncated"
    first = {"truncatedf": "exact_normalf", "truncated": "normal"}.get(kind + suffix, kind + suffix)
    blocks = group * RESERVED // 4 if cut else 1  # from one group to the next
    words = {"AGAIN": AGAIN if cut else "", "REAL": c_type, "GROUP": group, "FIRST": first,
             "DRAW": kind + suffix, "RESERVED": RESERVED, "BLOCKS": blocks}  # fmt: skip
    return HEADER + _replaced(text, words)


def _replaced(text, words):
    for word, meant in words.items():
        text = text.replace(word, str(meant))
    return text


def _size(output):
    size = 1
    for n in output.shape:
        size *= n
    return size


def _launches(text, sizes, group):
    if not sizes[0]:
        return []
    blocks = -(-sizes[0] // (group * THREADS))
    return [
        Launch(text, sizes, (blocks,), (THREADS,)),
        Launch(ADVANCE, (RESERVED * sizes[0],), (1,), (1,)),
    ]
