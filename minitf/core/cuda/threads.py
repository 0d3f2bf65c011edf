"""Kernels in CUDA whose shape many ops share: a thread for each element, threads for each row.

An op gives the middle of the text. In it `x0`, `x1`, ... are the inputs (static ones left out),
`y0`, `y1`, ... the outputs, T is the type of the first output's elements, INDEX an integer wide
enough for every index, and each size that is passed has its own name. What begins with NAME is the
kernel's own.
"""
from __future__ import annotations

import math
import operator
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from minitf.core.kernel import Array, Launch

C_TYPES = {
    "float32": "float", "float64": "double", "int8": "int8_t", "int16": "int16_t",
    "int32": "int32_t", "int64": "int64_t", "uint8": "uint8_t", "uint16": "uint16_t",
    "uint32": "uint32_t", "uint64": "uint64_t", "bool": "uint8_t",
}  # fmt: skip
# Types without arithmetic here are moved as what is of their size.
MOVED = C_TYPES | {"float16": "uint16_t", "complex64": "uint64_t"}
NUMBERS = {name: type for name, type in C_TYPES.items() if name != "bool"}
Sizes = Mapping[str, int]
BLOCK = 256

# What `NAME_over` combines with.
ADD = "[](auto a, auto b) { return a + b; }"
LARGER = "[](auto a, auto b) { return larger(a, b); }"
SMALLER = "[](auto a, auto b) { return smaller(a, b); }"


def kernel(
    body: str,
    inputs: Sequence[Array],
    outputs: Sequence[Array],
    grid: tuple[int, ...],
    block: int,
    *,
    before: str = "",
    types: dict[str, str] = MOVED,
    aliased: bool = False,
    sizes: Sizes = MappingProxyType({}),
) -> Launch | None:
    """The launch of a text; `before` it stand functions. None where a type has no name in `types`.

    Outputs may share memory with inputs only if it is `aliased`. Of the sizes it takes those that
    stand in the body.
    """
    if any(array.dtype.name not in types for array in (*inputs, *outputs)):
        return None
    names = [types[array.dtype.name] for array in (*inputs, *outputs)]
    sizes = {name: size for name, size in sizes.items() if re.search(rf"\b{name}\b", body)}
    kind = "" if aliased else "__restrict__ "
    values = dict(zip(_names(inputs, outputs), names))
    parameters = [f"int64_t {size}_" for size in sizes]
    parameters += [f"{'const ' * (name[0] == 'x')}{type} *{kind}{name}"
                   for name, type in values.items()]  # fmt: skip
    text = TEMPLATE.replace("PARAMETERS", ", ".join(parameters)).replace("BODY", body)
    text = text.replace("LOCALS", "".join(f"  const INDEX {s} = (INDEX){s}_;\n" for s in sizes))
    text = text.replace("TYPE", values["y0"]).replace("BEFORE", before)
    # So that a large block finds registers for all its threads.
    text = text.replace("BOUNDS", f"__launch_bounds__({block}) " if block > BLOCK else "")
    text = text.replace("INDEX", _index(inputs, outputs, sizes.values()))
    return Launch(text, tuple(sizes.values()), grid, (block,))


TEMPLATE = """\
BEFORE
extern "C" __global__ void BOUNDSNAME(PARAMETERS) {
  using T = TYPE;
LOCALS
BODY
}
"""


def _names(inputs: Sequence[Array], outputs: Sequence[Array]) -> list[str]:
    return [*(f"x{i}" for i in range(len(inputs))), *(f"y{i}" for i in range(len(outputs)))]


def _index(inputs: Sequence[Array], outputs: Sequence[Array], sizes: Iterable[int]) -> str:
    """32 bits where they do: to divide by 64 takes several times as long."""
    arrays = *inputs, *outputs
    counts = (math.prod(array.shape) for array in arrays)
    extents = (sum(map(operator.mul, array.shape, map(abs, array.strides))) for array in arrays)
    numbers = map(abs, (*counts, *extents, *sizes))
    return "int32_t" if max(numbers) < 2**30 else "int64_t"


# -- a thread for each element --------------------------------------------------------------------

