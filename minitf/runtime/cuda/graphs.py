"""Steps on a GPU that follow one another: launched one by one the first time, then captured as a
CUDA graph, which one call launches.

A graph knows addresses, not arrays: feeds are copied to where it expects them, variables have to
stay where they are. Where they have moved, it is captured again; the graphs of some addresses are
kept, because what a loop computes in alternates from iteration to iteration.
"""
from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from minitf.backend.gpu import Gpu
from minitf.backend.log import warn
from minitf.core.garbage import no_garbage_collection
from minitf.core.kernel import Launch, Product
from minitf.runtime.buffers import aligned
from minitf.runtime.cache import LRU
from minitf.runtime.cuda.lowering import Transfer, all_launches, launches_of
from minitf.runtime.cuda.merge import merged
from minitf.runtime.cuda.transfers import TO_DEVICE
from minitf.runtime.regions import Place, Region

GRAPHS = 8  # of one region that are kept
FREE = 4  # captures of one region that need not pay: of the others each has to serve
WORTH = 4  # launches, or what is computed is launched piece by piece
STAGED = 1 << 28  # bytes of feeds: more go to the device without pinned memory of as many
DIRECT = 3 << 17  # bytes of feeds: up to here a copy beside the work costs more than it wins


@dataclass(slots=True)
class Copy:
    """A copy between an argument in host memory and the device; `up` is towards the device."""

    up: bool
    argument: int
    shape: tuple[int, ...]
    dtype: np.dtype
    key: Any  # which array of the device, and how many bytes into it
    offset: int
    start: int  # in the block of pinned memory that all such copies share

    @property
    def size(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64)) * self.dtype.itemsize

    def window(self, block: np.ndarray) -> np.ndarray:
        """The part of the pinned block as an array."""
        return block[self.start : self.start + self.size].view(self.dtype).reshape(self.shape)


class Staging:
    """Pinned memory for the feeds of one run, and memory of the device that it is copied to while
    the run before still computes."""

    def __init__(self, gpu: Gpu, copies: list[Copy], size: int) -> None:
        self.gpu, self.size = gpu, size
        self.pinned = gpu.pinned(size)
        self.address = self.pinned.ctypes.data
        self.windows = [(copy.argument, copy.window(self.pinned)) for copy in copies]
        with gpu.device:
            self.copied, taken = (gpu.xp.cuda.Event(disable_timing=True) for _ in range(2))
        self.taken = taken
        self.device: Any = gpu.allocate(size) if size > DIRECT else None
        taken.record(gpu.stream)  # what made this memory, and whose it was before, are done

    def __del__(self) -> None:
        if hasattr(self, "copied"):
            self.copied.synchronize()  # no other array may come to lie where a copy still reads

    def put(self, arrays: tuple[Any, ...], block: int) -> None:
        """Copy feeds to the address `block`, before what the stream does next."""
        self.copied.synchronize()  # what was put here last has been copied
        for argument, window in self.windows:
            window[...] = arrays[argument]
        gpu, size = self.gpu, self.size
        if self.device is None:
            gpu.copy(block, self.address, size, gpu.UP, gpu.stream)
            self.copied.record(gpu.stream)
            return
        beside = self.device.data.ptr
        gpu.uploads.wait_event(self.taken)
        gpu.copy(beside, self.address, size, gpu.UP, gpu.uploads)
        self.copied.record(gpu.uploads)
        gpu.stream.wait_event(self.copied)
        gpu.copy(block, beside, size, gpu.ACROSS, gpu.stream)
        self.taken.record(gpu.stream)


class Launcher:
    """Launches kernels, and calls the BLAS. What runs in order shares its memory to work in."""

    def __init__(self, gpu: Gpu, kernels: list[Any]) -> None:
        self.gpu = gpu
        launches = [k for kernel in kernels for k in launches_of(kernel) if isinstance(k, Launch)]
        self.work = gpu.work(launches)
        products = sum(isinstance(k, Product) for kernel in kernels for k in launches_of(kernel))
        self.products: LRU[Any] = LRU(2 * GRAPHS * products)  # calls, by what and where

    def __call__(self, kernel: Any, addresses: tuple[int, ...], stream: Any) -> None:
        for each in launches_of(kernel):
            if isinstance(each, Launch):
                self.gpu.launch(each, addresses, self.work)
            else:
                self._product(each, addresses)(stream)

    def products_of(self, kernel: Any, addresses: tuple[int, ...]) -> list[Any]:
        """The calls of the BLAS, ready to be made."""
        found = (each for each in launches_of(kernel) if isinstance(each, Product))
        return [self._product(each, addresses) for each in found]

    def _product(self, product: Product, addresses: tuple[int, ...]) -> Any:
        key = product, addresses
        return self.products.get(key) or self.products.put(
            key, self.gpu.blas.bound(product, addresses)
        )


