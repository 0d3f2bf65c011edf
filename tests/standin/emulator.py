"""Runs CUDA kernels on the CPU, to be strict rather than fast.

    module = Module(source)              # CUDA C++ with extern "C" __global__ functions
    at = allocate(nbytes)                # "device memory", filled with 0xff (as floats: NaN)
    module.kernel("add").launch((2,), (256,), [np.int64(n), Pointer(at)], seed=3)

Blocks, and the threads of each, run in a random order. A launch raises DeviceError for what a
device does not always tell: a barrier that not all threads reach, a shuffle whose mask is wrong,
an address outside allocations or in a freed one, a written red zone around an allocation, an index
beyond an array in the kernel, a vector that is not aligned, parameters of the wrong number or type.
Shared memory starts as 0xff, too. Variables of a module (`__device__ int n;`) are not emulated.
"""
from __future__ import annotations

import ctypes
import functools
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np

HERE = Path(__file__).parent
FLAGS = [
    "-std=c++17", "-O1", "-shared", "-fPIC", "-w", "-fwrapv", "-fno-strict-aliasing",
    "-fno-math-errno", "-ffp-contract=off", "-fno-exceptions", "-fno-asynchronous-unwind-tables",
]  # fmt: skip
CHECKS = [
    "-fsanitize=bounds,alignment,integer-divide-by-zero", "-fsanitize-undefined-trap-on-error",
    "-nostartfiles", "-fvisibility=hidden",  # a kernel may be called as a function of C is
]  # fmt: skip
KERNEL = re.compile(
    r'extern\s+"C"\s+__global__\s+void\s+(?:__launch_bounds__\s*\(([^()]*)\)\s*)?(\w+)\s*\('
)
DYNAMIC = re.compile(
    r"extern\s+__shared__\s+(?:__align__\s*\(\s*\d+\s*\)\s*)?([\w ]+?)\s+(\w+)\s*\[\s*\]\s*;"
)
MAX_SHARED = 48 * 1024
MAX_GRID = (2**31 - 1, 65535, 65535)
MAX_BLOCK = (1024, 1024, 64)


class DeviceError(RuntimeError):
    """What a kernel, or its launch, did wrong."""


class CompileError(Exception):
    """The compiler's words about a module."""


class Pointer(NamedTuple):
    """An address in device memory, and the dtype of what lies there where it is known."""

    address: int
    dtype: np.dtype | None = None


class Parameter(ctypes.Structure):
    """What `standin::Parameter` is in emulated.h."""

    _fields_ = [
        ("kind", ctypes.c_char),
        ("to", ctypes.c_char),
        ("size", ctypes.c_int),
        ("to_size", ctypes.c_int),
    ]


# -- compiling -------------------------------------------------------------------------------------


def compiler() -> str | None:
    """The path of the C++ compiler: `$CXX`, c++, g++ or clang++."""
    names = [*filter(None, [os.environ.get("CXX")]), "c++", "g++", "clang++"]
    return next(filter(None, map(shutil.which, names)), None)


def cache_folder() -> Path:
    """`$STANDIN_CACHE_DIR`, or a folder of the user's in the temporary one."""
    named = os.environ.get("STANDIN_CACHE_DIR")
    folder = Path(named or Path(tempfile.gettempdir()) / f"standin-kernels-{os.getuid()}")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@functools.lru_cache(maxsize=1)
def _version() -> str:
    return subprocess.run([str(compiler()), "--version"], capture_output=True, text=True).stdout


def _shared_object(text: str, flags: list[str]) -> str:
    key = hashlib.sha256("\0".join([text, _version(), *flags]).encode()).hexdigest()[:40]
    path = cache_folder() / f"{key}.so"
    if not path.exists():
        _compile(text, flags, path)
    return str(path)


