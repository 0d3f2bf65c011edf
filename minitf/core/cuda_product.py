"""Products of matrices in CUDA, whatever their elements are loaded from.

A block sums a tile of the result; its threads keep the sums in registers, 8 x 8 of them for large
products, and read the elements of both operands from shared memory, where they lie slab by slab:
while one slab is multiplied, the next is on its way. What a slab's elements are is said by two
pieces of text, the operands: rows of a matrix here, the windows of images in `nn/`. Where the tiles
are too few for the device, each sum is cut into parts, which are added in the same order each time.
"""
from __future__ import annotations

from typing import NamedTuple

import numpy as np

from minitf.core.cuda_tiles import FEW, Cut, Tile, cut
from minitf.core.kernel import Launch

REALS = {"float32": ("float", "fmaf"), "float64": ("double", "fma")}
LIMIT = (1 << 31) - (1 << 16)  # elements: indices have 32 bits

# How the threads of a block share out the loads, four elements each.
LINES, ALONG, BESIDE = range(3)


ALONE = """\
static __device__ inline bool NAME_enter(NAME_problem &p, int which) { return true; }
"""
SHIFT = "  a += which * p.step_a; b += which * p.step_b; c += which * p.step_c;\n"


class Operand(NamedTuple):
    """Where the elements of A (its lines are rows) or B (columns) come from: text that declares

        struct NAME_SIDE_line: what is known of a line before the sum begins
        NAME_SIDE_line NAME_SIDE_start(const NAME_problem &p, int line)
        NAME_four NAME_SIDE_fetch(const NAME_problem &p, const NAME_real *from, NAME_SIDE_line at,
                                  int k)

    `fetch` loads 0 for what is outside. Four elements are those of four lines when `way` is LINES;
    of one line, when it is ALONG, with neighbouring threads along k, or BESIDE, with these at
    neighbouring lines. The word SIDE stands for a or b, VECTOR for whether four elements may be
    loaded at once.
    """

    text: str
    way: int
    vector: bool


class Target(NamedTuple):
    """Where the elements of C are stored: text that declares `int NAME_row(p, row)` and
    `int NAME_column(p, column)`, the sum of which is an element's place. With `vector` four
    columns from a multiple of 4 on lie side by side."""

    text: str
    vector: bool


class Product(NamedTuple):
    """A product of `batch` matrices [m, k] and [k, n].

    `sizes` go into the struct NAME_problem beside m, n and k, as int; as int64_t if their name
    begins with `by_` (of `divisor`) or `step_`. `order` says which parameter is a, b and c.
    `enter` is the text of `bool NAME_enter(NAME_problem &p, int which)`, called with the number in
    the batch: whether there is anything to do. It may make m, n and k smaller. Where there are
    sizes `step_a`, `step_b` and `step_c`, the arrays of the batch are so far apart.
    """

    m: int
    n: int
    k: int
    a: Operand
    b: Operand
    target: Target
    sizes: dict[str, int]
    dtype: np.dtype
    enter: str = ALONE
    batch: int = 1
    order: str = "abc"
    alpha: float = 1.0
    beta: float = 0.0
    head: str = ""


# -- the text -------------------------------------------------------------------------------------

HEAD = """\
struct alignas(16) NAME_four { NAME_real at[4]; };
struct alignas(16) NAME_shared {
  NAME_real a[2][NAME_slab][NAME_tall + 4], b[2][NAME_slab][NAME_wide + 4];
};

/* n / d for 0 <= n: see divisor() in Python. */
static __device__ inline int NAME_divided(int n, int64_t by) {
  unsigned high = (unsigned)(((uint64_t)(unsigned)n * (uint32_t)by) >> 32);
  return (int)((high + (unsigned)n) >> (int)(by >> 32));
}
"""

