"""cupy.cuda and what is beside it: devices, modules of kernels, the runtime's functions."""
from __future__ import annotations

import contextlib
import types

import numpy as np

from standin import emulator, memory, streams
from standin.array import RECORD, ndarray
from standin.memory import Card, MemoryPointer
from standin.streams import CUDARuntimeError, chosen, get_current_stream, ledger, machine

PROPERTIES = {
    "name": b"Stand-in", "major": 9, "minor": 0, "multiProcessorCount": 4, "warpSize": 32,
    "maxThreadsPerBlock": 1024, "maxThreadsDim": (1024, 1024, 64),
    "maxGridSize": (2**31 - 1, 65535, 65535), "sharedMemPerBlock": 48 * 1024,
    "sharedMemPerBlockOptin": 227 * 1024, "sharedMemPerMultiprocessor": 228 * 1024,
    "regsPerBlock": 65536, "maxThreadsPerMultiProcessor": 2048, "l2CacheSize": 50 << 20,
    "clockRate": 1755000, "memoryClockRate": 1593000, "memoryBusWidth": 4096, "integrated": 0,
    "pciBusID": 0, "pciDeviceID": 0, "pciDomainID": 0, "totalConstMem": 65536,
    "concurrentKernels": 1, "asyncEngineCount": 3, "canMapHostMemory": 1,
}  # fmt: skip
DEVICES = 1
PARAMETERS = 4096  # bytes that a launch takes; drivers of CUDA 12.1 and later take more


class Device:
    """cupy.cuda.Device."""

    def __init__(self, device=None):
        self.id = 0 if device is None else int(getattr(device, "id", device))
        if not 0 <= self.id < DEVICES:
            raise CUDARuntimeError("cudaErrorInvalidDevice: invalid device ordinal")

    compute_capability = "90"
    pci_bus_id = "0000:00:00.0"

    def __int__(self):
        return self.id

    def __eq__(self, other):
        return isinstance(other, Device) and other.id == self.id

    def __hash__(self):
        return self.id

    def __repr__(self):
        return f"<CUDA Device {self.id}>"

    def __enter__(self):
        return self

    def __exit__(self, *args):
        pass

    def use(self):
        """Make it current."""
        return self

    def synchronize(self):
        """Wait for all streams."""
        streams.synchronize_device()

    @property
    def mem_info(self):
        """Free and total bytes."""
        return runtime_memory()

    @property
    def attributes(self):
        """By name."""
        return {"MultiProcessorCount": PROPERTIES["multiProcessorCount"], "WarpSize": 32}


def runtime_memory():
    """Free and total bytes."""
    return Card.total - ledger.live_bytes, Card.total


def properties(device):
    """cupy.cuda.runtime.getDeviceProperties."""
    Device(device)
    return {**PROPERTIES, "totalGlobalMem": Card.total}


# -- kernels ---------------------------------------------------------------------------------------


class Function:
    """A kernel of a module, launched in the turn of a stream."""

    __slots__ = ("emulated", "name")

    def __init__(self, kernel: emulator.Kernel):
        self.emulated, self.name = kernel, kernel.name

    def __call__(self, grid, block, args, *, shared_mem=0, stream=None):
        kernel = self.emulated
        if not (isinstance(grid, tuple) and isinstance(block, tuple)):
            raise TypeError(f"grid and block are tuples, got {grid!r} and {block!r}")
        arguments = [_argument(kernel, i, value) for i, value in enumerate(args)]
        if 8 * len(arguments) > PARAMETERS:  # of 8 bytes each, or less
            raise CUDARuntimeError(f"cudaErrorInvalidValue: {len(arguments)} parameters")
        bits = kernel.prepared(grid, block, arguments, shared_mem)
        stream = chosen(stream)
        if stream.is_capturing():
            stream.submit(lambda: kernel.run_prepared(grid, block, bits, shared_mem, _seed()))
            return
        if machine.capture and machine.capture.stream is get_current_stream():
            machine.refuse("a launch on a stream other than the capturing one")
        ledger.launches += 1
        stream.submit(lambda: kernel.run_prepared(grid, block, bits, shared_mem, _seed()))

    @property
    def attributes(self):
        """Some of the kernel's attributes."""
        return {
            "max_threads_per_block": self.emulated.bound,
            "shared_size_bytes": self.emulated.module.shared_size,
            "max_dynamic_shared_size_bytes": emulator.MAX_SHARED,
        }

    max_threads_per_block = property(lambda self: self.emulated.bound)
    shared_size_bytes = property(lambda self: self.emulated.module.shared_size)
    kernel = property(lambda self: self)


def _seed() -> int:
    return machine.next_seed()


def _argument(kernel: emulator.Kernel, i: int, value):
    """As CuPy passes it: an array by its address, a Python number with 64 bits."""
    pointer = i < len(kernel.parameters) and kernel.parameters[i].kind == b"p"
    if isinstance(value, ndarray):
        return emulator.Pointer(value.data.ptr, value.dtype)
    if isinstance(value, MemoryPointer):
        return emulator.Pointer(value.ptr)
    if value is None:
        return emulator.Pointer(0)
    if pointer and isinstance(value, (int, np.integer)) and np.dtype(type(value)).itemsize == 8:
        return emulator.Pointer(int(value))
    if isinstance(value, np.generic):
        return value
    if isinstance(value, bool):
        return np.bool_(value)
    if isinstance(value, int):
        return np.int64(value)
    if isinstance(value, float):
        return np.float64(value)
    raise TypeError(f"Unsupported type {type(value)}")


class CompileException(Exception):
    """cupy.cuda.compiler.CompileException."""