def _compile(text: str, flags: list[str], path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        made = os.path.join(folder, "made.so")
        command = [str(compiler()), *flags, "-o", made, "-x", "c++", "-", "-lm"]
        result = subprocess.run(command, input=text, capture_output=True, text=True)
        if result.returncode:
            raise CompileError(result.stderr)
        os.replace(made, path)


@functools.lru_cache(maxsize=1)
def runtime() -> ctypes.PyDLL:
    """runtime.cpp, compiled. The interpreter's lock stays held: launches come one by one."""
    path = _shared_object((HERE / "runtime.cpp").read_text(), ["-std=c++17", "-O2", *FLAGS[2:4]])
    library = ctypes.PyDLL(path)
    for name, result, arguments in [
        ("device_allocate", ctypes.c_size_t, [ctypes.c_size_t]),
        ("device_free", None, [ctypes.c_size_t]),
        ("device_find", ctypes.c_size_t, [ctypes.c_size_t, ctypes.c_void_p]),
        ("device_owns", ctypes.c_int, [ctypes.c_size_t]),
        ("device_check", ctypes.c_char_p, []),
        ("device_machine", ctypes.c_void_p, []),
        ("device_launch", ctypes.c_char_p, [
            ctypes.c_void_p, ctypes.c_void_p, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p,
            ctypes.c_size_t, ctypes.c_void_p, ctypes.c_ulonglong,
        ]),
    ]:  # fmt: skip
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


# -- memory ----------------------------------------------------------------------------------------


def allocate(nbytes: int) -> int:
    """The address of so many fresh bytes, all 0xff, between red zones; aligned to 256."""
    found = runtime().device_allocate(nbytes)
    if not found:
        raise MemoryError(f"the stand-in's range of addresses has no {nbytes} bytes left")
    return found


def free(address: int) -> None:
    """Give memory back: whoever touches it from now on faults. No address is used again."""
    runtime().device_free(address)


def allocation(address: int) -> tuple[int, int] | None:
    """Start and size of the allocation that holds an address."""
    size = ctypes.c_size_t()
    start = runtime().device_find(address, ctypes.byref(size))
    return (start, size.value) if start else None


def owns(address: int) -> bool:
    """Whether the address is in device memory, freed or not."""
    return bool(runtime().device_owns(address))


def bytes_at(address: int, nbytes: int) -> np.ndarray:
    """The memory there, device or host, as bytes of NumPy's."""
    return np.frombuffer((ctypes.c_char * nbytes).from_address(address), np.uint8)


def check_red_zones() -> None:
    """Raise DeviceError where bytes before or behind an allocation were written."""
    wrong = runtime().device_check()
    if wrong:
        raise DeviceError(wrong.decode())


# -- kernels ---------------------------------------------------------------------------------------


class Module:
    """The kernels of a source text, compiled (or from the cache).

    `source` is CUDA C++ in which kernels are written `extern "C" __global__ void NAME(...)`.
    Raises CompileError.
    """

    def __init__(self, source: str):
        self.path = _shared_object(_for_cpu(source), FLAGS + CHECKS)
        library = ctypes.PyDLL(self.path)
        library.standin_open.restype = ctypes.c_void_p
        library.standin_open.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
        size = ctypes.c_long()
        self.shared = library.standin_open(runtime().device_machine(), ctypes.byref(size))
        self.shared_size = size.value
        self.kernels = {
            found[2]: Kernel(self, library, found[2], found[1]) for found in KERNEL.finditer(source)
        }

    @functools.cached_property
    def arrays(self) -> dict[str, int]:
        """The bytes of each array in shared memory, by its mangled name."""
        command = ["nm", "-S", "--defined-only", self.path]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        found = (line.split() for line in listed.splitlines())
        return {one[3]: int(one[1], 16) for one in found if len(one) == 4 and one[2] in "bBuV"}

    def shared_by(self, name: str) -> int:
        """What a kernel has in shared memory: its own arrays, and those of functions."""
        if self.shared_size <= MAX_SHARED:
            return self.shared_size
        others = tuple(f"_ZZ{len(one)}{one}E" for one in self.kernels if one != name)
        return sum(size for array, size in self.arrays.items() if not array.startswith(others))

    def kernel(self, name: str) -> Kernel:
        """The kernel of this name; raises DeviceError."""
        if name not in self.kernels:
            raise DeviceError(f"no kernel {name!r} in the module: it has {sorted(self.kernels)}")
        return self.kernels[name]


def _for_cpu(source: str) -> str:
    """The text between what it needs and, for each kernel, how it is called."""
    names = [found[2] for found in KERNEL.finditer(source)]
    if re.search(r"\basm\b", source):
        raise CompileError("inline PTX is not emulated")
    body = DYNAMIC.sub(r"\1 *const \2 = (\1 *)standin::machine->dynamic;", source)
    return "\n".join([
        (HERE / "emulated.h").read_text(), "namespace {", '#line 1 "kernel"', body,
        "}", *(f"STANDIN_KERNEL({name})" for name in names), "",
    ])  # fmt: skip


@functools.lru_cache(maxsize=2048)
def module(source: str) -> Module:
    """The module of a text, once in this process."""
    return Module(source)


class Kernel:
    """A function of a module: checks what it is launched with as no device does."""

    def __init__(self, of: Module, library: ctypes.PyDLL, name: str, bounds: str | None):
        self.module, self.name = of, name
        self.run = ctypes.cast(library[f"standin_run_{name}"], ctypes.c_void_p)
        described = library[f"standin_parameters_{name}"]
        described.restype = ctypes.POINTER(Parameter)
        count = ctypes.c_int()
        found = described(ctypes.byref(count))
        self.parameters = [found[i] for i in range(count.value)]
        bound = (bounds or "").split(",")[0].strip()
        self.bound = int(bound) if bound.isdecimal() else MAX_BLOCK[0]

    def prepared(self, grid, block, arguments, shared: int = 0) -> list[np.ndarray]:
        """The bits of each argument; raises DeviceError where launch or arguments are wrong."""
        self._check_sizes(grid, block, shared)
        if len(arguments) != len(self.parameters):
            self._wrong(f"takes {len(self.parameters)} arguments, got {len(arguments)}")
        return [self._bits(i, value) for i, value in enumerate(arguments)]

    def launch(self, grid, block, arguments, shared: int = 0, seed: int = 0) -> None:
        """Run it now. `arguments`: NumPy scalars and Pointers. Raises DeviceError."""
        self.run_prepared(grid, block, self.prepared(grid, block, arguments, shared), shared, seed)

    def run_prepared(self, grid, block, bits: list[np.ndarray], shared: int, seed: int) -> None:
        """Run it with what `prepared` returned."""
        cells = (ctypes.c_void_p * max(1, len(bits)))(*(value.ctypes.data for value in bits))
        wrong = runtime().device_launch(
            self.run, self.module.shared, self.module.shared_size, _triple(grid), _triple(block),
            shared, cells, seed,
        )  # fmt: skip
        if wrong:
            self._wrong(wrong.decode(errors="replace"))

    def _wrong(self, what: str) -> None:
        raise DeviceError(f"kernel {self.name}: {what}")

    def _check_sizes(self, grid, block, shared: int) -> None:
        for what, sizes, limits in (("grid", grid, MAX_GRID), ("block", block, MAX_BLOCK)):
            if not 1 <= len(sizes) <= 3:
                self._wrong(f"the {what} has 1 to 3 sizes, got {tuple(sizes)}")
            if not all(1 <= n <= limit for n, limit in zip(sizes, limits)):
                self._wrong(f"the {what} {tuple(sizes)} is not within 1 and {limits}")
        threads = int(np.prod(block))
        if threads > self.bound:
            self._wrong(f"a block of {threads} threads; it can have {self.bound}")
        have = self.module.shared_by(self.name) + shared
        if have > MAX_SHARED:
            self._wrong(f"{have} bytes of shared memory; a block can have {MAX_SHARED}")

    def _bits(self, i: int, value) -> np.ndarray:
        parameter = self.parameters[i]
        kind = parameter.kind.decode()
        if isinstance(value, Pointer):
            return self._pointer(i, parameter, value)
        if kind == "p":
            self._wrong(f"parameter {i} is a pointer, got {value!r}")
        if not isinstance(value, (np.generic, int, float, bool)):
            self._wrong(f"parameter {i} is a number, got {type(value).__name__}")
        bits = np.array(value)
        if bits.dtype.kind not in {"i": "iub", "f": "f", "s": "cV"}[kind]:
            self._wrong(f"parameter {i} is of kind {kind!r}, got {bits.dtype} {value!r}")
        if bits.dtype.itemsize != parameter.size:
            self._wrong(f"parameter {i} has {parameter.size} bytes, got {bits.dtype} {value!r}")
        return bits

    def _pointer(self, i: int, parameter: Parameter, value: Pointer) -> np.ndarray:
        if parameter.kind != b"p":
            self._wrong(f"parameter {i} is no pointer, got one")
        if value.address and not owns(value.address):
            self._wrong(f"parameter {i}: {value.address:#x} is no address in device memory")
        if value.dtype is not None and not _fits(parameter, value.dtype):
            to = f"{parameter.to.decode()}{parameter.to_size}"
            self._wrong(f"parameter {i} points to {to}, got an array of {value.dtype}")
        return np.array(value.address, np.uint64)


def _triple(sizes):
    return (ctypes.c_uint * 3)(*[*map(int, sizes), 1, 1][:3])


def _fits(parameter: Parameter, dtype: np.dtype) -> bool:
    """Whether an array of this dtype may be given for such a pointer."""
    kind = parameter.to
    if kind == b"s":  # float4 for float32, say
        return parameter.to_size % dtype.itemsize == 0
    if kind == b"\0" or parameter.to_size == 1:
        return True
    return parameter.to_size == dtype.itemsize and (kind == b"f") == (dtype.kind == "f")
