"""Sums over axes in the middle in C: of pixels, of steps of time. NumPy is slow there."""
import math

from minitf.core import native_rows
from minitf.core.literals import elements

TYPES = {"float32": "float", "float64": "double", "int32": "int32_t", "int64": "int64_t"}
WIDTH = 64  # sums at once, so that vectors are full though the last axes are narrow

LONG = 8 * WIDTH  # elements: shorter, and it does not pay to add up the parts

# Lines of several rows are added up one below the other, then their parts.
SUM = """\
    const TYPE *x = x0 + row * length;
    TYPE *y = y0 + row * inner, sums[WIDTH];
    const int wide = inner < WIDTH && length >= LONG;
    const int64_t line = wide ? WIDTH / inner * inner : inner;
    TYPE *s = wide ? sums : y;
    for (int64_t j = 0; j < line; j++) s[j] = x[j];
    int64_t i = line;
    for (; i + line <= length; i += line) {
      #pragma omp simd
      for (int64_t j = 0; j < line; j++) s[j] += x[i + j];
    }
    for (int64_t j = 0; i + j < length; j++) s[j] += x[i + j];
    if (wide) {
      for (int64_t j = 0; j < inner; j++) y[j] = s[j];
      for (i = inner; i < line; i += inner)
        for (int64_t j = 0; j < inner; j++) y[j] += s[i + j];
    }
    DIVIDE"""


def summed(finish=""):
    """The trait `native` of a sum; `finish` is what is done with each in the end."""
    divide = f"for (int64_t j = 0; j < inner; j++) y[j] = y[j] {finish};" if finish else ""
    body = SUM.replace("DIVIDE", divide).replace("LONG", str(LONG)).replace("WIDTH", str(WIDTH))

    def native(inputs, outputs, *, keep_dims):
        x = inputs[0]
        rank = len(x.shape)
        axes = sorted(a % rank for a in elements(inputs[1]) if x.shape[a] != 1)
        if not axes:
            return None
        first, end = axes[0], axes[-1] + 1
        count = math.prod(x.shape[first:end])
        before, inner = math.prod(x.shape[:first]), math.prod(x.shape[end:])
        beside = count == math.prod(x.shape[a] for a in axes)
        whole = finish and x.dtype.kind != "f"
        if not beside or before < 2 or not count or inner < 2 or whole:
            return None
        return native_rows.rows(body, [x], outputs, before, count * inner, types=TYPES,
                                sizes={"inner": inner})  # fmt: skip

    return native
