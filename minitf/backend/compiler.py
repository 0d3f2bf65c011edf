"""The system's C compiler: from source text to functions, kept in a cache on disk.

A missing compiler, one that fails, or a cache that cannot be written is no error: the caller gets
None and does without, and the log says so once.
"""
from __future__ import annotations

import ctypes
import functools
import hashlib
import logging
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

log = logging.getLogger("minitf")

FLAGS = [
    "-O3", "-march=native", "-fopenmp", "-shared", "-fPIC", "-std=gnu11",
    "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off",
    # glibc declares its vector exp, log, tanh ... only under this name; unlike -ffast-math the
    # name alone changes nothing else: NaN, infinities and denormals stay right.
    "-D__FAST_MATH__",
]  # fmt: skip
LIMIT = 60  # seconds


@functools.lru_cache(maxsize=1)
def compiler() -> str | None:
    """The path of the compiler: `$CC`, cc, gcc or clang."""
    if sys.platform == "win32":
        return None
    names = [*filter(None, [os.environ.get("CC")]), "cc", "gcc", "clang"]
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        log.warning("no C compiler is found: element-wise ops run one by one in NumPy")
    return found


@functools.lru_cache(maxsize=1)
def machine() -> str:
    """What a kernel is compiled for: the compiler's version and the processor."""
    version = subprocess.run([compiler() or "", "--version"], capture_output=True, text=True)
    try:
        info = Path("/proc/cpuinfo").read_text()
        flags = next((line for line in info.splitlines() if line.startswith("flags")), "")
    except OSError:
        flags = platform.processor()
    return f"{version.stdout}{platform.machine()}{flags}"


def cache_folder() -> Path:
    """`$MINITF_CACHE_DIR`, or the user's cache."""
    base = os.environ.get("MINITF_CACHE_DIR")
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) if base else Path(home) / "minitf" / "kernels"


@functools.lru_cache(maxsize=256)
def library(source: str) -> ctypes.PyDLL | None:
    """The functions of `source`, compiled or from the cache; None when that cannot be done."""
    if compiler() is None:
        return None
    try:
        key = hashlib.sha256("\0".join([source, machine(), *FLAGS]).encode()).hexdigest()
        return _loaded(_writable_folder() / f"{key[:40]}.so", source)
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("kernels are not compiled, NumPy runs in their place: %s", error)
        return None


def _writable_folder() -> Path:
    folder = cache_folder()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass  # said below: a folder for this process takes its place
    log.warning("%s cannot be written: kernels are compiled anew in each process", folder)
    return _own_folder()


@functools.lru_cache(maxsize=1)
def _own_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="minitf-kernels-"))


def _loaded(path: Path, source: str) -> ctypes.PyDLL | None:
    if path.exists():
        found = _opened(path)
        if found is not None:
            return found
        log.warning("%s is damaged and made again", path)
    _compile(source, path)
    found = _opened(path)
    if found is None:
        log.warning("the compiled kernels cannot read NumPy's arrays: NumPy runs in their place")
    return found


def _opened(path: Path) -> ctypes.PyDLL | None:
    """The library, if it loads and finds an array's data where NumPy keeps it."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # waiting threads leave the cores to BLAS
    try:
        found = ctypes.PyDLL(str(path))
        where = found.minitf_data_of
    except (OSError, AttributeError):
        return None
    where.argtypes, where.restype = [ctypes.py_object], ctypes.c_int64
    probe = np.zeros(4)
    return found if where(probe) == probe.ctypes.data else None


def _compile(source: str, path: Path) -> None:
    """Compile beside `path`, then move there at once: another process sees all of it or nothing."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        text, made = Path(folder) / "kernels.c", Path(folder) / "kernels.so"
        text.write_text(source)
        command = [compiler() or "", *FLAGS, "-o", str(made), str(text), "-lm"]
        result = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
        if result.returncode:
            raise OSError(f"{command[0]} failed: {result.stderr.strip()[:500]}")
        os.replace(made, path)
