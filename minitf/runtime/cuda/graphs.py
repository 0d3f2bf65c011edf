"""Steps on a GPU that follow one another: launched one by one the first time, then captured as a
CUDA graph, which one call launches.

A graph knows addresses, not arrays: feeds are copied to where it expects them, variables have to
stay where they are. Where they have moved, it is captured again; the graphs of some addresses are
kept, because what a loop computes in alternates from iteration to iteration. Where nobody waits for
results there are two: while one computes, the next run's feeds are on their way to where the other
expects them.
"""
from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
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
from minitf.runtime.cuda.staging import Copy, Staging
from minitf.runtime.cuda.transfers import TO_DEVICE
from minitf.runtime.emit import Listing
from minitf.runtime.regions import Place, Region

GRAPHS = 8  # of one region that are kept
FREE = 4  # captures of one region that need not pay: of the others each has to serve
WORTH = 4  # launches, or what is computed is launched piece by piece
# Bytes of feeds that are copied before the work, not beside it: that costs the host 3 us more, and
# won 14 for 300 KB on an H200; what lies between was not measured.
DIRECT = 1 << 15
STAGED = 1 << 28  # bytes of feeds: more go to the device without pinned memory of as many


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
        alone: bool,
    ) -> None:
        """`names` are those of the arrays that it is called with; `known` are the keys of regions
        of the plan that have run: a first run loads kernels, and may be the last; `alone` says that
        nothing else reads what it is fed."""
        self.names, self.calls, self.gpu, self.slabs = names, calls, gpu, slabs
        self.key, self.known = key, known
        self.copies = self._copies()
        self.feeds = [copy for copy in self.copies.values() if copy.up]
        self.results = [copy for copy in self.copies.values() if not copy.up]
        on_host = {copy.argument for copy in self.copies.values()}
        self.device = [k for k in range(len(self.names)) if k not in on_host]
        self.launch = Launcher(gpu, [kernel for kernel, _ in self.calls])
        self.alone = alone
        size = sum(copy.size for copy in self.feeds)
        self.beside = size > DIRECT and not self.results
        self.each = 2 if self.beside and alone else 1  # graphs for the same arguments
        # By the addresses of the arguments on the device, and where the feeds are.
        self.graphs: LRU[Any] = LRU(GRAPHS * self.each)
        self.pinned: Any = None  # where the graphs leave results
        self.windows: list[tuple[int, np.ndarray]] = []  # these, with the arguments that they are
        self.ring: list[Staging] = []
        self.block = 0  # where the feeds are in the memory of the frame, once there is a ring
        self.captured = self.served = 0
        self.refused = False  # whether the device has refused to capture it

    def __call__(self, arrays: tuple[Any, ...]) -> None:
        pointers = tuple([arrays[k].data.ptr for k in self.device])
        staging = self._next() if self.feeds else None
        key = pointers, staging.addresses[0] if staging is not None and self.alone else 0
        graph = self.graphs.get(key)
        if graph is None:
            graph = self._new_graph(key)
        else:
            self.served += 1
        if graph is None:
            self._piece_by_piece(arrays, pointers)
        else:
            self._replay(graph[0], staging, arrays)

    def _next(self) -> Staging | None:
        """Where the next feeds go; None where they are not put into pinned memory."""
        if not self.ring and self.key in self.known:
            self.ring = self._ring()
        self.ring.reverse()
        return self.ring[0] if self.ring else None

    def _ring(self) -> list[Staging]:
        size = sum(aligned(copy.size) for copy in self.feeds)
        if size > STAGED or self.refused:
            return []
        feed = self.feeds[0]
        block = self.slabs[feed.key][feed.offset : feed.offset + size]  # they fill it, in order
        self.block = block.data.ptr
        places = [block, block]
        if self.beside:
            places = [block if self.alone else self.gpu.allocate(size), self.gpu.allocate(size)]
        return [Staging(self.gpu, self.feeds, place, self.beside) for place in places]

    def _replay(self, graph: Any, staging: Staging | None, arrays: tuple[Any, ...]) -> None:
        gpu = self.gpu
        if staging is not None:
            staging.put(arrays)
            if self.beside and not self.alone:
                fed = staging.addresses[0]
                gpu.copy(self.block, fed, staging.size, gpu.ACROSS, gpu.stream)
        else:
            for copy in self.feeds:
                self._window(copy, arrays).set(arrays[copy.argument], gpu.stream)
        if graph is not None:
            graph.launch(gpu.stream)
        if staging is not None:
            staging.release()
        if self.results:
            self._take(arrays)

    def _new_graph(self, key: tuple[tuple[int, ...], int]) -> Any:
        """A graph for these addresses; None where the region is better launched piece by piece."""
        if self.key not in self.known or self.refused or not self._is_worth_it():
            self.known.add(self.key)
            return None
        try:
            return self.graphs.put(key, self._capture(*key))
        except (OSError, RuntimeError) as error:
            warn(f"a step on the GPU is launched piece by piece, for it was not captured: {error}")
            self.refused = True
            return None

    def _is_worth_it(self) -> bool:
        """Whether graphs that are captured here are launched so often that it pays."""
        return WORTH * (self.captured - FREE * self.each) <= self.served

    def _copies(self) -> dict[int, Copy]:
        """The copies between host and device, by the number of the call."""
        found: dict[int, Copy] = {}
        start = {True: 0, False: 0}
        for number, (kernel, places) in enumerate(self.calls):
            if isinstance(kernel, Transfer):
                up = _is_feed(kernel)
                (name, _), (key, offset) = places if up else reversed(places)
                copy = Copy(up, self.names.index(name), kernel.shape, kernel.dtype, key, offset,
                            start[up])  # fmt: skip
                found[number] = copy
                start[up] += aligned(copy.size)
        return found

    def _address(self, place: Place, arguments: dict[Any, int]) -> int:
        key, offset = place
        if isinstance(key, (str, int)) and key in arguments:
            return arguments[key] + offset
        return (self.slabs[key] if isinstance(key, int) else key).data.ptr + offset

    def _launched(
        self, arguments: dict[Any, int], stream: Any, transfer: Callable[[Copy, int], None]
    ) -> None:
        """Everything in its order; `transfer` makes the copies, given the device's address."""
        for number, (kernel, places) in enumerate(self.calls):
            copy = self.copies.get(number)
            if copy is not None:
                transfer(copy, self._address((copy.key, copy.offset), arguments))
            else:
                addresses = tuple(self._address(place, arguments) for place in places)
                self.launch(kernel, addresses, stream)

    def _products(self, arguments: dict[Any, int]) -> list[Any]:
        """The calls of the BLAS for these addresses: they may need memory, and a graph keeps it."""
        return [
            call
            for kernel, places in self.calls if not isinstance(kernel, Transfer)
            for call in self.launch.products_of(
                kernel, tuple(self._address(place, arguments) for place in places)
            )
        ]  # fmt: skip

    def _arguments(self, pointers: tuple[int, ...], fed: int = 0) -> dict[Any, int]:
        """Where the arrays that it is called with are, and the slab of what is fed if not where it
        is in the frame: then the feeds are at `fed`."""
        found: dict[Any, int] = {self.names[k]: at for k, at in zip(self.device, pointers)}
        if fed:
            found[self.feeds[0].key] = fed - self.feeds[0].offset
        return found

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
            self._launched(self._arguments(pointers), gpu.stream, transfer)
        for staging in self.ring:  # one may be the frame's own memory
            staging.release()

    def _window(self, copy: Copy, arrays: tuple[Any, ...]) -> Any:
        """What a copy is about, as an array of the device."""
        key = copy.key
        if isinstance(key, int):
            memory = self.slabs[key]
        else:
            array = arrays[self.names.index(key)] if isinstance(key, str) else key
            memory = array.reshape(-1).view(np.uint8)
        return self.gpu.window(memory, copy.shape, copy.dtype, copy.offset)

    def _capture(self, pointers: tuple[int, ...], fed: int) -> tuple[Any, list[Any]]:
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

        arguments = self._arguments(pointers, fed)
        calls = self._products(arguments)
        with gpu.device:
            stream = gpu.xp.cuda.Stream(non_blocking=True)
            with stream, no_garbage_collection:  # a Staging that is let go waits for its copies
                stream.begin_capture()
                try:
                    self._launched(arguments, stream, transfer)
                except Exception:
                    with contextlib.suppress(RuntimeError):  # it says only that something failed
                        stream.end_capture()
                    raise
                return stream.end_capture(), calls

    def _take(self, arrays: tuple[Any, ...]) -> None:
        """Results out of pinned memory, when the device has come to its end."""
        self.gpu.stream.synchronize()
        for argument, window in self.windows:
            arrays[argument][...] = window


