"""Strings in C: read where Python keeps their bytes, and made by Python's own function.

Each kernel has a last output, `odd`, which it sets when a string is not as it knows them: then
NumPy's kernel does the work, or says what is wrong.
"""
import functools
import sys

import numpy as np

from minitf.core.kernel import Kernel

HEADER = """\
#ifndef TEXTS
#define TEXTS
#include <stdlib.h>
/* Of Python's stable interface; its headers may not be installed. */
void *PyBytes_FromStringAndSize(const char *from, intptr_t size);
void Py_DecRef(void *object);

typedef struct { const uint8_t *at; int64_t size; } text;

/* Its type ends the header of an object, its length and its bytes follow. */
static inline int text_of(void *object, const int64_t *n, text *found) {
  if (!object || ((void **)((char *)object + OBJECT))[-1] != (void *)n[0]) return 0;
  found->size = *(int64_t *)((char *)object + OBJECT);
  found->at = (const uint8_t *)object + BYTES;
  return 1;
}

static inline void put(void **place, const uint8_t *from, int64_t size) {
  Py_DecRef(*place);
  *place = PyBytes_FromStringAndSize((const char *)from, size);
}

static const double tens[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12,
                              1e13, 1e14, 1e15};

/* What else Python and C read alike. */
static inline int long_real_of(text x, double *found) {
  char copy[64], *end;
  if (!x.size || x.size > 63) return 0;
  for (int64_t i = 0; i < x.size; i++)
    if (!strchr("0123456789.+-eE", copy[i] = (char)x.at[i]) || !copy[i]) return 0;
  copy[x.size] = 0;
  *found = strtod(copy, &end);
  return end == copy + x.size;
}

/* Digits, with a sign and a point perhaps: up to 15 of them are exact, and so is their quotient. */
static inline int real_of(text x, double *found) {
  int64_t i = x.size && (*x.at == '-' || *x.at == '+'), digits = 0, behind = 0, point = 0;
  uint64_t number = 0;
  for (; i < x.size; i++) {
    const uint8_t c = x.at[i];
    if (c >= '0' && c <= '9') number = number * 10 + (c - '0'), digits++, behind += point;
    else if (c == '.' && !point && digits) point = 1;
    else return long_real_of(x, found);
  }
  if (!digits || digits > 15) return long_real_of(x, found);
  const double value = (double)number / tens[behind];
  *found = *x.at == '-' ? -value : value;
  return 1;
}

static inline int whole_of(text x, int64_t *found) {
  int64_t i = x.size && *x.at == '-', number = 0;
  const int64_t digits = x.size - i;
  for (; i < x.size; i++) {
    if (x.at[i] < '0' || x.at[i] > '9') return 0;
    number = number * 10 + (x.at[i] - '0');
  }
  *found = *x.at == '-' ? -number : number;
  return digits > 0 && digits < 19;
}

#define ODD { *(int64_t *)p[LAST] = 1; return; }
#define TEXT(k, x) text x; if (!text_of(((void **)p[0])[k], n, &x)) ODD
#endif
"""


def run_on(run, body, texts, *arrays, sizes=(), before=""):
    """Run a kernel on strings and further arrays; whether it found nothing odd.

    In the body `p` are the arrays, n[1] is how many strings there are, n[2] and so on are `sizes`.
    """
    if sys.implementation.name != "cpython" or texts.dtype != object:
        return False
    odd = np.zeros(1, np.int64)
    run(Kernel(_source(body, before, len(arrays) + 1), (id(bytes), texts.size, *sizes)),
        texts, *arrays, odd)  # fmt: skip
    return not odd[0]


@functools.lru_cache(maxsize=64)
def _source(body, before, arrays):
    header = HEADER.replace("OBJECT", str(object.__basicsize__))
    header = header.replace("BYTES", str(bytes.__basicsize__ - 1))
    start = f"static void NAME(const int64_t *n, void *const *p) {{\n  enum {{ LAST = {arrays} }};"
    return f"{header}{before}\n{start}\n{body}\n}}\n"


# -- parts ----------------------------------------------------------------------------------------

LENGTHS = """\
  int32_t *y = p[1];
  for (int64_t k = 0; k < n[1]; k++) { TEXT(k, x) y[k] = (int32_t)x.size; }"""
SUBSTR = """\
  const int64_t *start = p[1], *length = p[2];
  for (int64_t k = 0; k < n[1]; k++) {
    TEXT(k, x)
    const int64_t first = start[k] + (start[k] < 0 ? x.size : 0);
    if (first < 0 || first > x.size) ODD
    const int64_t rest = x.size - first, size = length[k] < 0 ? rest : length[k];
    put((void **)p[3] + k, x.at + first, size < rest ? size : rest);
  }"""