STORE = """\
/* Where a thread's fours of columns are. */
struct NAME_columns { int at[NAME_vector_c ? NAME_across / 4 : NAME_across]; };

static __device__ inline NAME_columns NAME_places(const NAME_problem &p, int column) {
  NAME_columns found;
  #pragma unroll
  for (int j = 0; j < NAME_across; j++) {
    int at = column + j / 4 * (NAME_wide * 4 / NAME_across) + j % 4;
    if (!NAME_vector_c) found.at[j] = at < p.n ? NAME_column(p, at) : -1;
    else if (j % 4 == 0) found.at[j / 4] = at < p.n ? NAME_column(p, at) : -1;
  }
  return found;
}

static __device__ inline void NAME_store(NAME_real *c, const NAME_columns &columns, int j,
                                         NAME_four sum) {
  if (NAME_vector_c) {
    if (columns.at[j] < 0) return;
    NAME_four *to = (NAME_four *)(c + columns.at[j]);
    NAME_four old = {};
    if (NAME_accumulates) old = *to;
    #pragma unroll
    for (int e = 0; e < 4; e++) sum.at[e] = SCALED;
    *to = sum;
    return;
  }
  #pragma unroll
  for (int e = 0; e < 4; e++) {
    int at = columns.at[NAME_vector_c ? 0 : 4 * j + e];
    if (at < 0) continue;
    NAME_four old = {};
    if (NAME_accumulates) old.at[e] = c[at];
    c[at] = SCALED;
  }
}
"""

# The place of a load in its slab, its start, and its way into shared memory.
SHARE = """\
enum {
  NAME_SIDE_all = NAME_EXTENT * NAME_slab / 4,
  NAME_SIDE_loads = (NAME_SIDE_all + NAME_threads - 1) / NAME_threads
};
static __device__ inline int NAME_SIDE_at(int i) {
  return NAME_SIDE_way == 0 ? i % (NAME_EXTENT / 4) * 4
       : NAME_SIDE_way == 1 ? i / (NAME_slab / 4) : i % NAME_EXTENT;
}
static __device__ inline int NAME_SIDE_k(int i) {
  return NAME_SIDE_way == 0 ? i / (NAME_EXTENT / 4)
       : NAME_SIDE_way == 1 ? i % (NAME_slab / 4) * 4 : i / NAME_EXTENT * 4;
}
static __device__ inline bool NAME_SIDE_takes(int i) {
  return NAME_SIDE_all % NAME_threads == 0 || i < NAME_SIDE_all;
}
static __device__ inline void NAME_SIDE_keep(NAME_shared &shared, int stage, int i, NAME_four x) {
  int at = NAME_SIDE_at(i), k = NAME_SIDE_k(i);
  if (NAME_SIDE_way == 0) *(NAME_four *)&shared.SIDE[stage][k][at] = x;
  else {
    #pragma unroll
    for (int e = 0; e < 4; e++) shared.SIDE[stage][k + e][at] = x.at[e];
  }
}
"""

FETCH = """\
    #pragma unroll
    for (int v = 0; v < NAME_SIDE_loads; v++)
      if (NAME_SIDE_takes(thread + v * NAME_threads))
        fetched_SIDE[v] = NAME_SIDE_fetch(p, SIDE, line_SIDE[v],
                                          NEXT + NAME_SIDE_k(thread + v * NAME_threads));
"""
KEEP = """\
    #pragma unroll
    for (int v = 0; v < NAME_SIDE_loads; v++)
      if (NAME_SIDE_takes(thread + v * NAME_threads))
        NAME_SIDE_keep(shared, STAGE, thread + v * NAME_threads, fetched_SIDE[v]);
"""
START = """\
  NAME_SIDE_line line_SIDE[NAME_SIDE_loads];
  NAME_four fetched_SIDE[NAME_SIDE_loads] = {};
  #pragma unroll
  for (int v = 0; v < NAME_SIDE_loads; v++)
    line_SIDE[v] = NAME_SIDE_start(p, CORNER + NAME_SIDE_at(thread + v * NAME_threads));
"""
READ = """\
      #pragma unroll
      for (int i = 0; i < NAME_PER / 4; i++)
        SIDE_now[i] = *(const NAME_four *)
            &shared.SIDE[stage][kk][i * (NAME_EXTENT * 4 / NAME_PER) + MINE * 4];
"""

