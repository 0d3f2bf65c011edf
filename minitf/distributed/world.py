"""The processes that were started together: how many there are, and which one this is."""
from __future__ import annotations

import os
import sys
import threading
import traceback
from types import ModuleType
from typing import Any

from minitf.backend.blas import set_blas_threads
from minitf.backend.threads import cores

# What the process managers of MPICH (Hydra), Open MPI and Slurm tell the processes they start.
_STARTED_WITH = ("PMI_SIZE", "OMPI_COMM_WORLD_SIZE", "SLURM_NTASKS")


class World:
    """One process's view: `comm` is None in a process that runs alone."""

    def __init__(self, comm: Any, mpi: ModuleType | None) -> None:
        self.comm, self.mpi = comm, mpi
        self.lock = threading.Lock()  # collectives of two threads would meet those of others
        self.rank, self.size = (comm.Get_rank(), comm.Get_size()) if comm else (0, 1)
        here = comm.Split_type(mpi.COMM_TYPE_SHARED) if comm else None  # type: ignore[union-attr]
        self.local_rank = here.Get_rank() if here else 0
        self.local_size = here.Get_size() if here else 1
        sizes = comm.allgather(self.local_size) if comm else [1]
        self.is_homogeneous = len(set(sizes)) == 1


_world: World | None = None


def init(comm: Any = None) -> None:
    """Join the processes that `mpiexec` started; a process that was started alone is alone.

    `comm` is an mpi4py communicator, or a list of ranks, of those that take part. The BLAS gets
    this process's share of the machine's cores, unless OPENBLAS_NUM_THREADS says otherwise.
    Calling it again changes nothing. ImportError without mpi4py where there are others to join.
    """
    global _world
    if _world is not None:
        return
    mpi = _mpi(needed=comm is not None or _started_together())
    if mpi is None:
        _world = World(None, None)
        return
    _world = World(_chosen(mpi, comm), mpi)
    if _world.size > 1:
        sys.excepthook = _abort
    if _world.local_size > 1 and "OPENBLAS_NUM_THREADS" not in os.environ:
        set_blas_threads(max(1, cores() // _world.local_size))


def _started_together() -> bool:
    return any(int(os.environ.get(name) or 1) > 1 for name in _STARTED_WITH)


def _mpi(needed: bool) -> ModuleType | None:
    if not needed:
        return None
    try:
        from mpi4py import MPI
    except ImportError as error:
        raise ImportError(
            "hvd.init(): this process has been started together with others, but mpi4py, through "
            "which they talk, cannot be imported. The extra `mpi` brings it: "
            'pip install "minitf-tf1[mpi]".'
        ) from error
    return MPI  # type: ignore[no-any-return]


def _chosen(mpi: Any, comm: Any) -> Any:
    if comm is None:
        return mpi.COMM_WORLD.Dup()
    if isinstance(comm, (list, tuple)):
        return mpi.COMM_WORLD.Create(mpi.COMM_WORLD.Get_group().Incl(list(comm)))
    return comm.Dup()


def _abort(kind: Any, error: Any, trace: Any) -> None:
    """One process that fails ends all: the others would wait for it for ever."""
    traceback.print_exception(kind, error, trace)
    sys.stderr.flush()
    if _world is not None and _world.comm is not None:
        _world.comm.Abort(1)


def shutdown() -> None:
    """Leave; `init` may be called again."""
    global _world
    _world = None


def world() -> World:
    """Where `init` has put this process; ValueError before it."""
    if _world is None:
        raise ValueError("Horovod has not been initialized; use hvd.init().")
    return _world


def is_initialized() -> bool:
    return _world is not None


def rank() -> int:
    """The number of this process, from 0."""
    return world().rank


def size() -> int:
    """How many processes there are."""
    return world().size


def local_rank() -> int:
    """The number of this process among those on its machine."""
    return world().local_rank


def local_size() -> int:
    """How many processes there are on this machine."""
    return world().local_size


def is_homogeneous() -> bool:
    """Whether each machine has as many processes."""
    return world().is_homogeneous


def mpi_threads_supported() -> bool:
    """Whether MPI may be called by several threads at once."""
    mpi = world().mpi
    return mpi is not None and mpi.Query_thread() == mpi.THREAD_MULTIPLE
