"""A loop nest in C whose last dimension is short: numbers of three channels, of ten units.

A loop over so few elements is hardly a vector one, and what is left of a row is computed one by
one. Here some rows at a time lie side by side, what is repeated or far apart copied between them,
and one loop runs over all their elements.
"""
from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import NamedTuple

from minitf.runtime.loops import (
    CHEAP,
    COMBINES,
    LOADED,
    Access,
    Loop,
    Nest,
    Write,
    arrays,
    combined,
    count_of,
    declared,
    divided,
    element,
)
from minitf.runtime.scalars import C_TYPES, CALL, STORED

ROOM = 512  # elements side by side
SHORT, SHORT_OF_CALLS = 5, 128  # rows of fewer, of functions that take long one by one
SHORT_OF_REPEATED = 16  # where what is copied is the same in all rows
WHOLE = 8  # a row of so many, or a multiple, leaves nothing to compute one by one
ENOUGH = 64  # elements of all rows that can lie side by side


class Lies(NamedTuple):
    """How an array lies: whether neighbouring rows are side by side in memory already, whether it
    is one number, or the same in all rows."""

    flat: bool
    number: bool
    same: bool


def source(nest: Nest) -> str | None:
    """The C functions, as `Loop.source` has them; None where the loop is better as it is."""
    loop, sizes, _ = nest
    if loop.rank < 2 or (loop.rank > 2 and any(loop.reduced)):
        return None
    places = _places(nest)
    return _source(loop, places) if _pays(loop, sizes, places) else None


def _pays(loop: Loop, sizes: tuple[int, ...], places: tuple[Lies, ...]) -> bool:
    size = sizes[-1]
    if size * sizes[-2] < ENOUGH:
        return False
    if _calls(loop) and (size % WHOLE or any(loop.reduced)):
        return size < SHORT_OF_CALLS
    if any(loop.reduced):
        return False
    repeated = all(lies.flat or lies.number or lies.same for lies in places)
    return size < (SHORT_OF_REPEATED if repeated else SHORT)


def _calls(loop: Loop) -> bool:
    """Whether it calls functions that take long for one element."""
    names = (name for line in loop.lines for name in CALL.findall(line.expression))
    return any(name.removesuffix("f") not in CHEAP for name in names)


def _places(nest: Nest) -> tuple[Lies, ...]:
    loop, sizes, numbers = nest
    left, found = iter(numbers), []
    for _, access in arrays(loop):
        steps = [next(left) if along == "s" else int(along) for along in access.along]
        flat = steps[-1] == 1 and steps[-2] == sizes[-1]
        found.append(Lies(flat, not any(steps), not any(steps[:-1])))
    return tuple(found)


@functools.lru_cache(maxsize=1024)
def _source(loop: Loop, places: tuple[Lies, ...]) -> str:
    return "\n".join([*_Text(loop, places).part(), *divided(loop), ""])


class _Text:
    """The text of NAME_part."""

    def __init__(self, loop: Loop, places: tuple[Lies, ...]) -> None:
        self.loop, self.places = loop, dict(zip(arrays(loop), places))
        self.row, self.column = loop.rank - 2, loop.rank - 1
        self.ends = ("begin", "end") if self.row == loop.split else ("0", f"n{self.row}")
        self.sums = [(k, write) for k, write in enumerate(loop.writes) if write.combine]
        self.reduced = {f"y{k}" for k, _ in self.sums}
        self.copied = [key for key, lies in self.places.items()
                       if not (lies.flat or lies.number or key[0] in self.reduced)]  # fmt: skip
        self.inputs = [key for key in self.copied if key[0][0] == "x"]

    def part(self) -> Iterator[str]:
        loop, (first, last) = self.loop, self.ends
        total = ", double *total" if loop.whole else ""
        yield "__attribute__((noinline)) static void"
        yield f"NAME_part(const int64_t *n, void *const *p, int64_t begin, int64_t end{total}) {{"
        yield from declared(loop)
        yield f"  int64_t most = {ROOM} / n{self.column};"
        yield "  if (most > 8) most &= ~(int64_t)7; /* whole vectors */"
        for name, access in self.copied:
            yield f"  {STORED[access.dtype]} beside_{name}[{ROOM}];"
        yield from _started(loop, self.sums)
        yield from self.copied_once()
        for d in range(self.row):
            head = "begin; i0 < end" if d == loop.split else f"0; i{d} < n{d}"
            yield f"  for (int64_t i{d} = {head}; i{d}++) {{"
        yield f"  for (int64_t from = {first}; from < {last}; from += most) {{"
        yield f"    const int64_t stop = from + most < {last} ? from + most : {last};"
        yield f"    const int64_t count = (stop - from) * n{self.column};"
        yield from self.some_rows()
        yield "  }" * (self.row + 1)
        yield from _ended(loop, self.sums)
        yield "}"

    def copied_once(self) -> Iterator[str]:
        """Copies of what is the same in all rows."""
        once = [key for key in self.inputs if self.places[key].same]
        first, last = self.ends
        if once:
            yield f"  const int64_t rows = {last} - {first} < most ? {last} - {first} : most;"
            zeros = ", ".join(f"i{d} = 0" for d in range(self.row))
            yield f"  {{ const int64_t {zeros};" if zeros else "  {"
            yield from _rows(self.loop, once, "0", "rows")
            yield "  }"

    def some_rows(self) -> Iterator[str]:
        """The rows from `from` to `stop`: copies, and the loop over all their elements."""
        inputs = [key for key in self.inputs if not self.places[key].same]
        outputs = [key for key in self.copied if key not in self.inputs]
        yield from _rows(self.loop, inputs, "from", "stop")
        row, column = f"i{self.row}", f"i{self.column}"
        yield f"    const int64_t {row} = from, {column} = 0; (void){row}, (void){column};"
        for (name, access), lies in self.places.items():
            if lies.flat and name not in self.reduced:
                const = "const " if name[0] == "x" else ""
                yield f"    {const}{STORED[access.dtype]} *at_{name} = &{element(name, access)};"
        yield from self.elements()
        yield from _rows(self.loop, outputs, "from", "stop")
        yield from _added(self.loop, self.sums)

    def elements(self) -> Iterator[str]:
        loop, in_registers = self.loop, self.sums if self.loop.whole else []
        for k, write in in_registers:
            yield f"    {C_TYPES[write.access.dtype]} r{k} = {COMBINES[write.combine].start};"
        clauses = [f"reduction({COMBINES[w.combine].openmp} : r{k})" for k, w in in_registers]
        yield f"    #pragma omp simd {' '.join(clauses)}"
        yield "    for (int64_t j = 0; j < count; j++) {"
        for k, access in enumerate(loop.reads):
            yield f"      {LOADED[access.dtype]} v{k} = {self.place(f'x{k}', access)};"
        yield from (f"      {line}" for line in loop.body())
        for k, write in enumerate(loop.writes):
            c_type = STORED[write.access.dtype]
            if not write.combine:
                yield f"      {self.place(f'y{k}', write.access)} = {write.value};"
            elif loop.whole:
                yield f"      r{k} = {combined(write.combine, f'r{k}', write.value, c_type)};"
            else:
                yield f"      value_{k}[j] = {write.value};"
        yield "    }"

    def place(self, name: str, access: Access) -> str:
        lies = self.places[name, access]
        if lies.number:
            return f"{name}[0]"
        return f"at_{name}[j]" if lies.flat else f"beside_{name}[j]"


