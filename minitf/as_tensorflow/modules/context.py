"""`tensorflow.python.eager.context`: which of graph and eager mode holds."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from minitf.core.eager import eager_mode, executing_eagerly  # noqa: F401  names of this module
from minitf.core.eager_tensor import EagerTensor  # noqa: F401  a name of this module
from minitf.core.graph import Graph, get_default_graph

GRAPH_MODE, EAGER_MODE = 0, 1


class Context:
    """What the mode is, and what programs ask beside."""

    device_name, summary_writer = "", None

    @property
    def scope_name(self) -> str:
        """The name scope of operations that run at once."""
        scope = get_default_graph().get_name_scope() if executing_eagerly() else ""
        return f"{scope}/" if scope else ""

    def executing_eagerly(self) -> bool:
        return executing_eagerly()

    def ensure_initialized(self) -> None:
        """Nothing: there is nothing to be made beforehand."""

    def in_graph_mode(self) -> bool:
        return not executing_eagerly()

    def in_eager_mode(self) -> bool:
        return executing_eagerly()

    def num_gpus(self) -> int:
        """0: operations run at once on the CPU."""
        return 0


_CONTEXT = Context()


def context() -> Context:
    return _CONTEXT


def in_eager_mode() -> bool:
    """Whether operations run as they are called."""
    return executing_eagerly()


def in_graph_mode() -> bool:
    """Whether operations are nodes of a graph."""
    return not executing_eagerly()


def num_gpus() -> int:
    """0: operations run at once on the CPU."""
    return _CONTEXT.num_gpus()


@contextmanager
def graph_mode() -> Iterator[Any]:
    """Operations inside the `with` block are nodes of a graph: of the default one, or of a new one
    where they would run at once."""
    graph = get_default_graph()
    with (Graph() if graph.eager else graph).as_default():
        yield