# Lanes of a warp lie 4 x 8: what they read together is 64 and 128 bytes.
PLACE = """\
/* The first row and column of a thread, counted in fours. */
static __device__ inline int NAME_mine_a(int thread) {
  return thread / 32 / (NAME_wide / NAME_across / 8) * 4 + thread % 32 / 8;
}
static __device__ inline int NAME_mine_b(int thread) {
  return thread / 32 % (NAME_wide / NAME_across / 8) * 8 + thread % 8;
}
"""

MAIN = """\
extern "C" __launch_bounds__(NAME_threads, NAME_resident) __global__ void NAME(PARAMETERS) {
  __shared__ NAME_shared shared;
  const int thread = threadIdx.x;
  NAME_problem p = {FIELDS};
  const int job = blockIdx.x, tile = job % p.tiles, split = job / p.tiles % p.splits;
  const int which = job / p.tiles / p.splits;
  const int row = tile / p.abreast * NAME_tall, column = tile % p.abreast * NAME_wide;
  if (!NAME_enter(p, which) || row >= p.m || column >= p.n) return;
SHIFTED
  const int slabs = ((p.k + NAME_slab - 1) / NAME_slab + p.splits - 1) / p.splits * NAME_slab;
  const int first = split * slabs, last = p.k < first + slabs ? p.k : first + slabs;
STARTS
  const int mine_a = NAME_mine_a(thread), mine_b = NAME_mine_b(thread);
  NAME_real sum[NAME_down][NAME_across] = {};
  int stage = 0;
  if (first < last) {
FIRST
  }
  __syncthreads();
  for (int k = first; k < last; k += NAME_slab) {
    const bool more = k + NAME_slab < last;
    if (more) {
FETCHES
    }
    #pragma unroll
    for (int kk = 0; kk < NAME_slab; kk++) {
      NAME_four a_now[NAME_down / 4], b_now[NAME_across / 4];
READS
      #pragma unroll
      for (int i = 0; i < NAME_down; i++)
        #pragma unroll
        for (int j = 0; j < NAME_across; j++)
          sum[i][j] = FUSED(a_now[i / 4].at[i % 4], b_now[j / 4].at[j % 4], sum[i][j]);
    }
    stage ^= 1;
    if (more) {
KEEPS
    }
    __syncthreads();
  }
PARTS
  const NAME_columns columns = NAME_places(p, column + mine_b * 4);
  #pragma unroll
  for (int i = 0; i < NAME_down; i++) {
    int at = row + i / 4 * (NAME_tall * 4 / NAME_down) + mine_a * 4 + i % 4;
    if (at >= p.m) continue;
    NAME_real *to = c + NAME_row(p, at);
    #pragma unroll
    for (int j = 0; j < NAME_across / 4; j++) {
      NAME_four four;
      #pragma unroll
      for (int e = 0; e < 4; e++) four.at[e] = sum[i][4 * j + e];
      NAME_store(to, columns, j, four);
    }
  }
}
"""

# A thread's sums among the parts: four columns of a row are a slot.
WRITE = """\
  NAME_four *part = (NAME_four *)scratch
      + ((int64_t)which * p.tiles + tile) * p.splits * (NAME_tall * NAME_wide / 4) + thread;
  #pragma unroll
  for (int i = 0; i < NAME_down; i++)
    #pragma unroll
    for (int j = 0; j < NAME_across / 4; j++) {
      NAME_four four;
      #pragma unroll
      for (int e = 0; e < 4; e++) four.at[e] = sum[i][4 * j + e];
      part[split * (NAME_tall * NAME_wide / 4) + (i * (NAME_across / 4) + j) * NAME_threads] = four;
    }
"""