ELEMENT = """\
  const INDEX i = blockIdx.x * (INDEX)blockDim.x + threadIdx.x;
  if (i >= elements) return;
BEFORE_IT
  yOUTPUT[i] = VALUE;"""


def each(
    inputs: Sequence[Array],
    outputs: Sequence[Array],
    value: str,
    before: str = "",
    *,
    output: int = 0,
    types: dict[str, str] = MOVED,
    sizes: Sizes = MappingProxyType({}),
) -> list[Launch] | None:
    """Element i of an output is `value`, which statements `before` it prepare.

    None where a type is not among `types`.
    """
    count = math.prod(outputs[output].shape)
    body = ELEMENT.replace("BEFORE_IT", before).replace("VALUE", value)
    body = body.replace("OUTPUT", str(output))
    launch = kernel(body, inputs, outputs, (_blocks(count, BLOCK),), BLOCK, types=types,
                    sizes={"elements": count, **sizes})  # fmt: skip
    return launched(launch, count)


def _blocks(count: int, block: int) -> int:
    return max(1, -(-count // block))


def launched(launch: Launch | None, count: int) -> list[Launch] | None:
    """As a list: empty when there is nothing to do."""
    if launch is None:
        return None
    return [launch] if count else []


def coordinates(names: Sequence[str], of: str = "i") -> str:
    """Statements that make c0, c1, ... of a number: its place in an array of the sizes named."""
    lines = [f"  const INDEX c{axis} = rest % {name}; rest /= {name};"
             for axis, name in enumerate(names)]  # fmt: skip
    return "\n".join([f"  INDEX rest = {of};", *reversed(lines)]) if lines else ""


# -- threads for each row -------------------------------------------------------------------------

NARROW = 128  # threads of a block that has several rows

ROW = """\
  const int lane = threadIdx.x % LANES;
  const INDEX place = blockIdx.x * (INDEX)(BLOCK / LANES) + threadIdx.x / LANES;
  const bool live = place < rows;
  const INDEX row = live ? place : rows - 1; // all take part in shuffles
"""

# Every thread of the row gets the result, always in the same order of combining.
OVER_WARP = """\
template <class V, class F> __device__ inline V NAME_over(V value, F combine) {
  for (int step = WIDTH / 2; step; step /= 2)
    value = combine(value, (V)__shfl_xor_sync(0xffffffffu, value, step));
REST
  return value;
}
"""
OVER_BLOCK = """\
  __shared__ V parts[WARPS];
  __syncthreads();
  if (threadIdx.x % 32 == 0) parts[threadIdx.x / 32] = value;
  __syncthreads();
  value = parts[threadIdx.x % WARPS];
  for (int step = WARPS / 2; step; step /= 2)
    value = combine(value, (V)__shfl_xor_sync(0xffffffffu, value, step));"""


def lanes_of(count: int, length: int) -> int:
    """How many threads work on each of `count` rows: a part of a warp, a warp, or a block."""
    if length <= 256 or (length <= 1024 and count >= 2048):
        return min(32, 1 << max(0, length - 1).bit_length())
    return BLOCK if length <= 4096 else 1024


def rows(
    body: str,
    inputs: Sequence[Array],
    outputs: Sequence[Array],
    count: int,
    length: int,
    *,
    types: dict[str, str] = MOVED,
    aliased: bool = False,
    sizes: Sizes = MappingProxyType({}),
) -> list[Launch] | None:
    """Each of `count` rows is the work of some threads. None where a type is not in `types`.

    `row` is its number and `length` its size; `EACH` goes over the elements j of this thread, the
    `lane`-th of LANES. `NAME_over(value, ADD)` combines the values of the row's threads. Only a row
    that is `live` may be written to.
    """
    lanes = lanes_of(count, length)
    block = max(NARROW, lanes)
    body = (ROW + body).replace("EACH", "for (INDEX j = lane; j < length; j += LANES)")
    before = OVER_WARP.replace("REST", OVER_BLOCK if lanes > 32 else "") if "_over" in body else ""
    body, before = (
        text.replace("LANES", str(lanes)).replace("BLOCK", str(block))
        .replace("WIDTH", str(min(lanes, 32))).replace("WARPS", str(block // 32))
        for text in (body, before)
    )  # fmt: skip
    launch = kernel(body, inputs, outputs, (_blocks(count, block // lanes),), block, before=before,
                    types=types, aliased=aliased,
                    sizes={"rows": count, "length": length, **sizes})  # fmt: skip
    return launched(launch, count)


# -- moving along axes ----------------------------------------------------------------------------


class Axis:
    """Where along an axis of the input the element at `c` of the output comes from.

    `place` is an expression of {c}, of the input's length {n} and of the numbers {p} and {q}; one
    that is not in [0, n) is outside.
    """

    def __init__(self, size: int, length: int, place: str = "{c}", p: int = 0, q: int = 0) -> None:
        self.size, self.length, self.place, self.numbers = size, length, place, (p, q)

    @property
    def plain(self) -> bool:
        """Whether the axis is the same before and after."""
        return self.place == "{c}" and self.size == self.length

    def joined(self, other: Axis) -> Axis:
        """This plain axis and the next, also plain, as one."""
        return Axis(self.size * other.size, self.length * other.length)


def along_axes(
    inputs: Sequence[Array], outputs: Sequence[Array], axes: Sequence[Axis], outside: str = "(T)0"
) -> list[Launch] | None:
    """The output has the elements of x0 from the places that the axes say, else `outside`."""
    *outer, last = axes = _merged(axes)
    sizes: dict[str, int] = {}
    for k, axis in enumerate(axes):
        sizes |= {f"s{k}": axis.size, f"n{k}": axis.length}
        sizes |= {f"p{k}": axis.numbers[0], f"q{k}": axis.numbers[1]}
    names = [f"s{k}" for k in range(len(outer))]
    steps = [_step(axis, k, f"c{k}", "from", "inside") for k, axis in enumerate(outer)]
    body = ALONG.replace("COORDINATES", coordinates(names, "row")).replace("OUTER", "".join(steps))
    body = body.replace("LAST", _step(last, len(outer), "j", "at", "there"))
    count = math.prod(axis.size for axis in outer)
    found = rows(body.replace("OUTSIDE", outside), inputs, outputs, count, last.size,
                 sizes=sizes)  # fmt: skip
    return found if found is None or last.size else []


ALONG = """\
COORDINATES
  INDEX from = 0;
  bool inside = live;
OUTER
  EACH {
    INDEX at = from;
    bool there = inside;
LAST
    if (live) y0[row * length + j] = there ? x0[at] : OUTSIDE;
  }"""


def _step(axis: Axis, k: int, c: str, at: str, inside: str) -> str:
    place = axis.place.format(c=c, n=f"n{k}", p=f"p{k}", q=f"q{k}")
    return (f"  {{ const INDEX place = {place};\n"
            f"    {inside} = {inside} && place >= 0 && place < n{k};\n"
            f"    {at} = {at} * n{k} + place; }}\n")  # fmt: skip


def _merged(axes: Sequence[Axis]) -> list[Axis]:
    """Plain axes side by side are one."""
    merged: list[Axis] = []
    for axis in axes or [Axis(1, 1)]:
        if merged and merged[-1].plain and axis.plain:
            merged[-1] = merged[-1].joined(axis)
        else:
            merged.append(axis)
    return merged


# -- adding up where indices say ------------------------------------------------------------------

ORDERED = 16384  # so many indices are compared each with each; of more, sums are atomic
CHUNK = 1024  # elements of a row that one warp works on

# The first warp of all that have the same place combines all of them, one after the other.
IN_ORDER = """\
  const int lane = threadIdx.x % 32;
  const INDEX k = blockIdx.x * (INDEX)(blockDim.x / 32) + threadIdx.x / 32;
  const INDEX first = blockIdx.y * (INDEX)CHUNK;
  const INDEX last = first + CHUNK < length ? first + CHUNK : length;
  const INDEX place = k < count ? placed(k) : -1;
  if (place < 0) return; // the whole warp
  for (INDEX j = lane; j - lane < k; j += 32)
    if (__any_sync(0xffffffffu, j < k && placed(j) == place)) return;
  for (INDEX start = k; start < count; start += 32) {
    const INDEX mine = start + lane;
    unsigned same = __ballot_sync(0xffffffffu, mine < count && placed(mine) == place);
    for (; same; same &= same - 1) {
      const INDEX j = start + __ffs(same) - 1;
      for (INDEX r = first + lane; r < last; r += 32) {
        T &old = y0[place * length + r];
        const T update = UPDATE;
        old = COMBINED;
      }
    }
  }"""
ATOMIC = """\
  const INDEX i = blockIdx.x * (INDEX)blockDim.x + threadIdx.x;
  if (i >= updated) return;
  const INDEX j = i / length, r = i % length, place = placed(j);
  if (place >= 0) atomicAdd((ATOM *)(y0 + place * length + r), (ATOM)(SIGNUPDATE));"""
SIGNS = {"old + update": "", "old - update": "-"}
ATOMS = {"float32": "float", "float64": "double", "int32": "int", "int64": "unsigned long long"}


def scatter(
    combined: str,
    inputs: Sequence[Array],
    outputs: Sequence[Array],
    indices: int,
    updates: int,
    depth: int = 0,
) -> list[Launch] | None:
    """Each part of the output that an index names becomes `combined`, an expression of old, update.

    `indices` and `updates` say which inputs they are; an index is `depth` numbers along the last
    axis, or one number when it is 0. An index that is out of range changes nothing. Updates of the
    same place follow each other in order; only sums of very many are added in any order.
    """
    target, ids, given = outputs[0], inputs[indices], inputs[updates]
    outer = target.shape[: depth or 1]
    count = math.prod(ids.shape[:-1] if depth else ids.shape)
    length = math.prod(target.shape[len(outer) :])
    sizes = {"count": count, "length": length, "updated": count * length}
    sizes |= {f"d{k}": n for k, n in enumerate(outer)}
    # A single update may be for all.
    update = f"x{updates}[j * length + r]" if given.shape else f"x{updates}[0]"
    many = count > ORDERED and combined in SIGNS and target.dtype.name in ATOMS
    body, grid, block = _scattered(many, combined, target, count, length)
    body = _placed(f"x{indices}", len(outer)) + body.replace("UPDATE", update)
    types = MOVED if combined == "update" else NUMBERS
    launch = kernel(body, inputs, outputs, grid, block, types=types, aliased=True,
                    sizes=sizes)  # fmt: skip
    return launched(launch, count * length)


def _scattered(
    many: bool, combined: str, target: Array, count: int, length: int
) -> tuple[str, tuple[int, ...], int]:
    """(the text, the grid, the block)."""
    if many:
        body = ATOMIC.replace("SIGN", SIGNS[combined]).replace("ATOM", ATOMS[target.dtype.name])
        return body, (_blocks(count * length, BLOCK),), BLOCK
    chunk = max(CHUNK, -(-length // 65535))
    body = IN_ORDER.replace("CHUNK", str(chunk)).replace("COMBINED", combined)
    return body, (_blocks(count, 4), _blocks(length, chunk)), 128


def _placed(ids: str, depth: int) -> str:
    """A function of the number of an index: the place that it names, -1 where there is none."""
    lines = ["  const auto placed = [=](INDEX k) -> INDEX {", "    INDEX place = 0;"]
    for axis in range(depth):
        lines.append(f"    {{ const int64_t at = {ids}[k * {depth} + {axis}];")
        lines.append(f"      if (at < 0 || at >= d{axis}) return -1;")
        lines.append(f"      place = place * d{axis} + (INDEX)at; }}")
    return "\n".join([*lines, "    return place;", "  };\n"])


def several(*launches: list[Launch] | None) -> list[Launch] | None:
    """One after the other; None where one of them is not to be had."""
    if any(each is None for each in launches):
        return None
    return [launch for each in launches for launch in each or ()]


def zeros(inputs: Sequence[Array], outputs: Sequence[Array]) -> list[Launch] | None:
    """The output filled with zeros."""
    return each(inputs, outputs, "(T)0")


def split_axis(shape: tuple[int, ...], axis: int) -> tuple[int, int, int]:
    """(how many elements before an axis, along it, after it)."""
    axis %= len(shape)
    return math.prod(shape[:axis]), shape[axis], math.prod(shape[axis + 1 :])

