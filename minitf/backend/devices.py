"""Which GPUs this machine has, and what is missing where there is none.

NVIDIA's driver library is asked itself: CuPy takes half a second to import, and may not be there.
Nothing is asked before the first question, so that a program can still set CUDA_VISIBLE_DEVICES:
the driver reads it once.
"""
from __future__ import annotations

import ctypes
import functools
import importlib.util
import os
import sys
from typing import Any, NamedTuple

CPU, GPU = "/device:CPU:0", "/device:GPU:0"
NO_DEVICE, INSUFFICIENT = 100, 12000  # CUDA's error number; the version of CUDA that CuPy needs
_LIBRARY = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
_MAJOR, _MINOR = 75, 76  # CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_...
_ROOM = 256  # bytes for a name


class Card(NamedTuple):
    """A GPU as the driver describes it; `ordinal` is its number among those that are visible."""

    ordinal: int
    name: str
    memory: int  # bytes
    capability: tuple[int, int]
    bus: str

    @property
    def description(self) -> str:
        """As TensorFlow prints it."""
        major, minor = self.capability
        return (
            f"device: {self.ordinal}, name: {self.name}, pci bus id: {self.bus}, "
            f"compute capability: {major}.{minor}"
        )


class Driver(NamedTuple):
    """What NVIDIA's driver answers: its version of CUDA (12040 is 12.4), 0 without one."""

    version: int
    cards: tuple[Card, ...]
    missing: str  # why there is no card, and the mend


class Found(NamedTuple):
    """The GPUs that sessions can use; without any, `missing` says why, and the mend."""

    cards: tuple[Card, ...]
    missing: str


def find() -> Found:
    """The GPUs of this process. ValueError for a MINITF_DEVICE that is not "cpu" (or empty)."""
    name = os.environ.get("MINITF_DEVICE", "")
    if name.lower() not in ("", "cpu"):
        raise ValueError(f"MINITF_DEVICE={name!r}: it can be 'cpu' (no GPU is used) or unset")
    if name:
        return Found((), "MINITF_DEVICE=cpu switches GPUs off in this process")
    found = driver()
    missing = found.missing or _of_driver(found) or _of_cupy(found)
    return Found(() if missing else found.cards, missing)


def _of_driver(found: Driver) -> str:
    if found.version >= INSUFFICIENT:
        return ""
    return (
        f"the NVIDIA driver is for CUDA {_dotted(found.version)} and CuPy needs "
        f"{_dotted(INSUFFICIENT)} or later: update the driver"
    )


def _of_cupy(found: Driver) -> str:
    extra, installed = extra_for(found), cupy()
    mend = f"pip install 'minitf-tf1[{extra}]'"
    if not installed:
        return f"CuPy is not installed: {mend}"
    if extra == "gpu12" and "cupy-cuda13x" in installed and "cupy-cuda12x" not in installed:
        return (
            f"the CuPy installed is for CUDA 13, which this driver (CUDA {_dotted(found.version)}) "
            f"or card does not support: pip uninstall cupy-cuda13x, then {mend}"
        )
    return ""


def extra_for(found: Driver) -> str:
    """Which extra of the package brings the CuPy for this driver: gpu12 or gpu13."""
    turing = all(card.capability >= (7, 5) for card in found.cards)  # CUDA 13 dropped older ones
    return "gpu13" if found.version >= 13000 and turing else "gpu12"


@functools.cache
def cupy() -> tuple[str, ...]:
    """The names of the packages that brought CuPy, ("cupy",) for one built here; () without it."""
    if importlib.util.find_spec("cupy") is None:
        return ()
    names = ("cupy-cuda12x", "cupy-cuda13x")
    return tuple(name for name in names if _is_installed(name)) or ("cupy",)


def _is_installed(distribution: str) -> bool:
    from importlib import metadata  # slow to import, and needed where there is a GPU only

    try:
        metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True


def _dotted(version: int) -> str:
    return f"{version // 1000}.{version % 1000 // 10}"


# -- the driver ------------------------------------------------------------------------------------


@functools.cache
def driver() -> Driver:
    """What NVIDIA's driver library answers; it is asked once in a process."""
    try:
        library = ctypes.CDLL(_LIBRARY)
    except OSError:
        return Driver(0, (), f"there is no NVIDIA driver ({_LIBRARY} is not found): install it "
                      "from https://www.nvidia.com/drivers")  # fmt: skip
    return asked(library)


def asked(library: Any) -> Driver:
    """What a loaded driver library answers."""
    version = _number(library, library.cuDriverGetVersion)
    failed = library.cuInit(0)
    if failed:
        return Driver(version, (), _why(library, failed))
    try:
        count = _number(library, library.cuDeviceGetCount)
        cards = tuple(_card(library, index) for index in range(count))
    except OSError as error:
        return Driver(version, (), f"the NVIDIA driver does not describe its GPUs: {error}")
    return Driver(version, cards, "" if cards else _why(library, NO_DEVICE))


def _why(library: Any, failed: int) -> str:
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if failed == NO_DEVICE and visible is not None:
        return f"CUDA_VISIBLE_DEVICES={visible!r} shows no GPU: unset it, or set it to '0'"
    if failed == NO_DEVICE:
        return "the NVIDIA driver finds no GPU in this machine"
    return f"the NVIDIA driver does not start: {_error(library, failed)}; see what nvidia-smi says"


def _error(library: Any, number: int) -> str:
    text = ctypes.c_char_p()
    library.cuGetErrorString(number, ctypes.byref(text))
    return f"{(text.value or b'unknown error').decode()} (CUDA error {number})"


def _card(library: Any, index: int) -> Card:
    device = ctypes.c_int(_number(library, library.cuDeviceGet, index))
    name, bus = (ctypes.create_string_buffer(_ROOM) for _ in range(2))
    memory = ctypes.c_size_t()
    _check(library, library.cuDeviceGetName(name, _ROOM, device))
    _check(library, library.cuDeviceGetPCIBusId(bus, _ROOM, device))
    _check(library, library.cuDeviceTotalMem_v2(ctypes.byref(memory), device))
    major = _number(library, library.cuDeviceGetAttribute, _MAJOR, device)
    minor = _number(library, library.cuDeviceGetAttribute, _MINOR, device)
    text = name.value.decode(), memory.value, (major, minor), bus.value.decode().lower()
    return Card(index, *text)


def _number(library: Any, function: Any, *arguments: Any) -> int:
    """The number that a function of the driver writes through its first argument."""
    value = ctypes.c_int()
    _check(library, function(ctypes.byref(value), *arguments))
    return value.value


def _check(library: Any, failed: int) -> None:
    if failed:
        raise OSError(_error(library, failed))