RAW = """\
  for (int64_t k = 0; k < n[1]; k++) {
    TEXT(k, x)
    if (x.size != n[2]) ODD
    memcpy((char *)p[1] + k * n[2], x.at, x.size);
  }"""


def lengths(run, texts):
    """How many bytes each string has."""
    found = np.empty(texts.shape, np.int32)
    return found if run_on(run, LENGTHS, texts, found) else None


def parts(run, texts, starts, sizes):
    """Of each string so many bytes from its start on."""
    starts, sizes = starts.astype(np.int64), sizes.astype(np.int64)
    found = np.empty(texts.shape, object)
    return found if run_on(run, SUBSTR, np.ascontiguousarray(texts), starts, sizes, found) else None


def joined(run, texts, size):
    """The bytes of strings that all have this size, one after the other."""
    if texts.size == 1:
        return np.frombuffer(texts.item(), np.uint8).copy()
    found = np.empty((texts.size, size), np.uint8)
    return found if run_on(run, RAW, texts, found, sizes=(size,)) else None


# -- cutting --------------------------------------------------------------------------------------

# Between marks are parts; without marks each byte is one. What finds no room is counted only.
CUT = """\
  const uint8_t *marks = p[1];
  void **values = p[2];
  int64_t (*places)[2] = p[3], *found = p[4];
  const int64_t many = n[2], skip = n[3], room = n[4];
  uint8_t is_mark[256] = {0};
  for (int64_t i = 0; i < many; i++) is_mark[marks[i]] = 1;
  int64_t made = 0;
  for (int64_t k = 0; k < n[1]; k++) {
    TEXT(k, x)
    const int64_t before = made;
    for (int64_t i = 0, start = 0; x.size && i <= x.size; i++) {
      if (many ? i < x.size && !is_mark[x.at[i]] : i == 0) continue;
      if (i > start || !skip) {
        if (made < room) {
          put(values + made, x.at + start, i - start);
          places[made][0] = k, places[made][1] = made - before;
        }
        made++;
      }
      start = i + (many != 0);
    }
    if (made - before > found[1]) found[1] = made - before;
  }
  found[0] = made;"""


def cut(run, texts, marks, skip_empty):
    """(indices, values, shape) of the parts of a vector of strings."""
    room, count = 256 + 2 * texts.size, None
    given, sizes = np.frombuffer(marks + b" ", np.uint8), (len(marks), int(skip_empty))
    while count is None or count > room:  # there are more: once again
        room = max(room, count or 0)
        values, places = np.empty(room, object), np.empty((room, 2), np.int64)
        found = np.zeros(2, np.int64)
        if not run_on(run, CUT, texts, given, values, places, found, sizes=(*sizes, room)):
            return None
        count, longest = found.tolist()
    return [places[:count], values[:count], np.array([texts.size, longest], np.int64)]


# -- numbers --------------------------------------------------------------------------------------

EACH = """\
  TYPE *y = p[1];
  for (int64_t k = 0; k < n[1]; k++) {
    TEXT(k, x)
    WIDE value;
    if (!READ(x, &value) || (INTEGER && (TYPE)value != value)) ODD
    y[k] = (TYPE)value;
  }"""
C_TYPES = {"float32": "float", "float64": "double", "int32": "int32_t", "int64": "int64_t"}


def numbers(run, texts, dtype):
    """What each string writes."""
    found = np.empty(texts.shape, dtype)
    return found if run_on(run, _each(found.dtype), texts, found) else None


@functools.lru_cache
def _each(dtype):
    whole = dtype.kind == "i"
    text = EACH.replace("WIDE", "int64_t" if whole else "double")
    text = text.replace("READ", "whole_of" if whole else "real_of")
    return text.replace("INTEGER", str(int(whole))).replace("TYPE", C_TYPES[dtype.name])


# -- FarmHash -------------------------------------------------------------------------------------

