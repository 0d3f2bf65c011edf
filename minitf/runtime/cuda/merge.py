"""Several small CUDA loops as one launch: the updates of all variables of a network, say.

A launch that waits for the one before it takes a microsecond or two, however little it does. So
loops over elements that do not need each other are put off, as long as nothing needs them, and
launched together: each gets some of the blocks.
"""
from __future__ import annotations

from typing import Any

from minitf.core.kernel import Launch
from minitf.runtime.cuda.loops import BLOCKS, LoopLaunch, loop_part
from minitf.runtime.cuda.sums import THREADS
from minitf.runtime.regions import Choice, Place

Call = tuple[Any, list[Place]]

MOST = 500  # parameters of a launch, of 8 bytes each: they may take 4 KB


def merged(calls: list[Call]) -> list[Call]:
    """The calls, with loops put together where that changes nothing."""
    made: list[Call] = []
    group: list[Call] = []
    for call in calls:
        if _is_simple(call):
            if not _fits(call, group):
                made += _together(group)
                group = []
            group.append(call)
            continue
        if any(_need_order(other, call) for other in group):
            made += _together(group)
            group = []
        made.append(call)
    return made + _together(group)


def _is_simple(call: Call) -> bool:
    """Whether it is a loop over elements that lie side by side."""
    kernel = call[0]
    return isinstance(kernel, LoopLaunch) and kernel.loop.rank == 1 and not any(kernel.loop.reduced)


def _fits(call: Call, group: list[Call]) -> bool:
    count = sum(_parameters(each) for each in [*group, call])
    return count <= MOST and not any(_need_order(other, call) for other in group)


def _parameters(call: Call) -> int:
    """Of a loop that is a part of a launch: its numbers, its blocks' numbers, its pointers."""
    kernel, places = call
    return len(kernel.sizes) + len(kernel.strides) + 2 + len(places)


def _need_order(one: Call, other: Call) -> bool:
    """Whether one writes what the other reads or writes."""
    (reads, writes), (other_reads, other_writes) = map(_memory, (one, other))
    return bool(writes & (other_reads | other_writes) or reads & other_writes)


def _memory(call: Call) -> tuple[set[Any], set[Any]]:
    """The arrays that are read, and written; all may be both where the kernel is no loop."""
    kernel, places = call
    if not isinstance(kernel, LoopLaunch):
        return _keys(places), _keys(places)
    count = len(kernel.loop.reads)
    return _keys(places[:count]), _keys(places[count:])


def _keys(places: list[Place]) -> set[Any]:
    """What tells arrays apart."""
    keys = [key.parts if isinstance(key, Choice) else (key,) for key, _ in places]
    return {key if isinstance(key, (int, str)) else id(key) for parts in keys for key in parts}


def _together(group: list[Call]) -> list[Call]:
    if len(group) < 2:
        return group
    loops = [kernel for kernel, _ in group]
    counts = [_blocks(loop) for loop in loops]
    firsts = [sum(counts[:k]) for k in range(len(counts))]
    numbers = [n for loop, first, count in zip(loops, firsts, counts)
               for n in (first, count, *loop.sizes, *loop.strides)]  # fmt: skip
    launch = Launch(_text(loops), tuple(numbers), (sum(counts),), (THREADS,), strided=True)
    return [(launch, [place for _, places in group for place in places])]


def _blocks(loop: LoopLaunch) -> int:
    each = THREADS * (4 if loop.fours else 1)
    return max(1, min(BLOCKS, -(-loop.sizes[0] // each)))


def _text(loops: list[LoopLaunch]) -> str:
    parts = [loop_part(loop, k) for k, loop in enumerate(loops)]
    numbers = [name for part in parts for name in part.numbers]
    pointers = [name for part in parts for name in part.pointers]
    head = f'extern "C" __global__ void NAME({", ".join([*numbers, *pointers])}) {{'
    return "\n".join([head, *(line for part in parts for line in part.lines), "}", ""])
