"""Steps in C that follow one another, as a table that one call from Python runs through."""
from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from minitf.backend import native as base
from minitf.backend.compiler import library
from minitf.backend.threads import cores, share
from minitf.core.kernel import Kernel

LONG = 1 << 15  # elements: from here on, other Python threads may run meanwhile
ALIGNMENT = 64

Place = tuple[Any, int]  # which array, and how many bytes into it


class Choice(str):
    """The expression of one of several arrays: `b1 if training else b0`; `parts` are these."""

    parts: tuple[Any, ...] = ()


@dataclass(slots=True)
class Region:
    """Kernel calls and their places. An array that differs from run to run is named by a string
    and handed over in the call; the number of a slab or a constant array stays."""

    calls: list[tuple[Any, list[Place]]] = field(default_factory=list)
    steps: list[Any] = field(default_factory=list)  # what each call is
    elements: int = 0

    def arguments(self) -> list[str]:
        """The names of the arrays that a call is given."""
        names = (key for _, places in self.calls for key, _ in places if isinstance(key, str))
        return list(dict.fromkeys(names))

    def bound(
        self, addresses: dict[Kernel, int], slab: Callable[[int], int]
    ) -> Callable[[tuple[Any, ...]], None]:
        """The function that runs it in the memory of a frame.

        `addresses` are those of the kernels' code; `slab(number)` is where a slab begins.
        """
        index, fixed = self._numbered(slab)
        most, threads = max(kernel.scratch for kernel, _ in self.calls), base.threads()
        room = scratch(most * threads)
        pointers = np.array([*fixed, room.ctypes.data], np.int64)
        places = [
            (index[_key(key)], offset)
            for kernel, arrays in self.calls
            for key, offset in [*arrays, *([(None, 0)] if kernel.scratch else [])]
        ]
        sizes = [np.array(kernel.sizes or (0,), np.int64) for kernel, _ in self.calls]
        calls, first = [], 0
        for (kernel, arrays), numbers in zip(self.calls, sizes):
            count = len(arrays) + bool(kernel.scratch)
            calls.append((addresses[kernel], numbers.ctypes.data, first, count))
            first += count
        tables = [np.array(calls, np.int64), np.array(places, np.int64), pointers]
        region = np.array([len(self.arguments()), len(calls), self.elements >= LONG,
                           *(table.ctypes.data for table in tables),
                           threads if most else 0], np.int64)  # fmt: skip
        run: Any = functools.partial(base.runner(), region.ctypes.data)
        run.memory = region, tables, sizes, room  # it lives as long as the function
        return run

    def _numbered(self, slab: Callable[[int], int]) -> tuple[dict[Any, int], list[int]]:
        """Each array's number, and the addresses by number; 0 for arguments."""
        index: dict[Any, int] = {name: i for i, name in enumerate(self.arguments())}
        fixed = [0] * len(index)
        for _, places in self.calls:
            for key, _ in places:
                if _key(key) not in index:
                    index[_key(key)] = len(fixed)
                    fixed.append(slab(key) if isinstance(key, int) else key.ctypes.data)
        index[None] = len(fixed)
        return index, fixed


def _key(key: Any) -> Any:
    return ("constant", id(key)) if isinstance(key, np.ndarray) else key


def scratch(size: int) -> np.ndarray:
    """Memory to work in, which begins where kernels want it."""
    array = np.empty(size + ALIGNMENT, np.uint8)
    return array[-array.ctypes.data % ALIGNMENT :]


def compiled(kernels: Iterable[Kernel]) -> dict[Kernel, int] | None:
    """Where the code of each kernel is; None when there is no compiler, or it fails."""
    kernels = list(dict.fromkeys(kernels))
    if not kernels:
        return {}
    sources = list(dict.fromkeys(kernel.source for kernel in kernels if kernel.source))
    found = _loaded(sources)
    if base.base() is None or found is None:
        return None
    return {k: found[k.source] if k.source else base.function(k.function) for k in kernels}


PART = 6  # kernels that are compiled together
# Characters of a kernel that is compiled by itself, so that another network finds it in the cache:
# a convolution takes four times as long as what compiling it alone costs.
ALONE = 5000
_addresses: dict[str, int] = {}  # of what has been compiled in this process, by its source


def _loaded(sources: list[str]) -> dict[str, int] | None:
    """The addresses of functions. What is new is compiled in parts, as many at once as there are
    processors, and beside it, the first time, the base library."""
    new = [source for source in sources if source not in _addresses]
    small = [source for source in new if len(source) < ALONE]
    parts = [[source] for source in new if len(source) >= ALONE]
    parts += [small[i : i + PART] for i in range(0, len(small), PART)]
    work: list[Callable[[], Any]] = [functools.partial(_library, part) for part in parts]
    if not base.base.cache_info().currsize:
        work.insert(0, base.base)
    made = _at_once(work)
    if base.base() is None or None in made:
        return None
    made = made[len(made) - len(parts) :]
    for part, library_of_part in zip(parts, made):
        library_of_part.minitf_base_has(*map(ctypes.c_void_p, base.services()))
        table = (ctypes.c_void_p * len(part)).in_dll(library_of_part, "minitf_table")
        _addresses.update(zip(part, table))
    return {source: _addresses[source] for source in sources}


def _library(sources: list[str]) -> Any:
    names = [f"kernel{i}" for i in range(len(sources))]
    functions = (source.replace("NAME", name) for source, name in zip(sources, names))
    table = f"void *const minitf_table[] = {{{', '.join(names)}}};\n"
    return library("\n".join([base.preamble(sources), *functions, table]))


def _at_once(work: list[Callable[[], Any]]) -> list[Any]:
    """What each gives, computed by as many threads as there are processors."""
    found: list[Any] = [None] * len(work)

    def some(left: Iterable[int]) -> None:
        for i in left:
            found[i] = work[i]()

    share(some, range(len(work)), min(len(work), cores()))
    return found