def binder(gpu: Gpu, listing: Listing) -> Callable[[Region, list[Any]], Graphed]:
    """What binds regions to the memory of a frame; compiles their kernels."""
    regions = listing.regions.values()
    calls = {id(region): merged(region.calls) for region in regions}
    kernels = [kernel for made in calls.values() for kernel, _ in made]
    gpu.compile(all_launches(kernels, gpu))
    users = Counter(slab for region in regions for slab in _slabs(region))
    named = listing.code("<minitf plan>").co_names
    users.update({listing.buffers[name].slab for name in named if name in listing.buffers})
    known: set[int] = set()

    def bound(region: Region, slabs: list[Any]) -> Graphed:
        alone = all(users[slab] == 1 for slab in _slabs(region, fed=True))
        return Graphed(region.arguments(), calls[id(region)], gpu, slabs, id(region), known, alone)

    return bound


def _slabs(region: Region, fed: bool = False) -> set[int]:
    """The slabs that a region works in, or those that it copies feeds to."""
    return {
        key
        for kernel, places in region.calls for key, _ in places
        if isinstance(key, int) and not (fed and not _is_feed(kernel))
    }  # fmt: skip


def _is_feed(kernel: Any) -> bool:
    return isinstance(kernel, Transfer) and kernel.definition is TO_DEVICE
