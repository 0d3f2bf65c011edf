"""Lines of comma-separated values in C, all their fields in one pass."""
import functools
from typing import NamedTuple

import numpy as np

from minitf.core.dtypes import string
from minitf.ops.strings.kernels import run_on

KINDS = ["float32", "float64", "int32", "int64", "string"]

# n: strings, columns to look at, whether there must be as many, the mark, whether there are quotes,
# the size of what stands for nothing. A field in quotes that has quotes is odd.
LINES = """\
  const int64_t *into = p[1], columns = n[2], exact = n[3], mark = n[4], quotes = n[5];
  const uint8_t *missing = p[2];
  float *y0 = p[3]; double *y1 = p[4]; int32_t *y2 = p[5]; int64_t *y3 = p[6]; void **y4 = p[7];
  const int64_t *has = p[8], *whole = p[10];
  const double *real = p[9];
  void **words = p[11];
  for (int64_t k = 0; k < n[1]; k++) {
    TEXT(k, line)
    if (!line.size) ODD  // has no field
    int64_t at = 0, column = 0;
    for (;; column++) {
      text x = {line.at + at, 0};
      if (quotes && at < line.size && *x.at == '"') {
        for (x.at++, at++; at < line.size && line.at[at] != '"'; at++, x.size++);
        if (at == line.size || (++at < line.size && line.at[at] != mark)) ODD
      } else {
        for (; at < line.size && line.at[at] != mark; at++, x.size++)
          if (line.at[at] == '"' || line.at[at] == '\\n' || line.at[at] == '\\r') ODD
      }
      if (column < columns && into[2 * column] >= 0) {
        const int64_t kind = into[2 * column], i = into[2 * column + 1] * n[1] + k;
        const int none = !x.size || (x.size == n[6] && !memcmp(x.at, missing, x.size));
        if (none && !has[column]) ODD
        if (none && kind == 4 && !text_of(words[column], n, &x)) ODD
        double r = real[column];
        int64_t w = whole[column];
        if (!none && kind < 2 && !real_of(x, &r)) ODD
        if (!none && (kind == 2 || kind == 3) && !whole_of(x, &w)) ODD
        if (kind == 0) y0[i] = (float)r;
        if (kind == 1) y1[i] = r;
        if (kind == 2 && (int32_t)w != w) ODD
        if (kind == 2) y2[i] = (int32_t)w;
        if (kind == 3) y3[i] = w;
        if (kind == 4) put(y4 + i, x.at, x.size);
      }
      if (at >= line.size) break;
      at++;
    }
    if (exact ? column + 1 != columns : column + 1 < columns) ODD
  }"""


class Form(NamedTuple):
    """How lines are read: the types of the columns wanted, the mark between fields, whether some
    are in quotes, what stands for nothing, and which columns are wanted, () for all."""

    types: tuple
    mark: bytes
    quoted: bool
    missing: bytes
    chosen: tuple


def columns(run, records, defaults, form):
    """The columns of lines, each an array of the shape of `records`; None for odd lines.

    `defaults` has for each column its values, none where a field must not be missing.
    """
    places, counts = _places(form)
    if len(form.mark) != 1 or records.dtype != object:
        return None
    made = [np.empty((count, records.size), object if kind == "string" else kind)
            for kind, count in zip(KINDS, counts)]  # fmt: skip
    sizes = len(places), not form.chosen, form.mark[0], form.quoted, len(form.missing)
    texts, missing = records.reshape(-1), np.frombuffer(form.missing + b" ", np.uint8)
    for given in (_none(len(places)), None):
        given = given or _given(form, defaults, places)
        if run_on(run, LINES, texts, places, missing, *made, *given, sizes=tuple(map(int, sizes))):
            wanted = places[places[:, 0] >= 0].tolist()
            return [made[kind][row].reshape(records.shape) for kind, row in wanted]
    return None


@functools.lru_cache(maxsize=64)
def _places(form):
    """For each column of a line its kind, -1 where it is not wanted, and which of that kind it is;
    and how many there are of each."""
    kinds = [KINDS.index("string" if dtype is string else dtype.name) for dtype in form.types]
    chosen, counts = form.chosen or range(len(kinds)), [0] * len(KINDS)
    found = np.full((max(chosen, default=-1) + 1, 2), -1, np.int64)
    for column, kind in zip(chosen, kinds):
        found[column] = kind, counts[kind]
        counts[kind] += 1
    return found, counts


@functools.lru_cache(maxsize=64)
def _none(count):
    """No defaults: most lines need none."""
    return (*np.zeros((1, count), np.int64), np.zeros(count), np.zeros(count, np.int64),
            np.full(count, b"", object))  # fmt: skip


def _given(form, defaults, places):
    """Which columns have a default, and it, as a real number, a whole one and a text."""
    has, real, whole, words = (array.copy() for array in _none(len(places)))
    for column, dtype, values in zip(np.flatnonzero(places[:, 0] >= 0), form.types, defaults):
        if len(values):
            has[column] = 1
            into = words if dtype is string else whole if dtype.is_integer else real
            into[column] = values[0]
    return has, real, whole, words
