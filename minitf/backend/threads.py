"""Threads that share the parts of one large operation.

NumPy lets go of the interpreter inside an operation, so parts of it run at the same time.
"""
from __future__ import annotations

import contextvars
import functools
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

# concurrent.futures is imported where it is used: it is not needed unless arrays are large.


def cores() -> int:
    """How many this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@functools.lru_cache(maxsize=1)
def _pool() -> Any:
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(cores(), "minitf")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # threads stay behind in the parent


def share(work: Callable[[Iterator[Any]], None], parts: Iterable[Any], threads: int) -> None:
    """Call `work` in so many threads, this one among them; all take from one iterator of `parts`.

    Raises what one of them raised.
    """
    left = iter(list(parts))
    others = [_submitted(work, left) for _ in range(threads - 1)]
    try:
        work(left)
    finally:
        busy = [other for other in others if not other.cancel()]
        failures = [failure for other in busy if (failure := other.exception()) is not None]
    if failures:
        raise failures[0]


def _submitted(work: Callable[[Iterator[Any]], None], left: Iterator[Any]) -> Any:
    """The work begun in another thread, where NumPy's error state is that of this one."""
    return _pool().submit(contextvars.copy_context().run, work, left)
