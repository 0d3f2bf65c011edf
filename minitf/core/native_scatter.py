"""Updates by index in C: what `core.cuda.threads.scatter` is on a GPU."""
from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

from minitf.core.cuda.threads import MOVED, NUMBERS
from minitf.core.kernel import Array, Kernel

# n: updates, elements of each, places, then the sizes of the axes that an index is for. Each thread
# has places of its own, and so updates of the same place follow each other in order.
TEMPLATE = """\
#include <stdlib.h>

typedef struct { const int64_t *n; void *const *p; int64_t parts; const ELEMENT *given; } NAME_task;

static void NAME_part(void *context, int64_t part) {
  const NAME_task *c = context;
  const int64_t *n = c->n, length = n[1];
  const int64_t first = n[2] * part / c->parts, last = n[2] * (part + 1) / c->parts;
  const INDEX *at = c->p[IDS];
  ELEMENT *y = c->p[TARGET];
  START
  for (int64_t k = 0; k < n[0]; k++, at += DEPTH) {
    int64_t place = 0;
    for (int axis = 0; axis < DEPTH; axis++) place = place * n[3 + axis] + (int64_t)at[axis];
    if (place < first || place >= last) continue;
    ELEMENT *to = y + place * length;
    const ELEMENT *from = c->given + FROM;
    for (int64_t j = 0; j < length; j++) {
      ELEMENT old = to[j], update = from[EACH];
      (void)old;
      to[j] = (ELEMENT)(COMBINED);
    }
  }
}

static void NAME(const int64_t *n, void *const *p) {
  const INDEX *at = p[IDS];
  for (int64_t k = 0; k < n[0] * DEPTH; k++) {
    const int64_t index = at[k], size = n[3 + k % DEPTH];
    if (index >= size || (index < 0 && !DROPS)) {
      outside(k / DEPTH, index, size);
      return;
    }
  }
  int64_t parts = n[1] > 3 && n[0] * n[1] > LONG ? thread_count() : 1;
  void *copy = 0;
  NAME_task task = {n, p, parts < n[2] ? parts : n[2], p[GIVEN]};
  OWN
  if (task.parts) parallel(NAME_part, &task, task.parts);
  free(copy);
}
"""
LONG = 50_000  # elements: from here on threads share the places among them
FILL = "for (int64_t i = first * length; i < last * length; i++) y[i] = (ELEMENT)({});"
COPY = """\
memcpy(y + first * length, (const ELEMENT *)c->p[0] + first * length,
         (last - first) * length * sizeof(ELEMENT));"""
# What a variable's own rows are added to is read as it was before.
OWN = """\
const int64_t size = n[0] * n[1] * sizeof(ELEMENT), whole = n[2] * n[1] * sizeof(ELEMENT);
  const char *x = p[GIVEN], *y = p[TARGET];
  if (n[0] && x < y + whole && y < x + size && (copy = malloc(size)))
    task.given = memcpy(copy, x, size);"""


def scatter(
    combined: str,
    inputs: Sequence[Array],
    outputs: Sequence[Array],
    indices: int,
    updates: int,
    depth: int = 0,
    start: str = "",
    drops: bool = False,
) -> Kernel | None:
    """Each part of the output that an index names becomes `combined`, an expression of old, update.

    `indices` and `updates` say which inputs they are; an index is `depth` numbers along the last
    axis, or one number when it is 0. The output first is `start`: a number, or "x0", the first
    input; without it, it is a variable. An index that is out of range raises IndexError in the run
    and changes nothing, but negative ones are left out where `drops`.
    """
    target, ids, given = outputs[0], inputs[indices], inputs[updates]
    types = MOVED if combined == "update" else NUMBERS
    if target.dtype.name not in types or (ids.shape and not ids.shape[-1] and depth):
        return None
    outer = target.shape[: depth or 1]
    count = math.prod(ids.shape[:-1] if depth else ids.shape)
    scalar = not given.shape  # a single update is for all
    type = types[target.dtype.name]
    words = {
        "START": {"": "", "x0": COPY}.get(start, FILL.format(start)),
        "OWN": "" if start or scalar else OWN,
        "COMBINED": typed(combined, target.dtype.name),
        "FROM": "0" if scalar else "k * length",
        "EACH": "0" if scalar else "j",
        "DROPS": str(int(drops)),
        "DEPTH": str(len(outer)),
        "IDS": str(indices),
        "GIVEN": str(updates),
        "TARGET": str(len(inputs)),
        "LONG": str(LONG),
        "INDEX": NUMBERS[ids.dtype.name],
        "(T)": f"({type})",
        "ELEMENT": type,
    }
    text = TEMPLATE
    for word, value in words.items():
        text = text.replace(word, value)
    return Kernel(text, (count, math.prod(target.shape[len(outer) :]), math.prod(outer), *outer))


def rows(
    run: Any,
    combined: str,
    inputs: Sequence[Any],
    target: Any,
    indices: int,
    updates: int,
    start: str = "",
    drops: bool = False,
) -> bool:
    """The same for rows, of arrays whose sizes are known in the run alone; False where C does not
    know a type. The updates must be as many as the indices, or one for all."""
    types = tuple([array.dtype for array in inputs])
    scalar = not inputs[updates].ndim
    text = _source(combined, types, target.dtype, indices, updates, scalar, start, drops)
    if text is None or not target.flags.c_contiguous:
        return False
    count, length = len(target), math.prod(target.shape[1:])
    run(Kernel(text, (inputs[indices].size, length, count, count)), *inputs, target)
    return True


@functools.lru_cache(maxsize=256)
def _source(
    combined: str, types: tuple[Any, ...], target: Any, indices: int, updates: int, scalar: bool,
    start: str, drops: bool,
) -> str | None:  # fmt: skip
    given = [Array((1,), dtype) for dtype in types]
    if scalar:
        given[updates] = given[updates]._replace(shape=())
    output = Array((1, 1), target)
    made = scatter(combined, given, [output], indices, updates, start=start, drops=drops)
    return made and made.source


def typed(combined: str, dtype: str) -> str:
    """C has `larger` for double, `largerf` for float, and none for integers."""
    for name, sign in (("larger", ">"), ("smaller", "<")):
        if combined.startswith(name) and not dtype.startswith("float"):
            return f"update {sign} old ? update : old"
        if dtype == "float32":
            combined = combined.replace(f"{name}(", f"{name}f(")
    return combined