# The last block of a tile adds the parts.
TICKET = WRITE + """\
  __shared__ unsigned ticket;
  __threadfence();
  __syncthreads();
  unsigned *counter = tickets + (which * p.tiles + tile);
  if (thread == 0) ticket = atomicAdd(counter, 1u);
  __syncthreads();
  if (ticket != (unsigned)p.splits - 1) return;
  __threadfence();
  if (thread == 0) *counter = 0;
  #pragma unroll
  for (int i = 0; i < NAME_down; i++)
    #pragma unroll
    for (int j = 0; j < NAME_across; j++) sum[i][j] = 0;
  for (int s = 0; s < p.splits; s++, part += NAME_tall * NAME_wide / 4)
    #pragma unroll
    for (int i = 0; i < NAME_down; i++)
      #pragma unroll
      for (int j = 0; j < NAME_across / 4; j++) {
        NAME_four four = part[(i * (NAME_across / 4) + j) * NAME_threads];
        #pragma unroll
        for (int e = 0; e < 4; e++) sum[i][4 * j + e] += four.at[e];
      }
"""

# A launch of its own adds them: a block for each slot of all threads of a tile.
ADD = """\
extern "C" __launch_bounds__(NAME_threads) __global__ void NAME(PARAMETERS) {
  const int thread = threadIdx.x, job = blockIdx.x, slot = job % (NAME_down * NAME_across / 4);
  NAME_problem p = {FIELDS};
  const int tile = job / (NAME_down * NAME_across / 4) % p.tiles;
  const int which = job / (NAME_down * NAME_across / 4) / p.tiles;
  const int row = tile / p.abreast * NAME_tall, column = tile % p.abreast * NAME_wide;
  if (!NAME_enter(p, which)) return;
SHIFTED
  const int i = slot / (NAME_across / 4), j = slot % (NAME_across / 4);
  const int at = row + i / 4 * (NAME_tall * 4 / NAME_down) + NAME_mine_a(thread) * 4 + i % 4;
  if (at >= p.m) return;
  const NAME_four *part = (const NAME_four *)scratch + slot * NAME_threads + thread
      + ((int64_t)which * p.tiles + tile) * p.splits * (NAME_tall * NAME_wide / 4);
  NAME_four sum = {};
  #pragma unroll 8
  for (int s = 0; s < p.splits; s++) {
    NAME_four four = part[s * (NAME_tall * NAME_wide / 4)];
    #pragma unroll
    for (int e = 0; e < 4; e++) sum.at[e] += four.at[e];
  }
  const int first = column + j * (NAME_wide * 4 / NAME_across) + NAME_mine_b(thread) * 4;
  NAME_columns columns;
  #pragma unroll
  for (int e = 0; e < (NAME_vector_c ? 1 : 4); e++)
    columns.at[e] = first + e < p.n ? NAME_column(p, first + e) : -1;
  NAME_store(c + NAME_row(p, at), columns, 0, sum);
}
"""


# -- putting it together --------------------------------------------------------------------------


def launches(product: Product) -> Launch | list[Launch] | None:
    """What computes the product; None where there is nothing to store, and for other types."""
    if str(product.dtype) not in REALS or not product.m * product.n * product.batch:
        return None
    chosen = cut(product.m, product.n, product.k, product.batch, product.dtype)
    return _launches(product, chosen)


def _launches(product: Product, chosen: Cut) -> Launch | list[Launch]:
    tile, splits = chosen
    tiles = tile.count(product.m, product.n)
    sizes = _sizes(product, tile, tiles, splits)
    blocks = tiles * product.batch
    scratch = blocks * splits * tile.tall * tile.wide * product.dtype.itemsize
    head, block = _head(product, tile, sizes), (tile.threads,)
    numbers = tuple(sizes.values())
    if splits == 1:
        source = head + _main(product, sizes, "", "")
        return Launch(source, numbers, (blocks,), block)
    if splits <= FEW:
        last = ", unsigned *tickets, void *scratch"
        source = head + _main(product, sizes, TICKET, last)
        return Launch(source, numbers, (blocks * splits,), block, scratch, blocks)
    source = head + _main(product, sizes, WRITE + "  return;\n", ", void *scratch")
    added = head + _filled(ADD, product, sizes, ", void *scratch")
    slots = tile.down * tile.across // 4
    return [
        Launch(source, numbers, (blocks * splits,), block, scratch),
        Launch(added, numbers, (blocks * slots,), block, scratch),
    ]


