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

from minitf.core.cuda import product_text as text
from minitf.core.cuda.kernels import DIVIDED, LIMIT, REALS, listed, type_of
from minitf.core.cuda.tiles import FEW, Cut, Tile, cut
from minitf.core.kernel import Launch

# How the threads of a block share out the loads, four elements each.
LINES, ALONG, BESIDE = range(3)


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
    enter: str = text.ALONE
    batch: int = 1
    order: str = "abc"
    alpha: float = 1.0
    beta: float = 0.0
    head: str = ""  # text that stands before the struct
    fields: str = ""  # more of the struct, which NAME_enter fills in


# -- putting it together --------------------------------------------------------------------------


def launches(product: Product) -> Launch | list[Launch] | None:
    """What computes the product; None where there is nothing to store, and for other types."""
    product = product._replace(dtype=np.dtype(product.dtype))
    if str(product.dtype) not in REALS or not product.m * product.n * product.batch:
        return None
    chosen = cut(product.m, product.n, product.k, product.batch, product.dtype)
    return _launches(product, chosen)


def _launches(product: Product, chosen: Cut) -> Launch | list[Launch]:
    tile, splits = chosen
    tiles = tile.tiles(product.m, product.n)
    sizes = _sizes(product, tile, tiles, splits)
    blocks = tiles * product.batch
    scratch = blocks * splits * tile.tall * tile.wide * product.dtype.itemsize
    head, block = _head(product, tile, sizes), (tile.threads,)
    numbers = tuple(sizes.values())
    if splits == 1:
        source = head + _main(product, tile, sizes, "", "")
        return Launch(source, numbers, (blocks,), block)
    if splits <= FEW:
        last = ", unsigned *tickets, void *scratch"
        source = head + _main(product, tile, sizes, text.TICKET, last)
        return Launch(source, numbers, (blocks * splits,), block, scratch, blocks)
    source = head + _main(product, tile, sizes, text.WRITE + "  return;\n", ", void *scratch")
    added = head + _filled(text.ADD, product, tile, sizes, ", void *scratch")
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
    fields = "".join(f" {type_of(name)} {name};" for name in sizes) + f" {product.fields}"
    parts = [
        f"typedef {real} NAME_real;\nenum {{ {listed(constants)} }};\n",
        f"{product.head}struct NAME_problem {{{fields} }};\n{DIVIDED}{text.HEAD}{product.enter}",
        _side(product.a, "a", "tall"),
        _side(product.b, "b", "wide"),
        product.target.text,
        text.STORE.replace("SCALED", _scaled(product)),
        text.PLACE,
    ]
    return "\n".join(parts)


def _side(operand: Operand, side: str, extent: str) -> str:
    found = (operand.text + text.SHARE).replace("EXTENT", extent).replace("SIDE", side)
    return found.replace("VECTOR", str(operand.vector).lower())


def _scaled(product: Product) -> str:
    real, _ = REALS[str(product.dtype)]
    value = "sum.at[e]" if product.alpha == 1 else f"({real}){float(product.alpha)!r} * sum.at[e]"
    if not product.beta:
        return value
    return f"{value} + ({real}){float(product.beta)!r} * old.at[e]"


def _main(product: Product, tile: Tile, sizes: dict[str, int], parts: str, last: str) -> str:
    first = _both(text.FETCH).replace("NEXT", "first") + _both(text.KEEP).replace("STAGE", "0")
    pieces = {
        "STARTS": _both(text.START),
        "FIRST": first,
        "FETCHES": _both(text.FETCH).replace("NEXT", "k + NAME_slab"),
        "READS": _both(text.READ),
        "KEEPS": _both(text.KEEP).replace("STAGE", "stage"),
        "PARTS": parts,
    }
    return _filled(_replaced(text.MAIN, pieces), product, tile, sizes, last)


def _replaced(source: str, pieces: dict[str, str]) -> str:
    for name, piece in pieces.items():
        source = source.replace(f"{name}\n", piece)
    return source


def _both(piece: str) -> str:
    """The text for A, and for B."""
    names = {"SIDE": "ab", "CORNER": ("row", "column"), "MINE": ("mine_a", "mine_b"),
             "EXTENT": ("tall", "wide"), "PER": ("down", "across")}  # fmt: skip
    found = [piece, piece]
    for name, pair in names.items():
        found = [t.replace(name, value) for t, value in zip(found, pair)]
    return "".join(found)


def _filled(
    source: str, product: Product, tile: Tile, sizes: dict[str, int], last: str
) -> str:
    """The text of a function, with its parameters."""
    real, fused = REALS[str(product.dtype)]
    arrays = (f"{'' if x == 'c' else 'const '}{real} *__restrict__ {x}" for x in product.order)
    parameters = ", ".join([*(f"int64_t n_{name}" for name in sizes), *arrays]) + last
    fields = ", ".join(f"({type_of(name)})n_{name}" for name in sizes)
    source = _replaced(source, {"SHIFTED": text.SHIFT if "step_c" in sizes else ""})
    source = source.replace("PARAMETERS", parameters).replace("FIELDS", fields)
    source = source.replace("BOUNDS", f"{tile.threads}, {tile.resident}")
    return source.replace("FUSED", fused)


# -- matrices -------------------------------------------------------------------------------------

def matrix(lines: str, beside: bool, vector: bool) -> Operand:
    """A matrix whose `lines` (m or n) lie beside each other, or one after the other."""
    return Operand((text.MATRIX if beside else text.TURNED).replace("LINES", lines),
                   LINES if beside else ALONG, vector)  # fmt: skip


def fours(*numbers: int) -> bool:
    """Whether four elements may be loaded at once from places that such numbers make up."""
    return all(number % 4 == 0 for number in numbers)


def by_rows(vector: bool) -> Target:
    """C as a matrix whose rows are `c_row` elements apart."""
    return Target(text.ROWS, vector)


def product_launch(
    m: int, n: int, k: int, turned_a: bool, turned_b: bool, rows_a: int, rows_b: int, rows_c: int,
    alpha: float, beta: float, dtype: np.dtype, batch: int = 1,
    steps: tuple[int, int, int] = (0, 0, 0), order: str = "abc", aligned: bool = True,
) -> Launch | list[Launch] | None:  # fmt: skip
    """C = alpha * A B + beta * C, for C [m, n], as one launch or two, of the arrays a, b and c.

    A is stored [m, k], or `turned_a` [k, m], its rows `rows_a` elements apart; B is [k, n], or
    `turned_b` [n, k]. In a batch the matrices are `steps` (a, b, c) elements apart; `aligned` says
    that the first ones begin at multiples of 16 bytes. C is read only where beta is not 0.

    None where C is empty, for other types than float32 and float64, and for matrices of 2**31
    elements or more.
    """
    reach = ((k if turned_a else m) * rows_a, (n if turned_b else k) * rows_b, m * rows_c)
    if max(*reach, m, n, k) >= LIMIT:
        return None
    a = matrix("m", turned_a, aligned and fours(rows_a, steps[0], m if turned_a else k))
    b = matrix("n", not turned_b, aligned and fours(rows_b, steps[1], k if turned_b else n))
    sizes = {"a_row": rows_a, "b_row": rows_b, "c_row": rows_c}
    if batch != 1:
        sizes |= {"step_a": steps[0], "step_b": steps[1], "step_c": steps[2]}
    return launches(Product(
        m, n, k, a, b, by_rows(aligned and fours(rows_c, steps[2], n)), sizes, dtype,
        batch=batch, order=order, alpha=alpha, beta=beta,
    ))  # fmt: skip
