"""A group of element-wise steps as one loop in C.

Each op says what it computes as a C expression of `x0`, `x1`, ... (its `scalar` trait); here these
are joined into the body of one loop nest that reads each input and writes each output once. Sizes
are arguments: code depends on how inputs broadcast, not on how large they are.
"""
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.core.tensor_shape import Shape

C_TYPES = {"float32": "float", "float64": "double", "bool": "uint8_t"}
FUNCTIONS = {
    "abs": "fabs", "exp": "exp", "expm1": "expm1", "log": "log", "log1p": "log1p", "sqrt": "sqrt",
    "sin": "sin", "cos": "cos", "tan": "tan", "asin": "asin", "acos": "acos", "atan": "atan",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "atan2": "atan2", "pow": "pow",
    "floor": "floor", "ceil": "ceil", "rint": "rint", "erf": "erf", "erfc": "erfc",
    "max": "larger", "min": "smaller",
}  # fmt: skip
CLASSIFIERS = {"isnan", "isinf", "isfinite"}  # macros for every type
PARALLEL = 1 << 16  # elements: from here on, more than one thread
RELEASE = 1 << 14  # elements: from here on, other Python threads may run meanwhile

_CALL = re.compile(r"\b([a-z]\w*)\(")
_NUMBER = re.compile(r"(?<![\w.])(\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)(?![\w.])")

PREAMBLE = f"""\
#include <math.h>
#include <stdint.h>
void *PyEval_SaveThread(void);
void PyEval_RestoreThread(void *);
#define DATA(array) (*(void **)((char *)(array) + {object.__basicsize__}))
static inline float largerf(float a, float b) {{ return a >= b || a != a ? a : b; }}
static inline float smallerf(float a, float b) {{ return a <= b || a != a ? a : b; }}
static inline double larger(double a, double b) {{ return a >= b || a != a ? a : b; }}
static inline double smaller(double a, double b) {{ return a <= b || a != a ? a : b; }}
int64_t minitf_data_of(void *array) {{ return (int64_t)DATA(array); }}
"""  # an array's data pointer follows its object header


