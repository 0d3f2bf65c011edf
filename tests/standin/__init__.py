"""A stand-in for CuPy that runs on the CPU and is stricter than CuPy.

CUDA kernels are compiled as C++ and run (emulator.py), work on streams runs as late as it may
(streams.py), arrays refuse every transfer that is not said (array.py), and `ledger` counts.

    with standin.installed():           # or the fixture `gpu`
        import cupy
"""
import contextlib
import os
import sys
from unittest import mock

from standin import cublas, emulator, memory, streams
from standin.emulator import CompileError, DeviceError
from standin.memory import Card
from standin.namespace import cupy, cupyx
from standin.streams import CUDARuntimeError, ledger, machine

__all__ = [
    "CUDARuntimeError", "Card", "CompileError", "DeviceError", "cupy", "cupyx", "installed",
    "ledger", "machine", "set_memory", "usable",
]  # fmt: skip

MODULES = {
    "cupy": cupy,
    "cupyx": cupyx,
    "cupy.cuda": cupy.cuda,
    "cupy.cuda.runtime": cupy.cuda.runtime,
    "cupy.cuda.memory": cupy.cuda.memory,
    "cupy.cuda.stream": cupy.cuda.stream,
    "cupy.cuda.compiler": cupy.cuda.compiler,
    "cupy.linalg": cupy.linalg,
}


def usable() -> bool:
    """Whether kernels can be run here: on Linux, with a C++ compiler."""
    return sys.platform == "linux" and emulator.compiler() is not None


def set_memory(nbytes: int) -> None:
    """Let the device have so much memory: beyond it is OutOfMemoryError."""
    Card.total = nbytes


@contextlib.contextmanager
def installed():
    """CuPy is the stand-in within the block; yields this module.

    Afterwards all streams are waited for, and a written red zone raises DeviceError.
    """
    total, allocators = Card.total, list(memory._allocators)
    machine.drop()
    machine.seed = int(os.environ.get("STANDIN_SEED", "0"))  # of the order of blocks and threads
    ledger.reset()
    own = {name.partition(".")[0] for name in MODULES}
    others = {}
    library = mock.patch("minitf.backend.cublas.library", cublas.Library)
    with mock.patch.dict(sys.modules, MODULES), library:
        try:
            yield sys.modules[__name__]
            machine.capture = None
            streams.synchronize_device()
        finally:
            machine.drop()
            machine.local.__dict__.clear()
            Card.total, memory._allocators[:] = total, allocators
            others = {name: module for name, module in sys.modules.items()
                      if name.partition(".")[0] not in own}  # fmt: skip
    sys.modules.update(others)  # what else was imported meanwhile stays: it has state
