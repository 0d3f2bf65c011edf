"""Softmax and its kin in CUDA: a row is read once, into registers; twice when it is very long.

Rows may be broadcast: their strides are sizes of the kernel.
"""
import math

from minitf.core.cuda.threads import ADD, LARGER, NUMBERS, lanes_of, rows

LONGEST_KEPT = 16384  # elements of a row in the registers of 1024 threads

KEPT = f"""\
  T kept[ITEMS];
  T greatest = -INFINITY, sum = 0;
  #pragma unroll
  for (int k = 0; k < ITEMS; k++) {{
    const INDEX j = lane + k * (INDEX)LANES;
    kept[k] = j < length ? X(j) : (T)-INFINITY;
    greatest = largerF(greatest, kept[k]);
  }}
  greatest = NAME_over(greatest, {LARGER});
  #pragma unroll
  for (int k = 0; k < ITEMS; k++)
    if (lane + k * (INDEX)LANES < length) sum += exponentialF(kept[k] - greatest);
  sum = NAME_over(sum, {ADD});
ENDING"""
EACH_KEPT = """\
  #pragma unroll
  for (int k = 0; k < ITEMS; k++)
    if (const INDEX j = lane + k * (INDEX)LANES; j < length)"""

# The sum so far is always of exponentials less the greatest so far.
ONLINE = f"""\
  T highest = -INFINITY, part = 0;
  EACH {{
    const T x = X(j);
    if (x > highest || x != x) {{
      part *= exponentialF(highest - x);
      highest = x;
    }}
    if (highest > -INFINITY || highest != highest) part += exponentialF(x - highest);
  }}
  const T greatest = NAME_over(highest, {LARGER});
  const T sum = NAME_over(part * exponentialF(highest - greatest), {ADD});
ENDING"""

SOFTMAX_ENDING = """\
EVERY
    if (live) y0[row * length + j] = exponentialF(VALUE - greatest) / sum;"""
LOG_SOFTMAX_ENDING = """\
  const T log_sum = logarithmF(sum);
EVERY
    if (live) y0[row * length + j] = VALUE - greatest - log_sum;"""
CROSS_ENTROPY_ENDING = f"""\
  const T log_sum = logarithmF(sum);
  T loss = 0;
EVERY {{
      const T label = x1[row * labels_row + j * labels_step];
      loss += label * (VALUE - greatest - log_sum);
      if (live) y1[row * length + j] = exponentialF(VALUE - greatest) / sum - label;
    }}
  loss = NAME_over(loss, {ADD});
  if (live && lane == 0) y0[row] = -loss;"""
SPARSE_ENDING = """\
  const T log_sum = logarithmF(sum);
  const int64_t label = x1[row];
  const bool known = label >= 0 && label < length;
EVERY
    if (live)
      y1[row * length + j] = known ? exponentialF(VALUE - greatest) / sum - (j == label) : (T)NAN;
  if (live && lane == 0) y0[row] = known ? log_sum - (X(label) - greatest) : (T)NAN;"""


def softmax_rows(ending):
    """The trait `cuda` of an op that works on rows along the last axis, from what it does last."""

    def launches(inputs, outputs):
        shape = outputs[-1].shape
        count, length = math.prod(shape[:-1]), shape[-1]
        if not length:
            return None  # the kernel knows what to say
        text = _text(ending, lanes_of(count, length), length, outputs[0].dtype)
        return rows(text, inputs, outputs, count, length, types=NUMBERS, aliased=True,
                    sizes=_strides(inputs, shape))  # fmt: skip

    return launches


def _strides(inputs, shape):
    """How far apart the rows of logits and labels, and the elements of a row, are."""
    sizes = {}
    for name, array in zip(("logits", "labels"), inputs):
        if len(array.shape) == len(shape):
            steps = (shape[-1], 1) if array.shape == shape else _steps(*array.shape)
            sizes |= {f"{name}_row": steps[0], f"{name}_step": steps[1]}
    return sizes


def _steps(count, length):
    """Of a matrix that is broadcast: 0 along axes of size 1."""
    return length * (count > 1), int(length > 1)


def _text(ending, lanes, length, dtype):
    kept = length <= LONGEST_KEPT
    text = (KEPT if kept else ONLINE).replace("ENDING", ending)
    text = text.replace("EVERY", EACH_KEPT if kept else "  EACH")
    text = text.replace("VALUE", "kept[k]" if kept else "X(j)")
    text = text.replace("X(j)", "x0[row * logits_row + j * logits_step]")
    text = text.replace("X(label)", "x0[row * logits_row + label * logits_step]")
    text = text.replace("ITEMS", str(-(-length // lanes)))
    suffix = "f" if dtype.name == "float32" else ""
    for word in ("larger", "exponential", "logarithm"):
        text = text.replace(f"{word}F(", f"{word}{suffix}(")
    return text
