"""Systems with a triangular matrix, in C: blocks of it, which lie in the cache."""
import functools

import numpy as np

from minitf.core.kernel import Array, Kernel
from minitf.core.native_rows import rows

# A row is a system: `length` elements of its solution, which the right side becomes.
SUBSTITUTION = """\
    const TYPE *a = x0 + row * size * size;
    TYPE *y = y0 + row * length;
    for (int64_t k = 0; k < size; k++) {
      const int64_t i = downwards ? k : size - 1 - k;
      const int64_t from = downwards ? 0 : i + 1, end = downwards ? i : size;
      const TYPE over = 1 / a[i * size + i];
      if (columns == 1) {
        TYPE sum = 0;
        #pragma omp simd reduction(+ : sum)
        for (int64_t j = from; j < end; j++) sum += a[i * size + j] * y[j];
        y[i] = (y[i] - sum) * over;
        continue;
      }
      TYPE *to = y + i * columns;
      for (int64_t j = from; j < end; j++) {
        const TYPE factor = a[i * size + j], *other = y + j * columns;
        #pragma omp simd
        for (int64_t c = 0; c < columns; c++) to[c] -= factor * other[c];
      }
      for (int64_t c = 0; c < columns; c++) to[c] *= over;
    }"""
TYPES = {"float32": "float", "float64": "double"}
KNOWN = {np.dtype(name) for name in TYPES}


BLOCK = 64  # rows that are solved at once; a product takes the others


def solved(run, triangles, right, downwards):
    """The solutions, block by block."""
    result, size = np.array(right, order="C"), right.shape[-2]
    if size <= BLOCK:
        return _substituted(run, triangles, result, downwards)
    starts = range(0, size, BLOCK)
    for start in starts if downwards else reversed(starts):
        here = slice(start, min(start + BLOCK, size))
        done = slice(0, start) if downwards else slice(here.stop, size)
        left = result[..., here, :] - triangles[..., here, done] @ result[..., done, :]
        block = triangles[..., here, here]
        result[..., here, :] = _substituted(run, block, np.ascontiguousarray(left), downwards)
    return result


def _substituted(run, triangles, left, downwards):
    """The solutions, in the place of the right sides."""
    size, columns = left.shape[-2:]
    sizes = left.size // (size * columns), size * columns, size, columns, int(downwards)
    run(Kernel(_source(left.dtype), sizes), triangles, left)
    return left


@functools.lru_cache
def _source(dtype):
    real = Array((), dtype)
    sizes = dict.fromkeys(["size", "columns", "downwards"], 0)
    return rows(SUBSTITUTION, [real], [real], 0, 0, types=TYPES, sizes=sizes).source
