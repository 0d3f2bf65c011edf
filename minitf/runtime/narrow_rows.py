"""A loop nest in C that closes with reductions of short rows: over three channels, ten classes.

Within a row each element waits for what comes of the one before. Here some rows go on together, a
lane of a vector for each.
"""
from __future__ import annotations

import functools
from collections.abc import Iterator

from minitf.runtime.loops import (
    COMBINES,
    EXTREMES,
    LOADED,
    Loop,
    Nest,
    combined,
    count_of,
    declared,
    divided,
    element,
)
from minitf.runtime.scalars import C_TYPES

ROWS = 16  # that go on together
# Elements of a row: from there on it has vectors enough of its own, whose sum is found sooner than
# the greatest of them.
NARROW, NARROW_OF_EXTREMES = 32, 256


def source(nest: Nest) -> str | None:
    """The C functions, as `Loop.source` has them; None where the loop is better as it is."""
    loop, sizes, _ = nest
    if loop.rank < 2 or loop.reduced != (*[False] * (loop.rank - 1), True):
        return None
    combines = {write.combine for write in loop.writes}
    limit = NARROW_OF_EXTREMES if combines & EXTREMES else NARROW
    pays = 1 < sizes[-1] < limit and sizes[-2] >= ROWS and "" not in combines
    return _source(loop) if pays else None


@functools.lru_cache(maxsize=1024)
def _source(loop: Loop) -> str:
    return "\n".join([*_part(loop), *divided(loop), ""])


def _part(loop: Loop) -> Iterator[str]:
    row = loop.rank - 2
    first, last = ("begin", "end") if row == loop.split else ("0", f"n{row}")
    yield "__attribute__((noinline)) static void"
    yield "NAME_part(const int64_t *n, void *const *p, int64_t begin, int64_t end) {"
    yield from declared(loop)
    for d in range(row):
        head = "begin; i0 < end" if d == loop.split else f"0; i{d} < n{d}"
        yield f"  for (int64_t i{d} = {head}; i{d}++) {{"
    yield f"  for (int64_t from = {first}; from < {last}; from += {ROWS}) {{"
    yield f"    const int64_t count = {last} - from < {ROWS} ? {last} - from : {ROWS};"
    for k, write in enumerate(loop.writes):
        yield f"    {C_TYPES[write.access.dtype]} r{k}[{ROWS}];"
        yield f"    for (int lane = 0; lane < {ROWS}; lane++) "
        yield f"      r{k}[lane] = {COMBINES[write.combine].start};"
    yield f"    if (count == {ROWS}) {{"
    yield from _rows(loop, str(ROWS))
    yield "    } else {"
    yield from _rows(loop, "count")
    yield "    }"
    yield "    for (int64_t lane = 0; lane < count; lane++) {"
    yield f"      const int64_t i{row} = from + lane;"
    for k, write in enumerate(loop.writes):
        yield f"      {element(f'y{k}', write.access)} = r{k}[lane]{count_of(loop, write)};"
    yield "    }"
    yield "  }" * (row + 1)
    yield "}"


def _rows(loop: Loop, count: str) -> Iterator[str]:
    """So many rows, element by element."""
    row, column = loop.rank - 2, loop.rank - 1
    yield f"      for (int64_t i{column} = 0; i{column} < n{column}; i{column}++) {{"
    yield "        #pragma omp simd"
    yield f"        for (int64_t lane = 0; lane < {count}; lane++) {{"
    yield f"          const int64_t i{row} = from + lane; (void)i{row};"
    for k, access in enumerate(loop.reads):
        yield f"          {LOADED[access.dtype]} v{k} = {element(f'x{k}', access)};"
    yield from (f"          {line}" for line in loop.body())
    for k, write in enumerate(loop.writes):
        value = combined(write.combine, f"r{k}[lane]", write.value, C_TYPES[write.access.dtype])
        yield f"          r{k}[lane] = {value};"
    yield "        }"
    yield "      }"
