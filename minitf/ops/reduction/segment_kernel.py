"""Groups of neighbouring rows combined in C, the rows themselves or those that indices pick."""
import functools

import numpy as np

from minitf.core import native_rows
from minitf.core.cuda.threads import NUMBERS
from minitf.core.kernel import Array, Kernel
from minitf.core.native_scatter import typed

# A row of the output begins where the first of its ids stands: behind those of the row before.
START = """\
  int64_t k = 0, high = all;
  while (k < high) {
    const int64_t middle = (k + high) / 2;
    if (IDS[middle] < begin) k = middle + 1;
    else high = middle;
  }"""
COMBINE = """\
    TYPE *to = y0 + row * length;
    const int64_t own = k;
    for (; k < all && IDS[k] == row; k++) {
      const TYPE *from = x0 + (int64_t)PLACE * length;
      if (k == own) for (int64_t j = 0; j < length; j++) to[j] = from[j];
      else
        for (int64_t j = 0; j < length; j++) {
          const TYPE old = to[j], update = from[j];
          to[j] = (TYPE)(COMBINED);
        }
    }
    const int64_t number = k > own ? k - own : 1;
    if (k == own) for (int64_t j = 0; j < length; j++) to[j] = (TYPE)EMPTY;
    (void)number;
"""
SHARE = "    const TYPE weight = WEIGHT;\n    for (int64_t j = 0; j < length; j++) to[j] /= weight;"


def combined(run, combined, data, ids, count, empty, weight="", indices=None):
    """`count` rows, of which row i combines those of `data` whose id is i, or of those that
    `indices` pick; each is divided by `weight`, an expression of their `number`.

    None where there is nothing to do, or for types that C does not know. The ids are in order.
    """
    length = data[:1].size
    if not (count and length and ids.size):
        return None
    arrays = [data, ids] if indices is None else [data, ids, indices]
    source = _source(combined, empty, weight, *(array.dtype.name for array in arrays))
    if source is None:
        return None
    out = np.empty((count, *data.shape[1:]), data.dtype)
    run(Kernel(source, (count, length, ids.size)), *arrays, out)
    return out


@functools.lru_cache(maxsize=256)
def _source(combined, empty, weight, *names):
    arrays = [Array((), np.dtype(name)) for name in names]
    text = COMBINE + (SHARE.replace("WEIGHT", weight) if weight else "")
    text, start = (each.replace("IDS", "x1") for each in (text, START))
    text = text.replace("PLACE", "x2[k]" if len(names) > 2 else "k")
    text = text.replace("COMBINED", typed(combined, names[0])).replace("EMPTY", empty)
    made = native_rows.rows(text, arrays, arrays[:1], 0, 0, start=start, types=NUMBERS,
                            sizes={"all": 0})  # fmt: skip
    return made and made.source
