"""What a figure was measured on."""
from __future__ import annotations

import datetime
import os
import platform
import shutil
import subprocess
from pathlib import Path

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")


def machine() -> str:
    """Processor, cores and memory."""
    return f"{processor()}, {usable_cores()} cores, {memory()}, {platform.system()} {release()}"


def usable_cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def memory() -> str:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{pages / 2**30:.0f} GiB"


def release() -> str:
    return platform.release().split("-")[0]


def compiler() -> str:
    """The C compiler that minitf may use."""
    path = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc")
    if not path:
        return "no C compiler"
    shown = subprocess.run([path, "--version"], capture_output=True, text=True)
    return shown.stdout.splitlines()[0] if shown.stdout else path


def load() -> str:
    """Processes that wanted a core during the last minute, on average."""
    return f"{os.getloadavg()[0]:.1f}"


def threads(cores: int | None) -> str:
    """How the environment and the command limit threads."""
    settings = [f"{name}={os.environ[name]}" for name in THREADS if name in os.environ]
    settings += [f"every process on {cores} cores"] if cores else []
    return ", ".join(settings) or "each framework's own default"


def today() -> str:
    return datetime.date.today().isoformat()