def _sizes(product: Product, tile: Tile, tiles: int, splits: int) -> dict[str, int]:
    abreast = -(-product.n // tile.wide)
    own = {"m": product.m, "n": product.n, "k": product.k}
    return {**own, "tiles": tiles, "abreast": abreast, "splits": splits, **product.sizes}


def _head(product: Product, tile: Tile, sizes: dict[str, int]) -> str:
    names = ("tall", "wide", "down", "across", "slab", "threads", "resident")
    constants = {name: getattr(tile, name) for name in names}
    constants |= {"a_way": product.a.way, "b_way": product.b.way}
    constants |= {"vector_c": int(product.target.vector), "accumulates": int(product.beta != 0)}
    real, _ = REALS[str(product.dtype)]
    fields = "".join(f" {_type(name)} {name};" for name in sizes)
    parts = [
        f"typedef {real} NAME_real;\nenum {{ {_listed(constants)} }};\n",
        f"struct NAME_problem {{{fields} }};\n{HEAD}{product.head}{product.enter}",
        _side(product.a, "a", "tall"),
        _side(product.b, "b", "wide"),
        product.target.text,
        STORE.replace("SCALED", _scaled(product)),
        PLACE,
    ]
    return "\n".join(parts)


def _listed(constants: dict[str, int]) -> str:
    return ", ".join(f"NAME_{name} = {value}" for name, value in constants.items())


def _type(name: str) -> str:
    return "int64_t" if name.startswith(("by_", "step_")) else "int"


def _side(operand: Operand, side: str, extent: str) -> str:
    text = (operand.text + SHARE).replace("EXTENT", extent).replace("SIDE", side)
    return text.replace("VECTOR", str(operand.vector).lower())


def _scaled(product: Product) -> str:
    real, _ = REALS[str(product.dtype)]
    value = "sum.at[e]" if product.alpha == 1 else f"({real}){float(product.alpha)!r} * sum.at[e]"
    if not product.beta:
        return value
    return f"{value} + ({real}){float(product.beta)!r} * old.at[e]"


def _main(product: Product, sizes: dict[str, int], parts: str, last: str) -> str:
    text = MAIN.replace("STARTS", _both(START)).replace("READS", _both(READ))
    first = _both(FETCH).replace("NEXT", "first") + _both(KEEP).replace("STAGE", "0")
    text = text.replace("FIRST", first).replace("KEEPS", _both(KEEP).replace("STAGE", "stage"))
    text = text.replace("FETCHES", _both(FETCH).replace("NEXT", "k + NAME_slab"))
    return _filled(text.replace("PARTS", parts), product, sizes, last)


def _both(text: str) -> str:
    """The text for A, and for B."""
    names = {"SIDE": "ab", "CORNER": ("row", "column"), "MINE": ("mine_a", "mine_b"),
             "EXTENT": ("tall", "wide"), "PER": ("down", "across")}  # fmt: skip
    found = [text, text]
    for name, pair in names.items():
        found = [t.replace(name, value) for t, value in zip(found, pair)]
    return "".join(found)


def _filled(text: str, product: Product, sizes: dict[str, int], last: str) -> str:
    real, fused = REALS[str(product.dtype)]
    arrays = (f"{'' if x == 'c' else 'const '}{real} *__restrict__ {x}" for x in product.order)
    parameters = ", ".join([*(f"int64_t n_{name}" for name in sizes), *arrays]) + last
    fields = ", ".join(f"({_type(name)})n_{name}" for name in sizes)
    text = text.replace("PARAMETERS", parameters).replace("FIELDS", fields)
    text = text.replace("SHIFTED\n", SHIFT if "step_c" in sizes else "")
    return text.replace("FUSED", fused)


def divisor(d: int) -> int:
    """What NAME_divided takes, to divide numbers from 0 to 2**31 by d without a division.

    [Granlund and Montgomery 1994, "Division by Invariant Integers using Multiplication"]
    """
    shift = max(d - 1, 0).bit_length()
    factor = ((1 << 32) * ((1 << shift) - d)) // max(d, 1) + 1
    return factor | shift << 32


# -- matrices -------------------------------------------------------------------------------------

# Element (line, k) is at k * row + line: four lines lie side by side.
MATRIX = """\
struct NAME_SIDE_line { int at, left; };
static __device__ inline NAME_SIDE_line NAME_SIDE_start(const NAME_problem &p, int line) {
  return {line, p.LINES - line};
}
static __device__ inline NAME_four NAME_SIDE_fetch(const NAME_problem &p, const NAME_real *from,
                                                   NAME_SIDE_line line, int k) {
  NAME_four x = {};
  if (k >= p.k) return x;
  from += k * p.SIDE_row + line.at;
  if (VECTOR) {
    if (line.left > 0) x = *(const NAME_four *)from;
  } else {
    #pragma unroll
    for (int e = 0; e < 4; e++)
      if (e < line.left) x.at[e] = from[e];
  }
  return x;
}
"""

# Element (line, k) is at line * row + k.
TURNED = """\
struct NAME_SIDE_line { int at; bool there; };
static __device__ inline NAME_SIDE_line NAME_SIDE_start(const NAME_problem &p, int line) {
  return {line * p.SIDE_row, line < p.LINES};
}
static __device__ inline NAME_four NAME_SIDE_fetch(const NAME_problem &p, const NAME_real *from,
                                                   NAME_SIDE_line line, int k) {
  NAME_four x = {};
  if (!line.there) return x;
  from += line.at + k;
  if (VECTOR) {
    if (k < p.k) x = *(const NAME_four *)from;
  } else {
    #pragma unroll
    for (int e = 0; e < 4; e++)
      if (k + e < p.k) x.at[e] = from[e];
  }
  return x;
}
"""

ROWS = """\
static __device__ inline int NAME_row(const NAME_problem &p, int row) { return row * p.c_row; }
static __device__ inline int NAME_column(const NAME_problem &p, int column) { return column; }
"""

def matrix(lines: str, beside: bool, vector: bool) -> Operand:
    """A matrix whose `lines` (m or n) lie beside each other, or one after the other."""
    return Operand((MATRIX if beside else TURNED).replace("LINES", lines),
                   LINES if beside else ALONG, vector)  # fmt: skip


def fours(*numbers: int) -> bool:
    return all(number % 4 == 0 for number in numbers)


def product_launch(
    m: int, n: int, k: int, turned_a: bool, turned_b: bool, rows_a: int, rows_b: int, rows_c: int,
    alpha: float, beta: float, dtype: np.dtype, batch: int = 1,
    steps: tuple[int, int, int] = (0, 0, 0), order: str = "abc",
) -> Launch | list[Launch] | None:  # fmt: skip
    """C = alpha * A B + beta * C, for C [m, n], as one launch or two, of the arrays a, b and c.

    A is stored [m, k], or `turned_a` [k, m], its rows `rows_a` elements apart; B is [k, n], or
    `turned_b` [n, k]. In a batch the matrices are `steps` (a, b, c) elements apart; all begin at
    multiples of 16 bytes unless a step says otherwise. C is read only where beta is not 0.

    None where C is empty, for other types than float32 and float64, and for matrices of 2**31
    elements or more.
    """
    reach = ((k if turned_a else m) * rows_a, (n if turned_b else k) * rows_b, m * rows_c)
    if max(*reach, m, n, k) >= LIMIT:
        return None
    a = matrix("m", turned_a, fours(rows_a, steps[0], m if turned_a else k))
    b = matrix("n", not turned_b, fours(rows_b, steps[1], k if turned_b else n))
    sizes = {"a_row": rows_a, "b_row": rows_b, "c_row": rows_c}
    if batch != 1:
        sizes |= {"step_a": steps[0], "step_b": steps[1], "step_c": steps[2]}
    return launches(Product(
        m, n, k, a, b, Target(ROWS, fours(rows_c, steps[2], n)), sizes, np.dtype(dtype),
        batch=batch, order=order, alpha=alpha, beta=beta,
    ))  # fmt: skip
