"""A group of element-wise steps, and the reductions that close it, as one CUDA kernel.

The same Loop that becomes a loop nest in C. Neighbouring threads take neighbouring elements of the
last dimension; sums are made in an order that does not depend on which thread was first.
"""
from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from minitf.core.cuda.kernels import PROCESSORS
from minitf.core.kernel import Launch
from minitf.runtime.cuda.sums import AT_ONCE, THREADS, TYPES, WARP, Sums, place_in
from minitf.runtime.loops import Access, Loop
from minitf.runtime.scalars import LOCALS

BLOCKS = 32 * PROCESSORS  # at most, of one launch: they fill the card four times; rounds follow
FILLING = 2 * PROCESSORS  # blocks that keep a large card busy
ALONE = 8192  # elements that one block sums as fast as several do
LONG_ROW = 1024  # elements: a block for each row, not a warp

class LoopLaunch(NamedTuple):
    """A launch, and the loop that it is."""

    launch: Launch
    loop: Loop
    sizes: tuple[int, ...]
    strides: tuple[int, ...]
    wide: bool  # indices need 64 bits
    fours: bool  # four neighbours are taken at once
    strided: bool = True


class Part(NamedTuple):
    """A loop as a part of a kernel: its parameters, and its lines."""

    numbers: list[str]
    pointers: list[str]
    lines: list[str]


def cuda_loop(
    loop: Loop, sizes: tuple[int, ...], strides: tuple[int, ...], aligned: bool
) -> LoopLaunch:
    """The launch of a loop over so many elements; `aligned` says that every array begins at a
    multiple of 16 bytes."""
    wide = _reach(loop, sizes, strides) >= 1 << 30  # steps go beyond the end, too
    fours = aligned and _in_fours(loop, sizes, strides)
    launch = _launch(_Text(loop, wide, fours), sizes, strides)
    return LoopLaunch(launch, loop, sizes, strides, wide, fours)


def _launch(text: _Text, sizes: tuple[int, ...], strides: tuple[int, ...]) -> Launch:
    reduced = text.loop.reduced
    if not any(reduced):
        return text.elements(sizes, strides)
    if text.loop.by_columns and not all(reduced):
        return text.columns(sizes, strides)
    kept = len(reduced) - sum(reduced)
    long = math.prod(sizes[kept:]) > ALONE and math.prod(sizes[:kept]) <= FILLING // 2
    return (text.long_rows if long or all(reduced) else text.rows)(sizes, strides)


def loop_part(made: LoopLaunch, number: int) -> Part:
    """A loop along one dimension as part `number` of a kernel, for the blocks that it is given."""
    return _Text(made.loop, made.wide, made.fours).part(number)


def _reach(loop: Loop, sizes: tuple[int, ...], strides: tuple[int, ...]) -> int:
    """How many elements there are, or lie between the first and the last of an array."""
    left = iter(strides)
    furthest = math.prod(sizes)
    for _, access in _arrays(loop):
        steps = [next(left) if along == "s" else int(along) for along in access.along]
        furthest = max(furthest, sum(n * step for n, step in zip(sizes, steps)))
    return furthest


def _in_fours(loop: Loop, sizes: tuple[int, ...], strides: tuple[int, ...]) -> bool:
    """Whether four neighbours of the last dimension lie side by side, and their groups aligned."""
    accesses = [*loop.reads, *(w.access for w in loop.writes)]
    side_by_side = all(access.along[-1] != "s" for access in accesses)
    return side_by_side and (loop.rank == 1 or not any(n % 4 for n in (sizes[-1], *strides)))


def power_of_2(n: int) -> int:
    """The least that is not smaller."""
    return 1 << max(0, n - 1).bit_length()