class Graphed:
    """A region of a plan in the memory of one frame."""

    def __init__(
        self,
        names: list[str],
        calls: list[tuple[Any, list[Place]]],
        gpu: Gpu,
        slabs: list[Any],
        key: int,
        known: set[int],
    ) -> None:
        """`names` are those of the arrays that it is called with; `known` are the keys of regions
        of the plan that have run: a first run loads kernels, and may be the last."""
        self.names, self.calls, self.gpu, self.slabs = names, calls, gpu, slabs
        self.key, self.known = key, known
        self.copies = self._copies()
        self.feeds = [copy for copy in self.copies.values() if copy.up]
        self.results = [copy for copy in self.copies.values() if not copy.up]
        on_host = {copy.argument for copy in self.copies.values()}
        self.device = [k for k in range(len(self.names)) if k not in on_host]
        self.launch = Launcher(gpu, [kernel for kernel, _ in self.calls])
        self.graphs: LRU[Any] = LRU(GRAPHS)  # by the addresses of the arguments on the device
        self.pinned: Any = None  # where the graphs leave results
        self.windows: list[tuple[int, np.ndarray]] = []  # these, with the arguments that they are
        self.ring: list[Staging] = []
        self.captured = self.served = 0
        self.refused = False  # whether the device has refused to capture it

    def __call__(self, arrays: tuple[Any, ...]) -> None:
        pointers = tuple([arrays[k].data.ptr for k in self.device])
        graph = self.graphs.get(pointers)
        if graph is None:
            graph = self._new_graph(pointers)
        else:
            self.served += 1
        if graph is None:
            self._piece_by_piece(arrays, pointers)
            return
        if self.feeds:
            self._put(arrays)
        if graph[0] is not None:
            graph[0].launch(self.gpu.stream)
        if self.results:
            self._take(arrays)

    def _new_graph(self, pointers: tuple[int, ...]) -> Any:
        """A graph for these addresses; None where the region is better launched piece by piece."""
        if self.key not in self.known or self.refused or not self._is_worth_it():
            self.known.add(self.key)
            return None
        try:
            return self.graphs.put(pointers, self._capture(pointers))
        except (OSError, RuntimeError) as error:
            warn(f"a step on the GPU is launched piece by piece, for it was not captured: {error}")
            self.refused = True
            return None

    def _is_worth_it(self) -> bool:
        """Whether graphs that are captured here are launched so often that it pays."""
        return WORTH * (self.captured - FREE) <= self.served

    def _copies(self) -> dict[int, Copy]:
        """The copies between host and device, by the number of the call."""
        found: dict[int, Copy] = {}
        start = {True: 0, False: 0}
        for number, (kernel, places) in enumerate(self.calls):
            if isinstance(kernel, Transfer):
                up = kernel.definition is TO_DEVICE
                (name, _), (key, offset) = places if up else reversed(places)
                copy = Copy(up, self.names.index(name), kernel.shape, kernel.dtype, key, offset,
                            start[up])  # fmt: skip
                found[number] = copy
                start[up] += aligned(copy.size)
        return found

    def _address(self, place: Place, arguments: dict[str, int]) -> int:
        key, offset = place
        if isinstance(key, str):
            return arguments[key] + offset
        return (self.slabs[key] if isinstance(key, int) else key).data.ptr + offset

    def _launched(
        self, pointers: tuple[int, ...], stream: Any, transfer: Callable[[Copy, int], None]
    ) -> None:
        """Everything in its order; `transfer` makes the copies, given the device's address."""
        arguments = self._arguments(pointers)
        for number, (kernel, places) in enumerate(self.calls):
            copy = self.copies.get(number)
            if copy is not None:
                transfer(copy, self._address((copy.key, copy.offset), arguments))
            else:
                addresses = tuple(self._address(place, arguments) for place in places)
                self.launch(kernel, addresses, stream)

    def _products(self, pointers: tuple[int, ...]) -> list[Any]:
        """The calls of the BLAS for these addresses: they may need memory, and a graph keeps it."""
        arguments = self._arguments(pointers)
        return [
            call
            for kernel, places in self.calls if not isinstance(kernel, Transfer)
            for call in self.launch.products_of(
                kernel, tuple(self._address(place, arguments) for place in places)
            )
        ]  # fmt: skip

    def _arguments(self, pointers: tuple[int, ...]) -> dict[str, int]:
        return {self.names[k]: pointer for k, pointer in zip(self.device, pointers)}

    def _piece_by_piece(self, arrays: tuple[Any, ...], pointers: tuple[int, ...]) -> None:
        """Without a graph; copies go straight from and to the arrays."""
        gpu = self.gpu

        def transfer(copy: Copy, address: int) -> None:
            place = self._window(copy, arrays)
            if copy.up:
                place.set(arrays[copy.argument])
            else:
                place.get(out=arrays[copy.argument])

        with gpu.device, gpu.stream:
            self._launched(pointers, gpu.stream, transfer)

    def _window(self, copy: Copy, arrays: tuple[Any, ...]) -> Any:
        """What a copy is about, as an array of the device."""
        key = copy.key
        if isinstance(key, int):
            memory = self.slabs[key]
        else:
            array = arrays[self.names.index(key)] if isinstance(key, str) else key
            memory = array.reshape(-1).view(np.uint8)
        return self.gpu.window(memory, copy.shape, copy.dtype, copy.offset)

    def _capture(self, pointers: tuple[int, ...]) -> tuple[Any, list[Any]]:
        """A graph of what is launched, and what it needs; None where there are only feeds. It is
        recorded on a stream of its own: others may run in other threads."""
        if len(self.feeds) == len(self.calls):
            return None, []
        gpu = self.gpu
        self.captured += 1
        size = sum(aligned(copy.size) for copy in self.results)
        if self.results and self.pinned is None:
            self.pinned = gpu.pinned(size)
            self.windows = [(copy.argument, copy.window(self.pinned)) for copy in self.results]

        def transfer(copy: Copy, address: int) -> None:
            if not copy.up:
                host = self.pinned.ctypes.data + copy.start
                gpu.copy(host, address, copy.size, gpu.DOWN, stream)

        calls = self._products(pointers)
        with gpu.device:
            stream = gpu.xp.cuda.Stream(non_blocking=True)
            with stream, no_garbage_collection:  # a Staging that is let go waits for its copies
                stream.begin_capture()
                try:
                    self._launched(pointers, stream, transfer)
                except Exception:
                    with contextlib.suppress(RuntimeError):  # it says only that something failed
                        stream.end_capture()
                    raise
                return stream.end_capture(), calls

    def _put(self, arrays: tuple[Any, ...]) -> None:
        """Feeds into their block, which they fill one after the other."""
        if not self.ring:
            size = sum(aligned(copy.size) for copy in self.feeds)
            if size > STAGED:
                for copy in self.feeds:
                    window = self._window(copy, arrays)
                    window.set(arrays[copy.argument], self.gpu.stream)
                return
            self.ring = [Staging(self.gpu, self.feeds, size) for _ in range(2)]
        self.ring.reverse()
        first = self.feeds[0]
        self.ring[0].put(arrays, self.slabs[first.key].data.ptr + first.offset)

    def _take(self, arrays: tuple[Any, ...]) -> None:
        """Results out of pinned memory, when the device has come to its end."""
        self.gpu.stream.synchronize()
        for argument, window in self.windows:
            arrays[argument][...] = window


def binder(gpu: Gpu, regions: Iterable[Region]) -> Callable[[Region, list[Any]], Graphed]:
    """What binds regions to the memory of a frame; compiles their kernels."""
    calls = {id(region): merged(region.calls) for region in regions}
    kernels = [kernel for made in calls.values() for kernel, _ in made]
    gpu.compile(all_launches(kernels, gpu))
    known: set[int] = set()

    def bound(region: Region, slabs: list[Any]) -> Graphed:
        return Graphed(region.arguments(), calls[id(region)], gpu, slabs, id(region), known)

    return bound
