"""Which strategy's scope the graph is being built in, and whether for a replica."""
from __future__ import annotations

import contextlib
import weakref
from collections.abc import Iterator
from typing import Any, NamedTuple

from minitf.core.graph import Graph, get_default_graph


class Mode(NamedTuple):
    """A strategy, and the ReplicaContext that nodes are built for, None for all replicas."""

    strategy: Any
    replica: Any = None


_MODES: weakref.WeakKeyDictionary[Graph, list[Mode]] = weakref.WeakKeyDictionary()


def current() -> Mode | None:
    """That of the default graph, None outside all scopes."""
    modes = _MODES.get(get_default_graph())
    return modes[-1] if modes else None


@contextlib.contextmanager
def entered(mode: Mode) -> Iterator[Any]:
    """`with entered(mode) as strategy:` it is current. RuntimeError in another strategy's scope."""
    before = current()
    if before is not None and before.strategy is not mode.strategy:
        raise RuntimeError(f"Mixing different tf.distribute.Strategy objects: {mode.strategy} is "
                           f"not {before.strategy}")  # fmt: skip
    modes = _MODES.setdefault(get_default_graph(), [])
    modes.append(mode)
    try:
        yield mode.strategy
    finally:
        modes.pop()