class _Text(Sums):
    def __init__(self, loop: Loop, wide: bool, fours: bool) -> None:
        self.loop, self.index, self.fours = loop, "int64_t" if wide else "int", fours
        self.sums = [(k, write) for k, write in enumerate(loop.writes) if write.combine]

    # -- the four kinds ----------------------------------------------------------------------

    def elements(self, sizes: tuple[int, ...], strides: tuple[int, ...]) -> Launch:
        """Nothing is reduced: threads along the last dimension, and along all others."""
        *outer, last = sizes
        across = last // 4 if self.fours else last
        width = min(THREADS, power_of_2(across)) if outer else THREADS
        height = THREADS // width
        columns, rows = _blocks(across, width), _blocks(math.prod(outer), height)
        columns = min(columns, BLOCKS)
        grid = columns, min(rows, max(1, BLOCKS // columns))
        return Launch(self._elements(), (*sizes, *strides), grid, (width, height), strided=True)

    def part(self, number: int) -> Part:
        """The same along one dimension, for some of the blocks of a kernel."""
        numbers, pointers = self._parameters()
        own = f"p{number}_"
        lines = [f"  if (blockIdx.x >= {own}first && blockIdx.x < {own}first + {own}blocks) {{",
                 f"    const INDEX first = (INDEX)(blockIdx.x - {own}first) * blockDim.x",
                 "                        + threadIdx.x;",
                 f"    const INDEX step = (INDEX){own}blocks * blockDim.x;"]  # fmt: skip
        lines += [f"    const INDEX {name} = (INDEX){own}{given};" for name, given in numbers]
        lines += [f"    {kind} *{name} = {own}{name};" for kind, name in pointers]
        if self.fours:
            lines += ["    for (INDEX four = first; four < n0 / 4; four += step) {",
                      "      const INDEX i0 = 4 * four;", *self._four(0), "    }"]  # fmt: skip
        start = "n0 / 4 * 4 + first" if self.fours else "first"
        lines += [f"    for (INDEX i0 = {start}; i0 < n0; i0 += step) {{"]
        lines += [f"      {line}" for line in self._body()] + ["    }", "  }"]
        given = ["first", "blocks", *(given for _, given in numbers)]
        return Part(
            [f"int64_t {own}{name}" for name in given],
            [f"{kind} *{own}{name}" for kind, name in pointers],
            [line.replace("INDEX", self.index) for line in lines],
        )

    def _elements(self) -> str:
        last, d = f"n{self.loop.rank - 1}", self.loop.rank - 1
        text = [*self._opened()]
        text += [f"  for (INDEX row = {_thread('y')}; row < {self._product(range(d))};"
                 " row += gridDim.y * blockDim.y) {"]  # fmt: skip
        text += self._indices("row", range(d), "    ")
        if self.fours:
            text += [f"    for (INDEX four = {_thread('x')}; four < {last} / 4;"
                     " four += gridDim.x * blockDim.x) {"]  # fmt: skip
            text += [f"      const INDEX i{d} = 4 * four;", *self._four(d), "    }"]
        start = f"{last} / 4 * 4 + {_thread('x')}" if self.fours else _thread("x")
        if not self.fours or self.loop.rank == 1:
            text += [f"    for (INDEX i{d} = {start}; i{d} < {last};"
                     f" i{d} += gridDim.x * blockDim.x) {{"]  # fmt: skip
            text += [f"      {line}" for line in self._body()]
            text += ["    }"]
        return self._closed([*text, "  }"])

    def rows(self, sizes: tuple[int, ...], strides: tuple[int, ...]) -> Launch:
        """The last dimensions are reduced: some lanes of a warp, or a block, for each row."""
        kept = self._kept()
        rows, inner = math.prod(sizes[:kept]), math.prod(sizes[kept:])
        lanes = THREADS if inner > LONG_ROW else min(WARP, power_of_2(-(-inner // 4)))
        height = THREADS // lanes
        grid = 1, min(_blocks(rows, height), 65535)
        return Launch(self._rows(lanes), (*sizes, *strides), grid, (lanes, height), strided=True)

    def _rows(self, lanes: int) -> str:
        kept, rank = self._kept(), self.loop.rank
        text = [*self._opened(False), *self._shared(lanes // WARP)]
        text += [f"  const INDEX rows = {self._product(range(kept))};"]
        text += ["  for (INDEX first = blockIdx.y * blockDim.y; first < rows;"
                 " first += gridDim.y * blockDim.y) {"]  # fmt: skip
        text += ["    const INDEX row = first + threadIdx.y;", *self._accumulators("    ")]
        text += self._indices("row", range(kept), "    ")
        text += ["    if (row < rows)"]
        text += self._summed("j", "threadIdx.x", str(lanes), range(kept, rank), "      ")
        text += self._over_lanes(min(lanes, WARP), "    ")
        if lanes > WARP:
            text += self._over_warps(lanes // WARP, "    ")
        text += ["    if (threadIdx.x == 0 && row < rows) {", *self._stored("      "), "    }"]
        return self._closed([*text, "  }"])

    def long_rows(self, sizes: tuple[int, ...], strides: tuple[int, ...]) -> Launch:
        """Few rows, or one, that are reduced: of the blocks of a row the last to end adds up what
        all have left behind."""
        kept = self._kept()
        rows, count = math.prod(sizes[:kept]), math.prod(sizes[kept:])
        blocks = 1 if count <= ALONE else min(_blocks(count, 4 * THREADS), 4 * FILLING // rows)
        return Launch(self._long_rows(), (*sizes, *strides), (blocks, rows), (THREADS,),
                      8 * blocks * rows * len(self.sums), rows, strided=True)  # fmt: skip

    def _long_rows(self) -> str:
        kept, rank, count = self._kept(), self.loop.rank, len(self.sums)
        text = [*self._opened(), *self._shared(THREADS // WARP), "  const INDEX row = blockIdx.y;"]
        text += [*self._accumulators("  "), *self._indices("row", range(kept), "  ")]
        step = "(INDEX)(gridDim.x * blockDim.x)"
        text += self._summed("j", _thread("x"), step, range(kept, rank), "  ")
        text += self._over_block("  ")
        place = f"partial[((int64_t)row * gridDim.x + {{b}}) * {count} + {{n}}]"
        left = [place.format(b="blockIdx.x", n=n) for n in range(count)]
        again = [place.format(b="b", n=n) for n in range(count)]
        text += self._last_block("gridDim.x", "tickets[row]", left, "threadIdx.x == 0")
        text += self._restarted("    ")
        text += self._gathered("threadIdx.x", "gridDim.x", THREADS, again, "    ")
        text += [*self._over_block("    "), "  }"]
        text += ["  if (threadIdx.x == 0) {", *self._stored("    "), "  }"]
        return self._closed(text)

    def columns(self, sizes: tuple[int, ...], strides: tuple[int, ...]) -> Launch:
        """The first dimensions are reduced: a thread for each column, several rows at once."""
        gone = sum(self.loop.reduced)
        rows, columns = math.prod(sizes[:gone]), math.prod(sizes[gone:])
        width = min(WARP, power_of_2(columns))
        height, across = THREADS // width, _blocks(columns, width)
        splits = max(1, min(2 * FILLING // across, FILLING, rows // (AT_ONCE * height)))
        scratch = 8 * splits * columns * len(self.sums) if splits > 1 else 0
        return Launch(self._columns(width, splits > 1), (*sizes, *strides), (across, splits),
                      (width, height), scratch, across if splits > 1 else 0, True)  # fmt: skip

    def _columns(self, width: int, split: bool) -> str:
        gone, rank, height = sum(self.loop.reduced), self.loop.rank, THREADS // width
        text = [*self._opened(split)]
        for k, w in self.sums:
            text.append(f"  __shared__ {self._type(w)} shared{k}[{height}][{width}];")
        text += [f"  const INDEX columns = {self._product(range(gone, rank))};"]
        text += [f"  const INDEX column = {_thread('x')};", *self._accumulators("  ")]
        text += self._indices("column", range(gone, rank), "  ")
        text += ["  if (column < columns)"]
        step = "(INDEX)(gridDim.y * blockDim.y)"
        text += self._summed("row", _thread("y"), step, range(gone), "    ")
        text += self._over_height(height, "  ")
        top = "threadIdx.y == 0 && column < columns"
        if split:
            count = len(self.sums)
            place = f"partial[({{row}} * {count} + {{n}}) * (int64_t)columns + column]"
            kept = [place.format(row="blockIdx.y", n=n) for n in range(count)]
            text += self._last_block("gridDim.y", "tickets[blockIdx.x]", kept, top)
            text += self._restarted("    ")
            again = [place.format(row="b", n=n) for n in range(count)]
            text += ["    if (column < columns)"]
            text += self._gathered("threadIdx.y", "gridDim.y", height, again, "      ")
            text += [*self._over_height(height, "    "), "  }"]
        text += [f"  if ({top}) {{", *self._stored("    "), "  }"]
        return self._closed(text)

    # -- parts of them -----------------------------------------------------------------------

    def _kept(self) -> int:
        return self.loop.rank - sum(self.loop.reduced)

    def _opened(self, partial: bool = True) -> list[str]:
        """The head, the parameters, and shorter names for them."""
        numbers, pointers = self._parameters()
        given = [f"int64_t {given}" for _, given in numbers]
        given += [f"{kind} *{name}" for kind, name in pointers]
        given += ["unsigned *tickets", "void *scratch"] if self._splits(partial) else []
        text = [f'extern "C" __global__ void NAME({", ".join(given)}) {{']
        return text + [f"  const INDEX {name} = (INDEX){given};" for name, given in numbers]

    def _parameters(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """(name in the body, name of the parameter) of numbers, (type, name) of pointers."""
        loop = self.loop
        numbers = [(f"n{d}", f"size{d}") for d in range(loop.rank)]
        numbers += [(f"{name}_{d}", f"step_{name}_{d}") for name, access in _arrays(loop)
                    for d, along in enumerate(access.along) if along == "s"]  # fmt: skip
        pointers = [(f"{'const ' if name[0] == 'x' else ''}{TYPES[access.dtype]}", name)
                    for name, access in _arrays(loop)]  # fmt: skip
        return numbers, pointers

    def _splits(self, partial: bool) -> bool:
        """Whether several blocks work on one sum."""
        return bool(self.sums) and partial

    def _closed(self, text: list[str]) -> str:
        return "\n".join([*text, "}", ""]).replace("INDEX", self.index)

    def _product(self, dimensions: range) -> str:
        return " * ".join(f"n{d}" for d in dimensions) or "1"

    def _indices(self, flat: str, dimensions: range, pad: str) -> list[str]:
        """The index along each dimension, from one that runs through all of them."""
        if len(dimensions) == 1:
            return [f"{pad}const INDEX i{dimensions[0]} = {flat};"]
        text, rest = [], flat
        for d in reversed(dimensions[1:]):
            text.append(f"{pad}const INDEX i{d} = {rest} % n{d}, {flat}_{d} = {rest} / n{d};")
            rest = f"{flat}_{d}"
        return text + [f"{pad}const INDEX i{d} = {rest};" for d in dimensions[:1]]

    def _summed(self, flat: str, start: str, step: str, dimensions: range, pad: str) -> list[str]:
        """The body for what a thread adds up: every `step`-th of the indices. What several of them
        read is on its way before the first is added."""
        count, reads = self._product(dimensions), list(enumerate(self.loop.reads))
        each = [f"  #pragma unroll {AT_ONCE}", f"  for (int e = 0; e < {AT_ONCE}; e++) {{",
                f"    const INDEX {flat} = next + e * {step};",
                f"    if ({flat} >= {count}) continue;",
                *self._indices(flat, dimensions, "    ")]  # fmt: skip
        text = [f"for (INDEX next = {start}; next < {count}; next += {AT_ONCE} * {step}) {{"]
        text += [f"  {TYPES[access.dtype]} from{k}[{AT_ONCE}];" for k, access in reads]
        text += [*each, *(f"    from{k}[e] = x{k}[{place_in(f'x{k}', a)}];" for k, a in reads)]
        text += ["  }", *each, *(f"    {line}" for line in self._body("from{k}[e]")), "  }", "}"]
        return [pad + line for line in text]

    def _body(self, read: str = "x{k}[{place}]") -> Iterator[str]:
        """The lines for one element; `read` is where an array's is."""
        for k, access in enumerate(self.loop.reads):
            element = read.format(k=k, place=place_in(f"x{k}", access))
            yield f"{LOCALS[access.dtype]} v{k} = {element};"
        yield from self.loop.body()
        for k, w in enumerate(self.loop.writes):
            place = f"y{k}[{place_in(f'y{k}', w.access)}]"
            yield self._added(k, w, w.value) if w.combine else f"{place} = {w.value};"

    def _four(self, d: int) -> list[str]:
        """The body for four neighbours along the last dimension."""
        text = []
        for k, access in enumerate(self.loop.reads):
            place = f"x{k} + {place_in(f'x{k}', access)}"
            if access.along[-1] == "1":
                text.append(f"const Four<{TYPES[access.dtype]}> from{k} ="
                            f" *(const Four<{TYPES[access.dtype]}> *)({place});")  # fmt: skip
            else:
                text.append(f"const {TYPES[access.dtype]} from{k} = *({place});")
        text += [f"Four<{TYPES[w.access.dtype]}> to{k};" for k, w in enumerate(self.loop.writes)]
        text += ["#pragma unroll", "for (int e = 0; e < 4; e++) {"]
        for k, access in enumerate(self.loop.reads):
            item = f"from{k}.at[e]" if access.along[-1] == "1" else f"from{k}"
            text.append(f"  {LOCALS[access.dtype]} v{k} = {item};")
        text += [f"  {line}" for line in self.loop.body()]
        text += [f"  to{k}.at[e] = {w.value};" for k, w in enumerate(self.loop.writes)] + ["}"]
        for k, w in enumerate(self.loop.writes):
            place = f"y{k} + {place_in(f'y{k}', w.access)}"
            text.append(f"*(Four<{TYPES[w.access.dtype]}> *)({place}) = to{k};")
        return [f"      {line}" for line in text]


def _arrays(loop: Loop) -> Iterator[tuple[str, Access]]:
    for k, access in enumerate(loop.reads):
        yield f"x{k}", access
    for k, write in enumerate(loop.writes):
        yield f"y{k}", write.access


def _blocks(count: int, each: int) -> int:
    return max(1, -(-count // each))


def _thread(axis: str) -> str:
    """Which thread of all along an axis this is."""
    return f"(INDEX)blockIdx.{axis} * blockDim.{axis} + threadIdx.{axis}"
