"""The system's C compiler: from source text to functions, kept in a cache on disk.

A missing compiler, one that fails, or a cache that cannot be written is no error: the caller gets
None and does without, and the log says so once.
"""
from __future__ import annotations

import ctypes
import functools
import os
import sys

from minitf.backend.log import warn

# What only compiling needs (subprocess, tempfile, hashlib, ...) is imported where it is used:
# together it takes as long to load as the rest of minitf.

FLAGS = [
    "-O3", "-march=native", "-fopenmp", "-shared", "-fPIC", "-std=gnu11",
    "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=off", "-fwrapv",
    # glibc declares its vector exp, log, tanh ... only under this name; unlike -ffast-math the
    # name alone changes nothing else: NaN, infinities and denormals stay right.
    "-D__FAST_MATH__",
]  # fmt: skip
LIMIT = 60  # seconds


@functools.lru_cache(maxsize=1)
def compiler() -> str | None:
    """The path of the compiler: `$CC`, cc, gcc or clang."""
    import shutil

    if sys.platform == "win32":
        return None
    names = [*filter(None, [os.environ.get("CC")]), "cc", "gcc", "clang"]
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        warn("no C compiler is found: element-wise ops run one by one in NumPy")
    return found


@functools.lru_cache(maxsize=1)
def machine() -> str:
    """What a kernel is compiled for: the compiler, as the file that it is, and the processor."""
    path = os.path.realpath(compiler() or "")
    file = os.stat(path)
    try:
        with open("/proc/cpuinfo") as info:
            flags = next((line for line in info if line.startswith("flags")), "")
    except OSError:
        import platform

        flags = platform.processor()
    return f"{path} {file.st_size} {file.st_mtime_ns} {os.uname().machine} {flags}"


def cache_folder() -> str:
    """`$MINITF_CACHE_DIR`, or the user's cache."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.environ.get("MINITF_CACHE_DIR") or os.path.join(home, "minitf", "kernels")


@functools.lru_cache(maxsize=256)
def library(source: str) -> ctypes.PyDLL | None:
    """The functions of `source`, compiled or from the cache; None when that cannot be done."""
    import hashlib

    if compiler() is None:
        return None
    try:
        key = hashlib.sha256("\0".join([source, machine(), *FLAGS]).encode()).hexdigest()
        return _loaded(os.path.join(_writable(cache_folder()), f"{key[:40]}.so"), source)
    except OSError as error:
        warn(f"kernels are not compiled, NumPy runs in their place: {error}")
        return None


@functools.lru_cache(maxsize=8)
def _writable(folder: str) -> str:
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass  # said below: a folder for this process takes its place
    warn(f"{folder} cannot be written: kernels are compiled anew in each process")
    return _own_folder()


@functools.lru_cache(maxsize=1)
def _own_folder() -> str:
    import tempfile

    return tempfile.mkdtemp(prefix="minitf-kernels-")


def _loaded(path: str, source: str) -> ctypes.PyDLL | None:
    if os.path.exists(path):
        found = _opened(path)
        if found is not None:
            return found
        warn(f"{path} is damaged and made again")
    _compile(source, path)
    return _opened(path)


def _opened(path: str) -> ctypes.PyDLL | None:
    """The library, if it loads."""
    # OpenMP's threads (convolution has them) spin for some microseconds, till the next kernel of a
    # step, then sleep: longer spinning wins nothing, and takes a core from another process.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.environ.setdefault("GOMP_SPINCOUNT", "2000")
    try:
        return ctypes.PyDLL(path)
    except OSError:
        return None


def _compile(source: str, path: str) -> None:
    """Compile beside `path`, then move there at once: another process sees all of it or nothing."""
    import subprocess
    import tempfile

    with tempfile.TemporaryDirectory(dir=os.path.dirname(path)) as folder:
        text, made = os.path.join(folder, "kernels.c"), os.path.join(folder, "kernels.so")
        with open(text, "w") as file:
            file.write(source)
        command = [compiler() or "", *FLAGS, "-o", made, text, "-lm"]
        try:
            result = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT)
        except subprocess.TimeoutExpired as error:
            raise OSError(f"{command[0]} took longer than {LIMIT} s") from error
        if result.returncode:
            raise OSError(f"{command[0]} failed: {result.stderr.strip()[:500]}")
        os.replace(made, path)
