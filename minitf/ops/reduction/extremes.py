"""Where the extremes are: `tf.argmax`, `tf.argmin`."""
from minitf.core import native_rows
from minitf.core.cuda.threads import BLOCK, LARGER, NUMBERS, SMALLER, each, rows, split_axis
from minitf.core.deprecation import renamed
from minitf.core.dtypes import as_dtype, int64
from minitf.core.literals import element, integer, is_literal
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Attr, Numeric, Static
from minitf.core.shape_rules import axis_index
from minitf.core.source import call, shape_of

# -- in CUDA --------------------------------------------------------------------------------------

# Of all that come first in their order, NaN foremost, the one of the least index.
ALONE = """\
  const auto *line = x0 + (i / inner * length * inner + i % inner);
  INDEX at = 0;
  for (INDEX j = 1; j < length; j++) {
    const auto value = line[j * inner], best = line[at * inner];
    if (best == best && (value BEATS best || value != value)) at = j;
  }"""
TOGETHER = f"""\
  const auto *line = x0 + (row / inner * length * inner + row % inner);
  auto best = line[0];
  INDEX at = length;
  EACH {{
    const auto value = line[j * inner];
    if (at < length && (best != best || !(value BEATS best || value != value))) continue;
    best = value;
    at = j;
  }}
  const auto winner = NAME_over(best, COMBINE);
  const bool mine = at < length && (best == winner || (best != best && winner != winner));
  at = NAME_over(mine ? at : length, {SMALLER});
  if (live && lane == 0) y0[row] = at;"""


def _arg_launches(beats, combine):
    alone = ALONE.replace("BEATS", beats)
    together = TOGETHER.replace("BEATS", beats).replace("COMBINE", combine)

    def launches(inputs, outputs, *, output_type):
        """A thread for each line, or, where these are few and long, many."""
        x, axis = inputs
        before, length, inner = split_axis(x.shape, integer(axis))
        if not length or x.dtype.name not in NUMBERS:
            return None  # the kernel knows what to say
        sizes = {"inner": inner}
        if inner >= BLOCK or (inner > 1 and length <= 64):
            return each([x], outputs, "at", alone, sizes={"length": length, **sizes})
        return rows(together, [x], outputs, before * inner, length, sizes=sizes)

    return launches


# -- in C -----------------------------------------------------------------------------------------

# Elements of a line; lines at once, and so many at least: few long ones NumPy searches faster.
NARROW, MANY, FEW = 64, 64, 8

BESIDE = """\
    const int64_t first = row * MANY, left = all - first;
    const TYPE *x = x0 + first * size;"""
ABOVE = """\
    const int64_t parts = (inner + MANY - 1) / MANY, from = row % parts * MANY;
    const int64_t first = row / parts * inner + from, left = inner - from;
    const TYPE *x = x0 + row / parts * inner * size + from;"""
IN_C = """\
    const int64_t count = left < MANY ? left : MANY;
    TYPE best[MANY];
    int32_t at[MANY];
    for (int64_t r = 0; r < count; r++) best[r] = x[r * LINE], at[r] = 0;
    for (int32_t j = 1; j < size; j++) {
      #pragma omp simd
      for (int64_t r = 0; r < count; r++) {
        const TYPE value = x[r * LINE + j * STEP];
        const int better = (value BEATS best[r]) | ((value != value) & (best[r] == best[r]));
        best[r] = better ? value : best[r];
        at[r] = better ? j : at[r];
      }
    }
    for (int64_t r = 0; r < count; r++) y0[first + r] = at[r];"""


def _arg_text(beats, place, line, step):
    text = f"{place}\n{IN_C}".replace("BEATS", beats).replace("MANY", str(MANY))
    return text.replace("LINE", line).replace("STEP", step)


def _arg_kernel(beats):
    beside, above = (_arg_text(beats, *how)
                     for how in ((BESIDE, "size", "1"), (ABOVE, "1", "inner")))  # fmt: skip

    def kernel(inputs, outputs, *, output_type):
        """Lines that lie side by side, or whose elements lie one above the other, many at once."""
        x, axis = inputs
        before, length, inner = split_axis(x.shape, integer(axis))
        if not length or (inner < FEW and length > NARROW) or length >= 1 << 31:
            return None
        text, count = (beside, before) if inner == 1 else (above, inner)
        rows = -(-count // MANY) * (1 if inner == 1 else before)
        sizes = {"all": before, "size": length, "inner": inner}
        return native_rows.rows(text, [x], outputs, rows, length * MANY, types=NUMBERS,
                                sizes=sizes)  # fmt: skip

    return kernel


# -- the ops --------------------------------------------------------------------------------------


def _arg_shape(input, dimension, *, output_type):
    axis = element(dimension)
    if input is None or axis is None:
        return None if input is None else (None,) * (len(input) - 1)
    axis = axis_index(axis, len(input))
    return input[:axis] + input[axis + 1 :]


def _arg_source(function):
    def source(out, x, axis, *, output_type):
        several = len(shape_of(x) or ()) > 1  # of a vector NumPy gives a plain number
        known = is_literal(axis) and output_type is int64 and several
        return call(function, x, axis=axis) if known else None

    return source


@op("ArgMax", shape=_arg_shape, grad=NOT_DIFFERENTIABLE, source=_arg_source("argmax"),
    cuda=_arg_launches(">", LARGER), native=_arg_kernel(">"))  # fmt: skip
def argmax_op(xp, input: Numeric, dimension: Static, *, output_type=int64) -> Attr("output_type"):
    """The index of the greatest along an axis; of equals, the first."""
    return xp.asarray(xp.argmax(input, integer(dimension))).astype(output_type.numpy, copy=False)


@op("ArgMin", shape=_arg_shape, grad=NOT_DIFFERENTIABLE, source=_arg_source("argmin"),
    cuda=_arg_launches("<", SMALLER), native=_arg_kernel("<"))  # fmt: skip
def argmin_op(xp, input: Numeric, dimension: Static, *, output_type=int64) -> Attr("output_type"):
    """The index of the least along an axis; of equals, the first."""
    return xp.asarray(xp.argmin(input, integer(dimension))).astype(output_type.numpy, copy=False)


def argmax(input, axis=None, name=None, dimension=None, output_type=int64):
    """The index of the greatest element along `axis` (0 by default); of equals, the first."""
    axis = renamed("dimension", dimension, "axis", axis)
    return argmax_op(input, 0 if axis is None else axis, output_type=as_dtype(output_type),
                     name=name)  # fmt: skip


def argmin(input, axis=None, name=None, dimension=None, output_type=int64):
    """The index of the least element along `axis` (0 by default); of equals, the first."""
    axis = renamed("dimension", dimension, "axis", axis)
    return argmin_op(input, 0 if axis is None else axis, output_type=as_dtype(output_type),
                     name=name)  # fmt: skip


def arg_max(input, dimension, output_type=int64, name=None):
    """The older spelling of `tf.argmax`."""
    return argmax(input, dimension, name, output_type=output_type)


def arg_min(input, dimension, output_type=int64, name=None):
    """The older spelling of `tf.argmin`."""
    return argmin(input, dimension, name, output_type=output_type)
