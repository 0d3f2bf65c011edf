"""A group of element-wise steps, and the reductions that close it, as one loop nest in C.

Each op says what it computes as a C expression of `x0`, `x1`, ... (its `scalar` trait); here these
are joined into the body of one loop nest that reads each input and writes each output once. Sizes
and strides are arguments: the text depends on how arrays broadcast, not on how large they are.
"""
from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from minitf.backend.special import NAMES
from minitf.core.kernel import Array
from minitf.runtime.scalars import C_TYPES, CALL, LOCALS, STORED, type_name

CHEAP = {"fabs", "larger", "smaller", "choose", "sqrt", "floor", "ceil", "rint"}
SLOW = {*NAMES, "log_gamma"}
# Nanoseconds of one element, roughly: what decides whether waking other threads is worth it.
PER_LINE, PER_CALL, PER_SPECIAL, WORTH_THREADS = 0.05, 0.5, 20, 20_000
PARTS = 4  # for each thread: one that is late, or loses its core, takes fewer
BLOCK = 1024  # elements summed as floats; sums of blocks are added up as doubles

class Combine(NamedTuple):
    """How a reduction combines: where it starts, its name to OpenMP, and the combination in C."""

    start: str
    openmp: str
    text: str


COMBINES = {
    "sum": Combine("0", "+", "{a} + {b}"),
    "mean": Combine("0", "+", "{a} + {b}"),  # and divided by their number in the end
    "prod": Combine("1", "*", "{a} * {b}"),
    "max": Combine("-INFINITY", "larger", "larger{f}({a}, {b})"),
    "min": Combine("INFINITY", "smaller", "smaller{f}({a}, {b})"),
    "any": Combine("0", "||", "{a} || {b}"),
    "all": Combine("1", "&&", "{a} && {b}"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One value of the body: its type, and the expression in terms of `v0`, `v1`, ..."""

    dtype: str
    expression: str


@dataclass(frozen=True, slots=True)
class Access:
    """How an array lies along the dimensions of the nest: 0 repeated, 1 side by side (the last
    one only), otherwise by a stride that is an argument."""

    dtype: str
    along: tuple[str, ...]  # of "0", "1", "s"


@dataclass(frozen=True, slots=True)
class Write:
    """An output: which value goes there, and what combines it where dimensions are reduced."""

    value: str
    access: Access
    combine: str = ""


@dataclass(frozen=True, slots=True)
class Loop:
    """The nest: reads are `v0` ... in order, then come the lines."""

    rank: int
    reads: tuple[Access, ...]
    lines: tuple[Line, ...]
    writes: tuple[Write, ...]

    def body(self) -> list[str]:
        """The lines in C."""
        first = len(self.reads)
        return [
            f"{LOCALS[line.dtype]} v{first + i} = {line.expression};"
            for i, line in enumerate(self.lines)
        ]

    @property
    def reduced(self) -> tuple[bool, ...]:
        """Along which dimensions the closing reductions run."""
        for write in self.writes:
            if write.combine:
                return tuple(a == "0" for a in write.access.along)
        return (False,) * self.rank

    @property
    def split(self) -> int:
        """The dimension that threads divide among themselves: one that is not reduced."""
        return self.rank - 1 if self.by_columns else 0

    @property
    def by_columns(self) -> bool:
        """Whether leading dimensions are reduced: sums grow in memory, row by row."""
        return self.reduced[0] and not self.reduced[-1]

    @property
    def whole(self) -> bool:
        return all(self.reduced)

    def nanoseconds(self) -> float:
        """Of one element."""
        calls = [name.removesuffix("f") for line in self.lines
                 for name in CALL.findall(line.expression)]  # fmt: skip
        costs = [PER_SPECIAL if name in SLOW else PER_CALL for name in calls if name not in CHEAP]
        arrays = len(self.reads) + len(self.writes)
        return PER_LINE * (len(self.lines) + arrays) + sum(costs)

    @functools.lru_cache(maxsize=1024)  # noqa: B019  what is alike is written once
    def source(self) -> str:
        """The C functions NAME_part, which does a part, and NAME, which divides."""
        return "\n".join([*_part(self), *divided(self), ""])


# -- the text -------------------------------------------------------------------------------------

LOADED = {**STORED, **LOCALS}
EXTREMES, NARROW = {"max", "min"}, 32  # elements of a row


def declared(loop: Loop) -> Iterator[str]:
    """Sizes, strides and pointers."""
    for d in range(loop.rank):
        yield f"  const int64_t n{d} = n[{d}];"
    at = loop.rank
    for name, access in arrays(loop):
        for d, along in enumerate(access.along):
            if along == "s":
                yield f"  const int64_t {name}_{d} = n[{at}];"
                at += 1
    for k, (name, access) in enumerate(arrays(loop)):
        const = "const " if name[0] == "x" else ""
        yield f"  {const}{STORED[access.dtype]} *{name} = p[{k}];"


def arrays(loop: Loop) -> Iterator[tuple[str, Access]]:
    for i, access in enumerate(loop.reads):
        yield f"x{i}", access
    for i, write in enumerate(loop.writes):
        yield f"y{i}", write.access


def element(name: str, access: Access) -> str:
    terms = {"1": "i{d}", "s": "i{d} * {name}_{d}"}
    index = [terms[a].format(d=d, name=name) for d, a in enumerate(access.along) if a != "0"]
    return f"{name}[{' + '.join(index) or '0'}]"


def _part(loop: Loop) -> list[str]:
    extra = ", double *total" if loop.whole else ""
    text = ["__attribute__((noinline)) static void",
            f"NAME_part(const int64_t *n, void *const *p, int64_t begin, int64_t end{extra}) {{"]
    text += declared(loop)
    text += _nest(loop)
    return [*text, "}"]


def _nest(loop: Loop) -> list[str]:
    kept = next((d for d, gone in enumerate(loop.reduced) if gone), loop.rank)
    sums = [(i, write) for i, write in enumerate(loop.writes) if write.combine]
    in_registers = bool(sums) and not loop.by_columns
    text: list[str] = _started(loop, sums) if loop.by_columns else []
    opened = 0
    for d in range(loop.rank - 1):
        if in_registers and d == kept:
            text += _accumulators(loop, sums, d)
        text.append(f"{_pad(d)}for (int64_t i{d} = {_range(loop, d)}; i{d}++) {{")
        opened += 1
    last = loop.rank - 1
    if in_registers and kept == last:
        text += _accumulators(loop, sums, last)
    text += _innermost(loop, sums if in_registers else [])
    for d in reversed(range(opened)):
        if in_registers and kept == d + 1:
            text += _stored(loop, sums, d + 1)
        text.append(f"{_pad(d)}}}")
    if in_registers and kept == 0:
        text += [f"  total[{k}] = t{i};" for k, (i, _) in enumerate(sums)]
    if loop.by_columns:
        text += _ended(loop, sums)
    return text


def _pad(d: int) -> str:
    return "  " * (d + 1)


def _range(loop: Loop, d: int) -> str:
    return f"begin; i{d} < end" if d == loop.split else f"0; i{d} < n{d}"


def _accumulators(loop: Loop, sums: list[tuple[int, Write]], d: int) -> list[str]:
    return [f"{_pad(d)}double t{i} = {COMBINES[w.combine].start};" for i, w in sums]


def combined(combine: str, a: str, b: str, c_type: str) -> str:
    return COMBINES[combine].text.format(a=a, b=b, f="f" if c_type == "float" else "")


def _innermost(loop: Loop, sums: list[tuple[int, Write]]) -> list[str]:
    """The vectorised loop; with accumulators, block by block."""
    last = loop.rank - 1
    pad, i = _pad(last), f"i{last}"
    if not sums:
        inner = [f"{pad}  {line}" for line in statements(loop, sums)]
        head = f"{pad}for (int64_t {i} = {_range(loop, last)}; {i}++) {{"
        return [f"{pad}#pragma omp simd", head, *inner, f"{pad}}}"]
    begin, end = ("begin", "end") if last == loop.split else ("0", f"n{last}")
    clauses = " ".join(f"reduction({COMBINES[w.combine].openmp} : r{k})" for k, w in sums)
    text = _narrow(loop, sums, begin, end) if {w.combine for _, w in sums} & EXTREMES else []
    text += [f"{pad}for (int64_t b = {begin}; b < {end}; b += {BLOCK}) {{",
            f"{pad}  int64_t stop = b + {BLOCK} < {end} ? b + {BLOCK} : {end};"]  # fmt: skip
    text += _block(loop, sums, "b", "stop", f"#pragma omp simd {clauses}")
    return [*text, f"{pad}}}"]


def _narrow(loop: Loop, sums: list, begin: str, end: str) -> list[str]:
    """Of a few elements the greatest is found sooner without a vector, whose parts are compared."""
    pad, block = _pad(loop.rank - 1), _block(loop, sums, begin, end)
    return [f"{pad}if ({end} - {begin} <= {NARROW}) {{", *block, f"{pad}}} else"]


def _block(loop: Loop, sums: list, begin: str, end: str, *pragma: str) -> list[str]:
    pad, i = _pad(loop.rank), f"i{loop.rank - 1}"
    text = [f"{C_TYPES[w.access.dtype]} r{k} = {COMBINES[w.combine].start};" for k, w in sums]
    text += [*pragma, f"for (int64_t {i} = {begin}; {i} < {end}; {i}++) {{"]
    text += [*(f"  {line}" for line in statements(loop, sums)), "}"]
    text += [f"t{k} = {combined(w.combine, f't{k}', f'r{k}', 'double')};" for k, w in sums]
    return [pad + line for line in text]


def statements(loop: Loop, sums: list[tuple[int, Write]]) -> Iterator[str]:
    for k, access in enumerate(loop.reads):
        yield f"{LOADED[access.dtype]} v{k} = {element(f'x{k}', access)};"
    yield from loop.body()
    held = {k for k, _ in sums}
    for k, write in enumerate(loop.writes):
        place, c_type = element(f"y{k}", write.access), STORED[write.access.dtype]
        if k in held:
            yield f"r{k} = {combined(write.combine, f'r{k}', write.value, c_type)};"
        elif write.combine:
            yield f"{place} = {combined(write.combine, place, write.value, c_type)};"
        else:
            yield f"{place} = {write.value};"


def _stored(loop: Loop, sums: list[tuple[int, Write]], d: int) -> list[str]:
    """Accumulators that are done go to memory."""
    return [f"{_pad(d)}{element(f'y{k}', w.access)} = t{k}{count_of(loop, w)};" for k, w in sums]


def count_of(loop: Loop, write: Write) -> str:
    if write.combine != "mean":
        return ""
    sizes = " * ".join(f"n{d}" for d, gone in enumerate(loop.reduced) if gone)
    return f" / (double)({sizes})"


def _over_columns(loop: Loop, statements: list[str]) -> list[str]:
    """A nest over the dimensions that are kept."""
    text = []
    kept = [d for d, gone in enumerate(loop.reduced) if not gone]
    for depth, d in enumerate(kept):
        text.append(f"{_pad(depth)}for (int64_t i{d} = {_range(loop, d)}; i{d}++) {{")
    text += [_pad(len(kept)) + statement for statement in statements]
    return text + [f"{_pad(depth)}}}" for depth in reversed(range(len(kept)))]


def _started(loop: Loop, sums: list[tuple[int, Write]]) -> list[str]:
    places = [(element(f"y{k}", w.access), COMBINES[w.combine].start) for k, w in sums]
    return _over_columns(loop, [f"{place} = {start};" for place, start in places])


def _ended(loop: Loop, sums: list[tuple[int, Write]]) -> list[str]:
    means = [(element(f"y{k}", w.access), count_of(loop, w)) for k, w in sums if count_of(loop, w)]
    return _over_columns(loop, [f"{p} = {p}{count};" for p, count in means]) if means else []


def divided(loop: Loop) -> list[str]:
    """The function that divides the work, by whole vectors where neighbours are divided."""
    d, total = loop.split, " * ".join(f"n[{d}]" for d in range(loop.rank))
    grain = 64 if d == loop.rank - 1 else 1
    sums = [(k, w) for k, w in enumerate(loop.writes) if w.combine] if loop.whole else []
    field, given = (f" double (*total)[{len(sums)}];", ", total") if sums else ("", "")
    return [
        "typedef struct {",
        f"  const int64_t *n; void *const *p; int64_t step;{field}",
        "} NAME_context;",
        "static void NAME_piece(void *context, int64_t i) {",
        "  const NAME_context *c = context;",
        f"  int64_t length = c->n[{d}], begin = i * c->step, end = begin + c->step;",
        "  begin = begin < length ? begin : length, end = end < length ? end : length;",
        f"  NAME_part(c->n, c->p, begin, end{', c->total[i]' if sums else ''});",
        "}",
        "static void NAME(const int64_t *n, void *const *p) {",
        f"  int64_t length = n[{d}];",
        f"  int64_t parts = {total} < {_worth_threads(loop)} ? 1 : {PARTS} * thread_count();",
        f"  int64_t step = (length + parts * {grain} - 1) / (parts * {grain}) * {grain};",
        *([f"  double total[parts][{len(sums)}];"] if sums else []),
        f"  NAME_context context = {{n, p, step{given}}};",
        "  if (parts == 1) NAME_piece(&context, 0);",
        "  else parallel(NAME_piece, &context, parts);",
        *(line for place, (k, write) in enumerate(sums) for line in _total(loop, place, k, write)),
        "}",
    ]


def _worth_threads(loop: Loop) -> int:
    return int(WORTH_THREADS / loop.nanoseconds())


def _total(loop: Loop, place: int, k: int, write: Write) -> Iterator[str]:
    """The parts' totals as one, in an order that does not depend on which was done first."""
    both = combined(write.combine, f"total[0][{place}]", f"total[i][{place}]", "double")
    count = re.sub(r"\bn(\d)\b", r"n[\1]", count_of(loop, write))
    c_type, y = C_TYPES[write.access.dtype], len(loop.reads) + k
    yield f"  for (int i = 1; i < parts; i++) total[0][{place}] = {both};"
    yield f"  *({c_type} *)p[{y}] = total[0][{place}]{count};"


# -- from arrays to a loop ------------------------------------------------------------------------


Nest = tuple[Loop, tuple[int, ...], tuple[int, ...]]  # with its sizes, and strides


def nest(
    shape: tuple[int, ...],
    reads: list[Array],
    lines: tuple[Line, ...],
    writes: list[tuple[str, str, Array]],
) -> Nest:
    """The loop over `shape`, its sizes, and the strides that are arguments.

    Strides of `reads` and of `writes` (value, combination, array) are given for each dimension of
    `shape`, 0 where the array is repeated or reduced.
    """
    arrays = [*reads, *(array for *_, array in writes)]
    sizes, strides = collapsed(shape, [array.strides for array in arrays])
    accesses = [_access(array, steps) for array, steps in zip(arrays, strides)]
    alone = all(size == 1 for size in sizes)  # what is reduced is one element: itself
    loop = Loop(
        len(sizes),
        tuple(accesses[: len(reads)]),
        lines,
        tuple(Write(value, a, "" if alone else combine)
              for (value, combine, _), a in zip(writes, accesses[len(reads) :])),
    )  # fmt: skip
    numbers = tuple(
        stride
        for access, steps in zip(accesses, strides)
        for along, stride in zip(access.along, steps)
        if along == "s"
    )
    return loop, sizes, numbers


def _access(array: Array, steps: tuple[int, ...]) -> Access:
    *outer, inner = steps
    along = ["0" if step == 0 else "s" for step in outer]
    return Access(type_name(array.dtype), (*along, str(inner) if inner in (0, 1) else "s"))


def collapsed(
    shape: tuple[int, ...], strides: list[tuple[int, ...]]
) -> tuple[tuple[int, ...], list[tuple[int, ...]]]:
    """Sizes and strides with neighbouring dimensions joined wherever every array allows it."""
    sizes: list[int] = []
    columns: list[tuple[int, ...]] = []
    for d, size in enumerate(shape):
        column = tuple(steps[d] for steps in strides)
        if size == 1:
            continue
        if columns and all(a == b * size for a, b in zip(columns[-1], column)):
            sizes[-1] *= size
            columns[-1] = column
        else:
            sizes.append(size)
            columns.append(column)
    if not sizes:
        sizes, columns = [1], [(1,) * len(strides)]
    return tuple(sizes), [tuple(c[i] for c in columns) for i in range(len(strides))]


def spread(array: Array, shape: tuple[int, ...]) -> Array:
    """The array with a stride for each dimension of `shape`, to which it broadcasts."""
    missing = len(shape) - len(array.shape)
    steps = (0 if n == 1 else s for n, s in zip(array.shape, array.strides))
    return array._replace(strides=(*(0,) * missing, *steps))


# -- expressions ----------------------------------------------------------------------------------
