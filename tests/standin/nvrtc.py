"""NVIDIA's own compiler for CUDA C++, which needs no GPU: it refuses what a CPU's may take.

    nvrtc(source)              # for every architecture of ARCHITECTURES; raises CompileError

It is the package nvidia-cuda-nvrtc (58 MB to download, 142 MB on disk; `pip install .[nvrtc]`), or
the library that $NVRTC_LIBRARY names, or one that the system finds.
"""
from __future__ import annotations

import ctypes
import ctypes.util
import functools
import importlib.util
import os
from pathlib import Path

from standin.emulator import CompileError

ARCHITECTURES = ("sm_75", "sm_90")
# What minitf asks for, and what CuPy adds to that.
OPTIONS = ("-std=c++17", "-ftz=true", "--device-as-default-execution-space")


def _candidates():
    """Paths, likeliest first."""
    if os.environ.get("NVRTC_LIBRARY"):
        yield os.environ["NVRTC_LIBRARY"]
    package = importlib.util.find_spec("nvidia")
    for folder in (package and package.submodule_search_locations) or ():
        yield from map(str, sorted(Path(folder).glob("*/lib/libnvrtc.so.*[0-9]"), reverse=True))
    if ctypes.util.find_library("nvrtc"):
        yield ctypes.util.find_library("nvrtc")


@functools.lru_cache(maxsize=1)
def library() -> ctypes.CDLL | None:
    """NVRTC, or None where it is not installed."""
    path = next(_candidates(), None)
    return ctypes.CDLL(path) if path else None


def nvrtc(source: str, architectures=ARCHITECTURES, options=OPTIONS) -> None:
    """Compile a module for each architecture; raises CompileError with the compiler's words."""
    for architecture in architectures:
        _compile(source, [f"--gpu-architecture={architecture}", *options])


def importorskip() -> None:
    """Skip the test where NVRTC is not installed."""
    import pytest

    if library() is None:
        pytest.skip("needs NVRTC: pip install .[nvrtc]")


def _compile(source: str, options: list[str]) -> None:
    lib, program = library(), ctypes.c_void_p()
    if lib is None:
        raise OSError("NVRTC is not installed: pip install .[nvrtc]")
    _right(lib.nvrtcCreateProgram(
        ctypes.byref(program), source.encode(), b"kernel.cu", 0, None, None,
    ))  # fmt: skip
    try:
        given = (ctypes.c_char_p * len(options))(*(one.encode() for one in options))
        if lib.nvrtcCompileProgram(program, len(options), given):
            raise CompileError(f"{' '.join(options)}: {_log(lib, program)}")
    finally:
        lib.nvrtcDestroyProgram(ctypes.byref(program))


def _log(lib, program) -> str:
    size = ctypes.c_size_t()
    _right(lib.nvrtcGetProgramLogSize(program, ctypes.byref(size)))
    text = ctypes.create_string_buffer(size.value)
    _right(lib.nvrtcGetProgramLog(program, text))
    return text.value.decode(errors="replace")


def _right(code: int) -> None:
    if code:
        raise OSError(f"NVRTC failed with {code}")
