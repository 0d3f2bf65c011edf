"""Device memory, pools and pinned memory, as cupy.cuda has them."""
from __future__ import annotations

import contextlib
import ctypes
import weakref

import numpy as np

from standin import emulator
from standin.streams import (
    CUDARuntimeError,
    Stream,
    chosen,
    get_current_stream,
    ledger,
    machine,
    stream_of,
)  # fmt: skip

UNIT = 512
HOST_TO_HOST, HOST_TO_DEVICE, DEVICE_TO_HOST, DEVICE_TO_DEVICE, DEFAULT = range(5)


class OutOfMemoryError(MemoryError):
    """cupy.cuda.memory.OutOfMemoryError."""

    def __init__(self, size, total, limit=0):
        limited = f", limit set to: {limit:,} bytes" if limit else ""
        super().__init__(
            f"Out of memory allocating {size:,} bytes (allocated so far: {total:,} bytes{limited})."
        )
        self._size, self._total, self._limit = size, total, limit


class Card:
    """The memory that the made-up device has."""

    total = 16 << 30


def rounded(size: int) -> int:
    """What a pool takes for so many bytes."""
    return -(-size // UNIT) * UNIT


class Memory:
    """cupy.cuda.Memory: an allocation, given back when nothing refers to it."""

    def __init__(self, size, pool=None):
        machine.refuse("allocating memory")
        self.size, self.device_id, self.pool = size, 0, pool
        if ledger.live_bytes + rounded(size) > Card.total:
            raise OutOfMemoryError(size, ledger.live_bytes)
        self.stream = get_current_stream()
        self.ptr = emulator.allocate(size)
        ledger.allocations += 1
        ledger.live_bytes += rounded(size)
        ledger.peak_bytes = max(ledger.peak_bytes, ledger.live_bytes)

    def __del__(self):
        if getattr(self, "ptr", 0):
            self.release()

    def release(self):
        """Give it back when the stream that it was made on has come so far."""
        ledger.live_bytes -= rounded(self.size)
        if self.pool is not None:
            self.pool._used -= rounded(self.size)
        ptr, self.ptr = self.ptr, 0
        if self.stream.work:
            self.stream.enqueue(lambda: emulator.free(ptr))
        else:
            emulator.free(ptr)

    @property
    def device(self):
        """The device."""
        from standin.cuda import Device

        return Device(0)


class UnownedMemory(Memory):
    """cupy.cuda.UnownedMemory: an address that someone else gives back."""

    def __init__(self, ptr, size, owner, device_id=-1):
        self.ptr, self.size, self._owner, self.device_id = ptr, size, owner, 0

    def __del__(self):
        pass


class MemoryPointer:
    """cupy.cuda.MemoryPointer."""

    def __init__(self, mem, offset):
        self.mem, self.ptr, self.device_id = mem, mem.ptr + offset, 0

    @property
    def device(self):
        """The device."""
        return self.mem.device

    def __add__(self, offset):
        return MemoryPointer(self.mem, self.ptr - self.mem.ptr + int(offset))

    __radd__ = __add__

    def __sub__(self, offset):
        return self + -offset

    def __int__(self):
        return self.ptr

    def copy_from_device_async(self, src, size, stream=None):
        """Copy from a MemoryPointer, in the stream's turn."""
        copy_async(self.ptr, src.ptr, size, DEVICE_TO_DEVICE, chosen(stream))

    def copy_from_host_async(self, mem, size, stream=None):
        """Copy from the address of pinned memory, in the stream's turn."""
        copy_async(self.ptr, _address(mem), size, HOST_TO_DEVICE, chosen(stream))

    def copy_to_host_async(self, mem, size, stream=None):
        """Copy to the address of pinned memory, in the stream's turn."""
        copy_async(_address(mem), self.ptr, size, DEVICE_TO_HOST, chosen(stream))

    def memset_async(self, value, size, stream=None):
        """Fill with a byte, in the stream's turn."""
        fill_async(self.ptr, value, size, chosen(stream))


def _address(mem) -> int:
    return mem.value if hasattr(mem, "value") else int(mem)


class MemoryPool:
    """cupy.cuda.MemoryPool, which keeps what was given back until free_all_blocks()."""

    def __init__(self, allocator=None):
        self._used = self._total = self._limit = 0

    def malloc(self, size):
        """A MemoryPointer to fresh memory; raises OutOfMemoryError."""
        need = rounded(size)
        if self._limit and self._used + need > self._limit:
            raise OutOfMemoryError(size, self._total, self._limit)
        made = Memory(size, self)
        self._used += need
        self._total = max(self._total, self._used)
        return MemoryPointer(made, 0)

    def used_bytes(self):
        """Bytes in use."""
        return self._used

    def total_bytes(self):
        """Bytes in use, and those kept for later."""
        return self._total

    def free_bytes(self):
        """Bytes kept for later."""
        return self._total - self._used

    def n_free_blocks(self):
        """1 where something is kept for later, else 0."""
        return int(self._total > self._used)

    def free_all_blocks(self, stream=None):
        """Keep nothing for later."""
        self._total = self._used

    def set_limit(self, size=None, fraction=None):
        """Bytes, or a share of the device's memory, that it may take; 0 is no limit."""
        if (size is not None) and (fraction is not None):
            raise ValueError("size and fraction cannot be specified at once")
        if fraction is not None and not 0 <= fraction <= 1:
            raise ValueError(f"memory limit fraction out of range: {fraction}")
        self._limit = int(Card.total * fraction) if fraction is not None else int(size or 0)

    def get_limit(self):
        """The limit in bytes; 0 is none."""
        return self._limit


default_pool = MemoryPool()
_allocators = [default_pool.malloc]


def alloc(size):
    """A MemoryPointer from the current allocator."""
    return _allocators[-1](size)


def get_allocator():
    """The current allocator."""
    return _allocators[-1]


def set_allocator(allocator=None):
    """Allocate by this function from now on; None: directly, without a pool."""
    _allocators[-1] = allocator or (lambda size: MemoryPointer(Memory(size), 0))


@contextlib.contextmanager
def using_allocator(allocator=None):
    """Allocate by this function within the block."""
    _allocators.append(allocator or (lambda size: MemoryPointer(Memory(size), 0)))
    try:
        yield
    finally:
        _allocators.pop()


# -- pinned memory ---------------------------------------------------------------------------------

_pinned: dict[int, weakref.ref] = {}


class PinnedMemoryPointer(bytearray):
    """What cupy.cuda.alloc_pinned_memory returns: a buffer of the host's, all 0xff at first."""

    def __init__(self, size):
        super().__init__(b"\xff" * size)
        self.ptr = np.frombuffer(self, np.uint8).ctypes.data
        _pinned[self.ptr] = weakref.ref(self)

    @property
    def mem(self):
        """The memory."""
        return self

    def size(self):
        """In bytes: a multiple of 512, as a pool gives."""
        return len(self)

    def __del__(self):
        if _pinned is not None and hasattr(self, "ptr"):
            _pinned.pop(self.ptr, None)


def alloc_pinned_memory(size):
    """Pinned memory of at least so many bytes."""
    machine.refuse("allocating pinned memory")
    return PinnedMemoryPointer(max(UNIT, rounded(size)))


def is_pinned(address: int, size: int) -> bool:
    """Whether all of it lies in pinned memory."""
    alive = [(start, ref()) for start, ref in list(_pinned.items())]
    return any(
        memory is not None and start <= address and address + size <= start + len(memory)
        for start, memory in alive
    )


# -- copies ----------------------------------------------------------------------------------------


def check_device(address: int, size: int, what: str) -> None:
    """Raise unless all of it lies in one living allocation."""
    found = emulator.allocation(address)
    if size and (found is None or address + size > found[0] + found[1]):
        raise emulator.DeviceError(f"{what}: {size} bytes at {address:#x} are no device memory")


def check_pinned(address: int, size: int, what: str) -> None:
    """Raise unless all of it is pinned: from other memory a copy is not asynchronous."""
    if size and not is_pinned(address, size):
        raise emulator.DeviceError(f"{what}: {size} bytes at {address:#x} are no pinned memory")


CHECKS = {
    HOST_TO_DEVICE: (check_device, check_pinned),
    DEVICE_TO_HOST: (check_pinned, check_device),
    DEVICE_TO_DEVICE: (check_device, check_device),
}


def _guess(dst: int, src: int) -> int:
    return 2 * emulator.owns(src) + emulator.owns(dst)


def count(kind: int, size: int) -> None:
    """Put a copy into the ledger."""
    if kind == HOST_TO_DEVICE:
        ledger.to_device += 1
        ledger.to_device_bytes += size
    elif kind == DEVICE_TO_HOST:
        ledger.to_host += 1
        ledger.to_host_bytes += size
    else:
        ledger.on_device += 1


def copy_async(dst: int, src: int, size: int, kind: int, stream: Stream) -> None:
    """memcpyAsync. The host's memory is pinned, and read or written when the turn comes."""
    kind = _guess(dst, src) if kind == DEFAULT else kind
    if kind not in CHECKS:
        raise CUDARuntimeError(f"cudaErrorInvalidMemcpyDirection: {kind}")

    def check():
        for test, address in zip(CHECKS[kind], (dst, src)):
            test(address, size, "memcpyAsync")

    def run():
        check()
        count(kind, size)
        ctypes.memmove(dst, src, size)

    check()
    stream.submit(run)


def fill_async(address: int, value: int, size: int, stream: Stream) -> None:
    """memsetAsync."""

    def run():
        check_device(address, size, "memsetAsync")
        ledger.on_device += 1
        ctypes.memset(address, value, size)

    check_device(address, size, "memsetAsync")
    stream.submit(run)


def copy_now(dst: int, src: int, size: int, kind: int) -> None:
    """memcpy: in the turn of the null stream, and waits for it."""
    machine.refuse("memcpy")
    kind = _guess(dst, src) if kind == DEFAULT else kind
    sides = {"dst": (dst, kind & 1), "src": (src, kind & 2)}
    for side, (address, device) in sides.items():
        if device:
            check_device(address, size, f"memcpy, {side}")
    ledger.syncs += 1
    Stream.null.catch_up("memcpy")
    count(kind, size)
    ctypes.memmove(dst, src, size)


def memcpyAsync(dst, src, size, kind, stream):
    """cupy.cuda.runtime.memcpyAsync, by the handle of a stream."""
    copy_async(dst, src, size, kind, stream_of(stream))


def memsetAsync(ptr, value, size, stream):
    """cupy.cuda.runtime.memsetAsync, by the handle of a stream."""
    fill_async(ptr, value, size, stream_of(stream))
