"""Serialized Examples read in C: all columns of all rows at once.

What is not as it should be (a feature of another type or size, one that is there twice, bytes that
are no Example) is left to NumPy's kernel, which says what is wrong.
"""
import functools
import math
from typing import Any, NamedTuple

import numpy as np

from minitf.core.dtypes import float32, int64, string
from minitf.ops.strings.kernels import run_on

MOST = 48  # columns that are filled while they are found; a kernel has no more arrays
KINDS = {string: 1, float32: 2, int64: 3}
BEFORE = """\
#ifndef EXAMPLES
#define EXAMPLES
typedef struct { const uint8_t *at, *end; } span;
typedef struct { uint64_t key, value; span content; } field;

static inline int varint(span *x, uint64_t *found) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64 && x->at < x->end; shift += 7) {
    const uint8_t byte = *x->at++;
    value |= (uint64_t)(byte & 127) << shift;
    if (byte < 128) { *found = value; return 1; }
  }
  return 0;
}

/* The next field of a message; its key is its number and how it is written (2: as bytes). */
static inline int next_field(span *x, field *f) {
  if (!varint(x, &f->key) || f->key < 8) return 0;
  switch (f->key & 7) {
    case 0: return varint(x, &f->value);
    case 1: f->value = 8; break;
    case 2: if (!varint(x, &f->value)) return 0; break;
    case 5: f->value = 4; break;
    default: return 0;
  }
  if (f->value > (uint64_t)(x->end - x->at)) return 0;
  f->content = (span){x->at, x->at + f->value};
  x->at += f->value;
  return 1;
}

/* How many values a list has, which go to y where it is given; -1 where it is no such list. */
static int64_t listed(int64_t kind, span x, void *y) {
  int64_t count = 0;
  field f;
  while (x.at < x.end) {
    if (!next_field(&x, &f)) return -1;
    if (f.key >> 3 != 1) continue;
    const int64_t size = (int64_t)f.value;
    const int packed = (f.key & 7) == 2;
    if (kind == 1 && packed) {
      if (y) put((void **)y + count, f.content.at, size);
      count++;
    } else if (kind == 2 && (packed ? size % 4 == 0 : (f.key & 7) == 5)) {
      if (y) memcpy((float *)y + count, f.content.at, size);
      count += size / 4;
    } else if (kind == 3 && packed) {
      while (f.content.at < f.content.end) {
        uint64_t value;
        if (!varint(&f.content, &value)) return -1;
        if (y) ((int64_t *)y)[count] = (int64_t)value;
        count++;
      }
    } else if (kind == 3 && (f.key & 7) == 0) {
      if (y) ((int64_t *)y)[count] = (int64_t)f.value;
      count++;
    } else return -1;
  }
  return count;
}

static int64_t place_of(span name, int64_t guess, const int64_t *n, void *const *p) {
  for (int64_t k = 0; k < n[2]; k++) {
    const int64_t j = (guess + k) % n[2];
    text key;
    if (!text_of(((void **)p[1])[j], n, &key)) return -1;
    if (key.size == name.end - name.at && !memcmp(key.at, name.at, key.size)) return j;
  }
  return -1;
}

/* A feature, the value of column j: where its list lies, and how many values it has. */
static int feature_of(span x, int64_t j, int64_t row, const uint8_t *start, const int64_t *n,
                      void *const *p) {
  const int64_t *column = (const int64_t *)p[2] + 3 * j, block = column[1];
  int64_t *found = (int64_t *)p[3] + 3 * (row * n[2] + j), kind = 0;
  span list = {0, 0};
  field f;
  while (x.at < x.end) {
    if (!next_field(&x, &f)) return 0;
    if (f.key >> 3 > 3 || (f.key & 7) != 2) continue;
    if (kind) return 0;
    kind = f.key >> 3, list = f.content;
  }
  if (!kind) return 1;
  if (kind != column[0] || found[2] >= 0) return 0;
  found[0] = list.at - start, found[1] = list.end - start, found[2] = listed(kind, list, 0);
  if (found[2] < 0 || (block >= 0 && found[2] != block)) return 0;
  if (column[2]) listed(kind, list, (char *)p[column[2]] + row * block * (kind == 2 ? 4 : 8));
  return 1;
}

static int example_of(text x, int64_t row, const int64_t *n, void *const *p) {
  span all = {x.at, x.at + x.size};
  int64_t guess = 0;
  field f;
  while (all.at < all.end) {
    if (!next_field(&all, &f)) return 0;
    if (f.key != 10) continue;
    span features = f.content;
    while (features.at < features.end) {
      if (!next_field(&features, &f)) return 0;
      if (f.key != 10) continue;
      span entry = f.content, name = {0, 0}, feature = {0, 0};
      while (entry.at < entry.end) {
        if (!next_field(&entry, &f)) return 0;
        if (f.key >> 3 < 3 && (f.key & 7) != 2) return 0;
        if (f.key == 10) name = f.content;
        if (f.key == 18) feature = f.content;
      }
      const int64_t j = place_of(name, guess, n, p);
      if (j < 0) continue;
      if (!feature_of(feature, j, row, x.at, n, p)) return 0;
      guess = j + 1;
    }
  }
  return 1;
}
#endif
"""
SCAN = """\
  for (int64_t k = 0; k < n[1]; k++) { TEXT(k, x) if (!example_of(x, k, n, p)) ODD }"""
