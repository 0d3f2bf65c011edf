"""The best of many: `tf.nn.top_k`, `tf.nn.in_top_k`."""
import math
from typing import Any, NamedTuple

import numpy as np

from minitf.core import native_rows
from minitf.core.cuda.threads import ADD, NUMBERS, rows
from minitf.core.dtypes import bool_, float32, int32, int64
from minitf.core.graph import name_scope
from minitf.core.literals import element, integer
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Real, TypeAttr
from minitf.core.tensor_shape import merge, printed
from minitf.ops.array.basics import reshape, shape
from minitf.ops.array.indexing import unsorted_segment_sum
from minitf.ops.array.sequences import range_op
from minitf.ops.math.elementwise import maximum
from minitf.ops.reduction.reduce import prod_op

K = TypeAttr("_", (int32,), static=True)
Targets = TypeAttr("T", (int32, int64))
K_ = TypeAttr("T", (int32, int64), static=True)


def _top_shape(input, k, *, sorted):
    if input is None:
        return [None, None]
    count = element(k)
    if count is not None and count < 0:
        raise ValueError(f"Need k >= 0, got {count}")
    if not input or (None not in (count, input[-1]) and input[-1] < count):
        raise ValueError(f"input must have last dimension >= k = {count}, but is {printed(input)}")
    return [(*input[:-1], count)] * 2


MOST = 64  # rounds that each look at the whole row
NARROW = 64  # elements of a row: to sort a few at a time costs more than a heap of them all

# In each round the first, in falling order (NaN before all), of those behind the one before.
ROUNDS = """\
  const T *x = x0 + row * length;
  const auto earlier = [=](INDEX a, INDEX b) {
    if (a == length || b == length) return a < b ? a : b;
    const bool odd_a = x[a] != x[a], odd_b = x[b] != x[b];
    const bool equal = x[a] == x[b] || (odd_a && odd_b);
    return equal ? (a < b ? a : b) : odd_a || (!odd_b && x[a] > x[b]) ? a : b;
  };
  INDEX taken = -1;
  for (INDEX round = 0; round < k; round++) {
    INDEX at = length;
    EACH if (taken < 0 || (j != taken && earlier(taken, j) == taken)) at = earlier(at, j);
    taken = NAME_over(at, earlier);
    if (live && lane == 0) {
      y0[row * k + round] = x[taken];
      y1[row * k + round] = taken;
    }
  }"""


def _rounds(inputs, outputs, *, sorted):
    x, k = inputs
    count, length, k = math.prod(x.shape[:-1]), x.shape[-1], integer(k)
    if not 0 < k <= min(MOST, length):
        return [] if k == 0 else None
    return rows(ROUNDS, [x], outputs, count, length, types=NUMBERS, sizes={"k": k})


# The k first so far are a heap, the last of them on top.
FIRST = """\
static inline int NAME_first(const TYPE *x, int64_t a, int64_t b) {
  const int odd_a = x[a] != x[a], odd_b = x[b] != x[b];
  if (x[a] == x[b] || (odd_a && odd_b)) return a < b;
  return odd_a || (!odd_b && x[a] > x[b]);
}

static inline void NAME_sink(const TYPE *x, int32_t *heap, int64_t size, int32_t value) {
  int64_t at = 0, next;
  while ((next = 2 * at + 1) < size) {
    next += next + 1 < size && NAME_first(x, heap[next], heap[next + 1]);
    if (!NAME_first(x, value, heap[next])) break;
    heap[at] = heap[next];
    at = next;
  }
  heap[at] = value;
}
"""
HEAP = """\
    const TYPE *x = x0 + row * length;
    int32_t *heap = y1 + row * k;
    for (int64_t j = 0; j < k; j++) {
      int64_t at = j, up;
      for (; at && NAME_first(x, heap[up = (at - 1) / 2], j); at = up) heap[at] = heap[up];
      heap[at] = (int32_t)j;
    }
    for (int64_t j = k; j < length; j++)
      if (!(x[j] <= x[heap[0]]) && NAME_first(x, j, heap[0])) NAME_sink(x, heap, k, (int32_t)j);
    for (int64_t size = k - 1; size > 0; size--) {
      int32_t last = heap[0];
      NAME_sink(x, heap, size, heap[size]);
      heap[size] = last;
    }
    for (int64_t j = 0; j < k; j++) y0[row * k + j] = x[heap[j]];"""


