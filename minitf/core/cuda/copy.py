"""A strided array, as a transpose or a slice is, copied into a contiguous one in CUDA.

Where the elements that lie side by side in memory are not those of the last axis, a block turns a
tile of 32 by 32 elements in shared memory, so that it reads and writes whole lines.
"""
from __future__ import annotations

import math
from typing import NamedTuple

from minitf.core.cuda.threads import BLOCK, coordinates, each, kernel, launched
from minitf.core.kernel import Array, Launch, contiguous_strides

TILE = 32
LEAST = 8  # of a shorter axis, lines are not whole anyway

TURNED = """\
  __shared__ T tile[32][33];
  const int x = threadIdx.x % 32, y = threadIdx.x / 32;
  const INDEX tile_number = blockIdx.x;
COORDINATES
  const INDEX from = FROM, to = TO;
  const INDEX across = cACROSS * 32, down = cDOWN * 32;
  for (int k = y; k < 32; k += 8)
    if (across + k < width && down + x < height)
      tile[k][x] = x0[from + (across + k) * step + (down + x)];
  __syncthreads();
  for (int k = y; k < 32; k += 8)
    if (down + k < height && across + x < width)
      y0[to + (down + k) * pitch + across + x] = tile[x][k];"""


class Line(NamedTuple):
    """An axis: its size and its strides before and after."""

    size: int
    before: int
    after: int


def copy(source: Array) -> list[Launch] | None:
    """The launches from an array that lies as its strides say; None where the type has no name."""
    target = Array(source.shape, source.dtype, contiguous_strides(source.shape))
    lines = _lines(source, target)
    down = next((k for k, line in enumerate(lines) if line.before == 1), len(lines) - 1)
    turned = down < len(lines) - 1 and min(lines[down].size, lines[-1].size) >= LEAST
    made = _turned(lines, down, source, target) if turned else _plain(lines, source, target)
    return made and [launch._replace(strided=True) for launch in made]


def _lines(source: Array, target: Array) -> list[Line]:
    """The axes of more than one element, neighbours that lie in one piece as one."""
    lines: list[Line] = []
    for line in map(Line, source.shape, source.strides, target.strides):
        if lines and lines[-1].before == line.size * line.before and line.size != 1:
            lines[-1] = Line(lines[-1].size * line.size, line.before, line.after)
        elif line.size != 1:
            lines.append(line)
    return lines


def _plain(lines: list[Line], source: Array, target: Array) -> list[Launch] | None:
    sizes = {f"s{k}": line.size for k, line in enumerate(lines)}
    sizes |= {f"b{k}": line.before for k, line in enumerate(lines)}
    place = " + ".join(f"c{k} * b{k}" for k in range(len(lines))) or "0"
    before = coordinates([f"s{k}" for k in range(len(lines))])
    return each([source], [target], f"x0[{place}]", before, sizes=sizes)


def _turned(lines: list[Line], down: int, source: Array, target: Array) -> list[Launch] | None:
    last = len(lines) - 1
    counts = [-(-line.size // TILE) if k in (down, last) else line.size
              for k, line in enumerate(lines)]  # fmt: skip
    others = [k for k in range(last) if k != down]
    sizes = {f"s{k}": count for k, count in enumerate(counts)}
    sizes |= {f"b{k}": lines[k].before for k in others} | {f"a{k}": lines[k].after for k in others}
    sizes |= {"height": lines[down].size, "width": lines[last].size, "step": lines[last].before,
              "pitch": lines[down].after}  # fmt: skip
    names = [f"s{k}" for k in range(len(lines))]
    text = TURNED.replace("COORDINATES", coordinates(names, "tile_number"))
    for word, letter in (("FROM", "b"), ("TO", "a")):
        text = text.replace(word, " + ".join(f"c{k} * {letter}{k}" for k in others) or "0")
    text = text.replace("ACROSS", str(last)).replace("DOWN", str(down))
    grid = (max(1, math.prod(counts)),)
    return launched(kernel(text, [source], [target], grid, BLOCK, sizes=sizes), math.prod(counts))