class RawModule:
    """cupy.RawModule, of source text."""

    __slots__ = ("backend", "code", "options")

    def __init__(
        self, *, code=None, path=None, options=(), backend="nvrtc", translate_cucomplex=False,
        enable_cooperative_groups=False, name_expressions=None, jitify=False,
    ):  # fmt: skip
        if (code is None) == (path is None):
            raise TypeError("Exactly one of `code` and `path` keyword arguments must be given.")
        if path or translate_cucomplex or enable_cooperative_groups or name_expressions or jitify:
            raise NotImplementedError("the stand-in has modules of plain source text")
        if not isinstance(options, tuple) or not all(isinstance(one, str) for one in options):
            raise TypeError(f"options is a tuple of str, got {options!r}")
        self.code, self.options, self.backend = code, options, backend

    def compile(self, log_stream=None):
        """Compile it now."""
        try:
            return emulator.module(self.code)
        except emulator.CompileError as error:
            raise CompileException(str(error)) from error

    @property
    def module(self):
        """Itself, compiled."""
        self.compile()
        return self

    def get_function(self, name):
        """The kernel of this name."""
        return Function(self.compile().kernel(name))


class RawKernel:
    """cupy.RawKernel."""

    def __init__(self, code, name, options=(), backend="nvrtc"):
        self.name, self.module = name, RawModule(code=code, options=options, backend=backend)

    def __call__(self, grid, block, args, **kwargs):
        self.module.get_function(self.name)(grid, block, args, **kwargs)


# -- modules ---------------------------------------------------------------------------------------


class Standin(types.ModuleType):
    """A module that says which names CuPy lacks, and which the stand-in lacks."""

    def __init__(self, name, has, known=()):
        super().__init__(name)
        self.__dict__.update(has)
        self.__dict__["_known"] = frozenset(known)
        self.__path__ = []

    def __getattr__(self, name):
        if name in self.__dict__.get("_known", ()):
            raise NotImplementedError(f"the stand-in lacks {self.__name__}.{name}")
        raise AttributeError(f"module '{self.__name__}' has no attribute '{name}'")


def _constants() -> dict:
    kinds = ["HostToHost", "HostToDevice", "DeviceToHost", "DeviceToDevice"]
    found = {f"memcpy{kind}": i for i, kind in enumerate(kinds)}
    return {
        **found, "memcpyDefault": 4, "streamCaptureModeGlobal": 0,
        "streamCaptureModeThreadLocal": 1, "streamCaptureModeRelaxed": 2,
        "streamDefault": 0, "streamNonBlocking": 1,
        "eventDefault": 0, "eventBlockingSync": 1, "eventDisableTiming": 2, "is_hip": False,
        "hostAllocDefault": 0, "streamLegacy": 1, "streamPerThread": 2,
    }  # fmt: skip


def _malloc(size):
    made = memory.Memory(size)
    _allocated[made.ptr] = made
    return made.ptr


_allocated: dict[int, memory.Memory] = {}


def _graph_launch(graph, stream):
    raise NotImplementedError("the stand-in launches graphs by Graph.launch")


runtime = Standin("cupy.cuda.runtime", {
    **_constants(),
    "CUDARuntimeError": CUDARuntimeError,
    "memcpyAsync": memory.memcpyAsync,
    "memsetAsync": memory.memsetAsync,
    "memcpy": memory.copy_now,
    "malloc": _malloc,
    "free": lambda ptr: _allocated.pop(ptr, None),
    "getDevice": lambda: 0,
    "setDevice": lambda device: Device(device) and None,
    "getDeviceCount": lambda: DEVICES,
    "getDeviceProperties": properties,
    "memGetInfo": runtime_memory,
    "deviceSynchronize": streams.synchronize_device,
    "streamSynchronize": lambda stream: streams.stream_of(stream).synchronize(),
    "streamIsCapturing": lambda stream: streams.stream_of(stream).is_capturing(),
    "runtimeGetVersion": lambda: 13000,
    "driverGetVersion": lambda: 13000,
    "graphLaunch": _graph_launch,
}, RECORD["runtime"])  # fmt: skip


@contextlib.contextmanager
def _profile():
    yield


cuda = Standin("cupy.cuda", {
    "runtime": runtime,
    "Device": Device,
    "Stream": streams.Stream,
    "Event": streams.Event,
    "Graph": streams.Graph,
    "Function": Function,
    "Memory": memory.Memory,
    "UnownedMemory": memory.UnownedMemory,
    "MemoryPointer": MemoryPointer,
    "MemoryPool": memory.MemoryPool,
    "PinnedMemoryPointer": memory.PinnedMemoryPointer,
    "alloc": memory.alloc,
    "alloc_pinned_memory": memory.alloc_pinned_memory,
    "get_allocator": memory.get_allocator,
    "set_allocator": memory.set_allocator,
    "using_allocator": memory.using_allocator,
    "get_current_stream": get_current_stream,
    "get_elapsed_time": streams.get_elapsed_time,
    "get_device_id": lambda: 0,
    "get_local_runtime_version": lambda: 13000,
    "get_cuda_path": lambda: None,
    "is_available": lambda: True,
    "profile": _profile,
    "memory": Standin("cupy.cuda.memory", {
        "OutOfMemoryError": memory.OutOfMemoryError, "MemoryPointer": MemoryPointer,
        "MemoryPool": memory.MemoryPool, "Memory": memory.Memory, "alloc": memory.alloc,
        "set_allocator": memory.set_allocator, "UnownedMemory": memory.UnownedMemory,
        "CUDARuntimeError": CUDARuntimeError,
    }),
    "compiler": Standin("cupy.cuda.compiler", {"CompileException": CompileException}),
    "stream": Standin("cupy.cuda.stream", {
        "Stream": streams.Stream, "Event": streams.Event,
        "get_current_stream": get_current_stream,
    }),
}, RECORD["cuda"])  # fmt: skip
