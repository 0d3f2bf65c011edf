"""Graphs that several threads build: `Graph.switch_to_thread_local`."""
from __future__ import annotations

import copy
import functools
import threading
from typing import Any

STACKS = ("_controllers", "_devices", "_beside", "_context")


class _OfThread:
    """An attribute of a graph of which each thread has its own, which is `first` to begin with."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, graph: Any, owner: Any) -> Any:
        own = vars(graph._of_threads)
        if self.name not in own:
            own[self.name] = copy.copy(graph._first[self.name])
        return own[self.name]

    def __set__(self, graph: Any, value: Any) -> None:
        setattr(graph._of_threads, self.name, value)


def switch(graph: Any) -> None:
    """What surrounds new nodes, devices and control dependencies, is from now on each thread's own.

    Threads begin with what surrounds nodes now.
    """
    if hasattr(graph, "_of_threads"):
        return
    graph._of_threads = threading.local()
    graph._first = {name: vars(graph).pop(name) for name in STACKS}
    graph.__class__ = _of_threads(graph.__class__)


@functools.cache
def _of_threads(kind: Any) -> Any:
    attributes: dict[str, Any] = {name: _OfThread(name) for name in STACKS}
    return type(kind.__name__, (kind,), attributes | {"__module__": kind.__module__})
