"""Picking and adding by index in CUDA, and adding in C.

In CUDA a kernel cannot raise: as in TensorFlow, an index outside gives zeros, or changes nothing.
"""
import math

from minitf.core import native_rows, native_scatter
from minitf.core.cuda.threads import each, rows, scatter, several, split_axis, zeros
from minitf.core.literals import integer


def from_the_front(count, rank):
    """A number of axes: below 0 it is how many are left over."""
    return count + rank if count < 0 else count


GATHER = """\
  const INDEX group = row / picked;
  const int64_t at = x1[group / between * picked + row % picked];
  const bool inside = at >= 0 && at < size;
  const INDEX from = (group * size + (INDEX)at) * length;
  EACH if (live) y0[row * length + j] = inside ? x0[from + j] : (T)0;"""


def gathered(inputs, outputs, *, batch_dims):
    """The launches of GatherV2."""
    params, indices, axis = inputs
    axis = integer(axis) % len(params.shape)
    before, size, length = split_axis(params.shape, axis)
    batch = math.prod(indices.shape[: from_the_front(batch_dims, len(indices.shape))])
    picked = math.prod(indices.shape) // max(batch, 1)
    if not math.prod(outputs[0].shape):
        return []
    sizes = {"picked": picked, "size": size, "between": before // batch}
    return rows(GATHER, [params, indices], outputs, before * picked, length, sizes=sizes)


GATHER_ND = """\
  INDEX from = 0;
  bool inside = true;
PLACES
  EACH if (live) y0[row * length + j] = inside ? x0[from * length + j] : (T)0;"""
PLACE = """\
  {{
    const int64_t at = x1[row * {depth} + {k}];
    inside = inside && at >= 0 && at < d{k};
    from = from * d{k} + (INDEX)at;
  }}"""


def gathered_nd(inputs, outputs):
    """The launches of GatherNd."""
    params, indices = inputs
    depth = indices.shape[-1]
    if not math.prod(outputs[0].shape):
        return []
    sizes = {f"d{k}": n for k, n in enumerate(params.shape[:depth])}
    text = GATHER_ND.replace(
        "PLACES", "\n".join(PLACE.format(depth=depth, k=k) for k in range(depth))
    )
    count, length = math.prod(indices.shape[:-1]), math.prod(params.shape[depth:])
    return rows(text, inputs, outputs, count, length, sizes=sizes)


def segments_summed(inputs, outputs):
    """The launches of UnsortedSegmentSum."""
    inputs = inputs[:2]
    added = scatter("old + update", inputs, outputs, indices=1, updates=0)
    return several(zeros(inputs, outputs), added)


def scattered_nd(inputs, outputs):
    """The launches of ScatterNd."""
    inputs = inputs[:2]
    depth = inputs[0].shape[-1]
    if not depth:
        return None  # the place is everything
    added = scatter("old + update", inputs, outputs, indices=0, updates=1, depth=depth)
    return several(zeros(inputs, outputs), added)


# Of the first axis a row is what an index names, else all that the indices name in a group.
INSIDE = """\
  (void)x0;
  for (int64_t k = 0; k < all; k++)
    if (x1[k] < 0 || x1[k] >= size) {
      outside(k, x1[k], size);
      return;
    }"""
FIRST_AXIS = """\
    const TYPE *from = x0 + (int64_t)x1[row] * length;
    TYPE *to = y0 + row * length;
    if (length > 16) memcpy(to, from, length * sizeof(TYPE));
    else for (int64_t j = 0; j < length; j++) to[j] = from[j];"""
IN_GROUPS = """\
    const int64_t wide = length / picked;
    for (int64_t k = 0; k < picked; k++) {
      const TYPE *from = x0 + (row * size + x1[row / between * picked + k]) * wide;
      TYPE *to = y0 + (row * picked + k) * wide;
      for (int64_t j = 0; j < wide; j++) to[j] = from[j];
    }"""


def gathered_in_c(inputs, outputs, *, batch_dims):
    """The kernel of GatherV2."""
    params, indices, axis = inputs
    axis = integer(axis) % len(params.shape)
    before, size, length = split_axis(params.shape, axis)
    batch = math.prod(indices.shape[: from_the_front(batch_dims, len(indices.shape))])
    count = math.prod(indices.shape)
    if not math.prod(outputs[0].shape):
        return None  # NumPy looks at the indices
    sizes = {"all": count, "size": size, "picked": count // batch, "between": before // batch}
    arrays = [params, indices], outputs
    if before == 1:
        return native_rows.rows(FIRST_AXIS, *arrays, count, length, check=INSIDE, sizes=sizes)
    wide = count // batch * length
    return native_rows.rows(IN_GROUPS, *arrays, before, wide, check=INSIDE, sizes=sizes)


def segments_summed_in_c(inputs, outputs):
    """The kernel of UnsortedSegmentSum."""
    return native_scatter.scatter("old + update", inputs[:2], outputs, indices=1, updates=0,
                                  start="0", drops=True)  # fmt: skip


def rows_summed(run, data, ids, out):
    """The same into `out`, where only the run knows the sizes; whether C knows the types."""
    return native_scatter.rows(run, "old + update", [data, ids], out, indices=1, updates=0,
                               start="0", drops=True)  # fmt: skip


def scattered_nd_in_c(inputs, outputs):
    """The kernel of ScatterNd."""
    depth = inputs[0].shape[-1]
    return native_scatter.scatter("old + update", inputs[:2], outputs, indices=0, updates=1,
                                  depth=depth, start="0") if depth else None  # fmt: skip


def hot(inputs, outputs, *, axis):
    """The launches of OneHot."""
    indices, _, on, off = inputs
    shape = outputs[0].shape
    _, depth, inner = split_axis(shape, axis)
    value = "x0[i / inner / depth * inner + i % inner] == i / inner % depth ? *x1 : *x2"
    return each([indices, on, off], outputs, value, sizes={"depth": depth, "inner": inner})