def _heaps(inputs, outputs, *, sorted):
    x, k = inputs
    count, length, k = math.prod(x.shape[:-1]), x.shape[-1], integer(k)
    if not 0 < k <= (length if length <= NARROW else length // 4):
        return None
    return native_rows.rows(HEAP, [x], outputs, count, length, before=FIRST, types=NUMBERS,
                            sizes={"k": k})  # fmt: skip


@op("TopKV2", shape=_top_shape, cuda=_rounds, native=_heaps)
def top_k_op(xp, input: Real, k: K, *, sorted=True) -> [Real, int32]:
    """The k greatest along the last axis, greatest first, and where they are."""
    if integer(k) < 0:
        raise ValueError(f"Need k >= 0, got {integer(k)}")
    if input.shape[-1] < integer(k):
        raise ValueError(f"input must have at least k columns. Had {input.shape[-1]}, needed {k}")
    places = _best(input, integer(k)) if xp is np else None
    places = _order(xp, input)[..., : integer(k)] if places is None else places
    return [xp.take_along_axis(input, places.astype(np.int64), -1), places.astype(np.int32)]


def _order(xp, x):
    """The falling order along the last axis, of equals the first: a stable sort of what is turned
    round; where they fit into integers, a sort of the numbers with their places behind them, which
    is several times as fast."""
    keys = _falling(x) if xp is np and x.shape[-1] > NARROW else None
    if keys is not None:
        keys = (keys.astype(np.int64) << 32) | np.arange(x.shape[-1])
        keys.sort(axis=-1)
        return keys & 0x7FFFFFFF
    return (x.shape[-1] - 1 - xp.argsort(x[..., ::-1], axis=-1, kind="stable"))[..., ::-1]


def _falling(x):
    """Integers of 32 bits that are the smaller, the greater the number; None for wider types."""
    if x.dtype.kind in "iu":
        return ~x.astype(np.int64) if x.dtype.itemsize < 4 or x.dtype == np.int32 else None
    if x.dtype.kind != "f" or x.dtype.itemsize > 4:
        return None
    bits = (x.astype(np.float32) + np.float32(0)).view(np.int32)  # -0 equals 0
    rising = np.where(bits < 0, bits ^ 0x7FFFFFFF, bits)
    return ~np.where(np.isnan(x), np.iinfo(np.int32).max, rising)


def _best(x, k):
    """The places of the k greatest, without a sort of all; None where that is no faster."""
    count = x.shape[-1]
    if not 0 < k <= count // 8:
        return None
    least = np.partition(x, count - k, axis=-1)[..., count - k, None]
    if (least != least).any():
        return None
    chosen, equal = ~(x <= least), x == least
    missing = k - np.count_nonzero(chosen, axis=-1)
    row, place = np.nonzero(equal.reshape(-1, count))
    starts = np.searchsorted(row, np.arange(missing.size))
    kept = np.arange(row.size) - starts[row] < missing.reshape(-1)[row]
    chosen.reshape(-1, count)[row[kept], place[kept]] = True
    places = np.nonzero(chosen)[-1].reshape(*x.shape[:-1], k)
    return np.take_along_axis(places, _order(np, np.take_along_axis(x, places, -1)), -1)


@top_k_op.gradient
def _(ys, dys, input, k, *, sorted):
    """Zeros with each gradient in its place."""
    sizes, slopes = shape(input), reshape(dys[0], [-1])
    length, picked = sizes[-1], shape(ys[1])[-1]
    row = range_op(0, prod_op(shape(slopes), [0]), 1) // maximum(picked, 1)
    places = row * length + reshape(ys[1], [-1])
    summed = unsorted_segment_sum(slopes, places, prod_op(sizes, [0]))
    return reshape(summed, sizes), None


class TopKV2(NamedTuple):
    """What `tf.nn.top_k` returns."""

    values: Any
    indices: Any


def top_k(input, k=1, sorted=True, name=None):
    """(values, indices): the `k` greatest along the last axis; of equals the first.

    They come in falling order, whether `sorted` asks for it or not. ValueError for k too large.
    """
    return TopKV2(*top_k_op(input, k, sorted=sorted, name=name))


def _in_top_shape(predictions, targets, k):
    rows = merge(None if predictions is None else predictions[:1], targets)
    if rows is False or (predictions is not None and len(predictions) != 2):
        raise ValueError(f"predictions {printed(predictions)} must be a matrix with a row for each "
                         f"of targets {printed(targets)}")  # fmt: skip
    return (None,) if rows is None else rows


COUNT = f"""\
  const float *x = x0 + row * length;
  const int64_t target = x1[row];
  const bool inside = target >= 0 && target < length;
  const float chosen = inside ? x[target] : 0;
  INDEX greater = 0, odd = !inside;
  EACH {{
    greater += x[j] > chosen;
    odd += !isfinite(x[j]);
  }}
  greater = NAME_over(greater, {ADD});
  odd = NAME_over(odd, {ADD});
  if (live && lane == 0) y0[row] = !odd && greater < k;"""


def _counted(inputs, outputs):
    x, targets, k = inputs
    return rows(COUNT, [x, targets], outputs, *x.shape, sizes={"k": integer(k)})


IN_C = """\
    const float *x = x0 + row * length;
    const int64_t target = x1[row];
    int odd = target < 0 || target >= length;
    const float chosen = odd ? 0 : x[target];
    int64_t greater = 0;
    for (int64_t j = 0; j < length; j++) {
      greater += x[j] > chosen;
      odd |= !(x[j] - x[j] == 0);
    }
    y0[row] = !odd && greater < k;"""


def _counted_in_c(inputs, outputs):
    x, targets, k = inputs
    return native_rows.rows(IN_C, [x, targets], outputs, *x.shape, sizes={"k": integer(k)})


@op("InTopKV2", shape=_in_top_shape, grad=NOT_DIFFERENTIABLE, cuda=_counted, native=_counted_in_c)
def in_top_k_op(xp, predictions: float32, targets: Targets, k: K_) -> bool_:
    """Whether fewer than k of each row are greater than the target's."""
    if not predictions.size:
        return xp.zeros(targets.shape, np.bool_)
    inside = (targets >= 0) & (targets < predictions.shape[1])
    places = xp.where(inside, targets, 0)
    chosen = xp.take_along_axis(predictions, places[:, None].astype(np.int64), 1)
    finite = inside & xp.isfinite(chosen[:, 0]) & xp.all(xp.isfinite(predictions), axis=1)
    return finite & (xp.sum(predictions > chosen, axis=1) < integer(k))


def in_top_k(predictions, targets, k, name=None):
    """Whether the class `targets[i]` is among the `k` greatest of row i of `predictions`."""
    with name_scope(name, "in_top_k"):
        return in_top_k_op(predictions, targets, k, name=name)