FILL = """\
  const int64_t *found = p[1], *to = p[2], kind = n[4];
  for (int64_t k = 0; k < n[1]; k++) {
    TEXT(k, x)
    const int64_t *place = found + 3 * (k * n[2] + n[3]);
    if (place[2] < 0) continue;
    const span list = {x.at + place[0], x.at + place[1]};
    listed(kind, list, (char *)p[3] + to[k] * (kind == 2 ? 4 : 8));
  }"""


class Layout(NamedTuple):
    """What is read of each Example: dense columns, then sparse ones."""

    types: tuple[Any, ...]
    shapes: tuple[Any, ...]  # of dense ones
    blocks: tuple[int, ...]  # how many values each row has, -1 where that differs
    names: np.ndarray  # as bytes
    spec: np.ndarray  # of each column its type, its block, which array it is read into or 0

    def early(self):
        """The shape and type of those that are read as soon as they are found."""
        return [(self.shapes[i], self.types[i].numpy) for i in np.flatnonzero(self.spec[:, 2])]


@functools.lru_cache(maxsize=256)
def layout(keys, types, shapes):
    """The layout of these columns, and its `early()`."""
    names = np.array([key.encode() for key in keys], object)
    varies = [bool(shape) and shape[0] is None for shape in shapes]
    blocks = [-1 if open else math.prod(shape) for shape, open in zip(shapes, varies)]
    blocks += [-1] * (len(keys) - len(shapes))
    spec = np.zeros((len(keys), 3), np.int64)
    spec[:, 0], spec[:, 1] = [KINDS[dtype] for dtype in types], blocks
    fixed = np.flatnonzero(spec[:, 1] >= 0)[:MOST]
    spec[fixed, 2] = 4 + np.arange(len(fixed))
    made = Layout(types, shapes, tuple(blocks), names, spec)
    return made, made.early()


class Scanned:
    """Where each column lies in each row. Those with a place in the layout have been `read`."""

    def __init__(self, run, texts, layout, early):
        self.run, self.texts, self.layout = run, texts, layout
        self.found = np.empty((texts.size, len(layout.names), 3), np.int64)
        self.found[:, :, 2] = -1
        self.read = [np.empty((texts.size, *shape), dtype) for shape, dtype in early]
        arrays = layout.names, layout.spec, self.found, *self.read
        self.done = run_on(run, SCAN, texts, *arrays, sizes=(len(layout.names),), before=BEFORE)

    def missing(self, column):
        return self.found[:, column, 2] < 0

    def counts(self, column):
        return np.maximum(self.found[:, column, 2], 0)

    def fill(self, column, to, made):
        """Write what each row has behind the place `to` of an array."""
        sizes = (self.found.shape[1], column, KINDS[self.layout.types[column]])
        run_on(self.run, FILL, self.texts, self.found, to, made, sizes=sizes, before=BEFORE)
        return made


def columns(run, texts, keys, types, shapes, defaults, sparse_keys, sparse_types):
    """(sparse, dense): of each sparse feature its rows, places and values, and how many each row
    has; dense ones as arrays [rows, ...]. None where NumPy's kernel has to do it.
    """
    if not keys and not sparse_keys:
        return None
    made, early = layout((*keys, *sparse_keys), (*types, *sparse_types), tuple(shapes))
    scanned = Scanned(run, np.ascontiguousarray(texts), made, early)
    if not scanned.done:
        return None
    if len(early) == len(made.names) and scanned.found[:, :, 2].min(initial=0) >= 0:
        return [], scanned.read
    read = iter(scanned.read)
    dense = [_dense(scanned, place, default, read) for place, default in enumerate(defaults)]
    if any(column is None for column in dense):
        return None
    return [_sparse(scanned, place) for place in range(len(dense), len(made.names))], dense


def _dense(scanned, place, default, read):
    block, rows = scanned.layout.blocks[place], scanned.texts.size
    if block < 0:
        return _filled_up(scanned, place, default)
    shape, dtype = (rows, *scanned.layout.shapes[place]), scanned.layout.types[place].numpy
    if scanned.layout.spec[place, 2]:
        made = next(read)
    else:
        made = scanned.fill(place, np.arange(rows) * block, np.empty(shape, dtype))
    missing = scanned.missing(place)
    if missing.any():
        default = np.asarray(default)
        if default.size != block:
            return None
        made[missing] = default.reshape(shape[1:])
    return made


def _filled_up(scanned, place, default):
    dtype, (_, *shape) = scanned.layout.types[place], scanned.layout.shapes[place]
    counts, block, default = scanned.counts(place), max(math.prod(shape), 1), np.asarray(default)
    if (counts % block).any():
        return None
    longest = int(counts.max(initial=0)) // block
    made = np.empty((len(counts), longest, *shape), dtype.numpy)
    nothing = b"" if dtype is string else 0
    made[...] = default.item() if default.size else nothing
    return scanned.fill(place, np.arange(len(counts)) * (longest * block), made)


def _sparse(scanned, place):
    counts = scanned.counts(place)
    starts = np.cumsum(counts) - counts
    values = np.empty(int(counts.sum()), scanned.layout.types[place].numpy)
    scanned.fill(place, starts, values)
    rows = np.repeat(np.arange(len(counts)), counts)
    return rows, np.arange(len(values)) - np.repeat(starts, counts), values, counts
