"""The text of a loop over the different rows that an index names, in C.

A body that is a `Loop` over one row runs for each different index once: it reads sums of the rows
that were given for this index, and rows of tables, and writes rows of tables.
"""
from __future__ import annotations

from typing import NamedTuple

from minitf.core.kernel import Kernel
from minitf.runtime.loops import PER_LINE, WORTH_THREADS, Loop, statements
from minitf.runtime.scalars import INTEGERS, STORED

SUM, TABLE, NUMBER = "sum", "table", "number"  # what a read of the body is
FAR = 2  # rows ahead that are fetched into the cache

# n: indices, elements of a row, rows of the tables. `p` are the indices, the reads, the tables that
# change. A hash table of the indices, at most half full, holds the number of each different one;
# `first` and `next` are the places where each stands, in their order, by number and by place.
TEMPLATE = """\
typedef struct {
  const int64_t *n; void *const *p; const int32_t *first, *next; char *sums;
  int64_t count, step;
} NAME_task;

static int32_t NAME_number(const INDEX *at, int64_t place, int32_t count, int32_t *numbers,
                           int shift, const int32_t *first) {
  const uint64_t mask = ((uint64_t)1 << (64 - shift)) - 1;
  uint64_t h = (uint64_t)at[place] * 0x9E3779B97F4A7C15u >> shift;
  while (numbers[h] >= 0 && at[first[numbers[h]]] != at[place]) h = (h + 1) & mask;
  if (numbers[h] < 0) numbers[h] = count;
  return numbers[h];
}

static void NAME_part(void *context, int64_t part) {
  const NAME_task *c = context;
  const INDEX *at = c->p[0];
  const int64_t length = c->n[1];
  int64_t end = (part + 1) * c->step;
  end = end < c->count ? end : c->count;
BEFORE
  for (int64_t k = part * c->step; k < end; k++) {
    const int64_t row = at[c->first[k]];
ROWS
#pragma omp simd
    for (int64_t i0 = 0; i0 < length; i0++) {
BODY
    }
  }
}

static void NAME(const int64_t *n, void *const *p) {
  const INDEX *at = p[0];
  int shift = 63;
  while ((int64_t)1 << (64 - shift) < 2 * n[0]) shift--;
  const int64_t size = (int64_t)1 << (64 - shift);
  const int64_t parts = n[0] * n[1] < LONG ? 1 : thread_count();
  int32_t *numbers = p[SCRATCH];
  int32_t *first = numbers + size, *last = first + n[0], *next = last + n[0], count = 0;
  memset(numbers, 255, size * sizeof(int32_t));
  for (int64_t place = 0; place < n[0]; place++) {
    const int32_t k = NAME_number(at, place, count, numbers, shift, first);
    next[place] = -1;
    if (k < count) next[last[k]] = place;
    else first[count++] = place;
    last[k] = place;
    if ((int64_t)at[place] < 0 || (int64_t)at[place] >= n[2]) {
      outside(k, at[place], n[2]);
      return;
    }
  }
  char *sums = (char *)numbers + ((size + 3 * n[0]) * sizeof(int32_t) + 63) / 64 * 64;
  NAME_task task = {n, p, first, next, sums, count, (count + parts - 1) / parts};
  if (parts == 1) NAME_part(&task, 0);
  else parallel(NAME_part, &task, parts);
}
"""
# One row, or the sum of the rows of equal index, in their order.
SUMMED = """\
    const {type} *x{k} = all{k} + c->first[k] * length;
    if (c->next[c->first[k]] >= 0) {{
      memcpy(sum{k}, x{k}, length * sizeof({type}));
      for (int64_t m = c->next[c->first[k]]; m >= 0; m = c->next[m]) {{
        const {type} *more = all{k} + m * length;
#pragma omp simd
        for (int64_t j = 0; j < length; j++) sum{k}[j] += more[j];
      }}
      x{k} = sum{k};
    }}"""
AHEAD = """\
    if (k + {far} < end) {{
      const char *soon = (const char *)(all{k} + at[c->first[k + {far}]] * length);
      for (int64_t j = 0; j < length * (int64_t)sizeof({type}); j += 64)
        __builtin_prefetch(soon + j);
    }}"""


class Rows(NamedTuple):
    """What is to be known beside the loop: what each of its reads is, and the type of indices."""

    kinds: tuple[str, ...]
    indices: str


def kernel(loop: Loop, rows: Rows, sizes: tuple[int, int, int]) -> Kernel:
    """The kernel; `sizes` are the number of indices, of elements of a row, of rows of tables."""
    count, length, _ = sizes
    slots = 2
    while slots < 2 * count:
        slots *= 2
    indices = 4 * (slots + 3 * count)
    sums = rows.kinds.count(SUM) * (8 * length + 64)
    return Kernel(source(loop, rows), sizes, -(-(indices + sums + 64) // 64) * 64)


def source(loop: Loop, rows: Rows) -> str:
    """The C functions NAME_part, which does some rows, and NAME, which finds and divides them."""
    before, each = [], []
    for k, (kind, access) in enumerate(zip(rows.kinds, loop.reads)):
        stored = STORED[access.dtype]
        if kind == NUMBER:
            before.append(f"  const {stored} one{k} = *(const {stored} *)c->p[{k + 1}], "
                          f"*x{k} = &one{k};")  # fmt: skip
            continue
        before.append(f"  const {stored} *all{k} = c->p[{k + 1}];")
        if kind == SUM:
            place = f"(part * SUMS + {rows.kinds[:k].count(SUM)}) * (length * sizeof(double) + 64)"
            before.append(f"  {stored} *sum{k} = (void *)(c->sums + {place} / 64 * 64);")
            each.append(SUMMED.format(type=stored, k=k))
        else:
            each.append(f"    const {stored} *x{k} = all{k} + row * length;")
            each.append(AHEAD.format(type=stored, k=k, far=FAR))
    for k, write in enumerate(loop.writes):
        stored = STORED[write.access.dtype]
        before.append(f"  {stored} *into{k} = c->p[{len(rows.kinds) + 1 + k}];")
        each.append(f"    {stored} *y{k} = into{k} + row * length;")
    body = [f"      {line}" for line in statements(loop, [])]
    words = {
        "BEFORE": "\n".join(before),
        "ROWS": "\n".join(each),
        "BODY": "\n".join(body),
        "SCRATCH": str(len(rows.kinds) + 1 + len(loop.writes)),
        "SUMS": str(rows.kinds.count(SUM)),
        "LONG": str(int(WORTH_THREADS / (loop.nanoseconds() + 4 * PER_LINE))),
        "INDEX": INTEGERS[rows.indices],
    }
    text = TEMPLATE
    for word, value in words.items():
        text = text.replace(word, value)
    return text