@dataclass(frozen=True, slots=True)
class Read:
    """An array that the loop reads; along each dimension it extends, or is repeated."""

    dtype: str
    extends: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One value of the body: its type, and the expression in terms of `v0`, `v1`, ..."""

    dtype: str
    expression: str


@dataclass(frozen=True, slots=True)
class Loop:
    """The loop nest over `rank` dimensions: reads are `v0` ... in order, then come the lines;
    `writes` says which lines go to the outputs."""

    rank: int
    reads: tuple[Read, ...]
    lines: tuple[Line, ...]
    writes: tuple[int, ...]

    def body(self) -> list[str]:
        """The lines in C."""
        first = len(self.reads)
        return [
            f"{C_TYPES[line.dtype]} v{first + i} = {line.expression};"
            for i, line in enumerate(self.lines)
        ]

    def source(self, name: str) -> str:
        """The C function `name(n0, n1, ..., reads..., writes...)`."""
        first = len(self.reads)
        sizes = [f"int64_t n{d}" for d in range(self.rank)]
        reads = [f"void *a{i}" for i in range(first)]
        writes = [f"void *b{i}" for i in range(len(self.writes))]
        total = " * ".join(f"n{d}" for d in range(self.rank)) or "1"
        text = [f"void {name}({', '.join(sizes + reads + writes)}) {{"]
        types = [C_TYPES[read.dtype] for read in self.reads]
        text += [f"  const {c_type} *x{i} = DATA(a{i});" for i, c_type in enumerate(types)]
        types = [C_TYPES[self.lines[w].dtype] for w in self.writes]
        text += [f"  {c_type} *y{i} = DATA(b{i});" for i, c_type in enumerate(types)]
        text.append(f"  int64_t total = {total};")
        text.append(f"  void *others = total > {RELEASE} ? PyEval_SaveThread() : 0;")
        text += self._nest()
        text += ["  if (others) PyEval_RestoreThread(others);", "}"]
        return "\n".join(text)

    def _nest(self) -> list[str]:
        text = []
        for d in range(self.rank):
            simd = " simd" if d == self.rank - 1 else ""
            if d == 0:
                text.append(f"  #pragma omp parallel for{simd} if(total > {PARALLEL})")
            elif simd:
                text.append(f"  {'  ' * d}#pragma omp simd")
            text.append(f"  {'  ' * d}for (int64_t i{d} = 0; i{d} < n{d}; i{d}++) {{")
        pad = "  " + "  " * self.rank
        text += [
            f"{pad}{C_TYPES[r.dtype]} v{i} = x{i}[{_index(r.extends)}];"
            for i, r in enumerate(self.reads)
        ]
        text += [pad + line for line in self.body()]
        here, first = _index((True,) * self.rank), len(self.reads)
        text += [f"{pad}y{i}[{here}] = v{first + w};" for i, w in enumerate(self.writes)]
        text += [f"  {'  ' * d}}}" for d in reversed(range(self.rank))]
        return text


def _index(extends: tuple[bool, ...]) -> str:
    """Where the element of this iteration lies in an array that has only some dimensions."""
    index = ""
    for d, there in enumerate(extends):
        if there:
            index = f"({index}) * n{d} + i{d}" if index else f"i{d}"
    return index or "0"


def collapsed(
    shape: tuple[int, ...], reads: list[Shape]
) -> tuple[tuple[int, ...], list[tuple[bool, ...]]]:
    """The loop's sizes, with neighbouring dimensions joined wherever every array allows it, and
    along which of them each array extends."""
    extends = [_extends(shape, read or ()) for read in reads]
    sizes: list[int] = []
    columns: list[tuple[bool, ...]] = []
    for d, size in enumerate(shape):
        column = tuple(e[d] for e in extends)
        if size == 1:
            continue
        if columns and columns[-1] == column:
            sizes[-1] *= size
        else:
            sizes.append(size)
            columns.append(column)
    return tuple(sizes), [tuple(c[i] for c in columns) for i in range(len(reads))]


def _extends(shape: tuple[int, ...], read: tuple[int | None, ...]) -> tuple[bool, ...]:
    padded = (1,) * (len(shape) - len(read)) + tuple(read)
    return tuple(n != 1 for n in padded)


def expression(
    scalar: str, arguments: list[str], attrs: dict[str, Any], dtype: str
) -> str | None:
    """A `scalar` trait with names for its inputs, as C for elements of type `dtype`.

    None when it needs a function or an attribute that C has not.
    """
    suffix = "f" if dtype == "float32" else ""
    unknown = set(_CALL.findall(scalar)) - FUNCTIONS.keys() - CLASSIFIERS
    if unknown:
        return None
    for key, value in attrs.items():
        if re.search(rf"\b{key}\b", scalar):
            if not isinstance(value, (int, float)):
                return None
            scalar = re.sub(rf"\b{key}\b", repr(float(value)), scalar)
    text = _NUMBER.sub(lambda m: _number(m[1], suffix), scalar)
    text = _CALL.sub(
        lambda m: f"{m[1] if m[1] in CLASSIFIERS else FUNCTIONS[m[1]] + suffix}(", text
    )
    return re.sub(r"\bx(\d+)\b", lambda m: arguments[int(m[1])], text)


def literal(value: np.ndarray, dtype: str) -> str:
    """A known scalar as C writes it, exactly."""
    number = value.item()
    if dtype == "bool":
        return str(int(number))
    if not np.isfinite(number):
        return "NAN" if np.isnan(number) else ("INFINITY" if number > 0 else "(-INFINITY)")
    text = _number(str(value), "f" if dtype == "float32" else "")  # the shortest that is exact
    return f"({text})" if np.signbit(value) else text


def _number(text: str, suffix: str) -> str:
    return text + (suffix if "." in text or "e" in text.lower() else f".0{suffix}")