FARM = """\
#ifndef FARM
#define FARM
#define K0 0xc3a5c85c97cb3127u
#define K1 0xb492b66fbe98f273u
#define K2 0x9ae16a3b2f90404fu
static inline uint64_t word(const uint8_t *at) { uint64_t x; memcpy(&x, at, 8); return x; }
static inline uint32_t half(const uint8_t *at) { uint32_t x; memcpy(&x, at, 4); return x; }
static inline uint64_t turned(uint64_t x, int by) { return x >> by | x << (64 - by); }
static inline uint64_t mixed(uint64_t x) { return x ^ x >> 47; }
static inline uint64_t joined(uint64_t u, uint64_t v, uint64_t factor) {
  return mixed((v ^ mixed((u ^ v) * factor)) * factor) * factor;
}

static inline uint64_t up_to_16(const uint8_t *x, uint64_t size) {
  const uint64_t factor = K2 + size * 2;
  if (size >= 8) {
    const uint64_t a = word(x) + K2, b = word(x + size - 8);
    return joined(turned(b, 37) * factor + a, (turned(a, 25) + b) * factor, factor);
  }
  if (size >= 4) return joined(size + ((uint64_t)half(x) << 3), half(x + size - 4), factor);
  if (!size) return K2;
  const uint64_t y = x[0] + ((uint64_t)x[size >> 1] << 8), z = size + ((uint64_t)x[size - 1] << 2);
  return mixed(y * K2 ^ z * K0) * K2;
}

static inline uint64_t up_to_64(const uint8_t *x, uint64_t size) {
  const uint64_t factor = K2 + size * 2, first = size > 32 ? K2 : K1;
  const uint64_t a = word(x) * first, b = word(x + 8);
  const uint64_t c = word(x + size - 8) * factor, d = word(x + size - 16) * K2;
  const uint64_t y = turned(a + b, 43) + turned(c, 30) + d, right = a + turned(b + K2, 18) + c;
  const uint64_t z = joined(y, right, factor);
  if (size <= 32) return z;
  const uint64_t e = word(x + 16) * factor, f = word(x + 24);
  const uint64_t g = (y + word(x + size - 32)) * factor, h = (z + word(x + size - 24)) * factor;
  return joined(turned(e + f, 43) + turned(g, 30) + h, e + turned(f + a, 18) + g, factor);
}

typedef struct { uint64_t a, b; } two;
static inline two weak(const uint8_t *x, uint64_t a, uint64_t b) {
  a += word(x);
  b = turned(b + a + word(x + 24), 21);
  const uint64_t c = a;
  a += word(x + 8) + word(x + 16);
  b += turned(a, 44);
  return (two){a + word(x + 24), b + c};
}

static inline void farm_block(const uint8_t *s, uint64_t *h, uint64_t factor, uint64_t times) {
  uint64_t x = h[0], y = h[1], z = h[2];
  x = turned(x + y + h[3] + word(s + 8), 37) * factor;
  y = turned(y + h[4] + word(s + 48), 42) * factor;
  x ^= h[6] * times;
  y += h[3] * times + word(s + 40);
  z = turned(z + h[5], 33) * factor;
  const two v = weak(s, h[4] * factor, x + h[5]);
  const two w = weak(s + 32, z + h[6], y + word(s + 16));
  h[0] = z, h[1] = y, h[2] = x, h[3] = v.a, h[4] = v.b, h[5] = w.a, h[6] = w.b;
}

static inline uint64_t longer(const uint8_t *x, uint64_t size) {
  const uint64_t y = 81 * K1 + 113;
  uint64_t h[7] = {81 * K2 + word(x), y, mixed(y * K2 + 113) * K2, 0, 0, 0, 0};
  for (uint64_t at = 0; at < (size - 1) / 64 * 64; at += 64) farm_block(x + at, h, K1, 1);
  const uint64_t factor = K1 + ((h[2] & 255) << 1);
  h[5] += (size - 1) & 63;
  h[3] += h[5];
  h[5] += h[3];
  farm_block(x + size - 64, h, factor, 9);
  return joined(joined(h[3], h[5], factor) + mixed(h[1]) * K0 + h[2],
                joined(h[4], h[6], factor) + h[0], factor);
}

static inline uint64_t fingerprint(const uint8_t *x, uint64_t size) {
  return size <= 16 ? up_to_16(x, size) : size <= 64 ? up_to_64(x, size) : longer(x, size);
}
#endif
"""
BUCKETS = """\
  int64_t *y = p[1];
  for (int64_t k = 0; k < n[1]; k++) {
    TEXT(k, x)
    y[k] = (int64_t)(fingerprint(x.at, (uint64_t)x.size) % (uint64_t)n[2]);
  }"""


def buckets(run, texts, count):
    """The rest of each string's fingerprint, divided by `count`."""
    if sys.byteorder != "little":
        return None
    found = np.empty(texts.shape, np.int64)
    return found if run_on(run, BUCKETS, texts, found, sizes=(count,), before=FARM) else None