# -- reductions, of loops of two dimensions -------------------------------------------------------


def _started(loop: Loop, sums: list[tuple[int, Write]]) -> Iterator[str]:
    """What they start with; a sum over the rows begins in memory, and one part adds it all up."""
    if loop.by_columns:
        yield "  if (begin) return;"
        yield "  end = n1;"
    for k, write in sums:
        start = COMBINES[write.combine].start
        if loop.whole:
            yield f"  double t{k} = {start};"
            continue
        yield f"  {C_TYPES[write.access.dtype]} value_{k}[{ROOM}];"
        if loop.by_columns:
            place = element(f"y{k}", write.access)
            yield f"  for (int64_t i1 = 0; i1 < n1; i1++) {place} = {start};"


def _added(loop: Loop, sums: list[tuple[int, Write]]) -> Iterator[str]:
    """The values of some rows, combined with what there is."""
    for k, write in sums:
        place, c_type = element(f"y{k}", write.access), C_TYPES[write.access.dtype]
        if loop.whole:
            yield f"    t{k} = {combined(write.combine, f't{k}', f'r{k}', 'double')};"
            continue
        yield "    for (int64_t i0 = from, j = 0; i0 < stop; i0++) {"
        value, each = f"value_{k}[j]", "for (int64_t i1 = 0; i1 < n1; i1++, j++)"
        if loop.by_columns:
            yield f"      {each} {place} = {combined(write.combine, place, value, c_type)};"
        else:
            yield f"      double t = {COMBINES[write.combine].start};"
            yield f"      {each} t = {combined(write.combine, 't', value, 'double')};"
            yield f"      {place} = t{count_of(loop, write)};"
        yield "    }"


def _ended(loop: Loop, sums: list[tuple[int, Write]]) -> Iterator[str]:
    for place, (k, write) in enumerate(sums):
        if loop.whole:
            yield f"  total[{place}] = t{k};"
        elif loop.by_columns and write.combine == "mean":
            at = element(f"y{k}", write.access)
            yield f"  for (int64_t i1 = 0; i1 < n1; i1++) {at} = {at}{count_of(loop, write)};"


# -- rows -----------------------------------------------------------------------------------------


def _rows(
    loop: Loop, keys: list[tuple[str, Access]], first: str, stop: str
) -> Iterator[str]:
    """Copies of these arrays' rows, side by side; of outputs the other way."""
    row, column = loop.rank - 2, loop.rank - 1
    if not keys:
        return
    for size in ("2", "3", "4", f"n{column}"):  # the first ones without a loop
        yield f"    if (n{column} == {size})" if size.isdigit() else ""
        yield f"    for (int64_t i{row} = {first}, j = 0; i{row} < {stop}; i{row}++, j += {size})"
        yield f"      for (int64_t i{column} = 0; i{column} < {size}; i{column}++) {{"
        for name, access in keys:
            pair = [f"beside_{name}[j + i{column}]", element(name, access)]
            yield f"        {' = '.join(pair if name[0] == 'x' else pair[::-1])};"
        yield "      }" + " else" * size.isdigit()
